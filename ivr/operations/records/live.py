"""The calls of this moment, and which versions of flow and directory took calls. No number, nothing keyed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from ivr.base.clock import OSLO
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import calls

LONGEST = timedelta(hours=3)  # no call takes as long
QUIET = timedelta(minutes=5)  # nothing was heard of a call for so long, and no centre has it: the caller has gone


@dataclass(frozen=True)
class LiveCall:
    """`seconds` since it came in; `centre`: that rings or has it, "" before; `talking`: a person took it."""

    id: str
    seconds: int
    node: str
    language: str
    route: str
    centre: str
    talking: bool
    red_flag: bool


@dataclass(frozen=True)
class Version:
    """A flow and a directory, by their versions, and how many of the recorded calls they took."""

    flow: str
    directory: str
    first: datetime
    last: datetime
    calls: int


def live_calls(connection: Connection, now: datetime, most: int = 200) -> list[LiveCall]:
    """The newest first."""
    at = milliseconds(now)
    heard_of = calls.c.last_at > at - QUIET // timedelta(milliseconds=1)
    query = (
        select(calls)
        .where(
            calls.c.started_at > at - LONGEST // timedelta(milliseconds=1),
            calls.c.ended_at.is_(None),
            or_(heard_of, and_(calls.c.rang_at.is_not(None), calls.c.human_at.is_not(None))),
        )
        .order_by(calls.c.started_at.desc())
        .limit(most)
    )
    return [
        LiveCall(
            row.id,
            max(0, (at - row.started_at) // 1000),
            row.node,
            row.language,
            row.route,
            row.centre if row.rang_at is not None else "",
            row.human_at is not None,
            row.red_flag,
        )
        for row in connection.execute(query)
    ]


def versions(connection: Connection, most: int = 20) -> list[Version]:
    """The newest first, as far back as calls are kept."""
    first, last = func.min(calls.c.started_at), func.max(calls.c.started_at)
    query = (
        select(calls.c.flow, calls.c.directory, first, last, func.count())
        .where(calls.c.flow != "")
        .group_by(calls.c.flow, calls.c.directory)
        .order_by(last.desc())
        .limit(most)
    )
    return [
        Version(flow, directory, _moment(begun), _moment(until), count)
        for flow, directory, begun, until, count in connection.execute(query)
    ]


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, OSLO)
