"""The announcement for the whole line that is on, if one is: read, switched on and off in one transaction each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from ivr.line.flow.events import Announcement
from ivr.operations.records.changes import (
    LINE,
    ChangedBy,
    as_json,
    changing,
    from_json,
    leave_in_trail,
    moment_of,
    must_be_latest,
)
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import announcements


@dataclass(frozen=True)
class SwitchedOn:
    """`name`: of the announcement, as in the flow file; `note` is for colleagues and never spoken."""

    name: str
    until: datetime
    note: str = ""

    def as_announcement(self) -> Announcement:
        """What the flow needs to know of it."""
        return Announcement(self.name, self.until)

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "until": milliseconds(self.until), "note": self.note}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "SwitchedOn":
        return cls(told["name"], moment_of(told["until"]), told["note"])


def switched_on(connection: Connection, now: datetime) -> SwitchedOn | None:
    """The announcement that is on."""
    query = select(announcements).where(announcements.c.until_at > milliseconds(now))
    row = connection.execute(query.order_by(announcements.c.name)).first()
    return SwitchedOn(row.name, moment_of(row.until_at), row.note) if row else None


def announce(engine: Engine, wanted: SwitchedOn | None, seen: int, by: ChangedBy) -> None:
    """Switch an announcement on, in place of the one that is, or (None) off. `seen`: the latest change of the line when
    the page was made. Raises Outdated."""
    with changing(engine) as connection:
        must_be_latest(connection, LINE, seen)
        switch_on(connection, wanted, by)


def switch_on(connection: Connection, wanted: SwitchedOn | None, by: ChangedBy) -> None:
    """The same within a transaction. What would be over by now is off."""
    before = switched_on(connection, by.now)
    after = wanted if wanted and milliseconds(wanted.until) > milliseconds(by.now) else None
    connection.execute(delete(announcements))
    if after:
        row = {"name": after.name, "until_at": milliseconds(after.until), "note": after.note}
        connection.execute(insert(announcements).values(row))
    told = [as_json(each.as_json() if each else None) for each in (before, after)]
    leave_in_trail(connection, LINE, by, announcement_before=told[0], announcement_after=told[1])


def state_of(row: Any, when: str) -> SwitchedOn | None:
    """As a row of the trail has it."""
    told = from_json(row[f"announcement_{when}"])
    return SwitchedOn.from_json(told) if told else None
