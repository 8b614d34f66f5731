"""What is forgotten, and when: exact times and the join key after a day, everything after the days that are set.

What is forgotten is gone, so a clock that jumped must not decide it: `doubt` holds it against the records. Knows the
tables and nothing of calls. A clock is not read here: `now` comes in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, select, update

from ivr.operations.records.database import alone, run_outside_transactions
from ivr.operations.records.rows import HOUR, milliseconds, moment
from ivr.operations.records.tables import calls, facts, legs, losses, purges
from ivr.operations.records.writing import new_id

MOST_OVERDUE = timedelta(days=7)  # a service purges every hour, so nothing is older than its limit for long
MOST_BEHIND = timedelta(hours=1)  # a clock may be set back a little, and two instances may differ
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


def doubt(connection: Connection, now: datetime, before: datetime) -> str:
    """Why the clock may be wrong, by the records; "" if nothing speaks against it."""
    if behind := _behind(connection, now):
        return behind
    oldest = connection.scalar(select(func.min(calls.c.started_at)))
    if oldest is None or oldest >= milliseconds(before - MOST_OVERDUE):
        return ""
    return (
        f"the clock says {now:%Y-%m-%d %H:%M}, so the oldest record should have gone "
        f"{(before - moment(oldest)).days} days ago. Either nothing was purged for so long (the service was off, or "
        "IVR_RETENTION_DAYS was lowered), or the clock has jumped"
    )


def doubt_of_command(connection: Connection, now: datetime) -> str:
    """The same for a purge that somebody asks for, who knows how old the records are: is the newest one recent?"""
    if behind := _behind(connection, now):
        return behind
    newest = connection.scalar(select(func.max(calls.c.last_at)))
    if newest is None or newest >= milliseconds(now - MOST_OVERDUE):
        return ""
    days = (now - moment(newest)).days
    return f"the clock says {now:%Y-%m-%d %H:%M}, and the newest record is {days} days older: has the clock jumped?"


def _behind(connection: Connection, now: datetime) -> str:
    newest = connection.scalar(select(func.max(calls.c.last_at)))
    if newest is None or newest <= milliseconds(now + MOST_BEHIND):
        return ""
    return (
        f"the clock says {now:%Y-%m-%d %H:%M}, and there is a record of {moment(newest):%Y-%m-%d %H:%M}: it is behind"
    )


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
