"""What is forgotten, and when: exact times and the join key after a day, everything after the days that are set.

Knows the tables and nothing of calls. A clock is not read here: `now` comes in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, select, update

from ivr.records.database import alone, run_outside_transactions
from ivr.records.rows import HOUR, milliseconds
from ivr.records.tables import calls, facts, legs, losses, purges
from ivr.records.writing import new_id

EXACT = timedelta(hours=24)
_MINUTE = 60_000
_MOMENTS = ("started_at", "last_at", "ended_at", "rang_at", "answered_at", "human_at")  # of a call
_AT_ONCE = 500  # calls in one transaction: a purge of millions must not keep the recorder waiting


@dataclass(frozen=True)
class Removed:
    """How many rows of each kind there were from before the moment `before`."""

    before: datetime
    calls: int
    legs: int
    facts: int
    notes: int  # of losses and of former purges

    @property
    def anything(self) -> bool:
        return bool(self.calls or self.legs or self.facts or self.notes)


def blur(engine: Engine, now: datetime) -> int:
    """Calls that began more than a day ago lose the fingerprint that joined their facts, and their exact times: each
    is moved as a whole so that it begins on the minute, and how long things took stays as it was. How many there were.
    """
    found = 0
    while True:
        with alone(engine) as connection:
            exact = calls.c.fingerprint.is_not(None), calls.c.started_at < milliseconds(now - EXACT)
            ids = connection.scalars(select(calls.c.id).where(*exact).limit(_AT_ONCE)).all()
            if not ids:
                return found
            shift = select(calls.c.started_at % _MINUTE)
            for table, names in ((facts, ("at",)), (legs, ("dialled_at", "rang_at", "answered_at", "ended_at"))):
                of_call = shift.where(calls.c.id == table.c.call_id).scalar_subquery()
                moved = {name: table.c[name] - of_call for name in names}
                if table is facts:
                    moved["hour"] = moved["at"] // HOUR
                connection.execute(update(table).where(table.c.call_id.in_(ids)).values(moved))
            moved = {name: calls.c[name] - calls.c.started_at % _MINUTE for name in _MOMENTS}
            connection.execute(update(calls).where(calls.c.id.in_(ids)).values(fingerprint=None, **moved))
            found += len(ids)


def count_older(connection: Connection, before: datetime) -> Removed:
    """What a purge would remove."""
    limit = milliseconds(before)
    old = select(calls.c.id).where(calls.c.started_at < limit)
    return Removed(
        before,
        connection.scalar(select(func.count()).select_from(old.subquery())) or 0,
        connection.scalar(select(func.count()).select_from(legs).where(legs.c.call_id.in_(old))) or 0,
        connection.scalar(select(func.count()).select_from(facts).where(facts.c.call_id.in_(old))) or 0,
        sum(
            connection.scalar(select(func.count()).select_from(table).where(table.c.at < limit)) or 0
            for table in (losses, purges)
        ),
    )


def purge(engine: Engine, before: datetime, now: datetime) -> Removed:
    """Remove every row from before that moment, and leave a row that says how many there were."""
    limit = milliseconds(before)
    gone = Removed(before, 0, 0, 0, 0)
    while True:
        with alone(engine) as connection:
            ids = connection.scalars(select(calls.c.id).where(calls.c.started_at < limit).limit(_AT_ONCE)).all()
            if not ids:
                break
            gone_legs = connection.execute(delete(legs).where(legs.c.call_id.in_(ids))).rowcount
            gone_facts = connection.execute(delete(facts).where(facts.c.call_id.in_(ids))).rowcount
            connection.execute(delete(calls).where(calls.c.id.in_(ids)))
            gone = Removed(before, gone.calls + len(ids), gone.legs + gone_legs, gone.facts + gone_facts, 0)
    with alone(engine) as connection:
        notes = sum(connection.execute(delete(table).where(table.c.at < limit)).rowcount for table in (losses, purges))
        gone = Removed(before, gone.calls, gone.legs, gone.facts, notes)
        if gone.anything:
            row = {"id": new_id(), "at": milliseconds(now), "before": limit}
            connection.execute(purges.insert(), {**row, "calls": gone.calls, "legs": gone.legs, "facts": gone.facts})
    if gone.anything and engine.dialect.name == "sqlite":
        run_outside_transactions(
            engine, "PRAGMA wal_checkpoint(TRUNCATE)"
        )  # the log holds what the file no longer does
    return gone


def give_back(engine: Engine) -> None:
    """Let the database overwrite what was deleted and return the space. Others wait meanwhile: for the command line."""
    run_outside_transactions(engine, "VACUUM")
