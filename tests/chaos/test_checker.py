"""The history checker finds every broken promise: a sound history, damaged in one place, gets its one complaint.

In process and in virtual time; the real server is for tests.chaos.test_short.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, WsgiTransport
from tests.chaos.call import ChaosCall
from tests.chaos.checker import Event, Verdict, check
from tests.chaos.rules import Rules, bundled_rules
from tests.chaos.silence import worst_silence
from tests.chaos.testbed import Who
from tests.conftest import EVENING

CLOCK = ManualClock(EVENING)
EDITION = load_edition(Settings(), CLOCK)
APP = create_app(Settings(), clock=CLOCK, sink=lambda *_: None, editions=[EDITION])
ENGLISH = Who(("plain case, English",))
URL = "http://127.0.0.1:5000/voice"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return bundled_rules(EDITION.writer.write_static(EDITION.engine.fallback()))


def history_of(app: Callable[..., Iterable[bytes]], who: Who = ENGLISH) -> list[Event]:
    plan, habits = who.mix().draw(CallPlan(url=URL), 1, 1)
    call, transport = ChaosCall(1, plan, habits), WsgiTransport(app)
    while call.step(transport):
        pass
    return [{"event": "placed", "call": 1}, *({"call": 1, **event} for event in call.lines())]


@pytest.fixture
def history() -> list[Event]:
    """A call in English that reached a person."""
    return history_of(APP)


def broken(history: list[Event], rules: Rules) -> set[str]:
    return {each.rule for each in check(history, rules).complaints}


def index(history: list[Event], event: str, **fields: object) -> int:
    return next(i for i, each in enumerate(history) if each["event"] == event and fields.items() <= each.items())


def changed(history: list[Event], at: int, **fields: object) -> list[Event]:
    return [*history[:at], history[at] | fields, *history[at + 1 :]]


def test_a_sound_history_has_no_complaint(history: list[Event], rules: Rules) -> None:
    verdict = check(history, rules)
    assert verdict.complaints == []
    assert (verdict.calls, verdict.held, verdict.lost, verdict.talked) == (1, 1, 0, 1)
    assert verdict.requests >= 6


def _without_end(history: list[Event]) -> list[Event]:
    return history[: index(history, "ended")]


def _ended_twice(history: list[Event]) -> list[Event]:
    return [*history, history[index(history, "ended")]]


def _never_begun(history: list[Event]) -> list[Event]:
    return history[:1]


def _not_placed(history: list[Event]) -> list[Event]:
    return history[1:]


def _hung_up_on(history: list[Event]) -> list[Event]:
    """The first keys, and then the line is dead."""
    keyed = history[index(history, "gather")]
    return [*history[: index(history, "gather") + 1], {**keyed, "event": "ended", "status": "completed"}]


def _silent(history: list[Event]) -> list[Event]:
    return changed(history, index(history, "webhook"), waited=3.5)


def _in_norwegian(history: list[Event]) -> list[Event]:
    chosen = index(history, "gather")
    at = next(i for i, each in enumerate(history) if i > chosen and each["event"] == "say")
    return changed(history, at, language="nb-NO")


def _foreign(history: list[Event]) -> list[Event]:
    return changed(history, index(history, "leg"), to="+4791234567")


def _no_113(history: list[Event]) -> list[Event]:
    return changed(history, index(history, "say"), text="Welcome.")


def _cut_113(history: list[Event]) -> list[Event]:
    return changed(history, index(history, "say"), cut=True)


DAMAGES: dict[str, tuple[Callable[[list[Event]], list[Event]], str]] = {
    "a call without an end": (_without_end, "end"),
    "a call with two ends": (_ended_twice, "end"),
    "a call that never began": (_never_begun, "end"),
    "a call that nobody placed": (_not_placed, "end"),
    "a caller who is hung up on": (_hung_up_on, "waiting"),
    "three seconds and a half of silence": (_silent, "silence"),
    "a prompt in another language than the chosen one": (_in_norwegian, "language"),
    "a number that is not of the directory": (_foreign, "number"),
    "no 113 words": (_no_113, "first"),
    "113 words that are cut": (_cut_113, "first"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_broken_promise_is_found(name: str, history: list[Event], rules: Rules) -> None:
    damage, rule = DAMAGES[name]
    assert broken(damage(history), rules) == {rule}


def test_a_caller_who_never_comes_to_a_centre_is_found(history: list[Event], rules: Rules) -> None:
    rung = history[index(history, "leg")]["t"]
    assert broken(history, replace(rules, most_until_rung=rung - 1)) == {"stuck"}


def test_the_same_request_answered_in_two_ways_is_found_where_it_matters(history: list[Event], rules: Rules) -> None:
    at = index(history, "webhook")
    twice = [*history[: at + 1], history[at] | {"answered": "otherwise"}, *history[at + 1 :]]
    assert broken(twice, replace(rules, repeats=True)) == {"repeats"}
    assert broken(twice, rules) == set()


def test_lost_are_the_calls_without_an_end_and_those_that_were_hung_up_on(history: list[Event], rules: Rules) -> None:
    def verdict(damage: Callable[[list[Event]], list[Event]]) -> Verdict:
        return check(damage(history), rules)

    assert [verdict(each).lost for each in (_without_end, _hung_up_on, _silent)] == [1, 1, 0]


def _answers(document: str, at: int) -> Callable[..., Iterable[bytes]]:
    """The line, whose `at`-th answer is another one."""
    asked = iter(range(1_000_000))

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if next(asked) != at:
            return APP(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [f"<Response>{document}</Response>".encode()]

    return app


@pytest.mark.parametrize(
    ("document", "at", "rule"),
    [
        ("<Hangup/>", 2, "waiting"),
        ("<Dial><Number>+4791234567</Number></Dial><Redirect>/voice</Redirect>", 2, "number"),
        ('<Say language="nb-NO">Velg en tjeneste.</Say><Redirect>/voice</Redirect>', 2, "language"),
        ("<Pause length='4'/><Redirect>/voice</Redirect>", 2, "silence"),
        ("<Gather input='dtmf'><Say language='nb-NO'>For norsk, trykk 1.</Say></Gather>", 0, "first"),
    ],
)
def test_a_line_that_breaks_a_promise_is_found(document: str, at: int, rule: str, rules: Rules) -> None:
    assert rule in broken(history_of(_answers(document, at)), rules)


def test_ringing_and_the_callers_own_turn_are_no_silence() -> None:
    leg = {"event": "leg", "sid": "CA1"}
    events = [
        {"t": 0.0, "event": "say", "until": 2.0},
        {"t": 2.0, "event": "listen"},
        {"t": 12.0, "event": "gather"},
        {"t": 12.0, "event": "webhook", "waited": 0.5},
        {"t": 12.0, "status": "initiated", **leg},
        {"t": 42.0, "status": "no-answer", **leg},
        {"t": 42.0, "event": "webhook", "waited": 1.25},
        {"t": 42.25, "event": "say", "until": 50.0},
        {"t": 50.0, "event": "ended"},
    ]
    assert worst_silence(events) == 1.5
