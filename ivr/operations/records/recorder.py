"""Records are written behind the calls: a bounded buffer, and one thread a process that empties it.

A call hands over what was noted, which takes as long as appending to a list, and never waits for the database. A
database that is slow, locked, full, broken or gone costs records, never calls, and how many is counted exactly:
taken = written + waiting + lost. This module must not know what the facts mean.
"""

import atexit
import itertools
import logging
import os
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Condition, Event, Thread

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from ivr.base.clock import Clock
from ivr.line.calls import Noted
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


@dataclass(frozen=True)
class RecorderStatus:
    """How the records of this process stand, in facts; `database`: starting, up or down."""

    database: str
    waiting: int
    written: int
    lost: int


class Recorder:
    """A sink of facts. `days`: after how many a record is removed."""

    def __init__(self, url: URL, clock: Clock, days: int) -> None:
        self._url = url
        self._clock = clock
        self._days = days
        self._reset()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._after_fork)

    def _reset(self) -> None:
        self._changed = Condition()
        self._buffer: deque[tuple[Noted, datetime]] = deque()
        self._waiting = 0
        self._written = 0
        self._lost: Counter[str] = Counter()
        self._lost_told: Counter[str] = Counter()
        self._closing = Event()
        self._database = "starting"
        self._engine: Engine | None = None
        self._size = _AT_ONCE
        self._tidied_at = -_TIDY_SECONDS
        self._logged_at = -_LOG_SECONDS
        self._thread: Thread | None = None

    def _after_fork(self) -> None:
        """A thread does not survive a fork; the new process has its own, and an empty buffer."""
        if self._thread is not None:
            self.start()

    def start(self) -> None:
        self._reset()
        self._thread = Thread(target=self._run, name="records", daemon=True)
        self._thread.start()

    def __call__(self, noted: Noted) -> None:
        """The sink. Never waits for anything but another thread that does the same."""
        count = len(noted.facts)
        if not count:
            return
        replied = self._clock.now()
        with self._changed:
            closing = self._closing.is_set()
            if closing or self._waiting + count > MOST_WAITING:
                self._lost[SHUT_DOWN if closing else BUFFER_FULL] += count
                return
            self._buffer.append((noted, replied))
            self._waiting += count
            self._changed.notify()

    @property
    def standing(self) -> RecorderStatus:
        with self._changed:
            return RecorderStatus(self._database, self._waiting, self._written, self._lost.total())

    def close(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Write what waits, for so many seconds at most; the rest is lost, and said so."""
        thread = self._thread
        if thread is None:
            return
        with self._changed:
            self._closing.set()
            self._changed.notify()
        thread.join(seconds)
        self._thread = None
        with self._changed:
            self._lost[SHUT_DOWN] += self._waiting
            self._waiting = 0
            self._buffer.clear()
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
                if self._closing.is_set():
                    time.sleep(_FIRST_PAUSE)
                else:
                    self._closing.wait(next(pauses))
            else:
                pauses = _pauses()
        if self._engine is not None:
            self._engine.dispose()

    def _wait_for_work(self) -> bool:
        """Until there is something to do, and a moment longer: a few large transactions take less from the calls than
        many small ones. False when everything is done and the service ends."""

        def is_due() -> bool:
            return self._closing.is_set() or self._engine is None or self._has_something_to_write()

        with self._changed:
            self._changed.wait_for(is_due, self._until_tidy())
        self._closing.wait(_GATHER_SECONDS)
        with self._changed:
            is_open = self._thread is not None
            return is_open and (self._has_something_to_write() or not self._closing.is_set())

    def _has_something_to_write(self) -> bool:
        return bool(self._buffer or self._lost - self._lost_told)

    def _work(self) -> None:
        if self._engine is None:
            self._engine = open_database(self._url)
            upgrade(self._engine)
        self._write()
        if self._until_tidy() <= 0 and not self._closing.is_set():
            self._tidy(self._engine)
            self._tidied_at = self._clock.seconds()
        if self._database != "up":
            if self._database == "down":
                _log.warning("records: the database is back; %s facts wait", self._waiting)
            self._database = "up"

    def _tidy(self, engine: Engine) -> None:
        now = self._clock.now()
        before = now - timedelta(days=self._days)
        with engine.connect() as connection:
            why = doubt(connection, now, before)
        if why:
            _log.error("records: nothing is purged: %s. If it is right: ivr records purge --clock-is-right", why)
            return
        blur(engine, now)
        removed = purge(engine, before, now)
        if removed.anything:
            _log.info("records purged: %s", removed)

    def _until_tidy(self) -> float:
        return self._tidied_at + _TIDY_SECONDS - self._clock.seconds()

    def _write(self) -> None:
        """One transaction. What is written leaves the buffer when it is sure to be in the database."""
        with self._changed:
            batch = list(itertools.islice(self._buffer, self._size))
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

    def _done(self, batch: Sequence[tuple[Noted, datetime]], lost: str = "") -> None:
        count = sum(len(noted.facts) for noted, _ in batch)
        with self._changed:
            if self._thread is None:
                return  # closed meanwhile, and counted as lost
            for _ in batch:
                self._buffer.popleft()
            self._waiting -= count
            if lost:
                self._lost[lost] += count
            else:
                self._written += count

    def _smaller(self, error: DBAPIError) -> None:
        """The database is well but does not take a row: find out which, by smaller transactions, and do without it."""
        with self._changed:
            first = list(itertools.islice(self._buffer, 1))
        if self._size > 1 or not first:
            self._size = 1
        else:
            self._done(first, REFUSED)
            self._complain(error)

    def _in_trouble(self, error: Exception) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        self._database = "down"
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
