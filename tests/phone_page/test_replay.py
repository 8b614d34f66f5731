"""What a person did in real time can be played again in virtual time: to the same trace, but for milliseconds."""

import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr.base.clock import ManualClock
from ivr.base.strict_yaml import load
from ivr.line.service.bootstrap import Edition, create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, HttpTransport, Leg, WsgiTransport, play
from ivr.simulator.engine.effects import FarAct, Key
from ivr.simulator.plan import FaultKind, HangUp, keys_to_steps
from ivr.simulator.scenario import read_scenario
from ivr.simulator.scenario_text import scenario_text
from ivr.simulator.web_phone.live import Message, Pacing, PhoneCall
from tests.conftest import EVENING
from tests.phone_page.person import FAST, Person, When, comparable, converse, event, replayed

BASE = "http://127.0.0.1:5000"
DECIDE = {"*": Leg("no-answer", keys="")}
NB_TO_CONFIRM: list[tuple[When, Any]] = [
    (event("say", text="For norsk"), lambda _: Key("1")),
    (event("say", text="Du har tre valg"), lambda _: Key("1")),
    *(
        (when, lambda _, key=key: Key(key))
        for when, key in zip(
            [event("say", text="Tast inn"), *[event("key", digit=digit) for digit in "500"]], "5003", strict=True
        )
    ),
    (event("say", text="For å bli koblet til"), lambda _: Key("1")),  # the name was heard to its end
]
RINGS, ANSWERED = event("leg", status="ringing"), event("leg", status="in-progress")
WHISPER = event("listen", leg="CA")


def far(act: Any, key: str = "1") -> Any:
    return lambda event: FarAct(event.get("leg") or event["sid"], act, key)


CALLS: dict[str, list[tuple[When, Any]]] = {
    "the centre answers, takes the call and hangs up": [
        *NB_TO_CONFIRM,
        (RINGS, far("answer")),
        (WHISPER, far("press")),
        (event("response", n=8), lambda _: Key("5")),
        (event("key", digit="5", heard=False), lambda _: HangUp()),
    ],
    "busy after a while, then the backup answers and refuses": [
        *NB_TO_CONFIRM,
        (RINGS, far("busy")),
        (RINGS, far("answer")),
        (WHISPER, far("hang-up")),
        (RINGS, far("failed")),
        (event("say", text="noen legevakt nå"), lambda _: HangUp()),
    ],
    "hangs up while it rings": [*NB_TO_CONFIRM, (RINGS, lambda _: HangUp())],
    "keys that nothing listens to, and 9": [
        (event("say", text="liv"), lambda _: Key("5")),
        (event("key", digit="5"), lambda _: Key("#")),
        (event("say", text="For norsk"), lambda _: Key("9")),
        (event("say", text="Legg på og ring en, en, tre nå"), lambda _: Key("2")),
        (event("listen", timeout="7"), lambda _: Key("2")),
        (event("say", text="tre valg"), lambda _: HangUp()),
    ],
}


@pytest.fixture
def service(edition: Edition) -> WsgiTransport:
    app = create_app(Settings(), clock=ManualClock(EVENING), sink=lambda *_: None, editions=[edition])
    return WsgiTransport(app)


def _plan(**more: Any) -> CallPlan:
    return CallPlan(
        f"{BASE}/voice", fallback_url=f"{BASE}/voice/fallback", status_callback=f"{BASE}/voice/status", **more
    )


@pytest.mark.parametrize("name", CALLS)
def test_a_call_by_hand_plays_again_to_the_same_trace(name: str, service: WsgiTransport) -> None:
    person = Person(CALLS[name])
    call = converse(_plan(legs=DECIDE), service, person)
    again = replayed(call, service)
    assert not again.undone
    assert comparable(again.trace) == comparable(call.session.trace.events)


def test_a_script_that_is_taken_over_plays_again_with_what_the_person_did(service: WsgiTransport) -> None:
    person = Person(
        [
            (event("key", digit="0"), lambda _: Key("*")),  # the script is in the middle of 5003
            (event("key", digit="*"), lambda _: Key("9")),
            (event("say", text="Legg på og ring en, en, tre nå"), lambda _: HangUp()),
        ]
    )
    call = converse(_plan(steps=keys_to_steps("1 1 5003 1")), service, person)
    again = replayed(call, service)
    assert comparable(again.trace) == comparable(call.session.trace.events)
    assert "".join(step["digit"] for step in again.events("key")).startswith("1150")


@pytest.mark.parametrize(("kind", "value"), [("status", 500.0), ("duplicate", 0.0), ("timeout", 0.0), ("delay", 4.0)])
def test_a_fault_at_a_click_is_in_the_scenario(kind: FaultKind, value: float, service: WsgiTransport) -> None:
    person = Person(
        [
            (event("say", text="For norsk"), lambda _: Key("1")),
            (event("say", text="kobler deg til et menneske"), lambda _: HangUp()),
        ]
    )
    call = PhoneCall(_plan(legs=DECIDE), service, person, Pacing(FAST))
    person.call = call
    call.mishap(kind, value, stays=False)
    call.start()
    assert call.join(30)
    written = scenario_text("a call", call.as_played())
    number = call.session.plan.number
    again = play(replace(read_scenario(load(written, "a"), Path("a")).plan, number=number), service)
    assert [fault.kind for fault in call.as_played().faults] == [kind]
    assert comparable(again.trace) == comparable(call.session.trace.events)


def test_a_request_that_was_waited_for_in_vain_is_not_waited_for_twice() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        person = Person([])
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/voice#rt=300&rc=0"
        converse(CallPlan(url), HttpTransport(), person)
    first = next(message for message in person.messages if message["type"] == "pass")
    assert first["t"] >= 0.29


class Waited(Person):
    """`waits`: the call has told that it waits for its caller; `goes_on`: after that it asked for its next document."""

    def __init__(self) -> None:
        super().__init__([])
        self.waits, self.goes_on = threading.Event(), threading.Event()

    def tell(self, message: Message) -> None:
        super().tell(message)
        if _waits(message):
            self.waits.set()
        elif message["type"] == "asking" and self.waits.is_set():
            self.goes_on.set()


def _waits(message: Message) -> bool:
    return bool(message["type"] == "pass" and message["keys"] and not message["runs"])


def test_a_call_whose_silence_is_over_does_not_say_again_that_it_waits(service: WsgiTransport) -> None:
    person = Waited()
    call = PhoneCall(_plan(), service, person, Pacing(FAST, patient=True, at_once=True))
    person.call = call
    call.start()
    assert person.waits.wait(30)
    until_now = len(person.messages)
    call.be_silent()
    assert person.goes_on.wait(30)
    asking = next(n for n, each in enumerate(person.messages) if n >= until_now and each["type"] == "asking")
    assert not [each for each in person.messages[until_now:asking] if _waits(each)]
    call.abandon()
    assert call.join(30)


def test_with_patience_call_time_stands_where_the_call_listens(service: WsgiTransport) -> None:
    person = Waited()
    call = PhoneCall(_plan(), service, person, Pacing(FAST, patient=True))
    person.call = call
    call.start()
    assert person.waits.wait(30)
    stood_at = call.now
    call.be_silent()
    call.do(HangUp())
    assert call.join(30)
    assert call.now >= stood_at
    assert comparable(replayed(call, service).trace) == comparable(call.session.trace.events)
