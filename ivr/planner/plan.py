"""A plan: a period, a demand, and what is changed. Plain values; how they are written is `plan_file.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.line.directory.public_holidays import public_holiday
from ivr.planner.assumptions import YEARLY_CALLS, Assumptions
from ivr.planner.counted_calls import Counted
from ivr.planner.period import PlannedPeriod

DEFAULT_SEED, DEFAULT_REPLICATIONS = 116117, 5
_HOURS, _SUNDAY = 24, 6
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class When:
    """Some hours of some days: `start` to `end` of a day (past midnight, if `end` is not later), of duties that begin
    on `days` (a public holiday is a Sunday), between two dates."""

    start: int = 0
    end: int = _HOURS
    days: frozenset[int] = frozenset(range(7))
    first: date | None = None
    last: date | None = None

    def mask(self, period: PlannedPeriod) -> Mask:
        """By hour of the period."""
        return np.array([self._covers(wall) for wall in period.walls()])

    def _covers(self, wall: datetime) -> bool:
        day, hour = wall.date(), wall.hour
        if self.start < self.end:
            return self.start <= hour < self.end and self._on(day)
        if hour >= self.start:
            return self._on(day)
        return hour < self.end and day > date.min and self._on(date.fromordinal(day.toordinal() - 1))

    def _on(self, day: date) -> bool:
        inside = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return inside and (_SUNDAY if public_holiday(day) else day.weekday()) in self.days


@dataclass(frozen=True)
class Operators:
    """`number` more or fewer, or, if `exactly`, so many."""

    centre: str
    number: int
    exactly: bool
    when: When


@dataclass(frozen=True)
class Closed:
    """Nobody takes calls at the centre; the line says so and rings its backup."""

    centre: str
    when: When


@dataclass(frozen=True)
class OutOfService:
    centre: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class DemandChange:
    """Of a county, of a municipality, of the callers of a centre, or, if all are empty, of all."""

    county: str
    municipality: str
    centre: str
    factor: float
    first: date | None
    last: date | None


Change = Operators | Closed | OutOfService | DemandChange


@dataclass(frozen=True)
class Plan:
    """`menu`: seconds that the menu is longer for every caller. `counted`: counted calls in place of the estimate."""

    name: str
    period: PlannedPeriod
    calls: float = YEARLY_CALLS
    counted: Counted | None = None
    seed: int = DEFAULT_SEED
    replications: int = DEFAULT_REPLICATIONS
    assumed: Assumptions = field(default_factory=Assumptions)
    changes: tuple[Change, ...] = ()
    flow: Path | None = None
    directory: Path | None = None
    callers: Path | None = None
    menu: float = 0.0
    stated: Mapping[str, str] = field(default_factory=dict)  # assumptions that the file changes: where it says so

    @property
    def is_today(self) -> bool:
        """Whether nothing is changed."""
        return not (self.changes or self.flow or self.directory or self.menu)
