"""Where time comes from. Nothing else in the package asks the machine what time it is.

A `Clock` gives an aware moment in Europe/Oslo (the hour that a duty rule is about) and a number of seconds that
never goes back (durations). This module must not import anything of ours.
"""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
EARLIEST = date(2020, 1, 1)  # a clock that says less was never set


def is_on_the_wall(moment: datetime) -> bool:
    """Whether a clock on the wall ever shows it: 02:30 is left out in the night when the clocks are put forward."""
    return moment.astimezone(UTC).astimezone(OSLO).replace(tzinfo=None) == moment.replace(tzinfo=None)


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in Europe/Oslo."""
        ...

    def seconds(self) -> float:
        """Seconds since some fixed point; never goes back."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(OSLO)

    def seconds(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock that moves only when told: for tests and for calls in virtual time."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a ManualClock starts at an aware moment, e.g. datetime(2026, 1, 1, tzinfo=OSLO)")
        # A timedelta added to an aware moment of one zone is wall-clock arithmetic; by way of a fixed
        # offset it is elapsed time, which is right in the two nights when the clocks change.
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0
        self._now = self._start.astimezone(OSLO)

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Let `seconds` (not negative) pass."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._elapsed += seconds
        self._now = (self._start + timedelta(seconds=self._elapsed)).astimezone(OSLO)
