"""Files that the command line names: read and written with a complaint in one line, exit code 2."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from ivr.base.errors import Complaint, DefinitionError


@contextmanager
def named_as_given(path: Path) -> Iterator[None]:
    """Complaints about `path` that name it without its folder name it whole."""
    try:
        yield
    except DefinitionError as error:
        raise DefinitionError(
            replace(complaint, file=str(path)) if complaint.file == path.name else complaint
            for complaint in error.complaints
        ) from None


def write(output: Path | None, content: str | bytes) -> None:
    """Write to a file, or to standard output without one."""
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {error.strerror}") from None


def must_be_new(folder: Path) -> None:
    """Raises UsageError for a folder that holds something, so that nothing is overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"{folder} exists and is not empty: name another folder; nothing was written")


def inside(folder: Path | None, pattern: str) -> list[Path]:
    """The files of a folder, by name; none without a folder."""
    return sorted(folder.glob(pattern)) if folder else []


def must_be_readable(files: Iterable[Path]) -> None:
    """Raises DefinitionError for those that are not there, cannot be read or are not UTF-8."""
    from ivr.base.utf8 import text_of

    complaints: list[Complaint] = []
    for file in files:
        try:
            text_of(file.read_bytes(), str(file))
        except OSError as error:
            complaints.append(Complaint(str(file), 0, 0, f"cannot be read: {error.strerror}"))
        except DefinitionError as error:
            complaints += error.complaints
    if complaints:
        raise DefinitionError(complaints)
