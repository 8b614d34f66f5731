"""The course of half a year, week by week, as `ivr report --by week` counts it.

Days that are over are counted once an hour in each process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile, groupby
from threading import Lock
from typing import Any

from flask import render_template
from sqlalchemy import Connection

from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.days import midnight
from ivr.operations.console.figures import wording
from ivr.operations.records.figures import GOAL_SHARE, Period
from ivr.operations.records.shares import Shares, shares

WEEKS = 26
_WEEK = timedelta(weeks=1)
_FRESH = 3600.0  # seconds for which days that are over count as counted
_WIDE, _HIGH = 440, 200  # of a chart, with its labels
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 10, 24  # around what is drawn
_MARKS = 4  # parts of the scale


class DaysOver:
    """The weeks up to today, without it, kept for an hour. Requests that come together count once."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._counted: tuple[date, float, Mapping[date, Shares]] | None = None

    def get(self, today: date, count: Callable[[], Mapping[date, Shares]]) -> Mapping[date, Shares]:
        with self._lock:
            kept = self._counted
            if kept is None or kept[0] != today or self._seconds() - kept[1] > _FRESH:
                kept = today, self._seconds(), count()
                self._counted = kept
            return kept[2]


@dataclass(frozen=True)
class TrendWeek:
    """`official`, `lived`: shares within two minutes of ringing, and of the call; None of nothing."""

    monday: date
    calls: int
    official: float | None
    lived: float | None
    nobody: int


@dataclass(frozen=True)
class Chart:
    """Where things lie in a drawing. `ticks`: (height, value) of the scale. `labels`: (left, day) of some weeks.
    `curves`: each line in pieces, the points of a piece. `bars`: (left, top, width, height)."""

    ticks: Sequence[tuple[float, float]]
    labels: Sequence[tuple[float, date]]
    curves: Sequence[Sequence[str]] = ()
    bars: Sequence[tuple[float, float, float, float]] = ()
    goal: float | None = None
    wide: int = _WIDE
    high: int = _HIGH
    left: int = _LEFT


def trends(desk: ConsoleContext, over: DaysOver) -> str:
    now = desk.clock.now()
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    first = monday - (WEEKS - 1) * _WEEK

    def count(start: date, end: date) -> Mapping[date, Shares]:
        return desk.read(lambda connection: dict(_by_week(connection, start, end, desk.origin, now)))

    counted = [over.get(today, lambda: count(first, today)), count(today, today + timedelta(days=1))]
    shown = _weeks(counted, first)
    charts: dict[str, Any] = {"shares": _shares(shown), "calls": _bars(shown, _calls), "nobody": _bars(shown, _nobody)}
    goal = wording().goal
    return render_template("console/trends.html", weeks=shown, this_week=monday, goal=goal, charts=charts)


def _by_week(
    connection: Connection, start: date, end: date, origin: str, now: datetime
) -> Iterator[tuple[date, Shares]]:
    """From `start` up to but not including `end`, by Mondays."""
    while start < end:
        monday = start - timedelta(days=start.weekday())
        following = min(monday + _WEEK, end)
        yield monday, shares(connection, Period(midnight(start), midnight(following), origin), now)
        start = following


def _weeks(counted: Sequence[Mapping[date, Shares]], first: date) -> list[TrendWeek]:
    """From the first one with a call."""
    every = [_week(first + number * _WEEK, counted) for number in range(WEEKS)]
    return list(dropwhile(lambda week: not week.calls and week.official is None, every))


def _week(monday: date, counted: Iterable[Mapping[date, Shares]]) -> TrendWeek:
    found = sum((part[monday] for part in counted if monday in part), Shares())
    return TrendWeek(monday, found.calls, found.official, found.lived, found.nobody)


def _calls(week: TrendWeek) -> int:
    return week.calls


def _nobody(week: TrendWeek) -> int:
    return week.nobody


def _shares(shown: Sequence[TrendWeek]) -> Chart:
    lines = [[each.official for each in shown], [each.lived for each in shown]]
    curves = [list(_pieces(line)) for line in lines]
    return Chart(_ticks(1.0), _labels(shown), curves=curves, goal=_y(GOAL_SHARE, 1.0))


def _bars(shown: Sequence[TrendWeek], value: Callable[[TrendWeek], int]) -> Chart:
    highest = _round_up(max((value(each) for each in shown), default=0))
    room = _room(len(shown))
    bars = []
    for number, each in enumerate(shown):
        top = _y(value(each), highest)
        bars.append((_LEFT + number * room + room * 0.1, top, room * 0.8, _HIGH - _BOTTOM - top))
    return Chart(_ticks(highest), _labels(shown), bars=bars)


def _pieces(values: Sequence[float | None]) -> Iterator[str]:
    """The points of a line; a week without a value breaks it."""
    room = _room(len(values))
    for known, run in groupby(enumerate(values), lambda item: item[1] is not None):
        if known:
            yield " ".join(f"{_LEFT + (number + 0.5) * room:.1f},{_y(each or 0.0, 1.0):.1f}" for number, each in run)


def _ticks(highest: float) -> list[tuple[float, float]]:
    return [(_y(highest * mark / _MARKS, highest), highest * mark / _MARKS) for mark in range(_MARKS + 1)]


def _labels(shown: Sequence[TrendWeek]) -> list[tuple[float, date]]:
    every = 1 + (len(shown) - 1) // 5 if shown else 1
    room = _room(len(shown))
    return [(_LEFT + (number + 0.5) * room, each.monday) for number, each in enumerate(shown) if number % every == 0]


def _round_up(value: int) -> int:
    """To a number whose quarters are whole."""
    step: int = 10 ** max(0, len(str(value)) - 2) * _MARKS
    return max(_MARKS, -(-value // step) * step)


def _room(count: int) -> float:
    return (_WIDE - _LEFT - _RIGHT) / max(1, count)


def _y(value: float, highest: float) -> float:
    return _HIGH - _BOTTOM - value / highest * (_HIGH - _BOTTOM - _TOP)
