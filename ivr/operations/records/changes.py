"""What every change that is made in the console has in common: who, when, on top of which one, and its row.

A change that was decided on from an outdated page is refused, so that two people never undo each other's work
unknowingly.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from ivr.base.clock import OSLO
from ivr.base.errors import IvrError
from ivr.base.ids import NO_CENTRE, CentreId
from ivr.operations.records.database import alone
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import changes

LINE = NO_CENTRE  # what a change is of that is of no centre, but of the whole line
_LOCK = 116_118  # of PostgreSQL's advisory locks: one change at a time; not that of a purge, which may take long


@dataclass(frozen=True)
class ChangedBy:
    """Who changes something, and when. `undoes`: the id of the change that this one takes back."""

    who: str
    now: datetime
    undoes: int | None = None


class Outdated(IvrError):  # noqa: N818 - it is what the page is
    """Somebody else has changed this centre, or the line, since the page was made."""


def latest_change(connection: Connection, centre: CentreId) -> int:
    """The id of the last change of a centre, or of LINE; 0 if there was none."""
    return int(connection.scalar(select(func.max(changes.c.id)).where(changes.c.centre == centre)) or 0)


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """A transaction in which something is changed: no other change is made meanwhile."""
    with alone(engine, _LOCK) as connection:
        yield connection


def must_be_latest(connection: Connection, centre: CentreId, seen: int) -> None:
    """`seen`: the latest change when the page was made. Raises Outdated."""
    if latest_change(connection, centre) != seen:
        raise Outdated


def leave_in_trail(connection: Connection, centre: CentreId, by: ChangedBy, **states: str) -> None:
    """`states`: by column, what was and what is."""
    row = {"at": milliseconds(by.now), "who": by.who, "centre": centre, "undoes": by.undoes, **states}
    connection.execute(insert(changes).values(row))


def as_json(value: Any) -> str:
    """ "" for nothing."""
    return json.dumps(value) if value else ""


def from_json(text: str) -> Any:
    """None for ""."""
    return json.loads(text) if text else None


def moment_of(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, OSLO)
