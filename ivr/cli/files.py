"""Complaints about a file that the command line names: they call it as the user did, with its folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ivr.errors import DefinitionError


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
