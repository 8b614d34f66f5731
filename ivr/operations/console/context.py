"""What the console works with, and its way to the database."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from ivr.base.clock import Clock
from ivr.base.errors import IvrError
from ivr.line.directory import Directory
from ivr.line.flow.facts import CallOrigin
from ivr.line.flow.model import Flow
from ivr.line.languages import Catalogue
from ivr.operations.console.accounts import Accounts
from ivr.operations.console.past_weeks import PastWeeks
from ivr.operations.records.database import database_url, open_database
from ivr.operations.records.outage_watch import OutageWatch

_BUSY_TRIES = 8  # SQLite waits a quarter of a second for another writer, each time
_log = logging.getLogger("ivr.console")
T = TypeVar("T")


class NoDatabase(IvrError):  # noqa: N818 - it is what the page is
    """Its text is that of the catalogue under `problem`: there is none, or it cannot be reached."""


@dataclass(frozen=True)
class ConsoleContext:
    """`root`: the path of the console as a browser sees it. `key`: what its cookies are sealed with. `accounts`: who
    may log in. `findings`: what
    `ivr check` says of the flow, None where nothing checked it. `refused`: why the last reload was. `standing`: how
    the records of this process stand. `expires`: what runs out and when, by kind, in the profile live.
    `database`, `watch`, `past_weeks`: None where no records are kept. `plan_answer`: a file of `ivr plan`. `demo`: the
    records are made up."""

    flow: Flow
    directory: Directory
    catalogue: Catalogue
    clock: Clock
    profile: str
    root: str
    secure: bool
    key: str
    accounts: Accounts
    findings: tuple[str, ...] | None
    refused: tuple[str, ...]
    standing: Callable[[], Mapping[str, Any]]
    expires: Callable[[], Mapping[str, Any]] | None
    database: "Database | None"
    watch: OutageWatch | None
    past_weeks: PastWeeks | None
    plan_answer: Path | None = None
    demo: bool = False

    @property
    def origin(self) -> str:
        return origin_of_figures(demo=self.demo)

    def read(self, query: Callable[[Connection], T]) -> T:
        """Raises NoDatabase."""
        return self._database.read(query)

    def write(self, change: Callable[[Engine], T]) -> T:
        """One change, known to the calls of this process when it returns. Raises NoDatabase."""
        answer = self._database.write(change)
        if self.watch:
            self.watch.look_now()
        return answer

    @property
    def _database(self) -> "Database":
        if self.database is None:
            raise NoDatabase("no_database")
        return self.database


def origin_of_figures(*, demo: bool) -> str:
    """Of the calls that figures are about: people's, and in a demonstration those of the demonstration."""
    return CallOrigin.DEMO if demo else ""


class Database:
    """Two ways to the same database: one that can only read, and one for changes."""

    def __init__(self, setting: str) -> None:
        url: URL = database_url(setting)
        self._reader = open_database(url, read_only=True)
        self._writer = open_database(url)
        self._tries = _BUSY_TRIES if url.get_backend_name() == "sqlite" else 1

    def read(self, query: Callable[[Connection], T]) -> T:
        try:
            with self._reader.connect() as connection:
                return query(connection)
        except SQLAlchemyError as error:
            raise self._in_trouble(error) from None

    def write(self, change: Callable[[Engine], T]) -> T:
        for tries_left in reversed(range(self._tries)):
            try:
                return change(self._writer)
            except SQLAlchemyError as error:
                if not (tries_left and isinstance(error, OperationalError)):
                    raise self._in_trouble(error) from None
        raise AssertionError("the last try has answered or raised")

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()

    def _in_trouble(self, error: SQLAlchemyError) -> NoDatabase:
        _log.warning("the database cannot be used: %s", type(error).__name__)
        return NoDatabase("unreachable")
