"""Saying the name of a place: one is confirmed as always, homonyms are asked about, two misses lead to keys."""

from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.directory import Directory
from ivr.line.flow.describe import Kind
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Silence, SpokenWords
from ivr.line.flow.facts import Misunderstanding, Misunderstood, PlaceFound
from ivr.line.flow.loader import load_flow
from ivr.line.flow.model import Flow
from ivr.line.flow.nodes.ask_place import LEAST_CONFIDENCE
from ivr.line.languages import Catalogue
from tests.flow.played import Played
from tests.speech_on import flow_with_speech


@pytest.fixture
def speaking(directory: Directory, catalogue: Catalogue, tmp_path: Path) -> Engine:
    return Engine(load_flow(flow_with_speech(tmp_path), catalogue), directory, catalogue)


@pytest.fixture
def asked(speaking: Engine) -> Played:
    """A caller who has chosen Norwegian and the local centre."""
    return Played(speaking).press("1", "1")


def test_the_place_is_asked_for_in_words_or_digits(asked: Played) -> None:
    assert asked.said == ["ASK_POST_SPOKEN"]
    assert asked.listening is not None
    assert (asked.listening.speech, asked.listening.digits) == ("nb", 4)


def test_speech_is_listened_to_in_the_language_of_the_caller(speaking: Engine) -> None:
    listening = Played(speaking).press("2", "1").listening
    assert listening is not None
    assert listening.speech == "en"


def test_a_name_leads_to_the_confirmation_and_rings_after_it(asked: Played) -> None:
    asked.happen(SpokenWords("jeg er i Bergen"))
    assert (asked.node, asked.said, asked.dialled) == ("confirm", ["PLACE"], None)
    assert asked.slot("municipality") == "Bergen"
    assert asked.press("1").dialled == "bergen"


def test_a_name_takes_no_more_keys_than_a_postcode_does(asked: Played) -> None:
    by_keys = Played(asked.engine).press("1", "1", "5003", "1")
    assert asked.happen(SpokenWords("Bergen")).press("1").dialled == by_keys.dialled


def test_a_key_while_the_name_is_confirmed_accepts_nothing_yet(asked: Played) -> None:
    asked.happen(SpokenWords("Bergen")).press_early("1")
    assert (asked.node, asked.said, asked.dialled) == ("confirm", ["PLACE"], None)


def test_that_a_place_was_spoken_is_remembered_and_what_was_said_is_not(asked: Played) -> None:
    asked.happen(SpokenWords("mora mi på Voss er dårlig"))
    found = [fact for fact in asked.facts if isinstance(fact, PlaceFound)]
    assert found == [PlaceFound("spoken", "4621", "voss")]
    assert "dårlig" not in repr(asked.step) + repr(SpokenWords("mora mi på Voss er dårlig"))


def test_of_homonyms_the_caller_is_asked(asked: Played) -> None:
    asked.happen(SpokenWords("Herøy"))
    assert asked.said == ["PICK_NAME_2"]
    assert {asked.slot("name1"), asked.slot("name2")} == {"Herøy i Nordland", "Herøy i Møre og Romsdal"}
    assert asked.press("2").node == "confirm"


def test_a_name_that_is_not_known_is_asked_for_once_more_and_then_keys_help_on(asked: Played) -> None:
    assert asked.happen(SpokenWords("qqqq")).said == ["ASK_POST_AGAIN_SPOKEN"]
    assert asked.happen(SpokenWords("qqqq")).node == "place_help"
    assert Misunderstood("ask_postcode", Misunderstanding.NOT_FOUND) in asked.facts


def test_after_two_misses_keys_alone_are_listened_to(asked: Played) -> None:
    asked.happen(SpokenWords("qqqq")).happen(SpokenWords("qqqq")).press("1")
    assert asked.said == ["ASK_POST"]
    assert asked.listening is not None
    assert asked.listening.speech == ""
    assert asked.happen(SpokenWords("Bergen")).node == "place_help"  # as silence: a late result is no key


