"""What was found when a number was rung, and what a second person says of it. POST alone; every form leaves a row."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, Response, abort, request

from ivr.base.ids import CentreId
from ivr.line.directory import Centre
from ivr.operations.console import forms
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.forms import UnclearError
from ivr.operations.console.responses import go_to, refuse, row_number
from ivr.operations.records.changes import Outdated
from ivr.operations.records.verifications import (
    FOUND,
    RungNumber,
    SamePerson,
    VerificationStep,
    confirm,
    record_ring,
    reject,
)

OLDEST = timedelta(days=30)  # of a call that may still be written down
_MOST_NAME = 80  # letters of how the centre answered


def add_verification_forms(console: Blueprint, desk: ConsoleContext) -> None:
    @console.post("/verification/<centre_id>/ring")
    def ring(centre_id: str) -> Response:
        centre = desk.directory.centres.get(CentreId(centre_id))
        if centre is None:
            abort(404)
        return _answer(desk, lambda: _record(desk, centre))

    @console.post("/verification/<entry_id>/confirm")
    def confirm_ring(entry_id: str) -> Response:
        return _answer(desk, lambda: desk.write(lambda engine: confirm(engine, _entry(entry_id), forms.by(desk))))

    @console.post("/verification/<entry_id>/reject")
    def reject_ring(entry_id: str) -> Response:
        return _answer(
            desk, lambda: desk.write(lambda engine: reject(engine, _entry(entry_id), forms.note(), forms.by(desk)))
        )


def _answer(desk: ConsoleContext, change: Callable[[], CentreId]) -> Response:
    try:
        centre = change()
    except UnclearError as error:
        return refuse(400, "not_changed", str(error), **error.slots)
    except Outdated:
        return refuse(409, "not_changed", "outdated")
    except SamePerson:
        return refuse(403, "same_person")
    except LookupError:
        abort(404)
    return go_to(f"{desk.root}/verification/{centre}")


def _record(desk: ConsoleContext, centre: Centre) -> CentreId:
    seen = forms.seen()
    rung = _rung(desk, centre)
    desk.write(lambda engine: record_ring(engine, centre.id, rung, seen, forms.by(desk)))
    return centre.id


def _rung(desk: ConsoleContext, centre: Centre) -> RungNumber:
    number = "".join(request.form.get("number", "").split()).removeprefix("+47")
    found = request.form.get("found", "")
    if number != centre.number.national:
        raise UnclearError("other_number")
    if found not in FOUND:
        raise UnclearError("no_finding")
    answered_by = forms.text("answered_by", _MOST_NAME)
    if found == VerificationStep.REACHED and not answered_by:
        raise UnclearError("nobody_named")
    return RungNumber(number, VerificationStep(found), _day(desk.clock.now().date()), answered_by, forms.note())


def _day(today: date) -> date:
    try:
        day = date.fromisoformat(request.form.get("rung_on", ""))
    except ValueError:
        raise UnclearError("no_day") from None
    if not today - OLDEST <= day <= today:
        raise UnclearError("day_range", days=OLDEST.days)
    return day


def _entry(entry_id: str) -> int:
    number = row_number(entry_id)
    if number is None:
        raise LookupError(entry_id)
    return number
