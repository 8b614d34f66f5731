"""Silence, wrong keys and key 0 end at a person; star and hash mean the same everywhere."""

import pytest

from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Caller
from ivr.line.flow.facts import (
    CallStarted,
    CentreDialled,
    CentreEnded,
    Informed,
    Misunderstanding,
    Misunderstood,
    NodeEntered,
    PlaceFound,
    Reason,
)
from tests.flow.played import BUSY, Played


def test_silence_from_the_start_reaches_a_ringing_centre(engine: Engine) -> None:
    call = Played(engine).silence()
    assert call.said == ["MAIN"]
    assert call.silence().said == ["MAIN_SHORT"]
    assert call.silence().dialled == "oslo"
    assert call.said == ["TO_PERSON", "CONNECT"]


def test_wrong_keys_from_the_start_reach_a_ringing_centre(engine: Engine) -> None:
    call = Played(engine)
    for _ in range(6):
        call.press("8")
        if call.dialled:
            break
    assert call.dialled == "oslo"


def test_a_wrong_key_is_asked_again_without_blame(engine: Engine) -> None:
    assert Played(engine).press("1", "7").said == ["RETRY_PREFIX", "MAIN_SHORT"]


def test_silence_at_the_language_question_is_norwegian(engine: Engine) -> None:
    call = Played(engine).silence()
    assert {prompt.language for prompt in call.prompts} == {"nb"}


def test_a_wrong_key_at_the_language_question_asks_once_more_in_all_languages(engine: Engine) -> None:
    call = Played(engine).press("5")
    assert [(p.key, p.language) for p in call.prompts] == [
        ("RETRY_PREFIX", "nb"),
        ("RETRY_PREFIX", "en"),
        ("LANG", "nb"),
        ("LANG", "en"),
        ("LANG", "nn"),
    ]
    assert call.press("5").said == ["MAIN"]


def test_star_at_the_language_question_asks_it_again(engine: Engine) -> None:
    assert Played(engine).press("*").said == ["LANG", "LANG", "LANG"]


@pytest.mark.parametrize("keys", ["", "1", "1 2", "1 3", "1 3 1", "1 2 4", "1 2 2 9999", "1 1 5003", "1 9"])
def test_0_rings_a_person_from_every_menu(engine: Engine, keys: str) -> None:
    call = Played(engine).press(*keys.split(), "0")
    assert call.dialled in ("oslo", "bergen")


def test_a_person_is_the_centre_of_the_known_place(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "5003", "0").dialled == "bergen"


def test_a_person_is_the_centre_of_the_callers_area_when_no_place_is_known(engine: Engine) -> None:
    assert Played(engine, Caller(area="55")).press("0").dialled == "bergen"


def test_a_person_is_the_default_centre_when_nothing_is_known(engine: Engine) -> None:
    assert Played(engine, Caller(area="91")).press("1", "0").dialled == engine.directory.default_centre.id


def test_a_person_at_a_busy_centre_is_looked_for_at_its_backup(engine: Engine) -> None:
    assert Played(engine).press("1", "0").leg(BUSY).said == ["GO_ON"]


def test_hash_repeats_the_choices_and_is_no_error(engine: Engine) -> None:
    call = Played(engine).press("1", "3", "1", "#")
    assert call.said == ["AFTER_INFO"]
    assert call.step.state.errors == 0


@pytest.mark.parametrize(("keys", "back"), [("1 2", "main"), ("1 3", "main"), ("1 3 1", "info"), ("1", "main")])
def test_star_goes_back_one_step(engine: Engine, keys: str, back: str) -> None:
    assert Played(engine).press(*keys.split(), "*").node == back


def test_star_at_the_confirmation_is_a_different_place(engine: Engine) -> None:
    assert Played(engine).press("1", "1", "5003", "*").node == "place_help"


def test_more_than_four_errors_in_a_call_lead_to_a_person(engine: Engine) -> None:
    call = Played(engine).press("1", "8", "2", "8", "*", "8", "2", "8")
    assert call.dialled is None
    assert call.press("*", "8").dialled == "oslo"


def test_information_never_traps_a_caller(engine: Engine) -> None:
    for topic in "123":
        assert Played(engine).press("1", "3", topic, "1").node == "ask_postcode"
        assert Played(engine).press("1", "3", topic).silence().dialled == "oslo"


def test_a_practice_line_says_so_right_after_the_language(practice_engine: Engine) -> None:
    call = Played(practice_engine).press("2")
    assert call.said == ["OPEN_PRACTICE", "MAIN"]
    assert call.uncut == ["OPEN_PRACTICE"]


def test_a_practice_line_without_a_number_speaks_the_centres_part(practice_engine: Engine) -> None:
    call = Played(practice_engine).press("2", "1", "5003", "1")
    assert (call.said, call.dialled) == (["PRACTICE_CENTRE"], None)
    assert call.silence().said == ["PRACTICE_CENTRE"]
    assert call.press("1").node == "main"


def test_facts_tell_the_way_of_a_call_and_no_digits(engine: Engine) -> None:
    call = Played(engine).press("1", "8", "1", "5003", "1").leg(BUSY)
    assert call.facts[:3] == [CallStarted(abroad=False), NodeEntered("open", ""), NodeEntered("language", "")]
    assert Misunderstood("main", Misunderstanding.WRONG_KEY) in call.facts
    assert CentreDialled("bergen", "4601", red_flag=False, reason=Reason.FOUND) in call.facts
    assert CentreEnded("bergen", BUSY) in call.facts
    assert "5003" not in repr(call.facts)


def test_a_fact_tells_why_a_centre_was_rung(engine: Engine) -> None:
    def reasons(call: Played) -> list[Reason]:
        return [fact.reason for fact in call.facts if isinstance(fact, CentreDialled)]

    found = Played(engine).press("1", "1", "5003", "1").leg(BUSY)
    assert reasons(found) == [Reason.FOUND, Reason.BACKUP]
    assert reasons(found.leg(BUSY).press("2")) == [Reason.FOUND, Reason.BACKUP, Reason.AGAIN]
    assert reasons(Played(engine).press("1", "0")) == [Reason.DEFAULT]
    assert reasons(Played(engine, Caller(area="51")).press("1", "0")) == [Reason.AREA]


def test_a_place_that_was_found_is_a_fact_without_what_was_keyed(engine: Engine) -> None:
    def found(*keys: str) -> list[PlaceFound]:
        return [fact for fact in Played(engine).press("1", *keys).facts if isinstance(fact, PlaceFound)]

    assert found("1", "5003") == [PlaceFound("postcode", "4601", "bergen")]
    assert found("2", "3", "55568700") == [PlaceFound("centre_number", "", "bergen")]
    assert found("2", "3", "91234567") == []


def test_hearing_information_or_a_number_is_a_fact_once(engine: Engine) -> None:
    call = Played(engine).press("1", "3", "2", "#")
    assert [fact for fact in call.facts if isinstance(fact, Informed)] == [Informed("when_gp")]
    call.press("#").silence()
    assert [fact for fact in call.facts if isinstance(fact, Informed)] == [Informed("when_gp")]
