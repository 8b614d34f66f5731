"""One change of a directory at a time: the others are told so, and nothing of a killed one is left."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.base.errors import DefinitionError
from ivr.base.folder_lock import is_locked
from ivr.cli.directory import directory as command
from ivr.line.directory import load_directory
from ivr.line.directory.load import INTERRUPTED
from ivr.operations.directory_import import alone
from tests.conftest import SMALL

Write = Callable[..., Path]
NUMBER = "id;number;number_source;number_date;number_confidence\nbergen;555687{};side;2026-02;high\n"
BUSY = "another import or verification is running here: try again when it has ended"


def _run(*arguments: object) -> str:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    if isinstance(result.exception, DefinitionError):
        raise result.exception
    return result.output


@pytest.mark.parametrize("what", ["import", "restore", "verify"])
def test_whoever_comes_while_another_changes_the_directory_is_told_so(what: str, small: Path, sheet: Write) -> None:
    arguments = {
        "import": ["import", sheet(NUMBER.format(11)), "--yes"],
        "restore": ["import", "--restore"],
        "verify": ["verify", "bergen", "--by", "KN", "--number", "55568700", "--yes"],
    }[what]
    with alone(small), pytest.raises(DefinitionError, match=BUSY):
        _run(*arguments, "--directory", small)
    assert load_directory(small).centres["bergen"].number.national == "55568700"


def test_the_directory_is_read_while_another_import_asks(small: Path, sheet: Write) -> None:
    with alone(small):
        assert "dry run" in _run("import", sheet(NUMBER.format(11)), "--dry-run", "--directory", small)
        assert load_directory(small).centres["bergen"].number.national == "55568700"


def test_a_change_under_way_is_not_told_as_one_that_was_cut_off(small: Path) -> None:
    with alone(small):
        (small / INTERRUPTED).mkdir()
        shutil.copyfile(small / "areas.csv", small / INTERRUPTED / "centres.csv")
        with pytest.raises(DefinitionError, match="changing at this moment: try again"):
            load_directory(small)
    with pytest.raises(DefinitionError, match="--restore"):
        load_directory(small)


def test_a_change_that_was_killed_before_it_came_to_a_file_needs_no_restoring(small: Path, sheet: Write) -> None:
    (small / INTERRUPTED).mkdir()
    shutil.copyfile(small / "centres.csv", small / INTERRUPTED / "centres.csv")
    (small / ".new-killed").mkdir()
    (small / ".centres.csv.part").write_text("half", "utf-8")
    assert load_directory(small).centres["bergen"].number.national == "55568700"
    assert "written" in _run("import", sheet(NUMBER.format(11)), "--yes", "--directory", small)
    assert sorted(each.name for each in small.iterdir()) == sorted(each.name for each in SMALL.iterdir())


def test_the_lock_is_gone_with_the_process_that_had_it(small: Path) -> None:
    code = "import os, sys; from pathlib import Path; from ivr.operations.directory_import import alone\n"
    code += "with alone(Path(sys.argv[1])): print('locked', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(small)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        assert is_locked(small)
        holder.kill()
    assert not is_locked(small)
    with alone(small):
        assert is_locked(small)


def test_of_several_imports_at_once_each_is_written_or_told_to_try_again(small: Path, tmp_path: Path) -> None:
    running = []
    for digits in range(11, 16):
        path = tmp_path / f"{digits}.csv"
        path.write_text(NUMBER.format(digits), "utf-8")
        command = [sys.executable, "-m", "ivr", "directory", "import", str(path), "--yes", "--directory", str(small)]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
        running.append(
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    for (said, complaints), code in ended:
        assert (code, "written" in said) == (0, True) or (code, complaints.count(BUSY)) == (2, 1), complaints
    assert any(code == 0 for _, code in ended)
    assert sorted(each.name for each in small.iterdir()) == sorted(each.name for each in SMALL.iterdir())
    assert load_directory(small).centres["bergen"].number.national in {f"555687{digits}" for digits in range(11, 16)}


@pytest.mark.parametrize(
    "note", ["=1+1", "+cmd", "-list", "@SUM(A1)", "'=x", "''+y", "-5", "+47 55", "'quoted'", "\u2212x"]
)
def test_a_note_that_looks_like_a_formula_is_written_so_that_no_sheet_runs_it_and_read_back_the_same(
    note: str, small: Path, sheet: Write
) -> None:
    assert "written" in _run("import", sheet(f'id;note\nbergen;"{note}"\n'), "--yes", "--directory", small)
    read = note.replace("'", "", 1) if note in ("'=x", "''+y") else note
    assert load_directory(small).centres["bergen"].note == read
    written = next(
        line for line in (small / "centres.csv").read_text("utf-8").splitlines() if line.startswith("bergen,")
    )
    assert not written.rpartition(",")[2].startswith(("=", "+", "@", "-l"))
    before = (small / "centres.csv").read_text("utf-8")
    _run("import", sheet("id;note\nvoss;other\n"), "--yes", "--directory", small)
    assert load_directory(small).centres["bergen"].note == read
    assert written in (small / "centres.csv").read_text("utf-8") != before
