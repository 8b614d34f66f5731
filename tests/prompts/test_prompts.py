"""Prompts: complete in every language, no holes, nothing invisible."""

import re
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue, PauseMark, Slot, Words, load_prompts
from ivr.line.languages.text import MAX_LENGTH, parse, parse_written
from ivr.proof.check.speech import SpeechLengths

EN = """\
language: en-GB
voice: Polly.Amy
called: engelsk
digits: [zero, one, two, three, four, five, six, seven, eight, nine]
texts:
  HELLO: Welcome to {centre}.
  BYE: Goodbye.
"""
NB = (EN.replace("en-GB", "nb-NO").replace("Polly.Amy", "Polly.Liv").replace("Welcome to", "Velkommen til")).replace(
    "called: engelsk", "called: norsk\ncentres: true"
)


def _folder(tmp_path: Path, en: str = EN, nb: str = NB) -> Path:
    (tmp_path / "en.yaml").write_text(en, "utf-8")
    (tmp_path / "nb.yaml").write_text(nb, "utf-8")
    return tmp_path


def _complaint(folder: Path) -> str:
    with pytest.raises(DefinitionError) as caught:
        load_prompts(folder)
    return str(caught.value)


def test_a_text_is_taken_apart_into_words_slots_and_pauses() -> None:
    assert parse("To {centre}. [pause] Now") == (Words("To "), Slot("centre"), Words(". "), PauseMark(), Words(" Now"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("  ", "is empty"),
        ("a" * (MAX_LENGTH + 1), "longer than 3000"),
        ("a\x0bb", "U+000B"),
        ("a\u200bb", "U+200B"),
        ("a\u202eb", "U+202E"),
        ("to {nowhere}", "unknown slot {nowhere}"),
        ("to {centre", "stray bracket"),
        ("wait [long]", "stray bracket"),
        ("{}", "stray bracket"),
    ],
    ids=[
        "nothing",
        "B88 too long",
        "B88 a control character",
        "B88 zero width",
        "B88 right to left",
        "an unknown slot",
        "an open bracket",
        "an unknown pause",
        "a slot without a name",
    ],
)
def test_a_text_that_cannot_be_spoken_or_reviewed_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wrong)):
        parse(text)


def test_a_text_at_the_limit_is_taken() -> None:
    assert parse("a" * MAX_LENGTH)


def test_two_complete_languages_load(tmp_path: Path) -> None:
    catalogue = load_prompts(_folder(tmp_path))
    assert set(catalogue.languages) == {"en", "nb"}
    assert catalogue.slots("HELLO") == {"centre"}
    assert catalogue.languages["en"].spell("07") == "zero seven"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("  BYE: Goodbye.\n", "", "en.yaml: text BYE is missing (nb.yaml has it)"),
        (" {centre}", " you", "en.yaml:6:3: text HELLO lacks {centre}, which nb.yaml has"),
        ("BYE: Goodbye.", "BYE: [a]", "en.yaml:7:3: text BYE is empty"),
        ("BYE: Goodbye.", "BYE: Good{bye}.", "en.yaml:7:3: text BYE has the unknown slot {bye}"),
        ("en-GB", "nb-NO", "en.yaml:2:8: voice Polly.Amy does not speak nb-NO"),
        ("Polly.Amy", "Polly.Nobody", "en.yaml:2:8: voice Polly.Nobody does not speak en-GB"),
        ("voice: Polly.Amy\n", "", "en.yaml: voice must be given, as text"),
        (", nine]", "]", "en.yaml:4:1: digits must be a list of ten words"),
        ("texts:\n", "slow: [NONE]\ntexts:\n", "en.yaml:5:8: slow names 'NONE', which is not among the texts"),
        ("texts:\n", "slow: HELLO\ntexts:\n", "en.yaml:5:1: slow must be given, as a list"),
        ("texts:\n", "txts:\n", "en.yaml: texts must be a mapping of prompt id to text"),
        ("texts:\n", "colour: red\ntexts:\n", "en.yaml:5:1: unknown key 'colour'"),
        ("language:", "*:", "en.yaml:1:2"),
        ("called: engelsk\n", "", "en.yaml:1:1: called must be given, as text: the name of this language"),
        ("engelsk", "[engelsk]", "en.yaml:3:1: called must be given, as text"),
        ("engelsk", "''", "en.yaml:3:9: called is empty"),
        ("engelsk", "'{language}'", "en.yaml:3:9: called has the unknown slot {language}"),
        ("engelsk", "engelsk\ncentres: false", "en.yaml:4:1: centres is `true`, in the file of the language"),
    ],
)
def test_a_wrong_prompt_file_gets_its_complaint_at_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in EN
    assert complaint in _complaint(_folder(tmp_path, en=EN.replace(old, new, 1)))


def test_a_prompt_file_that_is_a_list_is_refused(tmp_path: Path) -> None:
    assert "must be a mapping with the keys" in _complaint(_folder(tmp_path, en="- a\n"))


def test_a_folder_without_prompts_is_refused(tmp_path: Path) -> None:
    assert "holds no language: <code>/prompts.yaml" in _complaint(tmp_path)


