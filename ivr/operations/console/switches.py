"""What can be changed in the console: a centre's outages, the announcement, and taking a change back. POST alone.

Every one leaves a row in the trail with who, before and after.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort

from ivr.base.clock import OSLO
from ivr.base.ids import CentreId
from ivr.line.flow.events import OutageKind
from ivr.operations.console import forms
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.forms import UnclearError
from ivr.operations.console.responses import go_to, list_query, refuse, row_number
from ivr.operations.console.wording import moment
from ivr.operations.records.announcements import SwitchedOn, announce
from ivr.operations.records.changes import Outdated
from ivr.operations.records.outages import Marked, Overlapping, plan, switch
from ivr.operations.records.trail import undo

LONGEST = timedelta(days=7)  # of an outage: what lasts longer belongs in the directory
FARTHEST = timedelta(days=90)  # until a planned one begins
LONGEST_ANNOUNCEMENT = timedelta(days=1)  # what is not true any more is worse than nothing


def add_switches(console: Blueprint, desk: ConsoleContext) -> None:
    _add_outages(console, desk)
    _add_announcement(console, desk)

    @console.post("/changes/<change_id>/undo")
    def take_back(change_id: str) -> Response:
        number = row_number(change_id)
        if number is None:
            abort(404)
        try:
            desk.write(lambda engine: undo(engine, number, forms.by(desk)))
        except LookupError:
            abort(404)
        except Outdated:
            return refuse(409, "not_taken_back", "only_latest")
        return go_to(f"{desk.root}/changes")


def _add_outages(console: Blueprint, desk: ConsoleContext) -> None:
    @console.post("/centres/<centre_id>/outage")
    def out_of_service(centre_id: str) -> Response:
        return _of_centre(desk, centre_id, lambda centre: _switch(desk, centre, _wanted(desk)))

    @console.post("/centres/<centre_id>/in-service")
    def in_service(centre_id: str) -> Response:
        return _of_centre(desk, centre_id, lambda centre: _switch(desk, centre, None))

    @console.post("/centres/<centre_id>/planned")
    def planned(centre_id: str) -> Response:
        return _of_centre(desk, centre_id, lambda centre: _plan(desk, centre, forms.begins(), _planned(desk)))

    @console.post("/centres/<centre_id>/not-planned")
    def not_planned(centre_id: str) -> Response:
        return _of_centre(desk, centre_id, lambda centre: _plan(desk, centre, forms.begins() or 0, None))


def _add_announcement(console: Blueprint, desk: ConsoleContext) -> None:
    @console.post("/announcement")
    def announced() -> Response:
        return _changed(desk, "/announcement", lambda: _announce(desk, _announcement(desk)))

    @console.post("/announcement/off")
    def not_announced() -> Response:
        return _changed(desk, "/announcement", lambda: _announce(desk, None))


def _of_centre(desk: ConsoleContext, centre_id: str, change: Callable[[CentreId], None]) -> Response:
    centre = CentreId(centre_id)
    if centre not in desk.directory.centres:
        abort(404)
    return _changed(desk, f"/centres/{centre}{list_query()}", lambda: change(centre))


def _changed(desk: ConsoleContext, path: str, change: Callable[[], None]) -> Response:
    """The answer to a form: its page again, or why nothing was changed."""
    try:
        change()
    except UnclearError as error:
        return refuse(400, "not_changed", str(error), **error.slots)
    except Overlapping as error:
        begins = moment(error.other.since) if error.other.since else ""
        words = "overlaps" if begins else "overlaps_now"
        return refuse(409, "not_changed", words, begins=begins, ends=moment(error.other.until))
    except Outdated:
        return refuse(409, "not_changed", "outdated")
    return go_to(f"{desk.root}{path}")


def _switch(desk: ConsoleContext, centre: CentreId, wanted: Marked | None) -> None:
    seen = forms.seen()
    desk.write(lambda engine: switch(engine, centre, wanted, seen, forms.by(desk)))


def _plan(desk: ConsoleContext, centre: CentreId, begins: int | None, wanted: Marked | None) -> None:
    seen = forms.seen()
    desk.write(lambda engine: plan(engine, centre, begins, wanted, seen, forms.by(desk)))


def _announce(desk: ConsoleContext, wanted: SwitchedOn | None) -> None:
    seen = forms.seen()
    desk.write(lambda engine: announce(engine, wanted, seen, forms.by(desk)))


def _wanted(desk: ConsoleContext) -> Marked:
    kind, note = OutageKind(forms.chosen("kind", list(OutageKind))), forms.note()
    return Marked(kind, forms.end(_now(desk), LONGEST).astimezone(OSLO), note)


def _planned(desk: ConsoleContext) -> Marked:
    kind, note = OutageKind(forms.chosen("kind", list(OutageKind))), forms.note()
    since = forms.begin(_now(desk), FARTHEST)
    return Marked(kind, forms.end(since, LONGEST, "span_range").astimezone(OSLO), note, since.astimezone(OSLO))


def _announcement(desk: ConsoleContext) -> SwitchedOn:
    name, note = forms.chosen("name", desk.flow.announcements), forms.note()
    return SwitchedOn(name, forms.end(_now(desk), LONGEST_ANNOUNCEMENT).astimezone(OSLO), note)


def _now(desk: ConsoleContext) -> datetime:
    return desk.clock.now().astimezone(UTC)
