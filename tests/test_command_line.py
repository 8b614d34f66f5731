"""What holds for every command of `ivr`: help pages, shared options, colour, files that are not what they should be."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from ivr.base.bundled import bundled
from ivr.cli import group
from ivr.cli.captions import between_words

_ROOT = click.Context(group, info_name="ivr", show_default=True)
_BAD_FLOW = "flow: [\n"


def _tree(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    yield context.command_path, command, context
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        below = command.get_command(context, name)
        assert below is not None
        yield from _tree(below, click.Context(below, info_name=name, parent=context))


PAGES = {path: (command, context) for path, command, context in _tree(group, _ROOT)}
COMMANDS = {path: page for path, page in PAGES.items() if not isinstance(page[0], click.Group)}
_NO_RESULT = {  # commands that serve, draw, write a document, or change something and say so
    "ivr serve",
    "ivr phone",
    "ivr demo",
    "ivr graph",
    "ivr fallback export",
    "ivr console password",
    "ivr console add",
    "ivr console change",
    "ivr console remove",
    "ivr twilio configure",
    "ivr directory template",
    "ivr directory extract",
    "ivr directory import",
    "ivr directory verify",
    "ivr directory confirmed",
    "ivr emulate",
    "ivr records upgrade",
}


def _run(*arguments: str, **more: str) -> Result:
    return CliRunner(env=more).invoke(group, arguments)


def _options(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option)]


@pytest.mark.parametrize("path", PAGES)
def test_every_help_page_has_an_example_and_exit_codes(path: str) -> None:
    page = _run(*path.split()[1:], "--help").output
    example = page.partition("Example")[2].partition("Exit codes")[0]
    assert f"  {path}" in example.replace("NO_COLOR=1 ", "")
    codes = page.partition("Exit codes")[2].partition("Options:")[0]
    assert "\n    0    " in codes
    assert "\n    2    " in codes


@pytest.mark.parametrize("path", PAGES)
def test_every_option_says_what_it_does_and_what_holds_without_it(path: str) -> None:
    command, context = PAGES[path]
    for option in _options(command):
        assert option.help, option.name
        if option.is_flag or option.required or option.multiple:
            continue
        record = option.get_help_record(context)
        assert record is not None
        assert record[1].count("[default: ") == 1, record


@pytest.mark.parametrize("path", sorted(COMMANDS.keys() - _NO_RESULT))
def test_every_command_with_a_result_prints_it_as_json(path: str) -> None:
    (option,) = (each for each in _options(COMMANDS[path][0]) if "--json" in each.opts)
    assert option.is_flag


def test_from_and_to_go_together_and_are_numbers_or_days() -> None:
    kinds = set()
    for path, (command, _) in COMMANDS.items():
        named = {name: each for each in _options(command) for name in each.opts if name in ("--from", "--to")}
        assert set(named) in (set(), {"--from", "--to"}), path
        kinds |= {(name, each.name, type(each.type)) for name, each in named.items()}
    assert kinds == {
        ("--from", "caller", type(click.STRING)),
        ("--to", "called", type(click.STRING)),
        ("--from", "first", click.DateTime),
        ("--to", "last", click.DateTime),
    }


@pytest.mark.parametrize("arguments", [["directory", "counts"], ["directory", "show", "5003"]])
def test_no_color_takes_every_colour_out(arguments: list[str]) -> None:
    coloured = CliRunner().invoke(group, arguments, color=True, env={"NO_COLOR": ""})
    plain = CliRunner().invoke(group, arguments, color=True, env={"NO_COLOR": "1"})
    assert "\x1b[" in coloured.output
    assert plain.output == click.unstyle(coloured.output)


# Files

_WRITING = {
    "graph": ["graph", "-o"],
    "fallback": ["fallback", "export", "--simulator", "-o"],
    "report": ["report", "--html"],
    "records": ["records", "export", "-o"],
    "load": ["load", "--calls", "1", "--keys", "1", "--output"],
}


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/records.db"
    assert _run("records", "upgrade", DATABASE_URL=url).exit_code == 0
    return url


@pytest.mark.parametrize("name", _WRITING)
def test_a_file_that_cannot_be_written_is_one_line_and_exit_code_2(name: str, tmp_path: Path, database: str) -> None:
    nowhere = tmp_path / "nosuch" / "file"
    result = _run(*_WRITING[name], str(nowhere), DATABASE_URL=database)
    assert (result.exit_code, type(result.exception)) == (2, SystemExit)
    assert str(nowhere) in result.output
    assert os.strerror(errno.ENOENT) in result.output


@pytest.mark.parametrize("name", _WRITING)
def test_a_folder_is_no_file_to_write_to(name: str, tmp_path: Path, database: str) -> None:
    result = _run(*_WRITING[name], str(tmp_path), DATABASE_URL=database)
    assert (result.exit_code, type(result.exception)) == (2, SystemExit)
    assert str(tmp_path) in result.output


@pytest.mark.parametrize("command", ["check", "directory list", "plan template"])
def test_a_full_disk_under_what_is_printed_is_one_line_and_exit_code_2(command: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ivr", *command.split()], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"what is printed cannot be written: {os.strerror(errno.ENOSPC)}"
    assert "Traceback" not in done.stderr


_READING = {
    "check": ["check"],
    "check --suppress": ["check", "--suppress"],
    "explore": ["explore"],
    "graph": ["graph"],
    "simulate": ["simulate"],
    "call --legs": ["call", "http://127.0.0.1:9/", "--keys", "1", "--legs"],
    "call --cafile": ["call", "http://127.0.0.1:9/", "--keys", "1", "--cafile"],
    "load --mix": ["load", "http://127.0.0.1:9/", "--calls", "1", "--mix"],
    "load --recorded": ["load", "http://127.0.0.1:9/", "--recorded"],
    "import": ["directory", "import", "--yes"],
}
_BAD_FILES = ["missing", "folder", "not UTF-8", "unreadable"]


def _bad_file(kind: str, folder: Path) -> Path:
    """`unreadable`: opens, and cannot be read, even by root."""
    path = folder / "bad.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "not UTF-8":
        path.write_bytes("navn: Bodø\n".encode("latin-1"))
    elif kind == "unreadable":
        path.symlink_to("/proc/self/mem")
    return path


@pytest.mark.parametrize("kind", _BAD_FILES)
@pytest.mark.parametrize("name", _READING)
def test_a_file_that_cannot_be_read_is_named_with_exit_code_2(name: str, kind: str, tmp_path: Path) -> None:
    path = _bad_file(kind, tmp_path)
    own = shutil.copytree(bundled("municipalities"), tmp_path / "own")
    result = _run(*_READING[name], str(path), IVR_DIRECTORY=str(own))
    assert (result.exit_code, type(result.exception)) == (2, SystemExit), result.output
    assert path.name in result.output
    assert "proved" not in result.output


@pytest.mark.parametrize("kind", ["not UTF-8", "unreadable"])
@pytest.mark.parametrize("arguments", [["check"], ["directory", "check"], ["directory", "counts"], ["explore"]])
def test_a_directory_whose_file_cannot_be_read_is_exit_code_2(arguments: list[str], kind: str, tmp_path: Path) -> None:
    _bad_file(kind, tmp_path).rename(tmp_path / "centres.csv")
    result = _run(*arguments, "--directory", str(tmp_path))
    assert result.exit_code == 2
    assert "centres.csv" in result.output
    assert "proved" not in result.output


@pytest.mark.parametrize("form", [["--format", "sarif"], ["--json"], ["--format", "figures"], []])
def test_check_of_a_file_that_cannot_be_read_proves_nothing_in_any_format(form: list[str], tmp_path: Path) -> None:
    result = _run("check", str(_bad_file("not UTF-8", tmp_path)), *form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not UTF-8" in result.stderr


def test_check_of_a_flow_that_is_wrong_says_that_nothing_was_proved(tmp_path: Path) -> None:
    flow = tmp_path / "flow.yaml"
    flow.write_text(_BAD_FLOW)
    result = _run("check", str(flow))
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("no rule proved: ")
    assert json.loads(_run("check", "--json", str(flow)).stdout)[0]["rule"] == "L01"


# Lines on a terminal


def test_a_long_prompt_is_broken_between_words_and_not_within_one() -> None:
    text = "00:00.0  hears   [nb-NO] Du blir koblet til legevaktsamarbeidet for Nordre Follo og Enebakk."
    lines = between_words(text, 60, " " * 17).splitlines()
    assert max(map(len, lines)) <= 60
    assert " ".join(line.strip() for line in lines) == text
    assert all(line.startswith(" " * 17) for line in lines[1:])


def test_a_word_that_is_longer_than_the_line_stays_whole() -> None:
    url = "http://127.0.0.1:5000/voice/" + "a" * 80
    assert url in between_words(f"00:00.0  request POST {url}", 60, " " * 17).splitlines()[-1]
