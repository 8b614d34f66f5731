"""The weeks up to today, which take the database longest: counted by a thread, so that no page waits for them."""

import atexit
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import TypeAlias

from sqlalchemy import URL, Connection

from ivr.base.background_worker import BackgroundWorker
from ivr.base.clock import Clock
from ivr.operations.console.days import midnight
from ivr.operations.records.database import open_database, said
from ivr.operations.records.figures import Period
from ivr.operations.records.shares import Shares, shares

WEEKS = 26
WEEK = timedelta(weeks=1)
_FIRST_PAUSE, _LONGEST_PAUSE = 15.0, 3600.0  # seconds between two counts
_CLOSE_SECONDS = 1.0

_log = logging.getLogger("ivr.console")
Read: TypeAlias = Callable[[Callable[[Connection], Shares]], Shares]


@dataclass(frozen=True)
class CountedWeeks:
    """`weeks`: by their Mondays, up to but not including the day of `at`."""

    at: datetime
    weeks: Mapping[date, Shares]


class PastWeeks:
    """`known`: the last count; None before the first. It stays while the database cannot be read.

    Counted at the start and once an hour. In the first hour more often, because records may come while a process
    starts: those of `ivr demo` do.
    """

    def __init__(self, count: Callable[[], CountedWeeks], first_pause: float = _FIRST_PAUSE) -> None:
        self.known: CountedWeeks | None = None
        self._count = count
        self._first_pause = first_pause
        self._worker: BackgroundWorker[None] = BackgroundWorker("past weeks", self._run, 0, forked=self._reset)
        self._reset()
        atexit.register(self.close)

    def _reset(self) -> None:
        self._counting = Lock()  # one may be held where the process was forked

    def start(self) -> None:
        self._worker.start()

    def close(self) -> None:
        """A count under way is waited for, but not for long: it changes nothing."""
        self._worker.close(_CLOSE_SECONDS)

    def count_now(self) -> None:
        with self._counting:
            self.known = self._count()

    def _run(self) -> None:
        pause, in_trouble = self._first_pause, False
        while not self._worker.is_closing:
            try:
                self.count_now()
            except Exception as error:  # noqa: BLE001 - whatever it is, the last count stays
                if not in_trouble:
                    _log.warning("the past weeks cannot be counted: %s", said(error))
                in_trouble = True
                self._worker.closing.wait(self._first_pause)
            else:
                in_trouble = False
                self._worker.closing.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)


def count_past_weeks(url: URL, clock: Clock, origin: str) -> CountedWeeks:
    """Over a connection of its own, because pages share theirs. Each week is a transaction: on SQLite nothing can be
    written meanwhile."""
    now = clock.now()
    engine = open_database(url, read_only=True)

    def read(query: Callable[[Connection], Shares]) -> Shares:
        with engine.connect() as connection:
            return query(connection)

    try:
        return CountedWeeks(now, dict(by_week(read, first_monday(now.date()), now.date(), origin, now)))
    finally:
        engine.dispose()


def first_monday(today: date) -> date:
    """Of the weeks that the page shows."""
    return today - timedelta(days=today.weekday()) - (WEEKS - 1) * WEEK


def by_week(read: Read, start: date, end: date, origin: str, now: datetime) -> Iterator[tuple[date, Shares]]:
    """From `start` up to but not including `end`, by Mondays."""
    while start < end:
        monday = start - timedelta(days=start.weekday())
        following = min(monday + WEEK, end)
        period = Period(midnight(start), midnight(following), origin)
        yield monday, read(lambda connection: shares(connection, period, now))  # noqa: B023 - read at once
        start = following