def test_without_the_language_of_the_centres_nobody_could_speak_the_names(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(EN, "utf-8")
    assert "`centres: true` stands in no file; it belongs in one" in _complaint(tmp_path)


def test_the_centres_speak_one_language(tmp_path: Path) -> None:
    both = _folder(tmp_path, EN.replace("engelsk", "engelsk\ncentres: true"))
    with pytest.raises(DefinitionError) as raised:
        load_prompts(both)
    words = "`centres: true` stands in en.yaml and nb.yaml; it belongs in one"
    assert [(each.file, each.line > 1, words in each.message) for each in raised.value.complaints] == [
        ("en.yaml", True, True),
        ("nb.yaml", True, True),
    ]


def test_a_voice_of_another_language_is_refused_with_those_that_speak_it(tmp_path: Path) -> None:
    told = _complaint(_folder(tmp_path, NB.replace("nb-NO", "da-DK").replace("Polly.Liv", "Polly.Amy")))
    assert "voice Polly.Amy does not speak da-DK; these do: Polly." in told


def test_names_are_spoken_in_the_language_whose_file_says_so(tmp_path: Path) -> None:
    folder = _folder(tmp_path, EN.replace("engelsk", "engelsk\ncentres: true"), NB.replace("centres: true\n", ""))
    assert load_prompts(folder).names_in == "en"


def test_the_bundled_prompts_have_the_same_texts_and_slots_in_both_languages(catalogue: Catalogue) -> None:
    en, nb = catalogue.languages["en"].texts, catalogue.languages["nb"].texts
    assert en.keys() == nb.keys()
    for key in en:
        slots = [{piece.name for piece in texts[key] if isinstance(piece, Slot)} for texts in (en, nb)]
        assert slots[0] == slots[1], key


def test_no_bundled_text_is_the_same_in_both_languages_but_names_alone(catalogue: Catalogue) -> None:
    en, nb = catalogue.languages["en"].texts, catalogue.languages["nb"].texts
    assert [key for key in en if en[key] == nb[key]] == ["PLACE_CENTRE", "ENTERED"]


def test_every_bundled_prompt_is_used_and_every_used_prompt_exists(catalogue: Catalogue, flow_file: Path) -> None:
    flow = load_flow(flow_file, catalogue, texting=True)
    used = {key for node in flow.nodes.values() for key in node.prompts()}
    used |= {*flow.whisper.prompts(), *flow.fault, *flow.fault_ring, *flow.fault_rung, *flow.left_out, "RETRY_PREFIX"}
    assert used == set(catalogue.languages["nb"].texts)


def test_the_first_sentence_holds_the_113_words(catalogue: Catalogue) -> None:
    assert catalogue.languages["nb"].texts["OPEN_113"] == (Words("Står det om liv, legg på og ring en, en, tre."),)
    assert catalogue.languages["en"].texts["OPEN_113"] == (
        Words("If life is in danger, hang up and dial one, one, three."),
    )


@pytest.mark.parametrize("code", ["nb", "en"])
def test_113_and_116117_are_never_written_as_quantities(catalogue: Catalogue, code: str) -> None:
    words = [
        piece.text
        for pieces in catalogue.languages[code].texts.values()
        for piece in pieces
        if isinstance(piece, Words)
    ]
    assert not [text for text in words if re.search(r"11[0-9]", text)]


@pytest.mark.parametrize("code", ["nb", "en"])
def test_a_prompt_that_ends_in_input_takes_at_most_20_seconds(catalogue: Catalogue, code: str) -> None:
    menus = ["MAIN", "MAIN_SHORT", "OTHER", "INFO", "PLACE_HELP", "NUM_UNKNOWN", "FAIL", "CONFIRM_DUTY", "PICK_NAME_3"]
    for key in menus:
        assert SpeechLengths(catalogue).length(key, code) <= 20, key


MESSAGES = "messages:\n  MESSAGE: 'Ring 113. {centre}: {number}'\n"


def test_messages_are_put_together_with_their_slots_filled(tmp_path: Path) -> None:
    catalogue = load_prompts(_folder(tmp_path, EN + MESSAGES, NB + MESSAGES))
    written = catalogue.languages["en"].write(("MESSAGE", "MESSAGE"), {"centre": "Bergen", "number": "+47 1"})
    assert written == "Ring 113. Bergen: +47 1 Ring 113. Bergen: +47 1"


@pytest.mark.parametrize(
    ("messages", "complaint"),
    [
        ("", "text MESSAGE is missing"),
        ("messages: []\n", "messages must be a mapping"),
        ("messages:\n  MESSAGE: '{centre}'\n", "text MESSAGE lacks {number}"),
        ("messages:\n  MESSAGE: '{centre} {d1}'\n", "unknown slot {d1}; slots are centre, number"),
    ],
)
def test_a_wrong_message_gets_its_complaint(messages: str, complaint: str, tmp_path: Path) -> None:
    assert complaint in _complaint(_folder(tmp_path, EN + messages, NB + MESSAGES))


def test_nobody_speaks_a_message_so_it_cannot_pause() -> None:
    with pytest.raises(ValueError, match="no voice speaks this text"):
        parse_written("{centre} [pause] {number}")


def test_a_text_that_is_spoken_has_no_slot_of_a_message() -> None:
    with pytest.raises(ValueError, match="unknown slot"):
        parse("{number}")
