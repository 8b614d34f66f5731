"""Editions on disk, by their names: a call that began on one finishes on it after a restart, and in another instance.

Only what was proved is kept, under a name for the code and settings that it was proved with. What other code kept is
not found, and its calls go on at `resume`. No edition holds anything of a caller.
"""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from ivr.base.errors import SettingsError

MOST_KEPT = 16  # of all codes and settings; a call is over long before
_MEGABYTE = 1024 * 1024
MOST_BYTES = 32 * _MEGABYTE  # of one file
_NAME = re.compile(r"[0-9a-f]{1,64}-[0-9a-f]{1,64}")
_FLOW, _DIRECTORY = "flow", "directory"


def contents(files: Iterable[Path]) -> dict[Path, bytes]:
    """What is in the files. Raises SettingsError for what is no file, or too large: a pipe would be read for ever."""
    return {file: _content(file) for file in sorted(files)}


def _content(file: Path) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SettingsError([f"{file} is no ordinary file"])
        if status.st_size > MOST_BYTES:
            raise SettingsError(
                [f"{file} has {status.st_size // _MEGABYTE} MB; {MOST_BYTES // _MEGABYTE} are the most"]
            )
        return opened.read(MOST_BYTES)


class Shelf:
    """`folder`: where all editions lie; where nothing can be written, they last as long as this process. `made_by`: a
    name for code and settings."""

    def __init__(self, folder: Path | None, made_by: str) -> None:
        self._all = _writable(folder)
        self._own = self._all / made_by

    def keep(self, edition: str, files: Mapping[Path, bytes], flow: Path) -> None:
        """`files`: all of it; those beside `flow` and in folders beside it are the flow's, the others the directory's.
        Raises OSError."""
        place = self._own / edition
        if not place.is_dir():
            self._own.mkdir(mode=0o700, parents=True, exist_ok=True)
            half = Path(tempfile.mkdtemp(dir=self._own))
            for file, content in files.items():
                if file.suffix != ".csv" and not file.is_relative_to(flow.parent):
                    continue  # lent by a bundled language, which comes with the code
                target = half / _place(file, flow)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            with suppress(OSError):  # another instance was faster
                half.rename(place)
            shutil.rmtree(half, ignore_errors=True)
        os.utime(place)
        self._tidy()

    def find(self, edition: str, flow: str) -> tuple[Path, Path] | None:
        """The flow's file, which is called `flow`, and the directory's folder."""
        place = self._own / edition
        found = (place / _FLOW / flow, place / _DIRECTORY)
        return found if _NAME.fullmatch(edition) and found[0].is_file() else None

    def _tidy(self) -> None:
        kept = [each for each in self._all.glob("*/*") if each.is_dir()]
        for old in sorted(kept, key=lambda each: each.stat().st_mtime)[:-MOST_KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def _place(file: Path, flow: Path) -> Path:
    if file.suffix == ".csv":
        return Path(_DIRECTORY, file.name)
    return Path(_FLOW, file.relative_to(flow.parent))


def _writable(folder: Path | None) -> Path:
    if folder is not None:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    return Path(tempfile.mkdtemp(prefix="ivr-editions-"))
