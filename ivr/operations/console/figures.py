"""The figures of one day, as `ivr report` tells them. A day at a time, so that no page keeps the database busy."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request
from sqlalchemy import Connection

from ivr.base.clock import OSLO
from ivr.base.ids import CentreId
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.days import asked_day, period_of
from ivr.operations.console.language import page_language
from ivr.operations.console.wording import naming_of
from ivr.operations.records.figures import GOAL_SECONDS, GOAL_SHARE, Group, Grouping, figures, in_short
from ivr.operations.report.sections import sections
from ivr.operations.report.wording import ReportWording

_OF_A_DAY = [each for each in Grouping if each is not Grouping.WEEK]
_USUAL = Grouping.HOUR


def figures_of_a_day(desk: ConsoleContext) -> str:
    today = desk.clock.now().date()
    day = asked_day(today)
    by = Grouping(request.args["by"]) if request.args.get("by") in _OF_A_DAY else _USUAL
    period = period_of(day, desk.origin)
    found = desk.read(lambda connection: figures(connection, period, by, desk.clock.now()))
    report = sections(found, _namer(desk, by), page_language(), naming_of(desk).title)
    days = {"day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "today": today}
    shown = {"calls": found.total.calls, "by": by, "groupings": _OF_A_DAY, "notes": list(wording().caveats(found))}
    return render_template("console/figures.html", report=report, **days, **shown)


def day_so_far(connection: Connection, now: datetime, origin: str) -> Mapping[str, Any]:
    """Today beside yesterday: the official figure, and what callers live through."""
    today = now.astimezone(OSLO).date()
    found = {name: in_short(connection, period_of(day, origin), now) for name, day in _two_days(today)}
    return {"goal": wording().goal, **{name: _in_short(group) for name, group in found.items()}}


def _two_days(today: date) -> Iterator[tuple[str, date]]:
    yield "today", today
    yield "yesterday", today - timedelta(days=1)


def _in_short(group: Group) -> Mapping[str, Any]:
    share = group.share_within(GOAL_SECONDS)
    return {
        "calls": group.calls,
        "official": wording().percent(share),
        "missed": share is not None and share < GOAL_SHARE,
        "to_person": wording().seconds(group.to_human.median),
        "hung_up": group.dispositions["abandoned"],
        "unanswered": group.dispositions["nobody_answered"],
        "red_flags": group.red_flags,
    }


def wording() -> ReportWording:
    return ReportWording(page_language())


def _namer(desk: ConsoleContext, by: Grouping) -> Callable[[str], str]:
    """What groups are called; what the directory does not know keeps its id."""
    centres, counties = desk.directory.centres, desk.directory.counties
    if by is Grouping.CENTRE:
        return lambda key: centres[CentreId(key)].spoken if key in centres else key
    if by is Grouping.COUNTY:
        return lambda key: counties[key].name if key in counties else key
    return str
