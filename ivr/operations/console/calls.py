"""Recorded calls: those of a day, and a page for each, with why its centre was rung and its way through the flow."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort, render_template
from markupsafe import Markup

from ivr.base.clock import OSLO
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.days import asked_day, period_of
from ivr.operations.console.language import page_language
from ivr.operations.console.wording import naming_of, words_of
from ivr.operations.records.directory_names import names_of
from ivr.operations.records.explanation import Names, reasons, story
from ivr.operations.records.reading import RecordedCall, find_call, newest_calls
from ivr.operations.records.rows import ENTERED
from ivr.proof.check.picture import Overlay, as_svg

_MOST = 100
_ID = 16  # characters: a part of an id may be that of several calls


def calls_of_a_day(desk: ConsoleContext) -> str:
    """The newest first."""
    today = desk.clock.now().date()
    day = asked_day(today)
    found = desk.read(lambda connection: newest_calls(connection, period_of(day), _MOST))
    rows = [_row(call) for call in found]
    return render_template(
        "console/calls.html", calls=rows, most=_MOST, names=names_of(desk.directory), **_around(day, today)
    )


def call(desk: ConsoleContext, call_id: str) -> str:
    found = desk.read(lambda connection: find_call(connection, call_id)) if len(call_id) == _ID else []
    if not found:
        abort(404)
    recorded, names = found[0], _names(desk, found[0].call["directory"])
    way = tuple(fact.node for fact in recorded.facts if fact.kind == ENTERED)
    language = page_language()
    why = list(reasons(recorded, names, language))
    shown: dict[str, Any] = {
        "call": _row(recorded.call),
        "why": why if recorded.call["ended_at"] else why[:-1],  # how it ended comes last
        "story": list(story(recorded, names, language)),
        "names": names,
        "picture": _picture(desk, recorded, way),
    }
    return render_template("console/call.html", **shown)


def _names(desk: ConsoleContext, directory: str) -> Names:
    """As the page's language has them. `directory`: the version that the call had."""
    names = names_of(desk.directory, directory)
    roster = words_of("roster.")
    return replace(
        names,
        duty=lambda centre, municipality, at: roster.text(names.duty(centre, municipality, at)),
        node=naming_of(desk).title,
    )


def _picture(desk: ConsoleContext, recorded: RecordedCall, way: Iterable[str]) -> Markup | None:
    """The way on the flow; None if the call was on another flow."""
    if recorded.call["flow"] != desk.flow.version:
        return None
    return Markup(as_svg(desk.flow, naming_of(desk), Overlay.of_way(tuple(way))))  # noqa: S704 - made and escaped by us


def _row(call: Any) -> dict[str, Any]:
    begun = datetime.fromtimestamp(call["started_at"] / 1000, OSLO)
    human = None if call["human_at"] is None else (call["human_at"] - call["started_at"]) // 1000
    return {**call, "begun": begun, "human_seconds": human}


def _around(day: date, today: date) -> dict[str, date]:
    return {"day": day, "today": today, "before": day - timedelta(days=1), "after": day + timedelta(days=1)}
