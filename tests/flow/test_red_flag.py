"""Key 9: the 113 instruction from everywhere, uncut, and nobody is left behind it."""

import pytest

from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Keys, Moment, Silence
from ivr.line.flow.facts import CentreDialled, Reason, RedFlag
from tests.conftest import EVENING
from tests.flow.played import BUSY, Played

EVERYWHERE = [
    "",
    "1",
    "1 2",
    "1 2 4",
    "1 3",
    "1 3 1",
    "1 3 2",
    "1 3 3",
    "1 1 0000 0000",
    "1 1 5003",
    "1 2 3 82000000",
    "1 1 * 3 82537",
    "1 2 4 1 5003 1",
]


@pytest.mark.parametrize("keys", EVERYWHERE)
def test_9_gives_the_113_words_as_the_next_thing_heard(engine: Engine, keys: str) -> None:
    assert Played(engine).press(*keys.split(), "9").said[0] == "RED_1"


def test_9_gives_the_113_words_after_failed_legs(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1").leg(BUSY, BUSY)
    assert call.press("9").said[0] == "RED_1"


def test_the_instruction_is_said_twice_before_anything_listens(engine: Engine) -> None:
    call = Played(engine).press("1", "9")
    assert call.uncut == ["RED_1", "RED_1"]
    assert call.said == ["RED_1", "RED_1", "RED_2", "RED_1", "RED_STAY"]
    assert call.pauses() == [4]


def test_before_a_language_is_chosen_it_is_said_in_both(engine: Engine) -> None:
    call = Played(engine).press("9")
    assert [(p.key, p.language) for p in call.prompts[:2]] == [("RED_1", "nb"), ("RED_1", "en")]
    assert call.uncut == ["RED_1", "RED_1"]
    assert [(p.key, p.language) for p in call.prompts[2:]] == [("RED_STAY", "nb"), ("RED_STAY", "en")]
    assert call.silence().dialled == "oslo"


def test_2_says_it_was_a_mistake_and_goes_back_without_the_flag(engine: Engine) -> None:
    call = Played(engine).press("1", "3", "9", "2")
    assert call.node == "info"
    assert call.step.state.red_flag is False


def test_star_goes_back_too(engine: Engine) -> None:
    assert Played(engine).press("1", "3", "9", "*").node == "info"


def test_9_again_says_it_from_the_start_and_keeps_the_way_back(engine: Engine) -> None:
    call = Played(engine).press("1", "3", "9", "9")
    assert call.uncut == ["RED_1", "RED_1"]
    assert call.press("2").node == "info"


def test_hash_repeats_the_offer_alone(engine: Engine) -> None:
    assert Played(engine).press("1", "9", "#").said == ["RED_STAY"]


def test_staying_on_the_line_rings_the_centre_of_the_place(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "9").silence()
    assert call.dialled == "bergen"
    assert CentreDialled("bergen", "4601", red_flag=True, reason=Reason.FOUND) in call.facts


def test_wrong_keys_there_repeat_the_offer_once_and_then_ring(engine: Engine) -> None:
    call = Played(engine).press("1", "9", "5")
    assert call.said == ["RETRY_PREFIX", "RED_STAY"]
    assert call.press("5").dialled == "oslo"


def test_the_information_about_113_is_the_same_text_and_leads_back_to_the_menu(engine: Engine) -> None:
    call = Played(engine).press("1", "3", "4")
    assert call.said[0] == "RED_1"
    assert call.press("2").node == "info"


def test_where_the_key_was_pressed_is_remembered_as_a_fact(engine: Engine) -> None:
    assert RedFlag("main") in Played(engine).press("1", "9").facts


def test_without_a_way_back_a_mistake_leads_to_a_fresh_start(engine: Engine) -> None:
    call = Played(engine).press("1", "9")
    call.step = call.step._replace(state=call.step.state.but(back=""))
    assert call.press("2").said == ["OPEN_113", "MAIN"]


def _whisper(engine: Engine, call: Played) -> list[tuple[str, str]]:
    (listen,) = engine.whisper(call.step.state, Moment(EVENING))
    return [(each.prompt.key, each.prompt.language) for each in listen.prompts]


def test_the_whisper_tells_the_place_twice_in_norwegian_and_asks_for_a_key(engine: Engine) -> None:
    call = Played(engine).press("1", "1", "5003", "1")
    assert _whisper(engine, call) == [("WHISPER_PLACE", "nb"), ("WHISPER_ACCEPT", "nb")] * 2


def test_the_whisper_tells_the_red_flag_first_and_the_language(engine: Engine) -> None:
    call = Played(engine).press("2", "9").silence()
    keys = [key for key, _ in _whisper(engine, call)]
    assert keys[:4] == ["WHISPER_RED_FLAG", "WHISPER_NO_PLACE", "WHISPER_LANGUAGE", "WHISPER_ACCEPT"]


def test_only_key_1_takes_the_call(engine: Engine) -> None:
    assert engine.after_whisper(Keys("1")) == ()
    assert engine.after_whisper(Keys("2")) == engine.after_whisper(Silence()) != ()
