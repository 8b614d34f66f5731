"""Centres out of service, now and planned: read, switched, planned and taken back in one transaction each.

An outage that begins at once stands in the table `outages`, one with a moment at which it begins in `planned_outages`,
before and after that moment. Two outages of one centre never overlap.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from ivr.base.errors import IvrError
from ivr.base.ids import CentreId
from ivr.line.flow.events import Outage, OutageKind
from ivr.operations.records.changes import (
    ChangedBy,
    Outdated,
    as_json,
    changing,
    from_json,
    leave_in_trail,
    moment_of,
    must_be_latest,
)
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import outages, planned_outages

AT_ONCE = 0  # when an outage begins that nobody planned


@dataclass(frozen=True)
class Marked:
    """How a centre is marked; `note` is for colleagues and never spoken. `since`: when it begins or began; None for one
    that was switched on at once."""

    kind: OutageKind
    until: datetime
    note: str = ""
    since: datetime | None = None

    @property
    def begins(self) -> int:
        """In milliseconds, as in the tables: two of these compare rightly in the night when the clocks are put back."""
        return milliseconds(self.since) if self.since else AT_ONCE

    @property
    def ends(self) -> int:
        return milliseconds(self.until)

    def begun(self, now: datetime) -> bool:
        return self.begins <= milliseconds(now)

    def as_json(self) -> dict[str, Any]:
        since = {"since": self.begins} if self.since else {}
        return {"kind": self.kind, "until": self.ends, "note": self.note, **since}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Marked":
        since = moment_of(told["since"]) if "since" in told else None
        return cls(OutageKind(told["kind"]), moment_of(told["until"]), told["note"], since)


class Overlapping(IvrError):  # noqa: N818 - it is what the outage is
    """The centre is out of service then already. `other`: that outage."""

    def __init__(self, other: Marked) -> None:
        super().__init__("it overlaps with another outage of the centre")
        self.other = other


def known_outages(connection: Connection, now: datetime) -> dict[CentreId, tuple[Marked, ...]]:
    """The outages that are not over, by centre, in the order in which they begin."""
    found: dict[CentreId, list[Marked]] = {}
    for table in (outages, planned_outages):
        for row in connection.execute(select(table).where(table.c.until_at > milliseconds(now))).mappings():
            since = moment_of(row["from_at"]) if "from_at" in row else None
            marked = Marked(OutageKind(row["kind"]), moment_of(row["until_at"]), row["note"], since)
            found.setdefault(CentreId(row["centre"]), []).append(marked)
    return {centre: tuple(sorted(found[centre], key=_begins)) for centre in sorted(found)}


def in_force(known: dict[CentreId, tuple[Marked, ...]], now: datetime) -> dict[CentreId, Marked]:
    """Those of them that have begun."""
    begun = {centre: [each for each in marked if each.begun(now)] for centre, marked in known.items()}
    return {centre: marked[0] for centre, marked in begun.items() if marked}


def planned(known: dict[CentreId, tuple[Marked, ...]], now: datetime) -> list[tuple[CentreId, Marked]]:
    """Those of them that have not, the next one first."""
    found = [(centre, each) for centre, marked in known.items() for each in marked if not each.begun(now)]
    return sorted(found, key=lambda pair: _begins(pair[1]))


def as_outages(known: dict[CentreId, tuple[Marked, ...]]) -> tuple[Outage, ...]:
    """What the flow needs to know of them."""
    return tuple(
        Outage(centre, each.kind, each.until, each.since) for centre, marked in known.items() for each in marked
    )


def switch(engine: Engine, centre: CentreId, wanted: Marked | None, seen: int, by: ChangedBy) -> None:
    """Mark a centre as out of service now, or (None) as in service. `seen`: its latest change when the page was made.
    What is planned stays. Raises Outdated, or Overlapping with what is planned."""
    with changing(engine) as connection:
        must_be_latest(connection, centre, seen)
        before = _of(connection, centre, by.now)
        begun = next((each for each in before if each.begun(by.now)), None)
        if wanted and begun:
            wanted = replace(wanted, since=begun.since)
        _replace(connection, centre, begun, wanted, by)


def plan(  # noqa: PLR0913, PLR0917 - which one, what of it, and decided on what
    engine: Engine, centre: CentreId, begins: int | None, wanted: Marked | None, seen: int, by: ChangedBy
) -> None:
    """Plan an outage, or change or (None) take back the one that `begins` at that millisecond. Raises Outdated, also if
    there is none such any more; Overlapping."""
    with changing(engine) as connection:
        must_be_latest(connection, centre, seen)
        old = next((each for each in _of(connection, centre, by.now) if each.begins == begins), None)
        if begins is not None and old is None:
            raise Outdated
        _replace(connection, centre, old, wanted, by)


def restore(connection: Connection, centre: CentreId, wanted: Iterable[Marked], by: ChangedBy) -> None:
    """Bring all outages of a centre back; what would be over by now is not."""
    _change(connection, centre, list(wanted), by)


def _replace(
    connection: Connection, centre: CentreId, old: Marked | None, wanted: Marked | None, by: ChangedBy
) -> None:
    others = [each for each in _of(connection, centre, by.now) if each != old]
    if wanted:
        now = milliseconds(by.now)
        for each in others:
            if max(wanted.begins, now) < each.ends and max(each.begins, now) < wanted.ends:
                raise Overlapping(each)
    _change(connection, centre, [*others, *([wanted] if wanted else [])], by)


def _change(connection: Connection, centre: CentreId, wanted: list[Marked], by: ChangedBy) -> None:
    before, after = _of(connection, centre, by.now), [each for each in wanted if each.ends > milliseconds(by.now)]
    for table in (outages, planned_outages):
        connection.execute(delete(table).where(table.c.centre == centre))
    for each in after:
        row = {"centre": centre, "kind": each.kind, "until_at": each.ends, "note": each.note}
        if each.since:
            connection.execute(insert(planned_outages).values(row | {"from_at": each.begins}))
        else:
            connection.execute(insert(outages).values(row))
    states = _states("before", before, by.now) | _states("after", after, by.now)
    leave_in_trail(connection, centre, by, **states)


def _of(connection: Connection, centre: CentreId, now: datetime) -> tuple[Marked, ...]:
    return known_outages(connection, now).get(centre, ())


def _states(when: str, marked: Iterable[Marked], now: datetime) -> dict[str, str]:
    """What is in force, and what is planned: a former version of the package knows the first of these alone."""
    ordered = sorted(marked, key=_begins)
    begun = next((each.as_json() for each in ordered if each.begun(now)), None)
    later = [each.as_json() for each in ordered if not each.begun(now)]
    return {when: as_json(begun), f"planned_{when}": as_json(later)}


def states_of(row: Any, when: str) -> tuple[Marked | None, tuple[Marked, ...]]:
    """The same, read from a row of the trail."""
    begun = from_json(row[when])
    later = from_json(row[f"planned_{when}"]) or []
    return Marked.from_json(begun) if begun else None, tuple(Marked.from_json(each) for each in later)


def _begins(marked: Marked) -> int:
    return marked.begins
