"""A centre out of service: the caller hears so, another is rung in its place, and it ends by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller, LegOutcome, Outage, OutageKind
from ivr.line.flow.facts import CentreDialled, CentreOut, Reason
from tests.conftest import EVENING
from tests.flow.played import BUSY, NO_ANSWER, Played

HOUR = timedelta(hours=1)
FAULT, CLOSED = OutageKind.FAULT, OutageKind.CLOSED
BERGEN = ("1", "1", "5003")


def _out(*centres: str, kind: OutageKind = FAULT) -> tuple[Outage, ...]:
    return tuple(Outage(centre, kind, EVENING + HOUR) for centre in centres)


def _backups(engine: Engine, centre: str) -> list[str]:
    return [each.id for each in engine.directory.backups(engine.directory.centres[centre])]


@pytest.mark.parametrize(("kind", "said"), [(FAULT, "OUTAGE"), (CLOSED, "OUTAGE_CLOSED")])
def test_the_caller_hears_what_has_happened_and_the_first_backup_rings(
    engine: Engine, kind: OutageKind, said: str
) -> None:
    call = Played(engine, outages=_out("bergen", kind=kind)).press(*BERGEN, "1")
    first = _backups(engine, "bergen")[0]
    assert (call.said, call.dialled) == ([said, "STAND_IN"], first)
    assert (call.slot("centre"), call.slot("backup")) == ("Bergen legevakt", engine.directory.centres[first].spoken)


def test_the_place_is_confirmed_with_its_own_centre_before_that(engine: Engine) -> None:
    call = Played(engine, outages=_out("bergen")).press(*BERGEN)
    assert (call.said, call.slot("centre")) == (["PLACE"], "Bergen legevakt")


def test_key_9_and_key_0_mean_the_same_during_an_outage(engine: Engine) -> None:
    assert Played(engine, outages=_out("bergen")).press(*BERGEN, "9").node == "red"
    call = Played(engine, outages=_out("bergen")).press(*BERGEN).hear_out().press("0")
    assert (call.said, call.dialled) == (["OUTAGE", "STAND_IN"], _backups(engine, "bergen")[0])


@pytest.mark.parametrize("caller", [Caller(), Caller(area="55")])
def test_who_asks_for_a_person_is_led_past_the_default_and_the_areas_centre(engine: Engine, caller: Caller) -> None:
    usual = Played(engine, caller).press("0").dialled
    assert usual is not None
    call = Played(engine, caller, outages=_out(usual)).press("0")
    assert call.dialled == _backups(engine, usual)[0]


def test_the_outage_is_over_at_its_time_and_not_a_second_before(engine: Engine) -> None:
    before = Played(engine, now=EVENING + HOUR - timedelta(seconds=1), outages=_out("bergen")).press(*BERGEN, "1")
    after = Played(engine, now=EVENING + HOUR, outages=_out("bergen")).press(*BERGEN, "1")
    assert (before.said, after.said) == (["OUTAGE", "STAND_IN"], ["CONNECT"])
    assert after.dialled == "bergen"


def test_an_outage_elsewhere_changes_nothing(engine: Engine) -> None:
    assert Played(engine, outages=_out("oslo")).press(*BERGEN, "1").step == Played(engine).press(*BERGEN, "1").step


def test_a_stand_in_that_is_out_of_service_too_is_passed_over(engine: Engine) -> None:
    first, second, *_ = _backups(engine, "bergen")
    assert Played(engine, outages=_out("bergen", first)).press(*BERGEN, "1").dialled == second


def test_when_nobody_can_stand_in_the_centre_is_rung_all_the_same(engine: Engine) -> None:
    call = Played(engine, outages=_out("bergen", *_backups(engine, "bergen"))).press(*BERGEN, "1")
    assert (call.said, call.dialled) == (["CONNECT"], "bergen")


def test_a_backup_out_of_service_is_passed_over_after_a_failure(engine: Engine) -> None:
    first, second, *_ = _backups(engine, "bergen")
    call = Played(engine, outages=_out(first)).press(*BERGEN, "1").leg(BUSY)
    assert (call.said, call.dialled) == (["GO_ON"], second)


def test_when_every_backup_is_out_the_caller_hears_that_none_answers_and_can_go_on(engine: Engine) -> None:
    call = Played(engine, outages=_out(*_backups(engine, "bergen"))).press(*BERGEN, "1").leg(BUSY)
    assert call.said == ["ALL_FAIL", "READ_NUM", "ALL_FAIL_MENU", "STILL_WAITING"]
    assert call.silence().dialled == "bergen"


def test_after_an_outage_the_call_is_about_the_centre_that_stands_in(engine: Engine) -> None:
    call = Played(engine, outages=_out("bergen")).press(*BERGEN, "1")
    stand_in = call.dialled
    assert stand_in is not None
    call.leg(NO_ANSWER)
    assert (call.said, call.slot("centre")) == (["GO_ON"], engine.directory.centres[stand_in].spoken)
    call.leg(BUSY)
    assert (call.node, call.slot("centre")) == ("fail", engine.directory.centres[stand_in].spoken)
    assert call.press("2").dialled == stand_in


def test_the_call_begins_anew_with_the_stand_in(engine: Engine) -> None:
    call = Played(engine).press(*BERGEN, "1").leg(BUSY, BUSY)
    call.moment = replace(call.moment, outages=_out("bergen"))
    state = call.press("2").step.state
    assert (state.centre, state.other, state.tried) == (state.dialled, "", ())


def test_an_outage_that_begins_after_the_centre_was_rung_does_not_change_which_backup_comes_next(
    engine: Engine,
) -> None:
    call = Played(engine).press(*BERGEN, "1")
    call.moment = replace(call.moment, outages=_out("bergen"))
    call.leg(BUSY)
    assert (call.said, call.dialled) == (["GO_ON"], _backups(engine, "bergen")[0])


def test_who_wants_the_number_hears_that_of_the_stand_in_and_why(engine: Engine) -> None:
    call = Played(engine, Caller(abroad=True), outages=_out("bergen")).press("2", "1", "5003", "1")
    assert call.said == ["OUTAGE", "READ_NUM", "READ_MENU"]
    spoken = [value for prompt in call.prompts[1:] for name, value in prompt.slots if name == "centre"]
    assert spoken == [engine.directory.centres[_backups(engine, "bergen")[0]].spoken]


def test_113_is_said_before_the_stand_in_rings_and_no_key_can_cut_it(engine: Engine) -> None:
    call = Played(engine, outages=_out("bergen")).press(*BERGEN, "1")
    assert call.uncut == ["OUTAGE", "STAND_IN"]


def test_a_practice_line_speaks_the_stand_ins_part(practice_engine: Engine) -> None:
    call = Played(practice_engine, outages=_out("bergen")).press("2", "1", "5003", "1")
    assert call.said == ["OUTAGE", "STAND_IN", "PRACTICE_CENTRE"]
    first = practice_engine.directory.centres[_backups(practice_engine, "bergen")[0]]
    assert call.prompts[-1].slots == (("centre", first.spoken),)


def test_the_facts_say_who_stood_in_for_whom(engine: Engine) -> None:
    call = Played(engine, outages=_out("bergen")).press(*BERGEN, "1").leg(LegOutcome.TALKED)
    first = _backups(engine, "bergen")[0]
    assert CentreOut("bergen", first, FAULT) in call.facts
    assert CentreDialled(first, "4601", red_flag=False, reason=Reason.OUTAGE) in call.facts


def test_a_planned_outage_begins_in_the_middle_of_a_call(engine: Engine) -> None:
    planned = (Outage("bergen", FAULT, EVENING + 2 * HOUR, EVENING + HOUR),)
    call = Played(engine, outages=planned).press(*BERGEN)
    early = Played(engine, outages=planned).press(*BERGEN, "1")
    call.moment = replace(call.moment, now=EVENING + HOUR)
    assert (early.dialled, call.press("1").dialled) == ("bergen", _backups(engine, "bergen")[0])
    assert call.said == ["OUTAGE", "STAND_IN"]
