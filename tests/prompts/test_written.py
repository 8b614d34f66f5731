"""The written forms: words for those who neither hear nor speak, of every text that needs them, in every language."""

import re
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.languages import Catalogue, Language, Slot, Words, load_prompts
from ivr.line.languages.text import KEY_MARK, parse_for_chat
from ivr.proof.check.spoken_patterns import announced, read_words
from tests.prompts.test_prompts import EN, NB

CODES = ("nb", "en", "nn")
# Words for those who hear, speak and have a keypad, searched for apart from the files' own lists.
SPOKEN = {
    "nb": r"\b(trykk|tast|stjerne|firkant|legge? på|ring|hør|snakk|hundre og)|\ben, (en|to)",
    "en": r"\b(press|dial|hang up|call|hear|speak|star\b|hash|keypad)|\bone, one",
    "nn": r"\b(trykk|tast|stjerne|firkant|legge? på|ring|høyr|snakk|hundre og)|\bein, (ein|to)",
}
FORBIDDEN = {
    "nb": r"\b(trykk|tast|stjerne|firkant|legge? på|hør|snakk|hundre og|bare vent)|\ben, (en|to)",
    "en": r"\b(press|dial|hang up|hear|speak|star\b|hash|keypad|just wait)|\bone, one",
    "nn": r"\b(trykk|tast|stjerne|firkant|legge? på|høyr|snakk|hundre og|berre vent)|\bein, (ein|to)",
}
CALLS_113 = {"nb": r"\bring\w* .*\b113\b|\bring\w* 113", "en": r"\bcall 113"}
CALLS_113["nn"] = CALLS_113["nb"]
SMS = {"nb": "SMS til 113", "en": "SMS to 113", "nn": "SMS til 113"}
REGISTERED = {"nb": "registrert", "en": "registered", "nn": "registrert"}
SOMEBODY = {
    "nb": r"få noen (i nærheten )?til å ringe 113 for deg",
    "en": r"get somebody (near you )?to call 113 for you",
    "nn": r"få nokon (i nærleiken )?til å ringje 113 for deg",
}


def _text(pieces: tuple[object, ...]) -> str:
    return "".join(piece.text if isinstance(piece, Words) else "Navn" for piece in pieces)


def _written(catalogue: Catalogue, code: str) -> dict[str, str]:
    return {key: _text(pieces) for key, pieces in catalogue.in_writing().languages[code].texts.items()}


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def language(catalogue: Catalogue, code: str) -> Language:
    return catalogue.languages[code]


def test_every_text_that_speaks_of_pressing_dialling_or_hanging_up_has_a_written_form(language: Language) -> None:
    spoken = {
        key for key, text in language.texts.items() if re.search(SPOKEN[language.code], _text(text), re.IGNORECASE)
    }
    assert len(spoken) > 40
    assert spoken <= set(language.written)


def test_no_written_form_speaks_of_pressing_dialling_or_hanging_up(catalogue: Catalogue, code: str) -> None:
    found = {
        key: text for key, text in _written(catalogue, code).items() if re.search(FORBIDDEN[code], text, re.IGNORECASE)
    }
    assert found == {}


def test_nobody_who_cannot_speak_is_told_to_call_113_as_the_only_way(catalogue: Catalogue, code: str) -> None:
    written = _written(catalogue, code)
    with_a_call = {key: text for key, text in written.items() if re.search(CALLS_113[code], text)}
    assert {"OPEN_113", "RED_1", "CONNECT", "AFTER_TALK", "ERROR"} <= set(with_a_call)
    for key, text in with_a_call.items():
        assert SMS[code] in text, key
        assert REGISTERED[code] in text, key
        assert "1412" in text, key
        assert re.search(SOMEBODY[code], text), key


def test_every_text_that_gives_the_113_instruction_gives_it_in_writing_too(catalogue: Catalogue, code: str) -> None:
    instructions = {"nb": "legg på og ring en, en, tre", "en": "hang up and dial one, one, three"}
    instruction = {**instructions, "nn": "legg på og ring ein, ein, tre"}[code]
    written = _written(catalogue, code)
    given = [key for key, text in catalogue.languages[code].texts.items() if instruction in _text(text).lower()]
    assert len(given) >= 10
    for key in given:
        assert SMS[code] in written[key], key


def test_the_first_written_words_are_the_113_words_and_say_that_registration_is_needed(
    catalogue: Catalogue, code: str
) -> None:
    first = _written(catalogue, code)["OPEN_113"]
    norwegian = "Står det om liv: send SMS til 113"
    assert first.startswith({"nb": norwegian, "nn": norwegian, "en": "If life is in danger: send an SMS to 113"}[code])
    assert "nodsms.no" in first
    without = {
        "nb": "Uten registrering på forhånd kommer meldingen ikke fram.",
        "en": "Without registration in advance the message does not arrive.",
        "nn": "Utan registrering på førehand kjem ikkje meldinga fram.",
    }
    assert without[code] in first


