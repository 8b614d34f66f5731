"""All that is wrong with files, collected while they are read and raised at once."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Protocol

from ivr.base.errors import Complaint, DefinitionError


class Placed(Protocol):
    """A value that knows where it stands in its file."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class Complaints(list[Complaint]):
    """About one file, or about several that are read together."""

    def about(self, file: str, at: Placed | None, message: str) -> None:
        """`at`: what is wrong; None for the file as a whole."""
        line, column = (at.line, at.column) if at is not None else (0, 0)
        self.append(Complaint(file, line, column, message))

    def done(self) -> None:
        """Raises DefinitionError if anything was wrong."""
        if self:
            raise DefinitionError(self)


def suggestion(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """` (did you mean 'numDigits'?)`, or nothing. Case does not count."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(word.lower(), by_lower, 1, likeness)
    return f" (did you mean {by_lower[close[0]]!r}?)" if close else ""
