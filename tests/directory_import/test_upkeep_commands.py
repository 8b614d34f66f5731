"""`ivr directory import, diff, verify, search`: what they say, ask, write, and how they exit."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.base.errors import DefinitionError
from ivr.cli.directory import directory as command
from ivr.line.directory import load_directory
from tests.conftest import SMALL

Write = Callable[..., Path]
NUMBER = "id;number;number_source;number_date;number_confidence\r\nbergen;55568711;https://b.example;2026-02;high\r\n"


def _run(*arguments: object, answer: str = "") -> Result:
    result = CliRunner().invoke(command, [str(each) for each in arguments], input=answer, env={"IVR_DIRECTORY": ""})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _number(folder: Path) -> str:
    return load_directory(folder).centres["bergen"].number.national


def test_an_import_is_shown_in_words_and_written_when_wanted(small: Path, sheet: Write) -> None:
    result = _run("import", sheet(NUMBER), "--directory", small, answer="y\n")
    assert "- Bergen legevakt [bergen]: number changed from 55 56 87 00 (sourced) to 55 56 87 11" in result.output
    assert result.exit_code == 0
    assert "written; the directory is now version" in result.output
    assert _number(small) == "55568711"


@pytest.mark.parametrize(("more", "answer", "code"), [((), "n\n", 1), (("--dry-run",), "", 0)])
def test_an_import_that_is_not_wanted_writes_nothing(
    more: tuple[str, ...], answer: str, code: int, small: Path, sheet: Write
) -> None:
    result = _run("import", sheet(NUMBER), "--directory", small, *more, answer=answer)
    assert (result.exit_code, _number(small)) == (code, "55568700")
    assert "nothing was written" in result.output


def test_the_same_import_again_has_nothing_to_do(small: Path, sheet: Write) -> None:
    _run("import", sheet(NUMBER), "--directory", small, "--yes")
    assert "nothing to do" in _run("import", sheet(NUMBER), "--directory", small, "--yes").output


def test_one_wrong_file_of_two_changes_nothing(small: Path, sheet: Write) -> None:
    wrong = sheet("municipality;centre;source;date;confidence\n4621;brgen;s;2026;low\n", "wrong.csv")
    with pytest.raises(DefinitionError, match=r"wrong.csv:2:6: centre 'brgen': no such centre \(did you mean 'bergen'"):
        _run("import", sheet(NUMBER), wrong, "--directory", small, "--yes")
    assert _number(small) == "55568700"


def test_an_import_names_its_files_and_its_own_folder(small: Path, sheet: Write) -> None:
    assert _run("import", "--directory", small).exit_code == 2
    result = _run("import", sheet(NUMBER))
    assert result.exit_code == 2
    assert "--directory" in result.output


def test_a_change_that_was_cut_off_is_put_back(small: Path) -> None:
    shutil.copytree(small, small / "before-change")
    (small / "centres.csv").write_text("half", "utf-8")
    with pytest.raises(DefinitionError, match="import --restore"):
        _run("import", SMALL / "areas.csv", "--directory", small)
    assert "put back: counties.csv" in _run("import", "--restore", "--directory", small).output
    assert _number(small) == "55568700"
    assert "nothing to restore" in _run("import", "--restore", "--directory", small).output


def test_diff_says_what_is_different(small: Path, sheet: Write) -> None:
    assert _run("diff", SMALL, small).stdout == "no difference for any caller\n"
    _run("import", sheet(NUMBER), "--directory", small, "--yes")
    assert "number changed from 55 56 87 00" in _run("diff", SMALL, small).output
    (change,) = json.loads(_run("diff", SMALL, small, "--json").stdout)
    assert (change["kind"], change["subject"]) == ("number", "bergen")


def test_verify_writes_who_and_when(small: Path) -> None:
    arguments = ("verify", "bergen", "--by", "KN", "--on", "2026-03-01", "--directory", small)
    result = _run(*arguments, answer="55 56 87 00\ny\n")
    assert "its number is verified on 2026-03-01 by KN (before: never)" in result.output
    shown = _run("show", "55568700", "--directory", small).output
    assert "last verified on 2026-03-01 by KN" in shown


def test_verify_refuses_another_number_and_an_impossible_day(small: Path) -> None:
    arguments = ("verify", "bergen", "--by", "KN", "--directory", small, "--yes")
    with pytest.raises(DefinitionError, match="not the one that was dialled"):
        _run(*arguments, "--number", "55568701")
    with pytest.raises(DefinitionError, match="lies in the future"):
        _run(*arguments, "--number", "55568700", "--on", "2999-01-01")
    assert _run(*arguments, "--number", "55568700", "--on", "yesterday").exit_code == 2
    assert load_directory(small).centres["bergen"].number_provenance.last_verified is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tromso", "5501  Tromsø, answered by"),
        ("VÅLER", "Våler i Østfold"),
        ("Våler", "Våler i Innlandet"),
        ("1201", "4601  Bergen, answered by Bergen legevakt [bergen]"),
        ("5003", "4601-5003  Bergen"),
        ("5687", "[bergen]  Bergen legevakt, 55568700  sourced"),
        ("+47 55 56 87 00", "[bergen]"),
        ("sunnfjord", "4647  Sunnfjord"),
    ],
)
def test_search_finds_by_name_part_of_it_code_and_number(text: str, found: str) -> None:
    assert found in _run("search", text).output


def test_search_that_finds_nothing_exits_with_1() -> None:
    assert _run("search", "atlantis").exit_code == 1
    assert json.loads(_run("search", "oslo", "--json").stdout)["places"][0]["key"] == "0301"
