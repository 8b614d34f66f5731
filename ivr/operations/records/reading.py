"""Single calls out of the database: a list of them, and one with everything that is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ivr.operations.records.figures import Period
from ivr.operations.records.rows import FactRow
from ivr.operations.records.tables import calls, facts, legs

Columns = Mapping[str, Any]
# The fingerprint joins facts and is nobody's business; the way is what the facts say.
_SHOWN = (
    *(column for column in calls.columns if column not in {calls.c.fingerprint, calls.c.way}),
    calls.c.fingerprint.is_not(None).label("exact"),
)


@dataclass(frozen=True)
class RecordedCall:
    """A call's row, its legs as they were dialled, and its facts as they happened. `call` has `exact` in place of the
    fingerprint: whether its moments are still to the second."""

    call: Columns
    legs: tuple[Columns, ...]
    facts: tuple[FactRow, ...]


def newest_calls(connection: Connection, period: Period, limit: int) -> list[Columns]:
    query = select(*_SHOWN).where(period.holds(calls.c.started_at)).order_by(calls.c.started_at.desc(), calls.c.id)
    return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]


def find_call(connection: Connection, beginning: str) -> list[RecordedCall]:
    """The calls whose id begins like that: none, one, or, if it is too short, several."""
    ids = connection.scalars(select(calls.c.id).where(calls.c.id.startswith(beginning, autoescape=True)).limit(5)).all()
    return [_recorded(connection, each) for each in ids]


def _recorded(connection: Connection, call_id: str) -> RecordedCall:
    call = connection.execute(select(*_SHOWN).where(calls.c.id == call_id)).mappings().one()
    its_legs = select(legs).where(legs.c.call_id == call_id).order_by(legs.c.dialled_at, legs.c.step)
    columns = [facts.c[name] for name in FactRow._fields]
    told = connection.execute(select(*columns).where(facts.c.call_id == call_id))
    rows = sorted((FactRow(*row) for row in told), key=lambda row: (row.at, *row.identity))
    return RecordedCall(dict(call), tuple(dict(leg) for leg in connection.execute(its_legs).mappings()), tuple(rows))
