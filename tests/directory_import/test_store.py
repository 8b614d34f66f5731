"""Nothing is half applied: whatever fails, and wherever the process is killed, it is the old directory or the new."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.directory import load_directory
from ivr.line.directory.files import Table
from ivr.line.directory.load import INTERRUPTED, cut_off, read_tables
from ivr.operations.directory_import import alone, put, restore, store
from tests.conftest import SMALL
from tests.directory.duty.conftest import write_roster
from tests.directory.duty.test_duty_by_day import OTHERWISE

TODAY = date(2026, 3, 1)


def _renumbered(tables: dict[str, Table]) -> dict[str, Table]:
    """Two files of it differ: Bergen's number, and the note of a place."""
    changed = dict(tables)
    for name, column, value in (("centres.csv", "number", "55568711"), ("coverage.csv", "note", "new")):
        first, *others = tables[name].rows
        new = type(first)(first.file, first.line, first.cells | {column: value})
        changed[name] = Table(tables[name].note, (new, *others))
    return changed


def _content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_what_is_written_is_what_is_loaded(small: Path) -> None:
    tables = read_tables(small)
    written = put(small, tables, _renumbered(tables), TODAY)
    loaded = load_directory(small, today=TODAY)
    assert loaded.version == written.version
    assert loaded.centres["bergen"].number.national == "55568711"
    assert read_tables(small) == _renumbered(tables)
    assert sorted(_content(small)) == sorted(_content(SMALL))


def test_only_the_changed_rows_of_the_bundled_files_differ(tmp_path: Path) -> None:
    folder = shutil.copytree(Path(__file__).parents[2] / "municipalities", tmp_path / "own")
    tables = read_tables(folder)
    put(folder, tables, _renumbered(tables) | {"centres.csv": tables["centres.csv"]}, TODAY)
    before, after = _content(Path(__file__).parents[2] / "municipalities"), _content(folder)
    assert [name for name in before if before[name] != after[name]] == ["coverage.csv"]
    pairs = zip(before["coverage.csv"].splitlines(), after["coverage.csv"].splitlines(), strict=True)
    assert sum(left != right for left, right in pairs) == 1


def test_a_row_that_names_its_days_is_written_with_that_column_and_read_again(small: Path) -> None:
    write_roster(small, *OTHERWISE)
    tables = read_tables(small)
    put(small, tables, _renumbered(tables), TODAY)
    assert "from,until,days,centre" in (small / "coverage.csv").read_text("utf-8")
    assert read_tables(small) == _renumbered(tables)


def test_tables_that_are_not_sound_change_nothing(small: Path) -> None:
    tables = read_tables(small)
    broken = _renumbered(tables)
    first, *others = broken["centres.csv"].rows
    wrong = type(first)(first.file, first.line, first.cells | {"number": "113"})
    broken["centres.csv"] = Table(broken["centres.csv"].note, (wrong, *others))
    with pytest.raises(DefinitionError, match="short number"):
        put(small, tables, broken, TODAY)
    assert _content(small) == _content(SMALL)


def test_a_fault_between_two_renames_puts_the_old_files_back(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = read_tables(small)
    rename = Path.replace
    renamed: list[str] = []

    def fails_at_the_second(path: Path, target: Path) -> Path:
        if path.parent.name.startswith(".new-") and target.parent == small:
            renamed.append(target.name)
            if len(renamed) == 2:
                raise OSError("no space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", fails_at_the_second)
    with pytest.raises(OSError, match="no space left"):
        put(small, tables, _renumbered(tables), TODAY)
    assert renamed == ["centres.csv", "coverage.csv"]
    assert _content(small) == _content(SMALL)
    assert not (small / INTERRUPTED).exists()


def test_files_that_somebody_else_changed_meanwhile_are_left_alone(small: Path) -> None:
    tables = read_tables(small)
    path = small / "treatment.csv"
    path.write_text(path.read_text("utf-8").replace("Norheimsund", "Øystese"), "utf-8")
    before = _content(small)
    with pytest.raises(DefinitionError, match="try again"):
        put(small, tables, _renumbered(tables), TODAY)
    assert _content(small) == before


# From the moment when the old files are kept, a child kills itself before the n-th thing that it does to the disk: what
# the disk then holds is what a machine that stops would leave. One child after the other, each in a folder of its own,
# until one is through before that.
KILLED = """
import os, shutil, signal, sys
from datetime import date
from itertools import count
from pathlib import Path
from ivr.line.directory.load import INTERRUPTED, read_tables
from ivr.operations.directory_import import put
from tests.conftest import SMALL
from tests.directory_import.test_store import _renumbered
left, begun = 0, False
def watched(event, arguments):
    global left, begun
    begun = begun or (event == "os.mkdir" and INTERRUPTED in str(arguments[0]))
    writes = event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir") or (event == "open" and arguments[1] == "wb")
    if begun and writes:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
for step in count():
    folder = Path(shutil.copytree(SMALL, f"{sys.argv[1]}/{step:03}"))
    child = os.fork()
    if not child:
        left, tables = step, read_tables(folder)
        sys.addaudithook(watched)
        put(folder, tables, _renumbered(tables), date(2026, 3, 1))
        os._exit(0)
    end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if end != -signal.SIGKILL:
        sys.exit(end)
"""


def _killed_at_each_step(folder: Path) -> list[Path]:
    """The folder of each import; the last one was through."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], env=environment, check=True)
    return sorted(folder.iterdir())


def _state(folder: Path) -> str:
    """`old`, `new`, or `refused` by the loader until it is restored; anything else fails. The next import finds
    nothing of the killed one."""
    if cut_off(folder):
        with pytest.raises(DefinitionError, match="--restore"):
            load_directory(folder)
        with alone(folder, restoring=True):
            restore(folder)
        assert _content(folder) == _content(SMALL)
        assert sorted(each.name for each in folder.iterdir()) == sorted(_content(SMALL))
        return "refused"
    with alone(folder):
        assert sorted(each.name for each in folder.iterdir()) == sorted(_content(SMALL))
    loaded = load_directory(folder, today=TODAY)
    notes = {rule.row["note"] for rule in loaded.tables.timetables["4601"].rules}
    return {("55568700", ""): "old", ("55568711", "new"): "new"}[loaded.centres["bergen"].number.national, *notes]


def test_wherever_it_is_killed_it_is_the_old_directory_or_the_new_or_refused_until_restored(tmp_path: Path) -> None:
    seen = [_state(folder) for folder in _killed_at_each_step(tmp_path)]
    assert seen[0] == "old"
    assert seen[-1] == "new"
    assert seen.count("refused") >= 2
    assert seen == sorted(seen, key=["old", "refused", "new"].index), "never back"


def test_nothing_to_restore_is_nothing(small: Path) -> None:
    assert restore(small) == ()
    assert store.csv_text("areas.csv", read_tables(small)["areas.csv"]) == (small / "areas.csv").read_text("utf-8")
