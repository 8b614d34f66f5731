"""The work list of numbers to verify, and the page for ringing one: what is known, what was found, what to ask."""

from collections import Counter
from typing import Any

from flask import abort, render_template, request

from ivr.base.ids import CentreId
from ivr.line.directory import Centre, Place
from ivr.line.directory.standing import NumberStanding, WorkItem, work_list
from ivr.operations.console.context import ConsoleContext
from ivr.operations.console.standings import REACHES_NOBODY, kind_of
from ivr.operations.records.verifications import (
    FOUND,
    VerificationEntry,
    VerificationStep,
    latest_step,
    standing_entries,
    verification_trail,
)

# What the list can be filtered by: what each number is worth, and how far the work on it is.
TO_RING = (NumberStanding.NEVER_VERIFIED, NumberStanding.STALE, NumberStanding.DUE)
_FILTERS: tuple[str, ...] = (*TO_RING, REACHES_NOBODY, *VerificationStep)


def verification(desk: ConsoleContext) -> str:
    """In the order of `ivr directory todo`: most people first."""
    asked = request.args.get("state", "")
    entries = desk.read(standing_entries)
    rows = [_row(item, entries) for item in work_list(desk.directory, desk.clock.now()) if _is_work(item, entries)]
    counts = Counter(kind for row in rows for kind in (row["kind"], row["step"]))
    usual = [row for row in rows if row["kind"] != REACHES_NOBODY]
    shown = [row for row in rows if asked in (row["kind"], row["step"])] if asked in _FILTERS else usual
    found = {kind: counts[kind] for kind in _FILTERS if counts[kind]}
    return render_template("console/verification.html", rows=shown, counts=found, state=asked, all=len(usual))


def number_to_ring(desk: ConsoleContext, centre_id: str) -> str:
    centre = desk.directory.centres.get(CentreId(centre_id))
    if centre is None:
        abort(404)
    entries, seen, rows = desk.read(
        lambda c: (standing_entries(c), latest_step(c, centre.id), verification_trail(c, centre=centre.id, most=10))
    )
    (item,) = (each for each in work_list(desk.directory, desk.clock.now()) if each.centre is centre)
    shown: dict[str, Any] = {
        "centre": centre,
        "kind": kind_of(item.standing),
        "places": [desk.directory.place_name(Place(number)) for number in item.municipalities],
        "backups": desk.directory.backups(centre),
        "entry": _counting(entries, centre),
        "found": FOUND,
        "today": desk.clock.now().date(),
        "seen": seen,
        "rung": rows,
    }
    return render_template("console/number_to_ring.html", **shown)


def _is_work(item: WorkItem, entries: dict[CentreId, VerificationEntry]) -> bool:
    return item.standing.is_open or _counting(entries, item.centre) is not None


def _row(item: WorkItem, entries: dict[CentreId, VerificationEntry]) -> dict[str, Any]:
    entry = _counting(entries, item.centre)
    return {"item": item, "kind": kind_of(item.standing), "entry": entry, "step": entry.step if entry else ""}


def _counting(entries: dict[CentreId, VerificationEntry], centre: Centre) -> VerificationEntry | None:
    """The newest step of a centre; None once the directory knows it, or has another number."""
    entry, known = entries.get(centre.id), centre.number_provenance.last_verified
    if entry is None or entry.number != centre.number.national or (known and known >= entry.rung_on):
        return None
    return entry
