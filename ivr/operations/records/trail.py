"""The trail of who changed what in the console, and taking the latest change of a centre, or of the line, back."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, func, select

from ivr.base.ids import CentreId
from ivr.operations.records.announcements import SwitchedOn, state_of, switch_on
from ivr.operations.records.changes import LINE, ChangedBy, changing, moment_of, must_be_latest
from ivr.operations.records.outages import Marked, restore, states_of
from ivr.operations.records.tables import changes


@dataclass(frozen=True)
class ConsoleChange:
    """One row of the trail. `centre`: "" for the whole line. `latest`: nothing was changed of it since, so it can be
    taken back. `before`, `after`: the outage that was in force and the one that is; of the line the announcement."""

    id: int
    at: datetime
    who: str
    centre: CentreId
    before: Marked | None
    after: Marked | None
    planned_before: tuple[Marked, ...]
    planned_after: tuple[Marked, ...]
    announcement_before: SwitchedOn | None
    announcement_after: SwitchedOn | None
    undoes: int | None
    latest: bool


def undo(engine: Engine, change_id: int, by: ChangedBy) -> CentreId:
    """Bring a centre, or the line, back to how it was before its latest change; which one. What would be over by now is
    not brought back. Raises Outdated if the change is not the latest, LookupError if there is none such."""
    with changing(engine) as connection:
        row = connection.execute(select(changes).where(changes.c.id == change_id)).mappings().first()
        if row is None:
            raise LookupError(change_id)
        change, by = _change(row, latest=False), replace(by, undoes=change_id)
        must_be_latest(connection, change.centre, change_id)
        if change.centre == LINE:
            switch_on(connection, change.announcement_before, by)
        else:
            in_force = (change.before,) if change.before else ()
            restore(connection, change.centre, (*in_force, *change.planned_before), by)
        return change.centre


def trail(connection: Connection, *, below: int | None = None, centre: str = "", most: int = 50) -> list[ConsoleChange]:
    """The newest first; `below`: those before this one; `centre`: of this one only."""
    query = select(changes).order_by(changes.c.id.desc()).limit(most)
    if below is not None:
        query = query.where(changes.c.id < below)
    if centre:
        query = query.where(changes.c.centre == centre)
    rows = connection.execute(query).mappings().all()
    named = {row["centre"] for row in rows}
    of_centre = select(changes.c.centre, func.max(changes.c.id)).where(changes.c.centre.in_(named))
    latest = {row[0]: row[1] for row in connection.execute(of_centre.group_by(changes.c.centre))}
    return [_change(row, latest=latest[row["centre"]] == row["id"]) for row in rows]


def _change(row: RowMapping, *, latest: bool) -> ConsoleChange:
    (before, planned_before), (after, planned_after) = states_of(row, "before"), states_of(row, "after")
    return ConsoleChange(
        id=row["id"],
        at=moment_of(row["at"]),
        who=row["who"],
        centre=CentreId(row["centre"]),
        before=before,
        after=after,
        planned_before=planned_before,
        planned_after=planned_after,
        announcement_before=state_of(row, "before"),
        announcement_after=state_of(row, "after"),
        undoes=row["undoes"],
        latest=latest,
    )