def test_a_written_form_marks_the_keys_that_its_text_announces(catalogue: Catalogue, language: Language) -> None:
    words = read_words(catalogue)[language.code]
    for key, text in language.texts.items():
        if key == "ASK_NAME":
            continue  # the keys of a spelled name are no choices
        told = sorted(each.key for each in announced(_text(text), words))
        marked = sorted(KEY_MARK.findall(_text(language.written.get(key, ()))))
        assert marked == told, key


def test_a_written_form_has_the_slots_of_its_text(catalogue: Catalogue, code: str) -> None:
    language, written = catalogue.languages[code], catalogue.in_writing().languages[code]
    for key, pieces in language.texts.items():
        slots = [{piece.name for piece in each if isinstance(piece, Slot)} for each in (pieces, written.texts[key])]
        assert slots[0] == slots[1], key


def test_a_number_is_written_in_pairs_of_digits(catalogue: Catalogue, code: str) -> None:
    language = catalogue.in_writing().languages[code]
    pairs = {f"d{number}": language.spell(pair) for number, pair in enumerate(("55", "56", "87", "00"), 1)}
    text = "".join(p.text if isinstance(p, Words) else pairs.get(p.name, "Bergen") for p in language.texts["READ_NUM"])  # type: ignore[union-attr]
    assert text.endswith(" 55 56 87 00.")


def test_what_is_spoken_stays_as_it_was(catalogue: Catalogue, code: str) -> None:
    before = dict(catalogue.languages[code].texts)
    catalogue.in_writing()
    assert catalogue.languages[code].texts == before
    assert "1412" not in " ".join(map(_text, before.values()))


WRITTEN = 'spoken_words: [Welcome]\nwritten:\n  HELLO: "{centre} is here. [1]"\n'


def _complaint(tmp_path: Path, en: str, nb: str) -> str:
    (tmp_path / "en.yaml").write_text(en, "utf-8")
    (tmp_path / "nb.yaml").write_text(nb, "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_prompts(tmp_path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (
            "spoken_words: [Good]\n" + WRITTEN.partition("\n")[2],
            "en.yaml:7:3: text BYE says 'Good', which means nothing",
        ),
        (WRITTEN + "  NOBODY: Hello\n", "en.yaml:11:3: written names 'NOBODY', which is not among the texts"),
        (
            WRITTEN.replace("{centre}", "{backup}"),
            "en.yaml:10:3: the written form of HELLO has {backup}, its text does not",
        ),
        (WRITTEN.replace("[1]", "[pause]"), "en.yaml:10:3: text HELLO has a [pause], but no voice speaks this text"),
        (WRITTEN.replace("[1]", "[12]"), "en.yaml:10:3: text HELLO has a stray bracket"),
        ("spoken_words: [x]\nwritten: [a]\n", "en.yaml:9:1: written must be a mapping of prompt id to text"),
        ("spoken_words: [x]\n", "en.yaml: written must be a mapping of prompt id to text"),
        ("written:\n  HELLO: Hi {centre}\n", "en.yaml: spoken_words must be given, as a list"),
        ("", "en.yaml: written form HELLO is missing (nb.yaml has it)"),
        (
            WRITTEN.replace("{centre} is", "That is"),
            "en.yaml:10:3: written form HELLO lacks {centre}, which nb.yaml has",
        ),
    ],
)
def test_a_wrong_written_form_gets_its_complaint_at_its_line(tmp_path: Path, written: str, complaint: str) -> None:
    assert complaint in _complaint(tmp_path, EN + written, NB + WRITTEN.replace("Welcome", "Velkommen"))


def test_a_spoken_word_is_the_beginning_of_a_word_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(EN + WRITTEN.replace("[Welcome]", "[welc, bye]"), "utf-8")
    (tmp_path / "nb.yaml").write_text(NB + WRITTEN.replace("[Welcome]", "[velk, bye]"), "utf-8")
    assert set(load_prompts(tmp_path).languages["en"].written) == {"HELLO"}


def test_spaces_between_slots_are_kept_in_writing() -> None:
    assert parse_for_chat("{d1} {d2}") == (Slot("d1"), Words(" "), Slot("d2"))


@pytest.mark.parametrize("key", ["0", "9", "*", "#"])
def test_every_key_can_be_marked(key: str) -> None:
    assert KEY_MARK.findall(_text(parse_for_chat(f"Write [{key}]."))) == [key]
