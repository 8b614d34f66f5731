"""A language is a folder; a flow's own folder in the former layout, one file a language, is read as before."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.base.errors import DefinitionError
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue, languages_beside, load_prompts
from ivr.line.languages.files import files_read
from ivr.proof.check.source_locations import Marks
from ivr.proof.check.spoken_patterns import Deed, read_words

LANGUAGES = bundled("call_flows") / "languages"
OF_EVERY_FLOW = ("name:", "pace:", "hang_up:")  # which the former layout did not have
CODES = ("nb", "en", "nn")


@pytest.fixture
def own(tmp_path: Path, flow_file: Path) -> Path:
    """A copy of the bundled flow and its languages."""
    return Path(shutil.copytree(flow_file.parent, tmp_path / "own")) / flow_file.name


@pytest.fixture
def former(tmp_path: Path, flow_file: Path) -> Path:
    """The bundled flow with its languages as they were laid out before."""
    (tmp_path / "prompts").mkdir()
    for code in CODES:
        text = "".join(_lines(code, ("language.yaml", "prompts.yaml", "text_chat.yaml")))
        (tmp_path / "prompts" / f"{code}.yaml").write_text(text, "utf-8")
    return Path(shutil.copy(flow_file, tmp_path))


def _lines(code: str, files: tuple[str, ...]) -> Iterator[str]:
    for name in files:
        lines = (LANGUAGES / code / name).read_text("utf-8").splitlines(keepends=True)
        yield from (line for line in lines if not line.startswith(OF_EVERY_FLOW))


def test_one_file_a_language_under_prompts_says_the_same(former: Path, catalogue: Catalogue) -> None:
    found = load_prompts(languages_beside(former))
    assert load_flow(former, found).version == load_flow(former, catalogue).version
    for code, language in found.languages.items():
        mine = catalogue.languages[code]
        assert (language.written, language.slow, language.voice) == (mine.written, mine.slow, mine.voice)


def test_a_language_that_does_not_say_how_it_is_read_has_the_words_of_the_bundled_one(
    former: Path, catalogue: Catalogue
) -> None:
    found = load_prompts(languages_beside(former))
    for code, language in found.languages.items():
        mine = catalogue.languages[code]
        assert (language.name, language.pace, language.hang_up) == (mine.name, mine.pace, mine.hang_up)
        assert vars(read_words(found)[code]) == vars(read_words(catalogue)[code])


def test_a_language_may_have_words_and_a_pace_of_its_own(own: Path) -> None:
    _edit(own, "en/checks.yaml", "failed: '", "failed: '\\bis out\\b|")
    _edit(own, "en/language.yaml", "pace: 0.061", "pace: 0.05")
    found = load_prompts(languages_beside(own))
    assert read_words(found)["en"].failed.startswith(r"\bis out\b|")
    assert (found.languages["en"].pace, found.languages["nb"].pace) == (0.05, 0.068)


def test_a_language_that_nobody_described_cannot_be_checked_and_says_its_own_name(former: Path) -> None:
    (former.parent / "prompts" / "en.yaml").rename(former.parent / "prompts" / "xx.yaml")
    found = load_prompts(languages_beside(former))
    mine = found.languages["xx"]
    assert (mine.name, mine.hang_up, mine.pace) == ("engelsk", "", 0.068)
    assert list(read_words(found)) == ["nb", "nn"]


def test_both_layouts_beside_one_flow_are_refused_with_what_to_do(own: Path) -> None:
    (own.parent / "prompts").mkdir()
    with pytest.raises(DefinitionError, match=r"^prompts/: stands beside languages/.*or delete prompts/$"):
        languages_beside(own)


def test_a_key_in_two_files_of_a_language_is_refused_at_the_second(own: Path) -> None:
    with (own.parent / "languages" / "en" / "prompts.yaml").open("a") as file:
        file.write("pace: 0.07\n")
    assert _complaint(own).startswith("en/prompts.yaml:")
    assert _complaint(own).endswith("pace stands in two files of this language")


def test_a_folder_without_files_is_no_language(own: Path) -> None:
    (own.parent / "languages" / "fi").mkdir()
    assert set(load_prompts(languages_beside(own)).languages) == set(CODES)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("en/language.yaml", "pace: 0.061", "pace: 61", "en/language.yaml:8:7: pace is the seconds that a"),
        ("en/language.yaml", "pace: 0.061", "pace: 0.5", "en/language.yaml:8:7: pace is the seconds that a"),
        ("en/language.yaml", "pace: 0.061", "pace: [1]", "en/language.yaml:8:1: pace must be given, as text"),
        ("en/language.yaml", "name: English", "name: []", "en/language.yaml:4:1: name must be given, as text"),
        ("en/language.yaml", "voice:", "voices:", "en/language.yaml:6:1: unknown key 'voices'"),
        ("en/prompts.yaml", "slow: [READ_NUM]", "slow: [READ]", "en/prompts.yaml:8:8: slow names 'READ'"),
        ("en/prompts.yaml", "  TO_PERSON:", "  PERSON:", "text TO_PERSON is missing (nb/prompts.yaml has it)"),
        ("en/text_chat.yaml", "  LANG:", "  LUNG:", "written names 'LUNG', which is not among the texts"),
        ("en/checks.yaml", "checks:\n", "checks: 1\nx:\n", "en/checks.yaml:4:9: checks must be a mapping of words"),
    ],
)
def test_a_complaint_names_the_file_of_the_language_and_the_line(
    own: Path, file: str, old: str, new: str, complaint: str
) -> None:
    _edit(own, file, old, new)
    assert complaint in _complaint(own)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("  wait:", "  weit:", "checks has the unknown key 'weit'; known are press, wait,"),
        ("  wait:", "  weit:", "wait must be given: words, as a regular expression"),
        (r"wait: '\bjust", r"wait: '(\bjust", "wait is no regular expression: missing )"),
        (r"(\w+) choices?", r"\w+ choices?", "choices must have a group"),
        ('hash: "#"', 'hash: "9"', "keys must say what * and # are called"),
        ("    closed:", "    shut:", "outages has the unknown key 'shut'; known are fault, closed"),
        ("  deeds:", "  deeds: x\n  others:", "deeds must be a mapping with the keys again, elsewhere"),
    ],
)
def test_words_that_the_checker_cannot_use_are_refused_with_their_place(
    own: Path, old: str, new: str, complaint: str
) -> None:
    _edit(own, "en/checks.yaml", old, new)
    found = load_prompts(languages_beside(own))
    with pytest.raises(DefinitionError) as caught:
        read_words(found)
    assert any(complaint in each.message for each in caught.value.complaints), caught.value
    assert {each.file for each in caught.value.complaints} == {"en/checks.yaml"}
    assert all(each.line for each in caught.value.complaints)


def test_the_files_that_a_flow_is_read_from_are_its_own_and_those_that_it_borrows_from(own: Path, former: Path) -> None:
    assert files_read(own) == tuple(sorted((own.parent / "languages").glob("*/*.yaml")))
    mine = {former.parent / "prompts" / f"{code}.yaml" for code in CODES}
    assert set(files_read(former)) == {*mine, *(file for code in CODES for file in LANGUAGES.glob(f"{code}/*.yaml"))}
    (former.parent / "prompts" / "en.yaml").write_text("[", "utf-8")
    assert set(files_read(former)) == {*mine, *LANGUAGES.glob("nb/*.yaml"), *LANGUAGES.glob("nn/*.yaml")}


def test_a_finding_about_a_language_names_its_file(own: Path) -> None:
    marks = Marks(own)
    assert str(marks.complaint(("prompt", "en", "MESSAGE_NUMBER"), "x")).startswith("en/prompts.yaml:")
    assert str(marks.complaint(("language", "en", "language"), "x")) == "en/language.yaml:3:1: x"


def test_every_bundled_language_says_all_that_the_line_and_its_proof_ask(catalogue: Catalogue) -> None:
    words = read_words(catalogue)
    for code, language in catalogue.languages.items():
        assert all((language.name, language.hang_up))
        assert language.checks_file == f"{code}/checks.yaml"
        assert set(words[code].deeds) == set(Deed)


def _edit(flow: Path, file: str, old: str, new: str) -> None:
    path = flow.parent / "languages" / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def _complaint(flow: Path) -> str:
    with pytest.raises(DefinitionError) as caught:
        load_prompts(languages_beside(flow))
    return str(caught.value)
