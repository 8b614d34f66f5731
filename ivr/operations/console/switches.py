"""What can be changed in the console: a centre's outage, and taking a change back. POST alone.

Every one leaves a row in the trail with who, before and after.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, g, request

from ivr.base.clock import OSLO
from ivr.base.ids import CentreId
from ivr.line.flow.events import OutageKind
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.responses import go_to, refuse, row_number
from ivr.operations.records.changes import ChangedBy, Outdated
from ivr.operations.records.outages import Marked, switch
from ivr.operations.records.trail import undo

LONGEST = timedelta(days=7)  # of an outage: what lasts longer belongs in the directory
_MOST_NOTE = 200


class UnclearError(ValueError):
    """The form does not say what to do. Its text is that of the catalogue under `refused`: what is missing."""

    def __init__(self, what: str, **slots: int) -> None:
        super().__init__(what)
        self.slots = slots


def add_switches(console: Blueprint, desk: ConsoleContext) -> None:
    def changed(centre_id: str, change: Callable[[], object]) -> Response:
        try:
            change()
        except UnclearError as error:
            return refuse(400, "not_changed", str(error), **error.slots)
        except Outdated:
            return refuse(409, "not_changed", "outdated")
        return go_to(f"{desk.root}/centres/{centre_id}")

    @console.post("/centres/<centre_id>/outage")
    def out_of_service(centre_id: str) -> Response:
        _known(desk, centre_id)
        return changed(centre_id, lambda: _switch(desk, CentreId(centre_id), _wanted(desk)))

    @console.post("/centres/<centre_id>/in-service")
    def in_service(centre_id: str) -> Response:
        _known(desk, centre_id)
        return changed(centre_id, lambda: _switch(desk, CentreId(centre_id), None))

    @console.post("/changes/<change_id>/undo")
    def take_back(change_id: str) -> Response:
        number = row_number(change_id)
        if number is None:
            abort(404)
        try:
            desk.write(lambda engine: undo(engine, number, _by(desk)))
        except LookupError:
            abort(404)
        except Outdated:
            return refuse(409, "not_taken_back", "only_latest")
        return go_to(f"{desk.root}/changes")


def _known(desk: ConsoleContext, centre_id: str) -> None:
    if centre_id not in desk.directory.centres:
        abort(404)


def _switch(desk: ConsoleContext, centre_id: CentreId, wanted: Marked | None) -> None:
    seen = row_number(request.form.get("seen", ""))
    if seen is None:
        raise UnclearError("incomplete")
    desk.write(lambda engine: switch(engine, centre_id, wanted, seen, _by(desk)))


def _wanted(desk: ConsoleContext) -> Marked:
    kind, note = request.form.get("kind", ""), " ".join(request.form.get("note", "").split())
    if kind not in list(OutageKind):
        raise UnclearError("choose")
    if len(note) > _MOST_NOTE:
        raise UnclearError("long_note", most=_MOST_NOTE)
    try:
        until = datetime.strptime(request.form.get("until", ""), "%Y-%m-%dT%H:%M").replace(tzinfo=OSLO)
    except ValueError:
        raise UnclearError("no_end") from None
    now = desk.clock.now()
    if not now < until <= now + LONGEST:
        raise UnclearError("end_range", days=LONGEST.days)
    return Marked(OutageKind(kind), until, note)


def _by(desk: ConsoleContext) -> ChangedBy:
    return ChangedBy(g.session.name, desk.clock.now())
