"""Twilio's part in a phone call, played against any TwiML webhook: in process or over HTTP, in virtual or real time.

    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=keys_to_steps("1 1 5003 1"))
    outcome = play(plan, WsgiTransport(app))

Imports nothing of the service; the two meet in bytes. docs/simulator.md tells the rest.
"""

from ivr.simulator.outcome import Outcome
from ivr.simulator.plan import (
    CallPlan,
    Fault,
    HangUp,
    Hear,
    Leg,
    Press,
    PressNow,
    Speak,
    Step,
    Wait,
    keys_to_steps,
)
from ivr.simulator.session import RealPace, Session, Transport, VirtualPace, play
from ivr.simulator.transports import HttpTransport, WsgiTransport

__all__ = [
    "CallPlan",
    "Fault",
    "HangUp",
    "Hear",
    "HttpTransport",
    "Leg",
    "Outcome",
    "Press",
    "PressNow",
    "RealPace",
    "Session",
    "Speak",
    "Step",
    "Transport",
    "VirtualPace",
    "Wait",
    "WsgiTransport",
    "keys_to_steps",
    "play",
]
