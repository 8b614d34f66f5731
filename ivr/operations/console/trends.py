"""The course of half a year, week by week, as `ivr report --by week` counts it.

Days that are over were counted before anybody asked (past_weeks.py); a request counts today.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import dropwhile, groupby

from flask import render_template

from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.figures import wording
from ivr.operations.console.language import page_language
from ivr.operations.console.past_weeks import WEEK, WEEKS, by_week, first_monday
from ivr.operations.console.wording import say
from ivr.operations.records.figures import GOAL_SHARE
from ivr.operations.records.shares import Shares
from ivr.operations.report.plots import PARTS, Plot, PlotFrame, PlotPath, PlotText, marks

_FRAME = PlotFrame(440, 200, left=52, right=8, top=10, bottom=24)


@dataclass(frozen=True)
class TrendWeek:
    """`official`, `lived`: shares within two minutes of ringing, and of the call; None of nothing."""

    monday: date
    calls: int
    official: float | None
    lived: float | None
    nobody: int


def trends(desk: ConsoleContext) -> str:
    now = desk.clock.now()
    today = now.date()
    past = desk.past_weeks.known if desk.past_weeks else None
    since = past.at.date() if past else today  # after midnight also yesterday, until the next count
    # Also before anything was counted: it says so where the database cannot be read.
    recent = dict(by_week(desk.read, since, today + timedelta(days=1), desk.origin, now))
    if past is None:
        return render_template("console/trends.html", counted_at=None)
    shown = _weeks([past.weeks, recent], first_monday(today))
    plots = {
        "shares": _shares(say("trends.shares"), shown),
        "calls": _columns(say("trends.calls_chart"), shown, [each.calls for each in shown]),
        "nobody": _columns(say("trends.nobody_chart"), shown, [each.nobody for each in shown]),
    }
    about = {"this_week": today - timedelta(days=today.weekday()), "goal": wording().goal, "counted_at": past.at}
    return render_template("console/trends.html", weeks=shown, plots=plots, **about)


def _weeks(counted: Sequence[Mapping[date, Shares]], first: date) -> list[TrendWeek]:
    """From the first one with a call."""
    every = [_week(first + number * WEEK, counted) for number in range(WEEKS)]
    return list(dropwhile(lambda week: not week.calls and week.official is None, every))


def _week(monday: date, counted: Iterable[Mapping[date, Shares]]) -> TrendWeek:
    found = sum((part[monday] for part in counted if monday in part), Shares())
    return TrendWeek(monday, found.calls, found.official, found.lived, found.nobody)


def _shares(title: str, shown: Sequence[TrendWeek]) -> Plot:
    lines = {"a": [each.official for each in shown], "b": [each.lived for each in shown]}
    drawn = [PlotPath(css, way) for css, line in lines.items() for way in _pieces(line)]
    labels = [page_language().percent(share, 0) for share in marks(1)]
    return _plot(title, shown, labels, [_FRAME.across(GOAL_SHARE, "goal-line"), *drawn])


def _columns(title: str, shown: Sequence[TrendWeek], values: Sequence[int]) -> Plot:
    highest = _round_up(max(values, default=0))
    labels = [page_language().number(int(mark)) for mark in marks(highest)]
    rects = _FRAME.columns([value / highest for value in values])
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
