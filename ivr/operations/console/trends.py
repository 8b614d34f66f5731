"""The course of half a year, week by week, as `ivr report --by week` counts it.

Days that are over are counted once an hour in each process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import dropwhile, groupby
from threading import Lock

from flask import render_template
from sqlalchemy import Connection

from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.days import midnight
from ivr.operations.console.figures import wording
from ivr.operations.console.language import page_language
from ivr.operations.console.wording import say
from ivr.operations.records.figures import GOAL_SHARE, Period
from ivr.operations.records.shares import Shares, shares
from ivr.operations.report.plots import PARTS, Plot, PlotFrame, PlotPath, PlotText, marks

WEEKS = 26
_WEEK = timedelta(weeks=1)
_FRESH = 3600.0  # seconds for which days that are over count as counted
_FRAME = PlotFrame(440, 200, left=52, right=8, top=10, bottom=24)


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


def trends(desk: ConsoleContext, over: DaysOver) -> str:
    now = desk.clock.now()
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    first = monday - (WEEKS - 1) * _WEEK

    def count(start: date, end: date) -> Mapping[date, Shares]:
        return desk.read(lambda connection: dict(_by_week(connection, start, end, desk.origin, now)))

    counted = [over.get(today, lambda: count(first, today)), count(today, today + timedelta(days=1))]
    shown = _weeks(counted, first)
    plots = {
        "shares": _shares(say("trends.shares"), shown),
        "calls": _columns(say("trends.calls_chart"), shown, _calls),
        "nobody": _columns(say("trends.nobody_chart"), shown, _nobody),
    }
    return render_template("console/trends.html", weeks=shown, this_week=monday, goal=wording().goal, plots=plots)


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


def _shares(title: str, shown: Sequence[TrendWeek]) -> Plot:
    lines = {"a": [each.official for each in shown], "b": [each.lived for each in shown]}
    drawn = [PlotPath(css, way) for css, line in lines.items() for way in _pieces(line)]
    labels = [page_language().percent(share, 0) for share in marks(1)]
    return _plot(title, shown, labels, [_FRAME.across(GOAL_SHARE, "goal-line"), *drawn])


def _columns(title: str, shown: Sequence[TrendWeek], value: Callable[[TrendWeek], int]) -> Plot:
    highest = _round_up(max((value(each) for each in shown), default=0))
    labels = [page_language().number(int(mark)) for mark in marks(highest)]
    rects = _FRAME.columns([value(each) / highest for each in shown])
    return replace(_plot(title, shown, labels), rects=rects)


def _plot(title: str, shown: Sequence[TrendWeek], labels: Sequence[str], lines: Iterable[PlotPath] = ()) -> Plot:
    """Without a description: the table below says the same."""
    paths, texts = _FRAME.scale(labels)
    return Plot(title, _FRAME.width, _FRAME.height, [*texts, *_days(shown)], paths=[*paths, *lines])


def _days(shown: Sequence[TrendWeek]) -> Iterator[PlotText]:
    """The first days of some weeks."""
    every = 1 + max(0, len(shown) - 1) // 5
    for number in range(0, len(shown), every):
        day = page_language().day_and_month(shown[number].monday)
        yield PlotText(_FRAME.middle(number, len(shown)), _FRAME.height - 6, day)


def _pieces(values: Sequence[float | None]) -> Iterator[str]:
    """The ways of a line; a week without a value breaks it."""
    for known, run in groupby(enumerate(values), lambda item: item[1] is not None):
        if known:
            points = ((_FRAME.middle(number, len(values)), _FRAME.y(each or 0.0)) for number, each in run)
            yield "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _round_up(value: int) -> int:
    """To a number whose quarters are whole."""
    step: int = 10 ** max(0, len(str(value)) - 2) * PARTS
    return max(PARTS, -(-value // step) * step)
