"""Centres out of service, and the trail of who changed what: read, switched and taken back in one transaction each.

Every change leaves a row with the state before and after it. A change that was decided on from an outdated page is
refused, so that two people never undo each other's work unknowingly.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select

from ivr.base.clock import OSLO
from ivr.base.errors import IvrError
from ivr.base.ids import CentreId
from ivr.line.flow.events import Outage, OutageKind
from ivr.operations.records.database import alone
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import changes, outages

_LOCK = 116_118  # of PostgreSQL's advisory locks: one change at a time; not that of a purge, which may take long


@dataclass(frozen=True)
class Marked:
    """How a centre is marked; `note` is for colleagues and never spoken."""

    kind: OutageKind
    until: datetime
    note: str = ""

    def as_text(self) -> str:
        return json.dumps({"kind": self.kind, "until": milliseconds(self.until), "note": self.note})

    @classmethod
    def from_text(cls, text: str) -> "Marked | None":
        """None for "": in service."""
        if not text:
            return None
        told = json.loads(text)
        return cls(OutageKind(told["kind"]), _moment(told["until"]), told["note"])


@dataclass(frozen=True)
class OutageChange:
    """One row of the trail. `latest`: nothing was changed of this centre since, so it can be taken back."""

    id: int
    at: datetime
    who: str
    centre: CentreId
    before: Marked | None
    after: Marked | None
    undoes: int | None
    latest: bool


@dataclass(frozen=True)
class ChangedBy:
    """Who changes something, and when."""

    who: str
    now: datetime


class Outdated(IvrError):  # noqa: N818 - it is what the page is
    """Somebody else has changed this centre since the page was made."""


def in_force(connection: Connection, now: datetime) -> dict[CentreId, Marked]:
    """The outages that are not over, by centre."""
    rows = connection.execute(select(outages).where(outages.c.until_at > milliseconds(now)).order_by(outages.c.centre))
    return {CentreId(row.centre): Marked(OutageKind(row.kind), _moment(row.until_at), row.note) for row in rows}


def as_outages(marked: dict[CentreId, Marked]) -> tuple[Outage, ...]:
    """What the flow needs to know of them."""
    return tuple(Outage(centre, each.kind, each.until) for centre, each in marked.items())


def latest_change(connection: Connection, centre: CentreId) -> int:
    """The id of the last change of a centre; 0 if there was none."""
    return int(connection.scalar(select(func.max(changes.c.id)).where(changes.c.centre == centre)) or 0)


def switch(engine: Engine, centre: CentreId, wanted: Marked | None, seen: int, by: ChangedBy) -> None:
    """Mark a centre as out of service, or (None) as in service. `seen`: its latest change when the page was made.

    Raises Outdated.
    """
    with alone(engine, _LOCK) as connection:
        if latest_change(connection, centre) != seen:
            raise Outdated
        _switch(connection, centre, wanted, by, undoes=None)


def undo(engine: Engine, change_id: int, by: ChangedBy) -> str:
    """Bring a centre back to how it was before its latest change; the centre. An outage that would be over by now is
    not brought back. Raises Outdated if the change is not the latest, LookupError if there is none such."""
    with alone(engine, _LOCK) as connection:
        row = connection.execute(select(changes).where(changes.c.id == change_id)).mappings().first()
        if row is None:
            raise LookupError(change_id)
        centre = CentreId(row["centre"])
        if latest_change(connection, centre) != change_id:
            raise Outdated
        _switch(connection, centre, Marked.from_text(row["before"]), by, undoes=change_id)
        return centre


def trail(connection: Connection, *, below: int | None = None, centre: str = "", most: int = 50) -> list[OutageChange]:
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


def _switch(connection: Connection, centre: CentreId, wanted: Marked | None, by: ChangedBy, undoes: int | None) -> None:
    before = in_force(connection, by.now).get(centre)
    after = wanted if wanted and wanted.until > by.now else None
    connection.execute(delete(outages).where(outages.c.centre == centre))
    if after:
        row = {"centre": centre, "kind": after.kind, "until_at": milliseconds(after.until), "note": after.note}
        connection.execute(insert(outages).values(row))
    told = {"before": before.as_text() if before else "", "after": after.as_text() if after else ""}
    row = {"at": milliseconds(by.now), "who": by.who, "centre": centre, "undoes": undoes, **told}
    connection.execute(insert(changes).values(row))


def _change(row: RowMapping, *, latest: bool) -> OutageChange:
    before, after = Marked.from_text(row["before"]), Marked.from_text(row["after"])
    return OutageChange(row["id"], _moment(row["at"]), row["who"], row["centre"], before, after, row["undoes"], latest)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, OSLO)
