"""A further language is its own file and its code in the flow: nothing in the code knows one by its name."""

import ast
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

import ivr
from ivr.base.errors import DefinitionError
from ivr.line.directory import Directory
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Moment
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue, load_prompts
from ivr.line.twilio import TwimlWriter
from tests.conftest import EVENING
from tests.flow.played import Played

PACKAGE = Path(ivr.__file__).parent
PARTS = ("line/flow", "line/calls", "line/twilio", "line/languages")


@pytest.fixture
def four(flow_file: Path, directory: Directory, tmp_path: Path) -> Engine:
    """A line that speaks Polish too, in English words: its own file, and its code in the flow."""
    languages = shutil.copytree(flow_file.parent / "languages", tmp_path / "languages")
    language = shutil.copytree(languages / "en", languages / "pl") / "language.yaml"
    polish = language.read_text("utf-8").replace("en-GB", "pl-PL").replace("Polly.Amy-Neural", "Polly.Ewa")
    language.write_text(polish.replace("called: engelsk", "called: polsk"), "utf-8")
    flow = flow_file.read_text("utf-8").replace("languages: [nb, en, nn]", "languages: [nb, en, nn, pl]")
    (tmp_path / "flow.yaml").write_text(flow.replace('"3": nn}', '"3": nn, "4": pl}'), "utf-8")
    catalogue = load_prompts(languages)
    return Engine(load_flow(tmp_path / "flow.yaml", catalogue), directory, catalogue)


def whispered(engine: Engine, catalogue: Catalogue, *keys: str) -> str:
    """What the person who answers hears, once."""
    played = Played(engine).press(*keys)
    actions = engine.whisper(played.step.state, Moment(EVENING))
    document = TwimlWriter(catalogue, "http://127.0.0.1:5000", "+4721000000").write(actions, "whisper/taken", "token")
    said = list(ElementTree.fromstring(document).iter("Say"))  # noqa: S314 - our own
    assert {verb.get("language") for verb in said} == {"nb-NO"}
    texts = [str(verb.text) for verb in said]
    assert texts[: len(texts) // 2] == texts[len(texts) // 2 :]
    return " ".join(texts[: len(texts) // 2])


@pytest.mark.parametrize(("key", "language"), [("2", "engelsk"), ("3", "nynorsk"), ("4", "polsk")])
def test_the_answering_person_is_told_every_language_that_is_not_the_centres(
    four: Engine, key: str, language: str, tmp_path: Path
) -> None:
    heard = whispered(four, load_prompts(tmp_path / "languages"), key, "1", "5003", "1")
    assert f"Pasienten er i Bergen. Innringeren har valgt {language}. For å ta imot, trykk 1." in heard


def test_the_language_is_told_with_the_red_flag_and_without_a_place_too(four: Engine, tmp_path: Path) -> None:
    played = Played(four).press("4", "9").silence()
    actions = four.whisper(played.step.state, Moment(EVENING))
    keys = [each.prompt.key for each in actions[0].prompts]  # type: ignore[union-attr]
    assert keys[:4] == ["WHISPER_RED_FLAG", "WHISPER_NO_PLACE", "WHISPER_LANGUAGE", "WHISPER_ACCEPT"]
    assert dict(actions[0].prompts[2].prompt.slots) == {"language": "polsk"}  # type: ignore[union-attr]


@pytest.mark.parametrize("keys", [("1", "1", "5003", "1"), ("5", "5", "0")], ids=["chosen", "taken after wrong keys"])
def test_the_answering_person_is_told_nothing_of_their_own_language(
    four: Engine, keys: tuple[str, ...], tmp_path: Path
) -> None:
    assert "Innringeren har valgt" not in whispered(four, load_prompts(tmp_path / "languages"), *keys)


def test_a_caller_who_chose_no_language_is_said_to_have_chosen_none(four: Engine) -> None:
    played = Played(four).press("0")
    keys = [each.prompt.key for each in four.whisper(played.step.state, Moment(EVENING))[0].prompts]  # type: ignore[union-attr]
    assert "WHISPER_LANGUAGE" not in keys


def test_where_the_centres_speak_another_language_norwegian_is_told_to_them(
    flow_file: Path, directory: Directory, tmp_path: Path
) -> None:
    languages = shutil.copytree(flow_file.parent / "languages", tmp_path / "languages")
    for code in ("nb", "en"):
        file = languages / code / "language.yaml"
        lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("centres:")]
        mark = ["centres: true"] if code == "en" else []
        file.write_text("\n".join([*mark, *lines, ""]), "utf-8")
    catalogue = load_prompts(languages)
    engine = Engine(load_flow(flow_file, catalogue), directory, catalogue)
    told = [
        "WHISPER_LANGUAGE" in [each.prompt.key for each in engine.whisper(state, Moment(EVENING))[0].prompts]  # type: ignore[union-attr]
        for state in (Played(engine).press(key, "1", "5003", "1").step.state for key in ("1", "2"))
    ]
    assert told == [True, False]


def test_a_language_that_does_not_say_how_it_is_called_is_refused_at_its_line(flow_file: Path, tmp_path: Path) -> None:
    languages = shutil.copytree(flow_file.parent / "languages", tmp_path / "languages")
    file = languages / "en" / "language.yaml"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith("called:")), "utf-8")
    with pytest.raises(DefinitionError, match=r"^en/language\.yaml:3:1: called must be given") as caught:
        load_prompts(languages)
    assert len(caught.value.complaints) == 1


def test_what_a_language_is_called_is_part_of_the_version_of_the_flow(flow_file: Path, tmp_path: Path) -> None:
    languages = shutil.copytree(flow_file.parent / "languages", tmp_path / "languages")
    before = load_flow(flow_file, load_prompts(languages)).version
    file = languages / "en" / "language.yaml"
    file.write_text(file.read_text("utf-8").replace("called: engelsk", "called: britisk"), "utf-8")
    assert load_flow(flow_file, load_prompts(languages)).version != before


@pytest.mark.parametrize("part", PARTS)
def test_no_code_of_a_call_knows_a_language_by_its_code(part: str, catalogue: Catalogue) -> None:
    codes = {*catalogue.languages, "no", "nn"}
    files = sorted((PACKAGE / part).rglob("*.py"))
    assert files
    found = [
        f"{file.name}:{node.lineno}: {node.value!r}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in codes
    ]
    assert not found
