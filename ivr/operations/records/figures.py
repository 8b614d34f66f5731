"""Figures over a period: the official one as the regulation defines it, and what that one does not show.

The definitions, with their sources, are in docs/records.md. Everything is counted by the database; what comes back is
a row for each group and second of waiting, however many calls there are. Only groups of calls leave this module, never
a single call.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select, tuple_

from ivr.line.flow.facts import Misunderstanding
from ivr.operations.records import rows as kinds
from ivr.operations.records.oslo_time import hour_of_day, monday_of, week_of
from ivr.operations.records.rows import HOUR, milliseconds
from ivr.operations.records.summary import CONNECTED
from ivr.operations.records.tables import calls, facts, legs, losses

GOAL_SECONDS, GOAL_SHARE = 120, 0.8  # akuttmedisinforskriften section 13: 80 % answered within two minutes
LATE_SECONDS = 600  # the national statistics count ten minutes too
RINGING_STILL = timedelta(minutes=3)  # a leg dialled later than so long ago whose end nobody has told may still ring
SMALL = 5  # fewer than these in a cell could point at a person
_LAST_INTEGER = 2**31 - 1  # of a column
_OF_NODES = (kinds.ENTERED, kinds.MISUNDERSTOOD, kinds.RED_FLAG)


class Grouping(StrEnum):
    CENTRE = "centre"
    HOUR = "hour"
    COUNTY = "county"
    LANGUAGE = "language"
    WEEK = "week"


@dataclass(frozen=True)
class Period:
    """From `start` up to but not including `end`; both aware. `origin`: of the calls that are meant; "" those of
    people, which alone are in official figures."""

    start: datetime
    end: datetime
    origin: str = ""

    @property
    def bounds(self) -> tuple[int, int]:
        """Milliseconds since 1970."""
        return milliseconds(self.start), milliseconds(self.end)

    def holds(self, column: ColumnElement[int]) -> ColumnElement[bool]:
        start, end = self.bounds
        return and_(column >= start, column < end)

    def holds_calls(self) -> ColumnElement[bool]:
        return and_(self.holds(calls.c.started_at), calls.c.origin == self.origin)


class TimeSpread(Counter[int]):
    """How often each whole number of seconds (or milliseconds) was seen."""

    def quantile(self, share: float) -> int | None:
        """The smallest value that at least so large a share does not exceed; None of nothing."""
        wanted = share * self.total()
        seen = 0
        for value in sorted(self):
            seen += self[value]
            if seen >= wanted:
                return value
        return None

    @property
    def median(self) -> int | None:
        return self.quantile(0.5)

    def up_to(self, limit: int) -> int:
        return sum(count for value, count in self.items() if value <= limit)


@dataclass
class Group:
    """Some calls. `legs`: centres rung for them; `answer_times`: seconds from ringing to the answer, of those answered;
    `untold`: legs of which Twilio never told that they rang, counted from the dialling instead."""

    calls: int = 0
    red_flags: int = 0
    dispositions: Counter[str] = field(default_factory=Counter)
    first_words: TimeSpread = field(default_factory=TimeSpread)  # milliseconds
    to_ringing: TimeSpread = field(default_factory=TimeSpread)
    to_human: TimeSpread = field(default_factory=TimeSpread)
    legs: int = 0
    untold: int = 0
    answer_times: TimeSpread = field(default_factory=TimeSpread)

    def add(self, other: "Group") -> None:
        self.calls += other.calls
        self.red_flags += other.red_flags
        self.legs += other.legs
        self.untold += other.untold
        for name in ("dispositions", "first_words", "to_ringing", "to_human", "answer_times"):
            getattr(self, name).update(getattr(other, name))

    @property
    def answered(self) -> int:
        return self.answer_times.total()

    def share_within(self, seconds: int) -> float | None:
        """Of all legs, the unanswered among them: how many were answered in so many seconds. None without a leg."""
        return self.answer_times.up_to(seconds) / self.legs if self.legs else None

    def share_with_a_person_within(self, seconds: int) -> float | None:
        """Of all calls: how many had a person so many seconds after they came in. None without a call."""
        return self.to_human.up_to(seconds) / self.calls if self.calls else None


@dataclass(frozen=True)
class NodeFigures:
    """`entered`: how often calls came to the node. Each time they went on, were silent, pressed a wrong key, keyed what
    was not found, or hung up. `red_flags`: how often key 9 was pressed there; these went on too."""

    node: str
    entered: int
    silences: int
    wrong_keys: int
    not_found: int
    hang_ups: int
    red_flags: int

    @property
    def went_on(self) -> int:
        return max(0, self.entered - self.silences - self.wrong_keys - self.not_found - self.hang_ups)


@dataclass(frozen=True)
class Figures:
    """`orphans`: calls whose beginning nobody told, in none of the figures. `lost`: facts that never were written.
    `apart`: calls of other origins, in none of the figures either."""

    period: Period
    by: Grouping | None
    total: Group
    groups: dict[str, Group]
    funnel: tuple[NodeFigures, ...]
    orphans: int
    lost: int
    apart: Mapping[str, int]


def figures(connection: Connection, period: Period, by: Grouping | None, now: datetime) -> Figures:
    """Counted. `groups` is empty unless `by` is given."""
    groups = grouped(connection, period, by, now, _QUERIES)
    total = Group()
    for each in groups.values():
        total.add(each)
    beside = _in_no_figure(connection, period)
    return Figures(
        period,
        by,
        total,
        dict(sorted(groups.items())) if by else {},
        tuple(_funnel(connection, period)),
        beside.pop(period.origin, 0),
        _number(connection, select(func.sum(losses.c.facts)).where(period.holds(losses.c.at))),
        beside,
    )


def in_short(connection: Connection, period: Period, now: datetime) -> Group:
    """Of all calls: how they ended, and the times to the answer and to a person."""
    return grouped(connection, period, None, now, _IN_SHORT).get("", Group())


def grouped(
    connection: Connection, period: Period, by: Grouping | None, now: datetime, queries: Iterable["_Query"]
) -> dict[str, Group]:
    """A county is its two digits, an hour that of Oslo, a week its Monday."""
    by_key: defaultdict[Any, Group] = defaultdict(Group)
    for query, count in queries:
        for row in connection.execute(query(period, by, now)).all():
            count(by_key[row[0]], row[-1], *row[1:-1])
    return {_name_of(by, key): group for key, group in by_key.items()}


def _name_of(by: Grouping | None, key: Any) -> str:
    match by:
        case Grouping.HOUR:
            return f"{key:02}"
        case Grouping.WEEK:
            return monday_of(int(key)).isoformat()
    return str(key)


def _in_no_figure(connection: Connection, period: Period) -> dict[str, int]:
    """Calls by origin: of that of the period those whose beginning nobody told, of others all."""
    found = connection.execute(no_figure_query(period))
    return {str(origin): int(count) for origin, count in found}


def no_figure_query(period: Period) -> Select[Any]:
    which = period.holds(calls.c.started_at), or_(calls.c.origin != period.origin, ~calls.c.arrived)
    return select(calls.c.origin, func.count()).where(*which).group_by(calls.c.origin).order_by(calls.c.origin)


# One query for each thing that is counted, all grouped the same way; and how its rows are counted into a group.


def _call_key(period: Period, by: Grouping | None) -> ColumnElement[Any]:
    match by:
        case Grouping.CENTRE:
            return calls.c.centre
        case Grouping.HOUR:
            return hour_of_day(calls.c.started_at, *period.bounds)
        case Grouping.COUNTY:
            return func.substr(calls.c.municipality, 1, 2)
        case Grouping.LANGUAGE:
            return calls.c.language
        case Grouping.WEEK:
            return week_of(calls.c.started_at, *period.bounds)
        case None:
            return literal("")


def _leg_key(period: Period, by: Grouping | None) -> ColumnElement[Any]:
    match by:
        case Grouping.CENTRE:
            return legs.c.centre
        case Grouping.HOUR:
            return hour_of_day(legs.c.dialled_at, *period.bounds)
        case Grouping.COUNTY:
            return func.substr(legs.c.municipality, 1, 2)
        case Grouping.LANGUAGE:
            of_call = select(calls.c.language).where(calls.c.id == legs.c.call_id)
            return func.coalesce(legs.c.language, of_call.scalar_subquery())
        case Grouping.WEEK:
            return week_of(legs.c.dialled_at, *period.bounds)
        case None:
            return literal("")


def _of_calls(period: Period, by: Grouping | None, *columns: ColumnElement[Any]) -> Select[Any]:
    return _counted(_call_key(period, by), by, *columns).where(period.holds_calls(), calls.c.arrived)


def _counted(key: ColumnElement[Any], by: Grouping | None, *columns: ColumnElement[Any]) -> Select[Any]:
    """Sorting is what a database takes longest for here: not by a key that is the same everywhere."""
    named = key.label("key")
    return select(named, *columns, func.count().label("n")).group_by(*([named] if by else []), *columns)


def _ends(period: Period, by: Grouping | None, _: datetime) -> Select[Any]:
    """With the seconds to a person, which depend on how a call ended: one sorting for both."""
    to_human = seconds_between(calls.c.started_at, calls.c.human_at).label("to_human")
    return _of_calls(period, by, calls.c.disposition, calls.c.red_flag, to_human)


def _first_words(period: Period, by: Grouping | None, _: datetime) -> Select[Any]:
    known = calls.c.first_words_ms.is_not(None)
    return _of_calls(period, by, calls.c.first_words_ms.label("value")).where(known)


def _to_ringing(period: Period, by: Grouping | None, _: datetime) -> Select[Any]:
    seconds = seconds_between(calls.c.started_at, calls.c.rang_at).label("value")
    return _of_calls(period, by, seconds).where(calls.c.rang_at.is_not(None))


def _answers(period: Period, by: Grouping | None, now: datetime) -> Select[Any]:
    columns = legs.c.rang_at.is_(None).label("untold"), answer_seconds().label("value")
    return _counted(_leg_key(period, by), by, *columns).where(holds_legs(period, now))


def holds_legs(period: Period, now: datetime) -> ColumnElement[bool]:
    ringing_still = and_(legs.c.outcome == "", ~legs.c.accepted, legs.c.dialled_at > milliseconds(now - RINGING_STILL))
    return and_(period.holds(legs.c.dialled_at), legs.c.origin == period.origin, ~ringing_still)


def answer_seconds() -> ColumnElement[Any]:
    """From ringing until the answer of a leg that a person took; else NULL."""
    rang = func.coalesce(legs.c.rang_at, legs.c.dialled_at)
    return case((legs.c.accepted, seconds_between(rang, legs.c.answered_at)))


def seconds_between(begin: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[Any]:
    """Whole seconds, never fewer than none: the clocks of two machines differ a little."""
    return case((end < begin, 0), else_=(end - begin) // 1000)


def _count_ends(group: Group, number: int, disposition: str, red_flag: bool, to_human: int | None) -> None:
    group.calls += number
    group.dispositions[disposition] += number
    group.red_flags += number if red_flag else 0
    if to_human is not None:
        group.to_human[to_human] += number


def _count_answers(group: Group, number: int, untold: bool, seconds: int | None) -> None:
    group.legs += number
    group.untold += number if untold else 0
    if seconds is not None:
        group.answer_times[seconds] += number


def _count_first_words(group: Group, number: int, value: int) -> None:
    group.first_words[value] += number


def _count_ringing(group: Group, number: int, value: int) -> None:
    group.to_ringing[value] += number


_Query: TypeAlias = tuple[Callable[[Period, Grouping | None, datetime], Select[Any]], Callable[..., None]]
_ENDS: _Query = (_ends, _count_ends)
_ANSWERS: _Query = (_answers, _count_answers)
_QUERIES: tuple[_Query, ...] = (
    _ENDS,
    (_first_words, _count_first_words),
    (_to_ringing, _count_ringing),
    _ANSWERS,
)
_IN_SHORT = (_ENDS, _ANSWERS)


def _funnel(connection: Connection, period: Period) -> Iterator[NodeFigures]:
    """The nodes that a call came to, the most visited first."""
    counted: dict[str, Counter[str]] = {}
    for kind, node, value in _what_happens(connection, period):
        number = _number(connection, at_node_query(period, kind, node, value))
        if number:
            counted.setdefault(node, Counter())[value or kind] += number
    for node, number in connection.execute(hang_up_query(period)):
        counted.setdefault(node, Counter())["hang_up"] += number
    for node, seen in sorted(counted.items(), key=lambda item: (-item[1][kinds.ENTERED], item[0])):
        silences, wrong_keys, not_found = (seen[kind] for kind in Misunderstanding)
        entered, red_flags = seen[kinds.ENTERED], seen[kinds.RED_FLAG]
        yield NodeFigures(node, entered, silences, wrong_keys, not_found, seen["hang_up"], red_flags)


def _what_happens(connection: Connection, period: Period) -> Iterator[tuple[str, str, str]]:
    """What happens at nodes, of all times. From one to the next: each is found in the index at once, where the
    database would read every entry to sort out which are different."""
    for kind in _OF_NODES:
        after = "", ""
        while found := connection.execute(next_node_query(period, kind, *after)).first():
            after = found.node, found.value
            yield kind, *after


def next_node_query(period: Period, kind: str, node: str, value: str) -> Select[Any]:
    """The first after all hours of the node and value that are given."""
    place = facts.c.node, facts.c.value, facts.c.hour
    of_kind = facts.c.origin == period.origin, facts.c.kind == kind
    later = tuple_(*place) > tuple_(node, value, _LAST_INTEGER)
    return select(facts.c.node, facts.c.value).where(*of_kind, later).order_by(*place).limit(1)


def at_node_query(period: Period, kind: str, node: str, value: str) -> Select[Any]:
    """How often it happened, in whole hours."""
    first, after = milliseconds(period.start) // HOUR, -(-milliseconds(period.end) // HOUR)
    which = facts.c.origin == period.origin, facts.c.kind == kind, facts.c.node == node, facts.c.value == value
    return select(func.count()).select_from(facts).where(*which, facts.c.hour >= first, facts.c.hour < after)


def hang_up_query(period: Period) -> Select[Any]:
    """Calls that are over without a talk, by the node at which they were."""
    over = calls.c.ended_at.is_not(None), calls.c.disposition != CONNECTED, calls.c.node != ""
    return select(calls.c.node, func.count()).where(period.holds_calls(), *over).group_by(calls.c.node)


def queries(period: Period, by: Grouping | None, now: datetime) -> Iterable[tuple[str, Select[Any]]]:
    """Every query of `figures`, by name: to show how the database goes about it."""
    names = ("ends", "first words", "to ringing", "answers")
    yield from ((name, query(period, by, now)) for name, (query, _) in zip(names, _QUERIES, strict=True))
    at_main = kinds.ENTERED, "main", ""  # one of the nodes
    yield from (("next node", next_node_query(period, *at_main)), ("at a node", at_node_query(period, *at_main)))
    yield "hang-ups", hang_up_query(period)
    yield "in no figure", no_figure_query(period)


def _number(connection: Connection, query: Select[Any]) -> int:
    return int(connection.scalar(query) or 0)
