"""Who calls when: a Poisson process that is not homogeneous, by place and hour, drawn in weeks.

A draw depends on seed, replication and week alone, so that two plans have the same callers (common random numbers).
What a plan adds is drawn apart; what it takes away is thinned by a number that each caller has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivr.planner.assumptions import DAY_BEGINS, EVENING_BEGINS, NIGHT_BEGINS, Assumptions
from ivr.planner.period import WEEK, PlannedPeriod, whole_year

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
_MORE = 1  # of the streams of numbers
_WEEKDAYS = 5


@dataclass(frozen=True)
class Factor:
    """Calls of some places, times `factor`, from one second of the period to another."""

    places: tuple[int, ...]
    factor: float
    start: float
    end: float


@dataclass(frozen=True)
class Demand:
    """`hourly`: expected calls of the nation by hour; `people`: the share of each place. `counted`: expected calls by
    hour and place in their stead. `talk`: mean seconds of a talk by hour."""

    period: PlannedPeriod
    hourly: Floats
    people: Floats
    assumed: Assumptions
    talk: Floats
    factors: tuple[Factor, ...] = ()
    counted: Floats | None = None

    def rates(self, first: int = 0, after: int | None = None) -> Floats:
        """Expected calls by hour and place before factors, of some hours of the period."""
        if self.counted is not None:
            return self.counted[first:after]
        return np.outer(self.hourly[first:after], self.people)

    @property
    def expected(self) -> Floats:
        """Calls by hour and place, factors included; those of an hour that lies in part within them in part."""
        rates = self.rates().copy()
        for each in self.factors:
            columns = list(each.places)
            rates[:, columns] *= 1 + (each.factor - 1) * _covered(self.period.hours, each)[:, None]
        return rates

    @property
    def chunks(self) -> int:
        return -(-self.period.hours // WEEK)


class Callers(NamedTuple):
    """Callers of a week in the order of their calls. `variant`, `redials`: uniform numbers. `key`: of the caller, in
    every plan the same."""

    at: Floats
    place: Whole
    variant: Floats
    talk: Floats
    patience: Floats
    redials: Floats
    key: Whole

    def only(self, which: NDArray[Any] | slice) -> "Callers":
        """Those of a mask, in the order of an index, or of a slice."""
        columns: Iterator[Any] = (column[which] for column in self)
        return Callers(*columns)

    def and_(self, others: "Callers") -> "Callers":
        columns: Iterator[Any] = (np.concatenate(both) for both in zip(self, others, strict=True))
        return Callers(*columns)


@lru_cache(maxsize=8)  # plans of a sweep have the same
def hourly_shares(period: PlannedPeriod, assumed: Assumptions) -> Floats:
    """For each hour of the period its share of a year's calls; the hours of a whole year add up to 1."""
    years = {
        year: _weights(whole_year(period.first.replace(year=year, day=1)), assumed).sum() for year in _years(period)
    }
    totals = np.array([years[wall.year] for wall in period.walls()])
    found: Floats = _weights(period, assumed) / totals
    found.setflags(write=False)
    return found


def talk_by_hour(period: PlannedPeriod, assumed: Assumptions) -> Floats:
    hours = np.arange(24)
    day = np.where(hours < EVENING_BEGINS, assumed.talk_day, assumed.talk_evening)
    by_hour = np.where((hours < DAY_BEGINS) | (hours >= NIGHT_BEGINS), assumed.talk_night, day)
    found: Floats = by_hour[period.of_week % 24]
    return found


def draw(demand: Demand, seed: int, replication: int) -> Iterator[Callers]:
    """The callers of each week of the period."""
    for chunk in range(demand.chunks):
        rates = demand.rates(chunk * WEEK, (chunk + 1) * WEEK)
        drawn = _week(demand, np.random.default_rng((seed, replication, chunk)), rates, chunk, 0)
        for number, each in enumerate(demand.factors):
            drawn = _changed(demand, drawn, each, (seed, replication, chunk, _MORE + number))
        order = np.argsort(drawn.at, kind="stable")
        yield drawn.only(order)


def _years(period: PlannedPeriod) -> range:
    return range(period.first.year, period.last.year + 1)


def _weights(period: PlannedPeriod, assumed: Assumptions) -> Floats:
    """Each hour's weight: hour of the week, month, public holiday."""
    weekday, weekend = np.array(assumed.weekday), np.array(assumed.weekend)
    on_weekdays = (1 - assumed.weekend_share) / _WEEKDAYS * weekday / weekday.sum()
    on_weekends = assumed.weekend_share / 2 * weekend / weekend.sum()
    week = np.concatenate([np.tile(on_weekdays, _WEEKDAYS), np.tile(on_weekends, 2)])
    weights = week[period.of_week] * np.array(assumed.months)[period.months]
    found: Floats = np.where(period.holidays, weights * assumed.holiday_factor, weights)
    return found


def _covered(hours: int, factor: Factor) -> Floats:
    """The share of each hour that lies within the factor's time."""
    begins = np.arange(hours) * 3600.0
    inside = np.minimum(begins + 3600, factor.end) - np.maximum(begins, factor.start)
    found: Floats = np.clip(inside / 3600, 0, 1)
    return found


def _week(demand: Demand, rng: np.random.Generator, rates: Floats, chunk: int, stream: int) -> Callers:
    first = chunk * WEEK
    counts = rng.poisson(rates)
    hour, place = np.nonzero(counts)
    often = counts[hour, place]
    hour, place = np.repeat(hour, often) + first, np.repeat(place, often)
    many = len(place)
    assumed, talk = demand.assumed, rng.standard_exponential(many) * demand.talk[hour]
    after = rng.standard_exponential(many) * assumed.after_call
    patience = rng.standard_exponential(many) * assumed.patience if assumed.patience else np.full(many, np.inf)
    return Callers(
        at=(hour + rng.random(many)) * 3600,
        place=place,
        variant=rng.random(many),
        talk=talk + after,
        patience=patience,
        redials=rng.random(many),
        key=(np.arange(many) * 64 + stream) * 8192 + chunk,
    )


def _changed(demand: Demand, drawn: Callers, factor: Factor, seeds: tuple[int, ...]) -> Callers:
    """More callers of the factor's places, or fewer."""
    rng, chunk, stream = np.random.default_rng(seeds), seeds[2], seeds[3]
    if factor.factor > 1:
        rates, columns = demand.rates(chunk * WEEK, (chunk + 1) * WEEK), list(factor.places)
        more = np.zeros_like(rates)
        more[:, columns] = rates[:, columns] * (factor.factor - 1)
        extra = _week(demand, rng, more, chunk, stream)
        kept = (extra.at >= factor.start) & (extra.at < factor.end)
        return drawn.and_(extra.only(kept))
    meant = np.isin(drawn.place, factor.places) & (drawn.at >= factor.start) & (drawn.at < factor.end)
    stays = ~meant | (rng.random(len(drawn.at)) < factor.factor)
    return drawn.only(stays)
