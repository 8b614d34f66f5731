"""docs/bad-input.md and docs/chaos.md name the test that proves each line: here they are held against the tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS

ROOT = Path(__file__).parents[1]
BAD_INPUT = (ROOT / "docs" / "bad-input.md").read_text("utf-8")
CHAOS = (ROOT / "docs" / "chaos.md").read_text("utf-8")
_TEST = re.compile(r"`(tests/[a-z_/]+\.py(?:::[^`]+)?)`")


def _named(text: str) -> set[str]:
    """The tests that rows of tables name."""
    return {test for line in text.splitlines() if line.startswith("| ") for test in _TEST.findall(line)}


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """The ids of all tests in the files that are named, with and without what stands in their brackets, and the
    files."""
    files = sorted({name.partition("::")[0] for name in _named(BAD_INPUT) | _named(CHAOS)})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    ids = {line for line in done.stdout.splitlines() if "::" in line}
    return ids | {each.partition("[")[0] for each in ids} | {each.partition("::")[0] for each in ids}


@pytest.mark.parametrize("text", [BAD_INPUT, CHAOS], ids=["bad-input.md", "chaos.md"])
def test_every_test_that_is_named_exists(text: str, collected: set[str]) -> None:
    assert _named(text)
    assert _named(text) - collected == set()


def _numbers(text: str, letter: str) -> list[str]:
    return re.findall(rf"^\| ({letter}\d+) \|.*\S \|$", text, re.MULTILINE)


def test_the_bad_inputs_are_numbered_without_a_gap_each_with_its_proof() -> None:
    numbers = _numbers(BAD_INPUT, "B")
    assert numbers == [f"B{n:02}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) >= 104
    rows = [line for line in BAD_INPUT.splitlines() if line.startswith("| B")]
    assert [row for row in rows if not _TEST.search(row)] == []


def test_there_are_48_faults_and_every_one_that_is_played_is_named() -> None:
    table = CHAOS.partition("## Every fault and its proof")[2]
    assert _numbers(table, "F") == [f"F{n}" for n in range(1, 49)]
    played = {fault.id for fault in FAULTS}
    assert set(re.findall(r"`make chaos`: (\w+)", table)) == {each for each in played if each.startswith("F")}


def test_the_report_shows_every_fault_that_is_played_and_no_call_lost() -> None:
    report = CHAOS.partition("<!-- report")[2].partition("<!-- end")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in report.splitlines() if " s of " in line]
    assert [(row[0], row[1]) for row in rows] == [(fault.id, fault.name) for fault in FAULTS]
    assert {(row[4], row[5]) for row in rows} == {("0", "0")}
    assert sum(int(row[2]) for row in rows) >= 2000
