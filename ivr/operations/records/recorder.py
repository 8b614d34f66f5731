"""Records are written behind the calls, by a worker: a call never waits for the database.

A database that is slow, locked, full, broken or gone costs records, never calls, and how many is counted exactly: taken
= written + waiting + lost.
"""

import atexit
import itertools
import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from ivr.base.background_worker import BackgroundWorker
from ivr.base.clock import Clock
from ivr.line.calls import Noted
from ivr.line.service.records_state import RecordsState
from ivr.operations.records.database import open_database, said, upgrade
from ivr.operations.records.retention import blur, doubt, purge
from ivr.operations.records.writing import write, write_losses

MOST_WAITING = 10_000  # facts
BUFFER_FULL, REFUSED, SHUT_DOWN = "the buffer was full", "the database refused them", "the service ended"
_AT_ONCE = 500  # requests in one transaction
_GATHER_SECONDS = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 30.0  # seconds until the next try when the database is in trouble
_TIDY_SECONDS = 3600.0  # between two purges
_LOG_SECONDS = 60.0  # between two lines about the same trouble
_CLOSE_SECONDS = 5.0

_log = logging.getLogger("ivr.records")


_Taken: TypeAlias = tuple[Noted, datetime]  # what was noted, and when the call was answered


def _facts(taken: _Taken) -> int:
    return len(taken[0].facts)


@dataclass(frozen=True)
class RecorderStatus:
    """How the records of this process stand, in facts."""

    database: RecordsState
    waiting: int
    written: int
    lost: int


class Recorder:
    """A sink of facts. `days`: after how many a record is removed."""

    def __init__(self, url: URL, clock: Clock, days: int) -> None:
        self._url = url
        self._clock = clock
        self._days = days
        self._worker: BackgroundWorker[_Taken] = BackgroundWorker(
            "records", self._run, MOST_WAITING, _facts, self._reset
        )
        self._reset()
        atexit.register(self.close)

    def _reset(self) -> None:
        self._written = 0
        self._lost: Counter[str] = Counter()
        self._lost_told: Counter[str] = Counter()
        self._database = RecordsState.STARTING
        self._closed = False
        self._engine: Engine | None = None
        self._size = _AT_ONCE
        self._tidied_at = -_TIDY_SECONDS
        self._logged_at = -_LOG_SECONDS

    def start(self) -> None:
        self._worker.start()

    def __call__(self, noted: Noted) -> None:
        """The sink. Never waits for anything but another thread that does the same."""
        if not noted.facts:
            return
        taken = noted, self._clock.now()
        with self._worker.changed:
            if not self._worker.put(taken):
                self._lost[SHUT_DOWN if self._worker.is_closing else BUFFER_FULL] += _facts(taken)

    @property
    def standing(self) -> RecorderStatus:
        with self._worker.changed:
            return RecorderStatus(self._database, self._worker.waiting, self._written, self._lost.total())

    def close(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Write what waits, for so many seconds at most; the rest is lost, and said so."""
        if self._worker.is_closing:
            return
        self._worker.close(seconds)
        with self._worker.changed:
            self._closed = True
            self._lost[SHUT_DOWN] += sum(map(_facts, self._worker.drop()))
            untold = self._lost - self._lost_told
        for reason, count in untold.items():
            _log.error("%s facts lost, not in the database: %s", count, reason)

    # The thread

    def _run(self) -> None:
        pauses = _pauses()
        while self._wait_for_work():
            try:
                self._work()
            except (DataError, IntegrityError) as error:
                self._smaller(error)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is not worth the thread
                self._in_trouble(error)
                if self._worker.is_closing:
                    time.sleep(_FIRST_PAUSE)
                else:
                    self._worker.closing.wait(next(pauses))
            else:
                pauses = _pauses()
        if self._engine is not None:
            self._engine.dispose()

    def _wait_for_work(self) -> bool:
        """Until there is something to do, and a moment longer: a few large transactions take less from the calls than
        many small ones. False when everything is done and the service ends."""

        def is_due() -> bool:
            return self._worker.is_closing or self._engine is None or self._has_something_to_write()

        with self._worker.changed:
            self._worker.changed.wait_for(is_due, self._until_tidy())
        self._worker.closing.wait(_GATHER_SECONDS)
        with self._worker.changed:
            return not self._closed and (self._has_something_to_write() or not self._worker.is_closing)

    def _has_something_to_write(self) -> bool:
        return bool(self._worker.waiting or self._lost - self._lost_told)

    def _work(self) -> None:
        if self._engine is None:
            self._engine = open_database(self._url)
            upgrade(self._engine)
        self._write()
        if self._until_tidy() <= 0 and not self._worker.is_closing:
            self._tidy(self._engine)
            self._tidied_at = self._clock.seconds()
        if self._database is not RecordsState.UP:
            if self._database is RecordsState.DOWN:
                _log.warning("records: the database is back; %s facts wait", self._worker.waiting)
            self._database = RecordsState.UP

    def _tidy(self, engine: Engine) -> None:
        now = self._clock.now()
        before = now - timedelta(days=self._days)
        with engine.connect() as connection:
            why = doubt(connection, now, before)
        if why:
            _log.error(
                "records: nothing is purged: %s. If the clock is right, run: ivr records purge --clock-is-right", why
            )
            return
        blur(engine, now)
        removed = purge(engine, before, now)
        if removed.anything:
            _log.info("records purged: %s", removed)

    def _until_tidy(self) -> float:
        return self._tidied_at + _TIDY_SECONDS - self._clock.seconds()

    def _write(self) -> None:
        """One transaction. What is written leaves the buffer when it is sure to be in the database."""
        with self._worker.changed:
            batch = self._worker.first(self._size)
            untold = self._lost - self._lost_told
        if not batch and not untold:
            return
        assert self._engine is not None  # noqa: S101 - for the type checker
        with self._engine.begin() as connection:
            if batch:
                write(connection, batch)
            if untold:
                write_losses(connection, untold, self._clock.now())
        self._lost_told += untold
        self._size = min(_AT_ONCE, self._size * 2)
        self._done(batch)

    def _done(self, batch: Sequence[_Taken], lost: str = "") -> None:
        count = sum(map(_facts, batch))
        with self._worker.changed:
            if not self._worker.done(batch):
                return  # closed meanwhile, and counted as lost
            if lost:
                self._lost[lost] += count
            else:
                self._written += count

    def _smaller(self, error: DBAPIError) -> None:
        """The database is well but does not take a row: find out which, by smaller transactions, and do without it."""
        first = self._worker.first(1)
        if self._size > 1 or not first:
            self._size = 1
        else:
            self._done(first, REFUSED)
            self._complain(error)

    def _in_trouble(self, error: Exception) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        self._database = RecordsState.DOWN
        self._complain(error)

    def _complain(self, error: Exception) -> None:
        if self._clock.seconds() - self._logged_at >= _LOG_SECONDS:
            self._logged_at = self._clock.seconds()
            standing = self.standing
            _log.warning("records: %s; %s facts wait, %s are lost", said(error), standing.waiting, standing.lost)


def _pauses() -> Iterator[float]:
    """Twice as long each time, up to the longest."""
    yield from (_FIRST_PAUSE * 2**n for n in range(7))
    yield from itertools.repeat(_LONGEST_PAUSE)
