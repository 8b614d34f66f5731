"""How many operators each centre has, hour by hour: what nobody publishes and the planner has to assume.

The rule: each centre is staffed in six blocks (day, evening, night; weekdays, weekends) by Erlang C for an aim of its
own, over the block's mean load, with one operator at least.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivr.planner.assumptions import DAY_BEGINS, EVENING_BEGINS, GOAL_SECONDS, NIGHT_BEGINS, Assumptions
from ivr.planner.demand import Floats
from ivr.planner.erlang import needed
from ivr.planner.journeys import Journeys
from ivr.planner.period import WEEK

Operators = NDArray[np.integer[Any]]
_FRIDAY = 4


class Load(NamedTuple):
    """By hour and centre: the calls that ring there first, and the seconds of work that they bring."""

    calls: Floats
    work: Floats


def first_load(rates: Floats, journeys: Journeys, numbers: Mapping[str, int], handle: Floats) -> Load:
    """`rates`: expected callers by hour and place; `numbers`: of centres; `handle`: mean seconds of a call by hour."""
    shares = _shares(journeys, numbers)
    changing = {place for place, starts in enumerate(journeys.starts) if len(starts) > 1}
    steady = np.array([place for place in range(len(journeys.starts)) if place not in changing], dtype=np.int64)
    calls: Floats = rates[:, steady] @ shares[np.array(journeys.first, dtype=np.int64)[steady]]
    begins = np.arange(rates.shape[0]) * 3600.0
    for place in sorted(changing):
        situation = np.searchsorted(np.array(journeys.starts[place]), begins, side="right") - 1
        calls += rates[:, place, None] * shares[journeys.first[place] + situation]
    return Load(calls, calls * handle[:, None])


def _shares(journeys: Journeys, numbers: Mapping[str, int]) -> Floats:
    """By situation and centre: the share of the callers whose call rings there first."""
    weights = np.array(journeys.weights) / sum(journeys.weights)
    shares = np.zeros((len(journeys.cells), len(numbers)))
    for situation, cell in enumerate(journeys.cells):
        for weight, journey in zip(weights, cell, strict=True):
            each = journeys.journeys[journey]
            if each.ladder:
                shares[situation, numbers[each.ladder[0][1]]] += weight * (1 - each.leaves)
    return shares


def assumed_operators(
    load: Load, of_week: NDArray[np.int64], centres: tuple[str, ...], assumed: Assumptions
) -> Operators:
    """By hour and centre, by the rule."""
    aims, block = dict(assumed.aims), blocks()[of_week]
    operators = np.ones(load.calls.shape, dtype=np.int64)
    for number in np.unique(block):
        here = block == number
        calls, work = load.calls[here].mean(axis=0), load.work[here].mean(axis=0)
        for centre, name in enumerate(centres):
            operators[here, centre] = enough(calls[centre], work[centre], aims.get(name, assumed.aim))
    return operators


@lru_cache(maxsize=1 << 17)  # plans of a sweep ask the same for most centres and hours
def enough(calls: float, work: float, aim: float) -> int:
    """Operators by Erlang C for so many calls and seconds of work an hour, answered within two minutes."""
    return needed(work / 3600, work / calls, aim, GOAL_SECONDS) if calls > 0 else 1


def lacking(load: Load, operators: Operators, of_week: NDArray[np.int64], aim: float) -> tuple[Operators, Operators]:
    """By hour of the week and centre: operators needed for `aim` of mean load, and how many of them are not there."""
    shape = (WEEK, load.calls.shape[1])
    wanted, there = np.ones(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for hour in np.unique(of_week):
        here = of_week == hour
        calls, work = load.calls[here].mean(axis=0), load.work[here].mean(axis=0)
        wanted[hour] = [enough(a, b, aim) for a, b in zip(calls, work, strict=True)]
        there[hour] = np.round(operators[here].mean(axis=0))
    return wanted, np.maximum(wanted - there, 0)


def blocks() -> NDArray[np.int64]:
    """For each hour of the week its block, 0 to 5. The night before a weekend's day belongs to that weekend."""
    hour, day = np.arange(WEEK) % 24, np.arange(WEEK) // 24
    part = np.where((hour < DAY_BEGINS) | (hour >= NIGHT_BEGINS), 2, np.where(hour < EVENING_BEGINS, 0, 1))
    found: NDArray[np.int64] = part + 3 * (day > _FRIDAY)
    return found
