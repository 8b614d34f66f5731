"""What is kept of a call: how it ended, whether a person was reached, what went wrong."""

from typing import Any

import pytest

from ivr.simulator import Leg, WsgiTransport
from ivr.simulator.load.call_record import CallRecord
from ivr.simulator.load.chance import Fixed, Weighted
from ivr.simulator.load.load_call import Answered, LoadCall
from ivr.simulator.load.mix import DrawnPlan, FarEndKind, Habits
from tests.load.apps import BASE, MENU, Pages

WHISPER = MENU | {
    "/chosen": '<Dial action="/after"><Number url="/whisper">+4755568700</Number></Dial>',
    "/whisper": '<Gather numDigits="1" timeout="5" action="/taken"><Say>One to take it.</Say></Gather><Hangup/>',
    "/taken": "",
}


def play(habits: Habits, end: FarEndKind, pages: dict[str, str] = MENU) -> CallRecord:
    plan = DrawnPlan(url=f"{BASE}/voice", ends=Weighted.of((end,), (1.0,)))
    call, transport = LoadCall(plan, habits, 0.0, 0.0), WsgiTransport(Pages(pages))
    call.play(lambda fetch: Answered(transport.send(fetch), 0.0, 0.0))
    return call.record()


def caller(*groups: str, think: float = 0.0, gone: float | None = None) -> Habits:
    return Habits("caller", groups, (think,) * len(groups), gone)


def test_a_call_that_was_put_through() -> None:
    record = play(caller("1", think=3), FarEndKind("answer", Fixed(4), Fixed(20)))
    assert record.reached
    assert (record.ended, record.documents, record.legs, record.first_leg) == ("completed", 3, 1, 3.0)
    assert record.seconds == 27.0
    assert not record.hung_up


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed"])
def test_a_leg_that_nobody_answers_reaches_nobody(outcome: Any) -> None:
    assert not play(caller("1"), FarEndKind(outcome)).reached


def test_a_person_who_takes_the_call_after_a_whisper_is_reached() -> None:
    assert play(caller("1"), FarEndKind("answer"), WHISPER).reached


def test_a_machine_that_lets_the_whisper_pass_is_no_person() -> None:
    record = play(caller("1"), FarEndKind("answer", machine=True), WHISPER)
    assert record.legs == 1
    assert not record.reached


def test_who_hangs_up_in_the_talk_has_reached_a_person() -> None:
    record = play(caller("1", gone=10), FarEndKind("answer", Fixed(3), Fixed(60)))
    assert record.reached
    assert record.hung_up
    assert record.seconds == 10.0


def test_who_hangs_up_in_the_whisper_has_not() -> None:
    record = play(caller("1", gone=4), FarEndKind("answer", Fixed(3), machine=True), WHISPER)
    assert (record.reached, record.hung_up) == (False, True)


def test_who_hangs_up_before_anything_rings_has_no_first_leg() -> None:
    record = play(caller(gone=1), FarEndKind("answer"))
    assert (record.first_leg, record.legs, record.documents) == (None, 0, 1)


def test_the_key_is_pressed_after_the_thought_even_when_the_menu_was_said_twice() -> None:
    pages = MENU | {"/voice": '<Gather numDigits="1" timeout="2" action="/chosen"/><Redirect>/voice</Redirect>'}
    record = play(caller("1", think=5), FarEndKind("answer"), pages)
    assert record.first_leg == 5.0


def test_groups_are_pressed_one_a_listening() -> None:
    pages = {
        "/voice": '<Gather numDigits="2" action="/second"/>',
        "/second": '<Gather numDigits="4" action="/third"/>',
        "/third": "<Say>Done.</Say><Hangup/>",
    }
    record = play(caller("12", "5003", think=1), FarEndKind("answer"), pages)
    # 1 s of thought and a key gap of 0.2 s; again 1 s and three gaps; one word.
    assert record.seconds == pytest.approx(1 + 0.2 + 1 + 0.6 + 0.4, abs=0.001)
    assert record.documents == 3


def test_a_warning_is_no_error() -> None:
    record = play(caller(), FarEndKind("answer"), {"/voice": '<Say wrong="1">Hello.</Say>'})
    assert (sum(record.warnings.values()), record.errors) == (1, {})


def test_far_ends_of_a_plan_without_any_are_as_in_other_calls() -> None:
    assert DrawnPlan(url=f"{BASE}/voice", legs={"*": Leg.busy()}).leg("+4755568700") == Leg.busy()
