"""The moments at which something can change that a flow reads: opening hours of its nodes, and who has duty.

Moments are grouped into classes: in each class every node makes the same of the clock, so one moment stands for all of
them. Pure: the moment from which on is looked at comes in as a value.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ivr.base.clock import OSLO
from ivr.line.flow.describe import ClockReading

DAYS = 731  # two years, a leap day included
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
Duty = Callable[[date, date], Iterable[datetime]]  # the changes of duty from one day to another


@dataclass(frozen=True)
class MomentClass:
    """`example` stands for all its moments. `moments`: those of them at which something changes, in order."""

    example: datetime
    moments: tuple[datetime, ...]


def moment_classes(clocks: Sequence[ClockReading], duty: Duty, now: datetime) -> tuple[MomentClass, ...]:
    """Every class of the coming two years; the one of `now` first, with `now` as its example."""
    first, last = now.date(), now.date() + timedelta(days=DAYS)
    found: dict[tuple[Hashable, ...], list[datetime]] = {}
    changes = {moment.astimezone(UTC) for moment in duty(first, last)}
    if clocks:
        minutes = {0}.union(*(clock.minutes for clock in clocks))
        changes |= {moment.astimezone(UTC) for moment in shown(minutes, first, last)}
    for moment in (now, *(each.astimezone(OSLO) for each in sorted(changes) if each > now)):
        found.setdefault(tuple(clock.meaning(moment) for clock in clocks), []).append(moment)
    return tuple(MomentClass(moments[0], tuple(moments)) for moments in found.values())


def shown(minutes: Collection[int], first: date, last: date) -> Iterator[datetime]:
    """Each moment at which a clock on the wall shows one of these minutes of a day, or jumps.

    In the night when it is put back, a time comes twice. When it is put forward, a time that is left out comes at the
    jump.
    """
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        midnight = _at(day, 0)
        yield from (_at(day, minute) for minute in minutes)
        if midnight.utcoffset() != _at(day, 24 * 60 - 1).utcoffset():
            yield from _jump(day, minutes)


def _at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=OSLO)


def _jump(day: date, minutes: Collection[int]) -> Iterator[datetime]:
    """What a wall clock shows anew on a day on which it is put forward or back, minute by minute."""
    moment = _at(day, 0).astimezone(UTC)
    before = moment.astimezone(OSLO).utcoffset()
    while (wall := moment.astimezone(OSLO)).date() == day:
        if wall.utcoffset() != before or wall.hour * 60 + wall.minute in minutes:
            yield wall
        before = wall.utcoffset()
        moment += _MINUTE


def in_words(moment: datetime) -> str:
    """`16:00, Monday 30 November 2026`; of a time that comes twice, `02:30 (UTC+01:00), ...` as well."""
    twice = moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()
    zone = f" ({moment.tzname()})" if twice else ""
    return f"{moment:%H:%M}{zone}, {moment:%A} {moment.day} {moment:%B %Y}"
