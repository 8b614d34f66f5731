"""The course of half a year, week by week, as `ivr report --by week` counts it.

Days that are over were counted before anybody asked (past_weeks.py); a request counts today.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import dropwhile, groupby
from typing import Any

from flask import render_template

from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.figures import wording
from ivr.operations.console.past_weeks import WEEK, WEEKS, by_week, first_monday
from ivr.operations.records.figures import GOAL_SHARE
from ivr.operations.records.shares import Shares

_WIDE, _HIGH = 440, 200  # of a chart, with its labels
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 10, 24  # around what is drawn
_MARKS = 4  # parts of the scale


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


def trends(desk: ConsoleContext) -> str:
    now = desk.clock.now()
    today = now.date()
    past = desk.past_weeks.known if desk.past_weeks else None
    since = past.at.date() if past else today  # after midnight also yesterday, until the next count
    recent = dict(by_week(desk.read, since, today + timedelta(days=1), desk.origin, now))
    if past is None:
        return render_template("console/trends.html", counted_at=None)
    shown = _weeks([past.weeks, recent], first_monday(today))
    charts: dict[str, Any] = {"shares": _shares(shown), "calls": _bars(shown, _calls), "nobody": _bars(shown, _nobody)}
    about = {"this_week": today - timedelta(days=today.weekday()), "goal": wording().goal, "counted_at": past.at}
    return render_template("console/trends.html", weeks=shown, charts=charts, **about)


def _weeks(counted: Sequence[Mapping[date, Shares]], first: date) -> list[TrendWeek]:
    """From the first one with a call."""
    every = [_week(first + number * WEEK, counted) for number in range(WEEKS)]
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
