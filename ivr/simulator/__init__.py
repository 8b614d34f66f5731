"""Twilio's part in a phone call, played against any TwiML webhook: in process or over HTTP, in virtual or real time.

    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=keys_to_steps("1 1 5003"))
    outcome = play(plan, WsgiTransport(app))

    call = Call(app)          # the same, step by step, for tests: docs/testing-your-app.md
    call.press("1")

Imports nothing of the service; the two meet in bytes. docs/simulator.md tells the rest. A part is loaded when it is
first asked for: pytest loads `ivr.simulator.pytest_plugin` in every project, which must cost nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.simulator.account.account import Account
    from ivr.simulator.expectations import failures
    from ivr.simulator.library import Call
    from ivr.simulator.outcome import Outcome
    from ivr.simulator.plan import (
        ANY,
        CallPlan,
        Fault,
        HangUp,
        Hear,
        Leg,
        Noise,
        Press,
        PressNow,
        Speak,
        SpeechFault,
        Step,
        Wait,
        keys_to_steps,
    )
    from ivr.simulator.rest import RestApp, RestTransport
    from ivr.simulator.session import RealPace, Session, Transport, VirtualPace, play
    from ivr.simulator.transports import HttpTransport, WsgiTransport

__all__ = [
    "ANY",
    "Account",
    "Call",
    "CallPlan",
    "Fault",
    "HangUp",
    "Hear",
    "HttpTransport",
    "Leg",
    "Noise",
    "Outcome",
    "Press",
    "PressNow",
    "RealPace",
    "RestApp",
    "RestTransport",
    "Session",
    "Speak",
    "SpeechFault",
    "Step",
    "Transport",
    "VirtualPace",
    "Wait",
    "WsgiTransport",
    "failures",
    "keys_to_steps",
    "play",
]

_WHERE = {
    "Account": "account.account",
    "Call": "library",
    "Outcome": "outcome",
    "failures": "expectations",
    **dict.fromkeys(("HttpTransport", "WsgiTransport"), "transports"),
    **dict.fromkeys(("RestApp", "RestTransport"), "rest"),
    **dict.fromkeys(("RealPace", "Session", "Transport", "VirtualPace", "play"), "session"),
}

if not TYPE_CHECKING:  # a type checker reads the imports above, and still finds a wrong name

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_WHERE.get(name, 'plan')}"), name)
