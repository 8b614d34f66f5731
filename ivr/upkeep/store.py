"""The files of a directory written as a whole, or not at all. Must not know what a change means.

First every new file is written beside the folder and loaded as the line would load it. Only then the old files are
kept in `before-change`, the new ones renamed into place, and `before-change` removed. On any fault the old files are
put back. If the machine stops in between, `before-change` is still there: no loader takes such a folder, and `restore`
puts the old files back.
"""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from ivr.directory import Directory, load_directory
from ivr.directory.files import NOTES, Table
from ivr.directory.load import FILES, INTERRUPTED, OPTIONAL, read_tables
from ivr.errors import Complaint, DefinitionError


def put(folder: Path, old: Mapping[str, Table], new: Mapping[str, Table], today: date) -> Directory:
    """Write the tables of `new` that differ from `old`, which was read from `folder`; what will be loaded is returned.

    Raises DefinitionError or OSError; the folder is then as it was.
    """
    changed = [name for name in FILES if new[name] != old[name]]
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder, ignore_cleanup_errors=True) as temporary:
        beside = Path(temporary)
        for name in FILES:
            if name in changed:
                _write(beside / name, csv_text(name, new[name]))
            else:
                shutil.copyfile(folder / name, beside / name)
        loaded = load_directory(beside, today=today)
        if any(read_tables(folder)[name] != old[name] for name in FILES):
            raise DefinitionError([Complaint(folder.name, 0, 0, "somebody else changed the files just now; try again")])
        with _kept(folder, changed):
            for name in changed:
                (beside / name).replace(folder / name)
            _sync(folder)
    return loaded


def restore(folder: Path) -> tuple[str, ...]:
    """Put back the old files of a change that was cut off; their names, () if there was none."""
    kept = folder / INTERRUPTED
    if not kept.is_dir():
        return ()
    names = tuple(name for name in FILES if (kept / name).exists())  # one that was cut off has another name
    for name in names:
        _write(folder / name, (kept / name).read_text("utf-8"))
    _sync(folder)
    _finish(kept)
    return names


def csv_text(name: str, table: Table) -> str:
    """A table as its file is written: comment lines, header, rows. An optional column that no row uses is left out."""
    text = io.StringIO()
    for key in NOTES:
        text.write(f"# {key}: {getattr(table.note, key)}\n")
    writer = csv.writer(text, lineterminator="\n")
    unused = [column for column in OPTIONAL.get(name, ()) if not any(row[column] for row in table.rows)]
    columns = [column for column in FILES[name] if column not in unused]
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in table.rows)
    return text.getvalue()


@contextmanager
def _kept(folder: Path, names: Iterable[str]) -> Iterator[None]:
    """The old files lie in `before-change` while the block runs, and are put back if it fails."""
    kept = folder / INTERRUPTED
    kept.mkdir()  # FileExistsError: another change is under way
    try:
        for name in names:
            _write(kept / name, (folder / name).read_text("utf-8"))
        _sync(kept)
        yield
    except BaseException:
        restore(folder)
        raise
    _finish(kept)


def _finish(kept: Path) -> None:
    """All or nothing here too: half of the old files would make a mixture. Clears away what was cut off before."""
    for left in kept.parent.glob(".new-*"):
        shutil.rmtree(left)
    shutil.rmtree(kept.rename(kept.with_name(".new-finished")))


def _write(path: Path, text: str) -> None:
    """Complete under another name first, and on the disk, before it bears this one."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
