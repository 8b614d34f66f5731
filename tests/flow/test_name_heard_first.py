"""A place is accepted after its name was spoken to its end, whatever keys come before: a key may have bounced."""

import pytest

from ivr.line.directory import Directory
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller
from ivr.line.flow.facts import CentreDialled, KeyTooEarly, Misunderstood
from tests.flow.played import Played

FROGN = ("1", "1", "1446")  # what 1461 becomes when its first 4 bounces


def test_a_key_while_the_name_is_spoken_has_it_spoken_again(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).press_early("1")
    assert (call.node, call.said, call.slot("municipality"), call.dialled) == ("confirm", ["PLACE"], "Frogn", None)


@pytest.mark.parametrize("key", "12345678#")
def test_no_key_but_0_9_and_star_does_anything_before_the_name_was_heard(engine: Engine, key: str) -> None:
    call = Played(engine).press(*FROGN).press_early(key)
    assert (call.node, call.said) == ("confirm", ["PLACE"])


def test_the_name_that_was_cut_twice_is_spoken_where_nothing_listens(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).press_early("1").press_early("1")
    assert (call.uncut, call.said) == (["PLACE"], ["PLACE", "CONFIRM"])
    assert call.press_early("1").node == "connect"


def test_a_name_heard_to_its_end_is_followed_by_the_question(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).hear_out()
    assert (call.said, call.press_early("1").node) == (["CONFIRM"], "connect")


def test_a_name_after_an_early_key_is_heard_out_like_the_first(engine: Engine) -> None:
    assert Played(engine).press(*FROGN).press_early("1").hear_out().said == ["CONFIRM"]


def test_9_acts_while_the_name_is_spoken_and_the_way_back_speaks_it_anew(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).press_early("9")
    assert call.node == "red"
    assert (call.press_early("2").node, call.said) == ("confirm", ["PLACE"])


def test_0_before_the_name_was_heard_speaks_it_before_the_ring(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).press_early("0")
    assert (call.uncut, call.slot("municipality")) == (["ENTERED", "CONNECT"], "Frogn")
    assert call.dialled is not None


def test_0_after_the_name_was_heard_does_not_speak_it_again(engine: Engine) -> None:
    assert Played(engine).press(*FROGN).hear_out().press("0").said == ["TO_PERSON", "CONNECT"]


def test_waiting_behind_the_red_flag_speaks_a_name_that_was_not_heard_before_the_ring(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).press_early("9").silence()
    assert (call.uncut, call.slot("municipality")) == (["ENTERED", "CONNECT"], "Frogn")


def test_a_name_is_spoken_once_where_no_language_was_chosen(engine: Engine) -> None:
    waiting = Played(engine).press("0")
    waiting.step = waiting.step._replace(state=waiting.step.state.but(node="ask_postcode", dialled=""))
    call = waiting.press("1446").press_early("0")
    assert [prompt.language for prompt in call.prompts if prompt.key == "ENTERED"] == ["nb"]


def test_who_wants_another_place_is_not_put_through_to_the_one_refused(engine: Engine, directory: Directory) -> None:
    for key in ("2", "*"):
        call = Played(engine, Caller()).press(*FROGN).hear_out().press(key).silence()
        assert (call.step.state.place, call.dialled) == ("", directory.default_centre.id)
        rung = [fact for fact in call.facts if isinstance(fact, CentreDialled)]
        assert [fact.municipality for fact in rung] == [""]


def test_a_new_place_has_to_be_heard_anew(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).hear_out().press("2", "1", "5003").press_early("1")
    assert (call.node, call.said, call.slot("municipality")) == ("confirm", ["PLACE"], "Bergen")


def test_a_centre_found_by_its_number_is_heard_before_it_is_accepted(engine: Engine) -> None:
    call = Played(engine).press("1", "2", "3", "55568700").press_early("1")
    assert (call.node, call.said) == ("confirm", ["PLACE_CENTRE"])


def test_a_number_is_read_out_after_the_name_was_heard(engine: Engine) -> None:
    call = Played(engine, Caller(abroad=True)).press("2", "1", "5003").press_early("1")
    assert (call.node, call.said) == ("confirm", ["PLACE"])


def test_a_key_that_came_too_early_is_no_mistake_of_the_callers(engine: Engine) -> None:
    call = Played(engine).press(*FROGN).press_early("1")
    assert KeyTooEarly("confirm") in call.facts
    assert not any(isinstance(fact, Misunderstood) for fact in call.facts)
    assert call.step.state.errors == 0
