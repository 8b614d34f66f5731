"""The figures of one day, as `ivr report` tells them. A day at a time, so that no page keeps the database busy."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask import render_template, request
from markupsafe import Markup

from ivr.base.clock import OSLO
from ivr.base.ids import CentreId
from ivr.operations.console.context import ConsoleContext
from ivr.operations.records.figures import Grouping, Period, figures
from ivr.operations.report import wording
from ivr.operations.report.page import sections

_USUAL = Grouping.HOUR


def figures_of_a_day(desk: ConsoleContext) -> str:
    today = desk.clock.now().date()
    day = _asked_day(today)
    by = Grouping(request.args["by"]) if request.args.get("by") in list(Grouping) else _USUAL
    period = Period(_midnight(day), _midnight(day + timedelta(days=1)))
    found = desk.read(lambda connection: figures(connection, period, by, desk.clock.now()))
    content = Markup(sections(found, _namer(desk, by)))  # noqa: S704 - made by us, and escaped there
    days = {"day": day, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "today": today}
    shown = {"calls": found.total.calls, "by": by, "groupings": list(Grouping), "notes": list(wording.caveats(found))}
    return render_template("console/figures.html", content=content, **days, **shown)


def _asked_day(today: date) -> date:
    """The day in the address; today if there is none, or none that was."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    return day if date(2000, 1, 1) <= day <= today else today


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=OSLO)


def _namer(desk: ConsoleContext, by: Grouping) -> Callable[[str], str]:
    """What groups are called; what the directory does not know keeps its id."""
    centres, counties = desk.directory.centres, desk.directory.counties
    if by is Grouping.CENTRE:
        return lambda key: centres[CentreId(key)].spoken if key in centres else key
    if by is Grouping.COUNTY:
        return lambda key: counties[key].name if key in counties else key
    return str
