"""A caller who presses nothing while every centre is busy is rung ever more seldom; any key is back at the front."""

import pytest

from ivr.line.flow.engine import Engine
from ivr.line.flow.events import LegOutcome
from tests.flow.played import Played

BUSY = LegOutcome.BUSY


def _all_busy(engine: Engine) -> Played:
    """At the end of the first round."""
    return Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).silence().leg(BUSY)


def _minutes(call: Played) -> int:
    return call.said.count("STILL_WAITING")


def test_after_a_full_round_113_the_number_and_the_offers_are_heard(engine: Engine) -> None:
    call = _all_busy(engine)
    assert call.said[:3] == ["ALL_FAIL", "READ_NUM", "ALL_FAIL_MENU"]


def test_without_a_key_the_pauses_grow_and_one_centre_rings_after_each(engine: Engine) -> None:
    call, pauses = _all_busy(engine), []
    for _ in range(7):
        pauses.append(_minutes(call))
        assert call.silence().dialled is not None
        call.leg(BUSY)
        assert call.node == "all_fail"
    assert pauses == [1, 2, 4, 8, 15, 15, 15]


def test_every_pause_begins_with_the_113_words_and_the_offers(engine: Engine) -> None:
    call = _all_busy(engine)
    for _ in range(6):
        call.silence().leg(BUSY)
        assert call.said[:2] == ["ALL_FAIL", "ALL_FAIL_MENU"]


def test_the_centre_of_the_call_and_its_first_backups_ring_in_turn(engine: Engine) -> None:
    call, rung = _all_busy(engine), []
    backups = [each.id for each in engine.directory.backups(engine.directory.centres["bergen"])[:2]]
    for _ in range(4):
        rung.append(call.silence().dialled)
        call.leg(BUSY)
    assert rung == ["bergen", *backups, "bergen"]


@pytest.mark.parametrize("key", ["7", "#", "1", "*", "9"])
def test_any_key_makes_the_next_pause_the_first_one_again(engine: Engine, key: str) -> None:
    call = _all_busy(engine).silence().leg(BUSY).silence().leg(BUSY)
    assert call.step.state.unattended == 2
    assert call.press(key).step.state.unattended == 0


def test_the_key_of_the_offer_rings_a_full_round_at_once(engine: Engine) -> None:
    call = _all_busy(engine).silence().leg(BUSY).press("2")
    assert (call.dialled, call.step.state.tried) == ("bergen", ())


def test_a_person_who_takes_the_call_ends_the_waiting(engine: Engine) -> None:
    call = _all_busy(engine).silence().leg(LegOutcome.TALKED)
    assert (call.node, call.hung_up) == ("after_talk", True)
