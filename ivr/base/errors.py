"""Every exception of the package, sorted by whose fault it is.

    IvrError
    ├── DefinitionError    the author of a flow, a prompt file or a directory file: all complaints at once, at load
    ├── SettingsError      whoever set the environment: all complaints at once, at start
    ├── RequestError       the peer: it carries the HTTP status to answer with, never a detail for the body
    ├── AccountError       the account at the provider, or the way there: what to do, never a secret
    ├── EngineError        us: the fail-safe boundary turns it into the 113 reply
    └── SimulatorError     the application under test, or the scenario: with line, column and Twilio's code

What a caller does (a wrong key, silence, an unknown postcode) is never an exception.
This module must not import anything of ours.
"""

import copyreg
from collections.abc import Iterable
from dataclasses import dataclass


class IvrError(Exception):
    """The root of the tree; nothing raises it itself."""

    def __reduce__(self) -> tuple[object, ...]:
        """Another process gets the same text and fields; an exception as such would be made anew from its text."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


@dataclass(frozen=True, order=True)
class Complaint:
    """One thing wrong with a file: where it stands and what to do about it.

    `line` and `column` count from 1; 0 means "the file as a whole". `sheet`: the worksheet of a workbook, whose cells
    have names (B7).
    """

    file: str
    line: int
    column: int
    message: str
    sheet: str = ""

    def __str__(self) -> str:
        place = [str(n) for n in (self.line, self.column) if n]
        if self.sheet:
            cell = f"!{_letters(self.column)}{self.line}" if self.line else ""
            place = [f"{self.sheet}{cell}"]
        return f"{':'.join((self.file, *place))}: {self.message}"


def _letters(column: int) -> str:
    """What a spreadsheet calls a column: A, Z, AA. Empty for 0."""
    letters = ""
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


class DefinitionError(IvrError):
    """A flow, prompt or directory file is wrong; every complaint that could be found is in `complaints`."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(sorted(complaints))
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))


class SettingsError(IvrError):
    """The environment does not describe a service that may start; `reasons` says all that is wrong."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


class RequestError(IvrError):
    """A request that we refuse. `reason` is for our log and holds nothing the caller keyed."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"{status} {reason}")


class AccountError(IvrError):
    """The provider's API refused something, or could not be asked; the text says what to do."""


class EngineError(IvrError):
    """A fault of ours in the middle of a call: the caller hears the 113 reply, never this text."""


class SimulatorError(IvrError):
    """The application under test or the scenario broke a rule.

    `code` is Twilio's error number where it has one, else 0; `line` and `column` count from 1, 0 for unknown.
    """

    def __init__(self, message: str, *, code: int = 0, line: int = 0, column: int = 0) -> None:
        self.message = message
        self.code = code
        self.line = line
        self.column = column
        super().__init__(message)
