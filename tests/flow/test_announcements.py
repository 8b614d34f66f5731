"""An announcement for the whole line: once in a call, after the 113 words, where keys can cut it, until its time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.line.flow.actions import Prompt
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Announcement, Arrived, Caller
from tests.conftest import EVENING
from tests.flow.played import BUSY, NOBODY, Played

HOUR = timedelta(hours=1)
WAITING = Announcement("waiting", EVENING + HOUR)


def _called(engine: Engine, *keys: str, on: Announcement | None = WAITING, caller: Caller = NOBODY) -> Played:
    call = Played(engine, caller)
    call.moment = replace(call.moment, switched_on=on)
    return call.press(*keys)


def test_the_113_words_and_the_question_for_the_language_are_heard_as_ever(engine: Engine) -> None:
    moment = replace(Played(engine).moment, switched_on=WAITING)
    assert engine.step(Arrived(), None, moment) == Played(engine).step
    assert _called(engine, "9").said == Played(engine).press("9").said


@pytest.mark.parametrize(("key", "code"), [("1", "nb"), ("2", "en"), ("3", "nn")])
def test_it_is_heard_in_the_chosen_language_before_the_main_menu_and_a_key_cuts_it(
    engine: Engine, key: str, code: str
) -> None:
    call = _called(engine, key)
    assert call.prompts == [Prompt("ANNOUNCE_WAITING", code), Prompt("MAIN", code)]
    assert call.uncut == []


def test_keys_do_there_what_they_always_do(engine: Engine) -> None:
    for key in "1239#*0":
        announced, usual = _called(engine, "1", key), _called(engine, "1", key, on=None)
        assert announced.step == usual.step


def test_it_is_heard_once(engine: Engine) -> None:
    call = _called(engine, "1")
    assert call.silence().said == ["MAIN_SHORT"]
    assert call.press("2", "*").said == ["MAIN"]
    again = _called(engine, "9", "2")
    assert set(again.said) == {"LANG"}
    assert again.press("1").said == ["ANNOUNCE_WAITING", "MAIN"]


def test_who_calls_from_abroad_hears_it_before_their_menu(engine: Engine) -> None:
    call = _called(engine, "2", caller=Caller(abroad=True))
    assert call.said == ["ANNOUNCE_WAITING", "ABROAD_INFO", "ABROAD_MENU"]


def test_it_makes_nothing_longer_that_no_key_can_cut(practice_engine: Engine, engine: Engine) -> None:
    call = _called(practice_engine, "1")
    assert (call.said, call.uncut) == (["OPEN_PRACTICE", "ANNOUNCE_WAITING", "MAIN"], ["OPEN_PRACTICE"])
    rung = _called(engine, "0")  # who asks for a person is put through
    assert (rung.said, rung.dialled) == (_called(engine, "0", on=None).said, rung.dialled)
    assert _called(engine, "1", "0").leg(BUSY).said == ["GO_ON"]


def test_it_is_over_at_its_time_and_not_a_second_before(engine: Engine) -> None:
    last = replace(WAITING, until=EVENING + timedelta(seconds=1))
    assert _called(engine, "1", on=last).said == ["ANNOUNCE_WAITING", "MAIN"]
    assert _called(engine, "1", on=replace(WAITING, until=EVENING)).said == ["MAIN"]


def test_the_fail_safe_reply_and_a_call_that_lost_its_way_know_none(engine: Engine) -> None:
    call = _called(engine, "1").lost()
    assert call.said == ["OPEN_113", "MAIN"]
    said = [action.prompt.key for action in engine.fault() if hasattr(action, "prompt")]
    assert not [key for key in said if key.startswith("ANNOUNCE")]