def test_a_place_that_was_found_gives_speech_another_chance(asked: Played) -> None:
    asked.happen(SpokenWords("qqqq")).happen(SpokenWords("Oslo"))
    assert asked.step.state.misheard == 0
    assert asked.press("2", "1").said == ["ASK_POST_SPOKEN"]


def test_what_the_recogniser_is_not_sure_of_is_a_miss(asked: Played) -> None:
    assert asked.happen(SpokenWords("Bergen", LEAST_CONFIDENCE - 0.01)).said == ["ASK_POST_AGAIN_SPOKEN"]
    assert asked.happen(SpokenWords("Bergen", LEAST_CONFIDENCE)).node == "confirm"


def test_keys_act_as_ever_where_speech_is_listened_to(speaking: Engine) -> None:
    asking = ("1", "1")
    assert Played(speaking).press(*asking, "5003").slot("municipality") == "Bergen"
    assert Played(speaking).press(*asking, "*").node == "place_help"
    assert Played(speaking).press(*asking, "*", "9").said[0] == "RED_1"
    assert Played(speaking).press(*asking, "*", "0").dialled == "oslo"
    assert Played(speaking).press(*asking).happen(Silence()).node == "place_help"


def test_misses_count_for_the_budget_after_which_a_person_is_rung(asked: Played) -> None:
    asked.happen(SpokenWords("qqqq")).happen(SpokenWords("qqqq")).press("1", "0000", "0000", "1").happen(Silence())
    assert asked.dialled == "oslo"


def test_a_line_without_speech_takes_words_for_silence(engine: Engine) -> None:
    asked = Played(engine).press("1", "1")
    assert asked.said == ["ASK_POST"]
    assert asked.happen(SpokenWords("Bergen")).node == "place_help"
    assert Played(engine).press("1").happen(SpokenWords("Bergen")).said == ["MAIN_SHORT"]


def test_a_line_without_speech_has_none_of_its_ways_and_leaves_its_texts_out(flow: Flow) -> None:
    assert not any(each.speech for each in flow.described.values())
    assert not list(flow.described["ask_postcode"].on(Kind.SEVERAL))
    assert flow.left_out == {"ASK_POST_SPOKEN", "ASK_POST_AGAIN_SPOKEN"}


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        (
            "    by: centre_number\n",
            "    by: centre_number\n    say_spoken: [ASK_POST_SPOKEN]\n    several: pick_name\n",
            "by",
        ),
        (
            "    say_spoken: [ASK_POST_SPOKEN]\n",
            "    say_spoken: [ASK_POTS_SPOKEN]\n",
            "did you mean 'ASK_POST_SPOKEN'?",
        ),
        ("    several: pick_name                 # homonyms, which only speech can find\n", "", "several is missing"),
    ],
    ids=["of a centre", "an unknown text", "nowhere to pick homonyms"],
)
def test_a_node_that_cannot_listen_is_refused(
    was: str, becomes: str, complaint: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    file = flow_with_speech(tmp_path)
    text = file.read_text("utf-8")
    assert text.count(was) == 1
    file.write_text(text.replace(was, becomes), "utf-8")
    with pytest.raises(DefinitionError, match=complaint.replace("?", r"\?")):
        load_flow(file, catalogue)


def test_speech_that_no_node_listens_to_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    file = flow_with_speech(tmp_path)
    kept = [
        line
        for line in file.read_text("utf-8").splitlines()
        if "say_spoken:" not in line and "several: pick_name" not in line
    ]
    text = "\n".join(kept).replace(
        "    by: municipality_number\n", "    by: municipality_number\n    several: pick_name\n"
    )
    file.write_text(text.replace("    by: spelling\n", "    by: spelling\n    several: pick_name\n"), "utf-8")
    with pytest.raises(DefinitionError, match="no node has say_spoken"):
        load_flow(file, catalogue)
