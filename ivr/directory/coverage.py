"""Which centre answers for which place, and when. Must not know numbers, names or callers.

A place is `4622` (a whole municipality) or `3411-2390` (one postcode of it); rows of a postcode take it
out of its municipality. For every place and every moment exactly one centre answers; `faults` proves it
when a directory is loaded. Before its first known date a municipality is answered as
on that date.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ivr.directory.files import Row
from ivr.directory.hours import Hours, Period, untidy
from ivr.errors import Complaint


@dataclass(frozen=True)
class Rule:
    """One row of coverage.csv. `hours` None is round the clock."""

    municipality: str
    postcodes: tuple[str, ...]
    hours: Hours | None
    centre: str
    valid: Period
    row: Row

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(f"{self.municipality}-{code}" for code in self.postcodes) or (self.municipality,)


@dataclass(frozen=True)
class Timetable:
    """All rules of one place."""

    rules: tuple[Rule, ...]

    def on(self, day: date) -> tuple[Rule, ...]:
        """The rules in force that day. A municipality's first rules hold also before their first day; a
        postcode's do not, because until then its municipality answers for it.
        """
        if not self.rules[0].postcodes:
            day = max(day, min(rule.valid.start or date.min for rule in self.rules))
        return tuple(rule for rule in self.rules if rule.valid.contains(day))


def timetables(rules: Iterable[Rule]) -> dict[str, Timetable]:
    by_key: dict[str, list[Rule]] = {}
    for rule in rules:
        for key in rule.keys:
            by_key.setdefault(key, []).append(rule)
    return {key: Timetable(tuple(found)) for key, found in by_key.items()}


def round_the_clock(rules: Iterable[Rule]) -> frozenset[str]:
    """The centres that answer all day for some whole municipality (or, having none, for some postcode)."""
    return frozenset(rule.centre for rule in rules if rule.hours is None)


def faults(tables: Mapping[str, Timetable]) -> Iterator[Complaint]:
    """Hours or days without a centre, or with two, for each place; each said once, at a row of that place."""
    said: set[tuple[int, str]] = set()
    for key, table in tables.items():
        for complaint in _place_faults(key, table):
            mark = (complaint.line, complaint.message.split(":", 1)[-1])
            if mark not in said:
                said.add(mark)
                yield complaint


def _place_faults(key: str, table: Timetable) -> Iterator[Complaint]:
    whole = "-" not in key
    for day in _turning_days(table):
        rules = table.on(day)
        since = "" if day == date.min else f" from {day.isoformat()}"
        if not rules:
            if whole:
                yield table.rules[-1].row.complaint(f"{key}: no centre answers{since}")
            continue
        gap, double = untidy(rule.hours for rule in rules)
        last = rules[-1].row
        if gap:
            yield last.complaint(f"{key}: no centre answers {gap}{since}")
        if double:
            names = " and ".join(sorted({rule.centre for rule in rules}))
            yield last.complaint(f"{key}: two rows answer {double}{since} ({names})")


def _turning_days(table: Timetable) -> list[date]:
    """The days on which the rules in force may change, oldest first; the first stands for all before it."""
    days = {date.min}
    for rule in table.rules:
        if rule.valid.start:
            days.add(rule.valid.start)
        if rule.valid.end and rule.valid.end < date.max:
            days.add(rule.valid.end + timedelta(days=1))
    return sorted(days)
