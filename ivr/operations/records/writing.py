"""One transaction of the recorder: facts in, and the rows of their calls and legs made anew from all facts there are.

Whatever is written twice counts once, and the order does not matter. Several processes may write facts of the same
call at once: whoever comes first holds its row until all of the transaction is done.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from ivr.line.calls import CallId, Noted
from ivr.operations.records.rows import FactRow, fact_rows, milliseconds
from ivr.operations.records.summary import summarise
from ivr.operations.records.tables import calls, facts, legs, losses

_KEY = ["call_id", "step", "position", "kind", "node", "value"]
_LEG_KEY = ["call_id", "step"]


def write(connection: Connection, batch: Iterable[tuple[Noted, datetime]]) -> None:
    """Each with the moment when its reply was ready."""
    found: dict[CallId, dict[Any, FactRow]] = {}
    for noted, replied in batch:
        of_call = found.setdefault(noted.call, {})
        for row in fact_rows(noted, replied):
            known = of_call.get(row.identity)
            if known is None or row.at < known.at:
                of_call[row.identity] = row
    ids = _hold(connection, found)
    rows = [row.columns(ids[call]) for call, of_call in found.items() for row in of_call.values()]
    _insert_facts(connection, rows)
    _sum_up(connection, list(ids.values()))


def write_losses(connection: Connection, lost: Mapping[str, int], now: datetime) -> None:
    """`lost`: facts, by reason."""
    rows = [
        {"id": new_id(), "at": milliseconds(now), "facts": count, "reason": reason} for reason, count in lost.items()
    ]
    connection.execute(losses.insert(), rows)


def new_id() -> str:
    return token_hex(8)


def _hold(connection: Connection, found: Mapping[CallId, Mapping[Any, FactRow]]) -> dict[CallId, str]:
    """The calls' ids, by fingerprint; of those not known yet too. Nobody else can write them until we have done.

    Sorted, so that two transactions never wait for each other.
    """
    rows = []
    for fingerprint in sorted(found):
        at = min(row.at for row in found[fingerprint].values())
        rows.append({"id": new_id(), "fingerprint": fingerprint, "started_at": at, "last_at": at})
    statement = _insert(connection, calls).values(rows)
    statement = statement.on_conflict_do_update(index_elements=["fingerprint"], set_={"last_at": calls.c.last_at})
    answer = connection.execute(statement.returning(calls.c.fingerprint, calls.c.id))
    return {CallId(str(fingerprint)): str(call_id) for fingerprint, call_id in answer}


def _insert_facts(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Of a fact that comes twice the earlier one stays."""
    statement = _insert(connection, facts)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=_KEY, set_={"at": new.at, "hour": new.hour, "number": new.number}, where=new.at < facts.c.at
    )
    connection.execute(statement, rows)


def _sum_up(connection: Connection, ids: Sequence[str]) -> None:
    told: dict[str, list[FactRow]] = {call_id: [] for call_id in ids}
    columns = [facts.c[name] for name in FactRow._fields]
    for call_id, *row in connection.execute(select(facts.c.call_id, *columns).where(facts.c.call_id.in_(ids))):
        told[call_id].append(FactRow(*row))
    call_rows, leg_rows = [], []
    for call_id, of_call in told.items():
        call, its_legs = summarise(of_call)
        call_rows.append({"the_id": call_id, **call})
        leg_rows += [{"call_id": call_id, **leg} for leg in its_legs]
    connection.execute(calls.update().where(calls.c.id == bindparam("the_id")), call_rows)
    for marked in (row for row in call_rows if row["origin"]):
        of_it = facts.c.call_id == marked["the_id"], facts.c.origin == ""
        connection.execute(facts.update().where(*of_it).values(origin=marked["origin"]))
    if leg_rows:
        statement = _insert(connection, legs)
        changed = {column.name: column for column in statement.excluded if column.name not in _LEG_KEY}
        connection.execute(statement.on_conflict_do_update(index_elements=_LEG_KEY, set_=changed), leg_rows)


def _insert(connection: Connection, table: Any) -> Any:
    """Both databases understand the same ON CONFLICT; SQLAlchemy has one INSERT for each."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
