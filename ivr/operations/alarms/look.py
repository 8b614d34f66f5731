"""What the records of the last while say that somebody should look after now. Reads; no number, nothing of a caller.

Calls that no person made count for the fail-safe and for lost records alone: those are faults of ours, whoever calls.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from ivr.line.flow.facts import CallOrigin
from ivr.line.flow.moments import in_words
from ivr.operations.records import rows
from ivr.operations.records.announcements import switched_on
from ivr.operations.records.figures import GOAL_SECONDS, RINGING_STILL
from ivr.operations.records.outages import in_force, known_outages, planned
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import facts, legs, losses

GOAL, CENTRE, FAIL_SAFE, RECORDS = "answered_in_time", "centre_silent", "fail_safe", "records_lost"


@dataclass(frozen=True)
class Alarm:
    """`key`: the same for the same trouble. `words`: what it is, for people."""

    kind: str
    subject: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.subject}" if self.subject else self.kind


@dataclass(frozen=True)
class Limits:
    """`share`: of legs answered within two minutes, below which is an alarm, of at least `legs`. `unanswered`: so many
    legs of a centre in a row without an answer."""

    within: timedelta = timedelta(hours=1)
    share: float = 0.8
    legs: int = 20
    unanswered: int = 3


def look(
    connection: Connection, now: datetime, limits: Limits, name: Callable[[str], str] = lambda centre: centre
) -> list[Alarm]:
    """`name`: of a centre's id."""
    since = milliseconds(now - limits.within)
    out = in_force(known_outages(connection, now), now)
    found = [*_share(connection, now, limits), *_silent(connection, now, limits, name, out)]
    kinds = facts.c.kind.in_((rows.FALLBACK, rows.RESCUED))
    every = facts.c.origin.in_(("", *CallOrigin))  # by the index
    hours = every, facts.c.hour >= since // rows.HOUR, facts.c.at >= since
    rescued = connection.scalar(select(func.count()).where(*hours, kinds)) or 0
    if rescued:
        words = (
            f"callers heard the fail-safe or the fallback {rescued} times: the log says why (fault ... at file:line)"
        )
        found.append(Alarm(FAIL_SAFE, "", words))
    lost = connection.scalar(select(func.sum(losses.c.facts)).where(losses.c.at >= since)) or 0
    if lost:
        found.append(Alarm(RECORDS, "", f"{lost} facts were lost: the database was away for too long, see the log"))
    return found


def _ended(now: datetime, since: int) -> Any:
    """Legs of people that do not ring any more."""
    rings_still = and_(legs.c.outcome == "", ~legs.c.accepted, legs.c.dialled_at > milliseconds(now - RINGING_STILL))
    return and_(legs.c.origin == "", legs.c.dialled_at >= since, ~rings_still)


def _share(connection: Connection, now: datetime, limits: Limits) -> Iterator[Alarm]:
    rang = func.coalesce(legs.c.rang_at, legs.c.dialled_at)
    in_time = and_(legs.c.accepted, legs.c.answered_at - rang < (GOAL_SECONDS + 1) * 1000)
    counted = select(func.count(), func.sum(case((in_time, 1), else_=0)))
    ended = _ended(now, milliseconds(now - limits.within))
    all_legs, answered = connection.execute(counted.where(ended)).one()
    if all_legs >= limits.legs and int(answered) / all_legs < limits.share:
        share = f"{int(answered) / all_legs:.0%} of {all_legs} rings were answered within two minutes"
        yield Alarm(GOAL, "", f"{share}; the limit is {limits.share:.0%}")


def switched_notes(
    connection: Connection, now: datetime, name: Callable[[str], str] = lambda centre: centre
) -> list[str]:
    """What people have switched: no alarm, and nothing that whoever looks after the line should overlook."""
    known, announced = known_outages(connection, now), switched_on(connection, now)
    notes = [
        f"{name(centre)} is out of service until {in_words(each.until)}"
        for centre, each in in_force(known, now).items()
    ]
    for centre, each in planned(known, now):
        begins = in_words(each.since) if each.since else ""
        notes.append(f"{name(centre)} will be out of service from {begins} until {in_words(each.until)}")
    if announced:
        notes.append(f"every caller hears the announcement {announced.name!r} until {in_words(announced.until)}")
    return notes


def _silent(
    connection: Connection, now: datetime, limits: Limits, name: Callable[[str], str], out: Collection[str]
) -> Iterator[Alarm]:
    """Centres whose latest legs were answered by nobody, but for those that somebody has taken out of service."""
    query = select(legs.c.centre, legs.c.accepted).where(_ended(now, milliseconds(now - limits.within)))
    latest: dict[str, list[bool]] = {}
    for centre, accepted in connection.execute(query.order_by(legs.c.dialled_at.desc())):
        latest.setdefault(centre, []).append(accepted)
    for centre, answers in sorted(latest.items()):
        silent = answers.index(True) if True in answers else len(answers)
        if centre and centre not in out and silent >= limits.unanswered:
            words = f"{name(centre)} has not answered the last {silent} calls: take it out of service until it does"
            yield Alarm(CENTRE, centre, words)
