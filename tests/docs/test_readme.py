"""README and pages show what is really there: make targets, commands with their options, and what a call prints."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ivr.cli import group
from tests.docs.pages import PAGES, ROOT, code_lines
from tests.test_command_line import PAGES as COMMANDS

README = ROOT / "README.md"
FIRST_CALLS = ROOT / "docs" / "first-calls.md"


def _commands(page: Path) -> Iterator[list[str]]:
    """The words of each `ivr` command in a block of code, without what is explained behind it."""
    for line in code_lines(page):
        found = re.match(r"(?:\$ )?(?:[A-Z_]+=\S+ +)*(?:\.venv/bin/)?(ivr .+?)(?:\s+#.*|\s{2,}.*|&?\s*)$", line)
        if found:
            yield shlex.split(found[1].rstrip("\\"))


def _unknown(words: list[str]) -> list[str]:
    """What the command line of `ivr` does not know of a command."""
    path, rest = words[0], words[1:]
    while rest and isinstance(COMMANDS[path][0], click.Group) and f"{path} {rest[0]}" in COMMANDS:
        path, rest = f"{path} {rest[0]}", rest[1:]
    command, context = COMMANDS[path]
    if isinstance(command, click.Group) and rest and not rest[0].startswith(("-", "[")):
        return [f"{path} {rest[0]}"]
    known = {name for option in command.get_params(context) for name in (*option.opts, *option.secondary_opts)}
    known |= {"-h", "--help"}
    return [word for word in rest if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_on_a_page_exists_with_its_options(page: Path) -> None:
    assert {" ".join(words): unknown for words in _commands(page) if (unknown := _unknown(words))} == {}


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("ivr dance", ["ivr dance"]),
        ("ivr directory dance 5003", ["ivr directory dance"]),
        ("ivr directory show 5003 --loud", ["--loud"]),
        ("ivr call --keys=1 --json", []),
    ],
)
def test_a_command_that_does_not_exist_is_found(words: str, unknown: list[str]) -> None:
    assert _unknown(words.split()) == unknown


def test_the_pages_show_commands() -> None:
    assert len([words for page in PAGES for words in _commands(page)]) > 50


@pytest.mark.parametrize("page", [README, FIRST_CALLS], ids=lambda page: page.name)
def test_every_make_target_that_is_shown_can_be_made(page: Path) -> None:
    shown = {shlex.split(line, comments=True)[1] for line in code_lines(page) if line.startswith("make ")}
    assert "call" in shown
    for target in shown:
        made = subprocess.run(
            [shutil.which("make") or "make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr


@pytest.fixture(scope="module")
def printed() -> list[str]:
    """What `make call KEYS="1 1 5003"` prints, but for the requests."""
    result = CliRunner().invoke(group, ["call", "--keys", "1 1 5003"])
    assert result.exit_code == 0, result.output
    return [line for line in result.stdout.splitlines() if " request " not in line]


def _pattern(shown: str) -> str:
    """A line of a page; `...` stands for any text."""
    return ".*".join(re.escape(part) for part in shown.split("..."))


def test_the_whole_call_on_the_page_is_what_is_printed(printed: list[str]) -> None:
    shown = [line for line in code_lines(FIRST_CALLS) if re.match(r"\d\d:\d\d|completed", line)]
    assert len(shown) == len(printed)
    assert [
        line for line, pattern in zip(printed, shown, strict=True) if not re.fullmatch(_pattern(pattern), line)
    ] == []


def test_the_shortened_call_in_the_readme_is_part_of_what_is_printed(printed: list[str]) -> None:
    shown = [line for line in code_lines(README) if re.match(r"\d\d:\d\d", line)]
    assert shown
    left = iter(printed)
    assert [each for each in shown if not any(re.fullmatch(_pattern(each), line) for line in left)] == []
