"""The hours of a plan: every hour that passes between two days, with what the clock in Oslo shows.

A night in which the clocks change has one hour more or less.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ivr.base.clock import OSLO
from ivr.line.directory.public_holidays import public_holiday

WEEK = 168
_SUNDAY = 6
_HOUR = timedelta(hours=1)
HolidayHours = NDArray[np.bool_]
Hours = NDArray[np.int64]


@dataclass(frozen=True)
class PlannedPeriod:
    """From midnight before `first` to midnight after `last`, Oslo time."""

    first: date
    last: date

    @cached_property
    def start(self) -> datetime:
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=OSLO)

    @cached_property
    def hours(self) -> int:
        after = self.last + timedelta(days=1)
        end = datetime(after.year, after.month, after.day, tzinfo=OSLO)
        return int((end.astimezone(UTC) - self.start.astimezone(UTC)) / _HOUR)

    def moment(self, seconds: float) -> datetime:
        """The moment so many seconds after the start."""
        return (self.start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(OSLO)

    def seconds(self, moment: datetime) -> float:
        """The other way round; an aware moment."""
        return (moment.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds()

    def walls(self) -> Iterator[datetime]:
        """What the clock in Oslo shows at the beginning of each hour."""
        return (self.moment(hour * 3600) for hour in range(self.hours))

    @cached_property
    def of_week(self) -> Hours:
        """For each hour its place in the week, 0 to 167; a public holiday counts as a Sunday."""
        walls = self.walls()
        return np.array([24 * (_SUNDAY if is_holiday(each.date()) else each.weekday()) + each.hour for each in walls])

    @cached_property
    def holidays(self) -> HolidayHours:
        """Whether each hour is one of a public holiday."""
        return np.array([is_holiday(each.date()) for each in self.walls()])

    @cached_property
    def months(self) -> Hours:
        """0 for January."""
        return np.array([each.month - 1 for each in self.walls()])


def is_holiday(day: date) -> bool:
    return public_holiday(day) is not None


def whole_year(day: date) -> PlannedPeriod:
    return PlannedPeriod(date(day.year, 1, 1), date(day.year, 12, 31))
