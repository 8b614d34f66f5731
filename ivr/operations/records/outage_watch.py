"""Which centres are out of service, now and planned, and which announcement is on, for the calls of this process:
looked up behind them, about once a second.

A call reads what lies ready and never waits. While the database cannot be reached what is known stays, and all of it
still begins and ends at its own time.
"""

import atexit
import logging
import os
from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy import URL, Engine

from ivr.base.clock import Clock
from ivr.line.flow.events import Announcement, Outage
from ivr.operations.records.announcements import switched_on
from ivr.operations.records.database import open_database
from ivr.operations.records.outages import as_outages, known_outages

EVERY = 1.0  # seconds between two looks
_FIRST_LOOK = 1.0  # seconds that the start of the service waits for the first one
_LOG_SECONDS = 60.0

_log = logging.getLogger("ivr.records")


class OutageWatch:
    """`watch()` is what is known of outages, `watch.announcement()` the announcement."""

    def __init__(self, url: URL, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._known: tuple[tuple[Outage, ...], Announcement | None] = (), None
        self._tell: Callable[[], None] = lambda: None
        self.in_step = False  # with the database, at the last look
        self._logged_at = -_LOG_SECONDS
        self._process = 0
        atexit.register(self.close)

    def start(self) -> None:
        """In the process that answers calls; waits a moment, so that the first call knows already."""
        self._begin()
        self._looked.wait(_FIRST_LOOK)

    def __call__(self) -> tuple[Outage, ...]:
        return self._now_known()[0]

    def announcement(self) -> Announcement | None:
        return self._now_known()[1]

    def tell(self, looked: Callable[[], None]) -> None:
        """`looked` is called after every look from now on, in the process that looks."""
        self._tell = looked

    def look_now(self) -> None:
        """Something was changed just now: do not wait for the next look."""
        self._looked.clear()
        self._wake.set()
        self._looked.wait(EVERY)

    def close(self) -> None:
        if self._process == os.getpid():
            self._closing = True
            self._wake.set()
            self._thread.join(EVERY)

    def _now_known(self) -> tuple[tuple[Outage, ...], Announcement | None]:
        if self._process != os.getpid():  # a thread does not survive a fork
            self._begin()
        return self._known

    def _begin(self) -> None:
        self._process = os.getpid()
        self._closing = False
        self._wake, self._looked = Event(), Event()
        self._thread = Thread(target=self._run, name="outages", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        engine = open_database(self._url, read_only=True)
        while not self._closing:
            self._wake.clear()
            try:
                self._known = self._look(engine)
                self.in_step = True
            except Exception as error:  # noqa: BLE001 - whatever it is, the last known stays
                self.in_step = False
                engine.dispose()
                self._in_trouble(error)
            self._tell()
            self._looked.set()
            self._wake.wait(EVERY)
        engine.dispose()

    def _look(self, engine: Engine) -> tuple[tuple[Outage, ...], Announcement | None]:
        now = self._clock.now()
        with engine.connect() as connection:
            outages, announced = known_outages(connection, now), switched_on(connection, now)
        return as_outages(outages), announced.as_announcement() if announced else None

    def _in_trouble(self, error: Exception) -> None:
        if self._clock.seconds() - self._logged_at >= _LOG_SECONDS:
            self._logged_at = self._clock.seconds()
            _log.warning(
                "outages cannot be looked up: %s; %s known ones stay", type(error).__name__, len(self._known[0])
            )
