"""`ivr init`: a line of one's own, which the other commands take."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.base import strict_yaml
from ivr.base.bundled import bundled
from ivr.cli import group
from ivr.line.directory import load_directory
from ivr.line.service.checklist import read_checklist
from ivr.line.service.settings import read_settings


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["init", *arguments])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    assert _run(str(tmp_path / "my-line")).exit_code == 0
    return tmp_path / "my-line"


def test_the_files_are_those_of_this_installation(made: Path) -> None:
    for name, source in (("flow", "call_flows"), ("directory", "municipalities"), ("scenarios", "scenarios")):
        for file in bundled(source).rglob("*.*"):
            if file.is_file():
                assert (made / name / file.relative_to(bundled(source))).read_bytes() == file.read_bytes()
    assert load_directory(made / "directory").version == load_directory().version


def test_it_says_the_next_command_which_then_works(tmp_path: Path) -> None:
    folder = tmp_path / "my-line"
    said = _run(str(folder)).output
    words = said.partition("Next: ivr ")[2].partition("    (")[0].split()
    assert words
    assert "not ready: " in CliRunner().invoke(group, words).stdout


def test_the_settings_name_the_files_of_the_folder(made: Path) -> None:
    lines = (made / "environment").read_text("utf-8").splitlines()
    named = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    files = {name: named[name] for name in ("IVR_FLOW", "IVR_DIRECTORY")}
    assert read_settings(files).directory == made / "directory"
    assert read_settings(files).flow == made / "flow" / "legevakt.yaml"
    assert named["IVR_PROFILE"] == "practice"
    assert Path(named["IVR_CHECKLIST"]) == made / "checklist.yaml"


def test_the_checklist_is_not_signed(made: Path) -> None:
    assert strict_yaml.load_file(made / "checklist.yaml")
    assert read_checklist(made / "checklist.yaml")[0] is None


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_nothing_is_overwritten(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "my-line"
    kept = folder / "kept" if kind == "folder" else folder
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine", "utf-8")
    result = _run(str(folder))
    assert result.exit_code == 2
    assert "exists and is not empty" in result.output
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [kept]
    assert kept.read_text("utf-8") == "mine"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    result = _run(str(tmp_path), "--json")
    assert result.exit_code == 0
    answer = json.loads(result.output)
    assert {file.name for file in tmp_path.iterdir()} == set(answer["parts"])


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = _run(str(tmp_path / "file" / "my-line"))
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
