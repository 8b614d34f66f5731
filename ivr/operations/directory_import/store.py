"""The files of a directory written as a whole, or not at all.

First every new file is written beside the folder and loaded as the line would load it. Only then the old files are
kept in `before-change`, the new ones renamed into place, and `before-change` removed. On any fault the old files are
put back. If the process is killed in between, `before-change` is still there: no loader takes such a folder, and
`restore` puts the old files back. Whoever changes a folder does so inside `alone`.
"""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.folder_lock import locked
from ivr.base.spreadsheet import neutral
from ivr.base.whole_file import write_whole
from ivr.line.directory import Directory, load_directory
from ivr.line.directory.files import NOTES, Table
from ivr.line.directory.load import CUT_OFF, INTERRUPTED, cut_off, read_tables
from ivr.line.directory.schema import FILES


@contextmanager
def alone(folder: Path, *, restoring: bool = False) -> Iterator[None]:
    """Nobody else changes the folder while the block runs; what a killed change left there is cleared away first.

    Raises DefinitionError at once if somebody changes it, or if a change was cut off and is not to be restored.
    """
    with ExitStack() as stack:
        try:
            mine = stack.enter_context(locked(folder))
        except OSError as error:
            message = f"cannot be locked ({error.strerror}): change a copy on a disk of this machine"
            raise DefinitionError([Complaint(folder.name, 0, 0, message)]) from None
        if not mine:
            message = "another import or verification is running here: try again when it has ended"
            raise DefinitionError([Complaint(folder.name, 0, 0, message)])
        if cut_off(folder):
            if not restoring:
                raise DefinitionError([CUT_OFF])
        elif (folder / INTERRUPTED).is_dir():
            _finish(folder / INTERRUPTED)
        _clear(folder)
        yield


def _clear(folder: Path) -> None:
    for left in folder.glob(".new-*"):
        shutil.rmtree(left)
    for name in FILES:
        (folder / f".{name}.part").unlink(missing_ok=True)


def put(folder: Path, old: Mapping[str, Table], new: Mapping[str, Table], today: date) -> Directory:
    """Write the tables of `new` that differ from `old`, which was read from `folder`; what will be loaded is returned.

    Raises DefinitionError or OSError; the folder is then as it was.
    """
    changed = [name for name in FILES if new[name] != old[name]]
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder, ignore_cleanup_errors=True) as temporary:
        beside = Path(temporary)
        for name in FILES:
            if name in changed:
                write_whole(beside / name, csv_text(name, new[name]).encode())
            else:
                shutil.copyfile(folder / name, beside / name)
        loaded = load_directory(beside, today=today)
        if any(read_tables(folder)[name] != old[name] for name in FILES):
            raise DefinitionError([Complaint(folder.name, 0, 0, "somebody else has just changed the files; try again")])
        with _kept(folder, changed):
            for name in changed:
                (beside / name).replace(folder / name)
            _sync(folder)
    return loaded


def create(folder: Path, tables: Mapping[str, Table], today: date) -> Directory:
    """Write a new folder, once its files are loaded as the line would load them. An existing one must be empty."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        made = Path(temporary) / "directory"
        made.mkdir()
        for name in FILES:
            write_whole(made / name, csv_text(name, tables[name]).encode())
        loaded = load_directory(made, today=today)
        made.replace(folder)
    return loaded


def restore(folder: Path) -> tuple[str, ...]:
    """Put back the old files of a change that was cut off; their names, () if there was none."""
    kept = folder / INTERRUPTED
    if not kept.is_dir():
        return ()
    names = tuple(name for name in FILES if (kept / name).exists())  # one that was cut off has another name
    for name in names:
        write_whole(folder / name, (kept / name).read_bytes())
    _sync(folder)
    _finish(kept)
    return names


def csv_text(name: str, table: Table) -> str:
    """A table as its file is written: comment lines, header, rows. An optional column that no row uses is left out. No
    cell can be taken for a formula by a spreadsheet."""
    text = io.StringIO()
    for key in NOTES:
        text.write(f"# {key}: {getattr(table.note, key)}\n")
    writer = csv.writer(text, lineterminator="\n")
    unused = [column for column in FILES[name].optional if not any(row[column] for row in table.rows)]
    columns = [column for column in FILES[name].columns if column not in unused]
    writer.writerow(columns)
    writer.writerows([neutral(row[column]) for column in columns] for row in table.rows)
    return text.getvalue()


@contextmanager
def _kept(folder: Path, names: Iterable[str]) -> Iterator[None]:
    """The old files lie in `before-change` while the block runs, and are put back if it fails."""
    kept = folder / INTERRUPTED
    kept.mkdir()
    try:
        for name in names:
            write_whole(kept / name, (folder / name).read_bytes())
        _sync(kept)
        yield
    except BaseException:
        restore(folder)
        raise
    _finish(kept)


def _finish(kept: Path) -> None:
    """All or nothing here too: half of the old files would make a mixture."""
    shutil.rmtree(kept.rename(kept.with_name(f".new-finished-{os.getpid()}")))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
