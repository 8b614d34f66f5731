"""The pages: what is going on, centres, directory, flow, changes. GET alone: nothing here changes anything."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from ivr.base.ids import CentreId
from ivr.line.directory import Centre, Place
from ivr.line.directory.roster import week
from ivr.line.directory.search_box import search
from ivr.line.directory.standing import number_standing
from ivr.line.flow.events import OutageKind
from ivr.operations.console import standings
from ivr.operations.console.announcement import announcement
from ivr.operations.console.calls import call, calls_of_a_day
from ivr.operations.console.context import ConsoleContext, NoDatabase
from ivr.operations.console.days import period_of
from ivr.operations.console.figures import day_so_far, figures_of_a_day
from ivr.operations.console.plan import last_plan
from ivr.operations.console.prompts import prompts
from ivr.operations.console.responses import row_number
from ivr.operations.console.trends import trends
from ivr.operations.console.verification import number_to_ring, verification
from ivr.operations.console.wording import call_language, heard, naming_of, words_of
from ivr.operations.records.announcements import switched_on
from ivr.operations.records.changes import latest_change
from ivr.operations.records.live import live_calls, versions
from ivr.operations.records.outages import Marked, in_force, known_outages, planned
from ivr.operations.records.steps import steps_taken
from ivr.operations.records.trail import trail
from ivr.operations.records.verifications import verification_trail
from ivr.proof.check.picture import Overlay, as_svg

_MOST_FOUND = 60
_MOST_LETTERS = 60  # of what is searched for
_USUAL = timedelta(hours=2)  # of an outage


def add_pages(console: Blueprint, desk: ConsoleContext) -> None:
    views: dict[str, Callable[..., str]] = {
        "/": overview,
        "/live": live,
        "/live/rows": live_rows,
        "/figures": figures_of_a_day,
        "/trends": trends,
        "/calls": calls_of_a_day,
        "/calls/<call_id>": call,
        "/centres": centres,
        "/centres/<centre_id>": centre,
        "/directory": directory,
        "/flow": flow,
        "/prompts": prompts,
        "/verification": verification,
        "/verification/<centre_id>": number_to_ring,
        "/announcement": announcement,
        "/changes": changes,
        "/plan": last_plan,
    }
    for path, view in views.items():
        console.add_url_rule(path, view.__name__, partial(view, desk), methods=["GET"])


def overview(desk: ConsoleContext) -> str:
    now = desk.clock.now()
    try:
        calls, known, on, today = desk.read(
            lambda c: (live_calls(c, now), known_outages(c, now), switched_on(c, now), day_so_far(c, now, desk.origin))
        )
    except NoDatabase as error:
        return render_template("console/overview.html", problem=str(error), **_state(desk))
    shown = {"live": calls, "marked": in_force(known, now), "planned": planned(known, now), "on": on, "day": today}
    return render_template("console/overview.html", **shown, **_state(desk))


def live(desk: ConsoleContext) -> str:
    return render_template("console/live.html", live=_live(desk))


def live_rows(desk: ConsoleContext) -> str:
    """The table alone, which the page asks for again and again."""
    return render_template("console/live_rows.html", live=_live(desk))


def centres(desk: ConsoleContext) -> str:
    text, kind = _asked(), request.args.get("state", "")
    known, problem = _known_outages(desk)
    now = desk.clock.now()
    marked, later = in_force(known, now), dict(reversed(planned(known, now)))  # of each centre the next one
    every = standings.states(desk)
    if text:
        named = {each.id for each in search(desk.directory, text).centres}
        every = [each for each in every if each.centre.id in named]
    found = standings.of_kind(every, kind, marked)
    found = sorted(found, key=lambda each: (each.centre.id not in marked, each.centre.spoken if not kind else ""))
    shown = {"q": text, "state": kind, "counts": standings.counted(every, marked), "planned": later}
    return render_template("console/centres.html", centres=found, marked=marked, problem=problem, **shown)


def centre(desk: ConsoleContext, centre_id: str) -> str:
    found = desk.directory.centres.get(CentreId(centre_id))
    if found is None:
        abort(404)
    return render_template("console/centre.html", **_of_centre(desk, found))


def directory(desk: ConsoleContext) -> str:
    text = _asked()
    found = search(desk.directory, text)
    places = [_place(desk, place) for place in found.places[:_MOST_FOUND]]
    count = len(found.places) + len(found.centres)
    shown = {"places": places, "centres": found.centres[:_MOST_FOUND], "count": count, "q": text}
    sources = desk.directory.sources.values()
    return render_template("console/directory.html", sources=sources, **shown, **_versions(desk), **_state(desk))


def flow(desk: ConsoleContext) -> str:
    return render_template("console/flow.html", **_flow_of_today(desk), **_versions(desk), **_state(desk))


def _flow_of_today(desk: ConsoleContext) -> dict[str, Any]:
    """Its picture with how often each step was taken; without the counts where there is no database."""
    period = period_of(desk.clock.now().date(), desk.origin)
    try:
        counts = desk.read(lambda connection: steps_taken(connection, period))
    except NoDatabase:
        counts = Counter()
    picture = Markup(as_svg(desk.flow, naming_of(desk), Overlay(counts=counts)))  # noqa: S704 - made and escaped by us
    spoken = ", ".join(call_language(desk, code) for code in desk.flow.languages)
    return {"picture": picture, "steps": counts.total(), "spoken": spoken}


def changes(desk: ConsoleContext) -> str:
    below, rung_below = (row_number(request.args.get(name, "")) for name in ("below", "rung_below"))
    rows, rung = desk.read(lambda c: (trail(c, below=below), verification_trail(c, below=rung_below)))
    return render_template("console/changes.html", changes=rows, rung=rung)


def _asked() -> str:
    return request.args.get("q", "").strip()[:_MOST_LETTERS]


def _live(desk: ConsoleContext) -> Any:
    return desk.read(lambda connection: live_calls(connection, desk.clock.now()))


def _known_outages(desk: ConsoleContext) -> tuple[dict[CentreId, tuple[Marked, ...]], str]:
    """The outages that are not over, and why they cannot be told."""
    try:
        return desk.read(lambda connection: known_outages(connection, desk.clock.now())), ""
    except NoDatabase as error:
        return {}, str(error)


def _state(desk: ConsoleContext) -> dict[str, Any]:
    return {
        "flow": desk.flow,
        "directory": desk.directory,
        "findings": desk.findings,
        "refused": desk.refused,
        "records": desk.standing(),
        **_expires(desk),
    }


def _expires(desk: ConsoleContext) -> dict[str, Any]:
    found = desk.expires() if desk.expires else {}
    return {"verification": found.get("number"), "checklist": found.get("checklist")}


def _versions(desk: ConsoleContext) -> dict[str, Any]:
    try:
        return {"versions": desk.read(versions)}
    except NoDatabase as error:
        return {"problem": str(error)}


def _place(desk: ConsoleContext, place: Place) -> dict[str, Any]:
    now = desk.clock.now()
    answer = desk.directory.answering(place, now)
    municipality = desk.directory.place(place)
    roster = words_of("roster.")
    lines = week(desk.directory.timetable(place, now.date()), now.date())
    county = desk.directory.counties.get(municipality.county)
    return {
        "key": place.key,
        "name": municipality.spoken,
        "where": ", ".join(filter(None, (desk.directory.postal_place(place), county.name if county else ""))),
        "centre": answer.centre,
        "alternative": answer.alternative,
        "week": [(roster.text(when), desk.directory.centres[each]) for when, each in lines],
        "until": desk.directory.answers_until(place, now),
    }


def _of_centre(desk: ConsoleContext, centre: Centre) -> dict[str, Any]:
    now, directory = desk.clock.now(), desk.directory
    backups = directory.backups(centre)
    found: dict[str, Any] = {"centre": centre, "backups": backups, "places": _served(desk, centre)}
    found["kind"] = standings.kind_of(number_standing(centre, now.date()))
    try:
        known, seen, rows = desk.read(
            lambda c: (known_outages(c, now), latest_change(c, centre.id), trail(c, centre=centre.id, most=10))
        )
    except NoDatabase as error:
        return {**found, "problem": str(error), "changes": [], "outage": None}
    marked = in_force(known, now)
    stand_in = next((each for each in backups if each.id not in marked), None)
    hear = {kind: heard(desk, kind, centre, stand_in) for kind in OutageKind} if stand_in else {}
    usual = (now + _USUAL).replace(minute=0, second=0) if centre.id not in marked else marked[centre.id].until
    more = {"outage": marked.get(centre.id), "seen": seen, "changes": rows, "stand_in": stand_in, "hear": hear}
    more["stand_in_reaches_nobody"] = stand_in is not None and standings.reaches_nobody(desk, stand_in)
    found["planned"] = [each for each in known.get(centre.id, ()) if not each.begun(now)]
    night = now.replace(hour=22, minute=0, second=0) + timedelta(days=1)
    found["usual_plan"] = Marked(OutageKind.CLOSED, night + _USUAL, "", night)
    return {**found, **more, "until": usual}


def _served(desk: ConsoleContext, centre: Centre) -> list[str]:
    now, directory = desk.clock.now(), desk.directory
    places = (Place(number) for number in (*directory.municipalities, *directory.areas))
    return sorted(directory.place_name(each) for each in places if directory.answering(each, now).centre is centre)
