"""Naming a place: by postcode, number, spelling or the centre's own number; and what happens when it is not found."""

import pytest

from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller, Keys, Moment
from ivr.line.flow.facts import PlaceFound
from ivr.line.flow.state import CallState
from tests.conftest import EVENING
from tests.flow.played import Played


def test_an_unknown_postcode_is_asked_once_more_and_then_other_ways_are_offered(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "0000")
    assert call.said == ["ASK_POST_AGAIN"]
    assert call.press("0000").node == "place_help"


def test_star_in_a_postcode_leads_to_other_ways(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "*").node == "place_help"


def test_star_after_two_digits_clears_them(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "50*").node == "place_help"


def test_star_nine_in_an_entry_gives_the_113_words(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "*", "3", "*9")
    assert call.said[0] == "RED_1"


def test_star_zero_in_an_entry_rings_a_person(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "*", "3", "26*0").dialled == "oslo"


def test_star_and_another_digit_in_an_entry_is_a_star(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "*", "3", "2*5").node == "place_help"


def test_digits_that_hold_9_or_0_are_digits_in_an_entry(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "9008").node == "confirm"


@pytest.mark.parametrize("silences", [1, 2])
def test_silence_in_an_entry_leads_to_help_and_then_to_a_person(engine: Engine, silences: int) -> None:
    call = Played(engine).press("1", "1").silence(silences)
    assert (call.node, call.dialled) == [("place_help", None), ("person", "oslo")][silences - 1]


def test_a_spelled_name_that_two_municipalities_share_is_picked_by_county(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "*", "3", "82537")
    assert call.said == ["PICK_NAME_2"]
    assert {call.slot("name1"), call.slot("name2")} == {"Våler i Østfold", "Våler i Innlandet"}


def test_picking_a_name_settles_the_place(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "*", "3", "82537")
    second = call.slot("name2")
    assert call.press("2").slot("municipality") == second
    assert [fact.by for fact in call.facts if isinstance(fact, PlaceFound)] == ["picked"]


def test_a_centre_that_is_named_by_its_number_puts_all_else_that_was_found_aside(engine: Engine) -> None:
    before = CallState(
        "ask_number",
        language="nb",
        place="4601-5003",
        centre="voss",
        other="bergen",
        dialled="voss",
        tried=("voss",),
        candidates=("3114", "3419"),
    )
    after = engine.step(Keys("55568700"), before, Moment(EVENING, Caller())).state
    assert after == CallState(after.node, language="nb", centre="bergen")


def test_another_place_begins_anew(engine: Engine) -> None:
    before = CallState(
        "ask_postcode", language="nb", centre="voss", dialled="voss", tried=("voss",), candidates=("3114", "3419")
    )
    after = engine.step(Keys("5003"), before, Moment(EVENING, Caller())).state
    assert after == CallState(after.node, language="nb", place="4601-5003", centre="bergen")


def test_three_candidates_are_offered_with_three_keys(engine: Engine) -> None:
    # An old code with several successors: Snillfjord went to three municipalities.
    call = Played(engine).press("1", "2", "2", "5012")
    assert call.said == ["PICK_NAME_3"]
    assert call.press("3").node == "confirm"


def test_a_key_without_a_candidate_is_asked_again_and_then_help_is_offered(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "*", "3", "82537", "3")
    assert call.said == ["RETRY_PREFIX", "PICK_NAME_2"]
    assert call.press("3").node == "place_help"


def test_silence_and_star_at_the_pick_lead_to_help(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "*", "3", "82537").silence().node == "place_help"
    assert Played(engine).press("1", "1", "*", "3", "82537", "*").node == "place_help"


def test_a_mistaken_9_at_the_pick_comes_back_to_the_pick(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "*", "3", "82537", "9", "2")
    assert call.said == ["PICK_NAME_2"]


def test_the_pick_without_candidates_offers_help(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "*", "3", "82537", "9")
    call.step = call.step._replace(state=call.step.state.but(candidates=()))
    assert call.press("2").node == "place_help"


def test_too_few_letters_to_tell_names_apart_lead_to_help(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "*", "3", "7").node == "place_help"


@pytest.mark.parametrize("digits", ["82000000", "00000113", "91234567", "11611700", "113"])
def test_a_number_that_is_no_centres_is_refused_with_a_next_offer(engine: Engine, digits: str) -> None:
    call = Played(engine).press("1", "2", "3", digits)
    assert (call.node, call.dialled) == ("number_unknown", None)
    assert call.press("1").node == "ask_number"


def test_star_at_the_number_goes_back_and_silence_offers_a_person(engine: Engine) -> None:
    assert Played(engine).press("1", "2", "3", "*").node == "other"
    assert Played(engine).press("1", "2", "3").silence(2).node == "person"


def test_hash_in_an_entry_is_no_digit(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "500#").node == "ask_postcode_again"
