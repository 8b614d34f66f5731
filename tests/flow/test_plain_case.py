"""The plain case and its neighbours: from the first word to a ringing centre."""

from datetime import datetime

import pytest

from ivr.base.clock import OSLO
from ivr.line.flow.actions import DialAction
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller, LegOutcome
from tests.flow.played import BUSY, NO_ANSWER, Played


def test_the_113_words_come_first_in_both_languages_and_cannot_be_cut(engine: Engine) -> None:
    call = Played(engine)
    assert [(prompt.key, prompt.language) for prompt in call.prompts[:2]] == [("OPEN_113", "nb"), ("OPEN_113", "en")]
    assert call.uncut == ["OPEN_113", "OPEN_113"]


@pytest.mark.parametrize(
    ("keys", "centre"),
    [("1 1 5003 1", "bergen"), ("2 1 0150 1", "oslo"), ("1 2 2 0301 1", "oslo"), ("1 2 3 55568700 1", "bergen")],
)
def test_keys_lead_to_the_centre(engine: Engine, keys: str, centre: str) -> None:
    assert Played(engine).press(*keys.split()).dialled == centre


def test_the_dial_carries_the_directorys_number(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1")
    dial = next(action for action in call.actions if isinstance(action, DialAction))
    assert dial.target.number.e164 == "+4755568700"
    assert (dial.ring_seconds, dial.longest_seconds) == (25, 7200)


def test_the_place_is_confirmed_by_name_before_dialling(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003")
    assert call.dialled is None
    assert (call.slot("centre"), call.slot("municipality")) == ("Bergen legevakt", "Bergen")


def test_silence_at_the_confirmation_means_yes(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "5003").silence().dialled == "bergen"


def test_2_at_the_confirmation_leads_to_other_ways_of_naming_the_place(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "5003", "2").node == "place_help"


def test_a_wrong_key_at_the_confirmation_repeats_and_then_connects(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "7")
    assert call.said == ["RETRY_PREFIX", "PLACE", "CONFIRM"]
    assert call.press("7").dialled == "bergen"


def test_a_centre_found_by_its_number_is_confirmed_without_a_municipality(engine: Engine) -> None:
    assert Played(engine).press("1", "2", "3", "55568700").said == ["PLACE_CENTRE"]


def test_a_talk_that_ended_closes_the_line_with_the_113_words(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(LegOutcome.TALKED)
    assert call.said == ["AFTER_TALK"]
    assert call.hung_up


def test_the_same_end_twice_is_the_same_answer(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(LegOutcome.TALKED)
    first = call.actions
    assert call.leg(LegOutcome.TALKED).actions == first


def test_a_busy_centre_leads_to_its_backup_without_a_key(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY)
    backup = engine.directory.backups(engine.directory.centres["bergen"])[0]
    assert call.said == ["GO_ON"]
    assert call.dialled == backup.id
    assert call.slot("backup") == backup.spoken


def test_two_failures_give_the_caller_the_choice(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, NO_ANSWER)
    assert call.node == "fail"
    assert call.slot("centre") == "Bergen legevakt"


@pytest.mark.parametrize(("key", "node"), [("1", "backup"), ("2", "connect"), ("3", "read"), ("*", "place_help")])
def test_after_two_failures_each_choice_leads_on(engine: Engine, key: str, node: str) -> None:
    assert Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).press(key).node == node


def test_after_two_failures_silence_rings_the_next_backup(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).silence()
    assert call.dialled == engine.directory.backups(engine.directory.centres["bergen"])[1].id


def test_a_wrong_key_after_a_failure_is_asked_again(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).press("5").said == ["RETRY_PREFIX", "FAIL"]


def test_three_centres_in_vain_says_so_and_waiting_tries_again(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).silence().leg(LegOutcome.FAILED)
    assert call.said == ["ALL_FAIL", "READ_NUM", "ALL_FAIL_MENU", "STILL_WAITING"]
    assert call.silence().dialled == "bergen"


def test_the_same_centre_again_and_again_goes_on_to_one_not_yet_tried(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY).press("2").leg(BUSY)
    assert call.dialled == engine.directory.backups(engine.directory.centres["bergen"])[1].id


def test_a_leg_whose_end_was_not_told_counts_as_failed(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "5003", "1").silence().node == "go_on"


def test_by_day_the_other_centre_of_the_place_is_offered_too(engine: Engine) -> None:
    noon = datetime(2026, 3, 3, 12, 0, tzinfo=OSLO)
    call = Played(engine, now=noon).press("1", "1", "5600")
    assert (call.said, call.slot("centre")) == (["PLACE_DUTY"], "Kvam legevakt")
    call.hear_out()
    assert (call.said, call.slot("other")) == (["CONFIRM_DUTY"], "Voss legevakt")
    assert call.press("2").dialled == "voss"


def test_by_day_1_or_waiting_rings_the_centre_on_duty_and_3_is_another_place(engine: Engine) -> None:
    noon = datetime(2026, 3, 3, 12, 0, tzinfo=OSLO)
    assert Played(engine, now=noon).press("1", "1", "5600", "1").dialled == "kvam"
    assert Played(engine, now=noon).press("1", "1", "5600").silence().dialled == "kvam"
    assert Played(engine, now=noon).press("1", "1", "5600", "3").node == "place_help"


def test_at_night_the_same_place_has_the_night_centre_alone(engine: Engine) -> None:
    night = datetime(2026, 3, 4, 2, 0, tzinfo=OSLO)
    call = Played(engine, now=night).press("1", "1", "5600")
    assert (call.said, call.slot("centre")) == (["PLACE"], "Voss legevakt")


def test_a_foreign_number_is_offered_the_abroad_menu_and_can_leave_it(engine: Engine) -> None:
    call = Played(engine, Caller(abroad=True)).press("2")
    assert call.said == ["ABROAD_INFO", "ABROAD_MENU"]
    assert call.press("3").node == "main"


def test_from_abroad_a_number_is_read_in_pairs_in_the_callers_language(engine: Engine) -> None:
    call = Played(engine, Caller(abroad=True)).press("2", "1", "5003").hear_out()
    assert call.said == ["CONFIRM_READ"]
    call.press("1")
    assert call.said == ["READ_NUM", "READ_MENU"]
    assert [call.slot(f"d{n}") for n in (1, 2, 3, 4)] == ["five five", "five six", "eight seven", "zero zero"]
    assert call.press("2").dialled == "bergen"


def test_a_caller_who_wants_the_number_is_not_offered_the_other_duty_as_key_2(engine: Engine) -> None:
    noon = datetime(2026, 3, 3, 12, 0, tzinfo=OSLO)
    call = Played(engine, Caller(abroad=True), noon).press("2", "1", "5600").hear_out()
    assert call.said == ["CONFIRM_READ"]
    assert call.press("2").node == "place_help"


def test_the_purpose_is_forgotten_in_the_main_menu(engine: Engine) -> None:
    call = Played(engine, Caller(abroad=True)).press("2", "1", "*", "*", "1", "5003", "1")
    assert call.dialled == "bergen"
