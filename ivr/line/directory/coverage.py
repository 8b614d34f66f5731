"""Which centre answers for which place, and when.

A place is `4622` (a whole municipality) or `3411-2390` (one postcode of it); rows of a postcode take it
out of its municipality. For every place and every moment exactly one centre answers; `coverage_proof` proves it
when a directory is loaded. Before its first known date a municipality is answered as
on that date.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from ivr.base.ids import CentreId, MunicipalityNumber, PlaceKey, Postcode
from ivr.line.directory.days import Days, Exactness
from ivr.line.directory.hours import DAY, Hours, Validity
from ivr.line.directory.rows import Row

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CoverageRow:
    """One row of coverage.csv. `days` None is every day; `hours` None is round the clock."""

    municipality: MunicipalityNumber
    postcodes: tuple[Postcode, ...]
    days: Days | None
    hours: Hours | None
    centre: CentreId
    valid: Validity
    row: Row

    @property
    def keys(self) -> tuple[PlaceKey, ...]:
        whole = PlaceKey(self.municipality)
        return tuple(PlaceKey(f"{whole}-{code}") for code in self.postcodes) or (whole,)

    @property
    def always(self) -> bool:
        """Every day, round the clock."""
        return self.days is None and self.hours is None

    @property
    def fills(self) -> bool:
        """Answers when no other row does."""
        return self.days is not None and self.days.otherwise


@dataclass(frozen=True)
class Shift:
    """A stretch of one calendar day for which a row answers, in minutes after midnight: [start, end).

    `began`: the day on which the hours of the row began; the day before for the part after midnight.
    """

    start: int
    end: int
    rule: CoverageRow
    began: date


@dataclass(frozen=True)
class Timetable:
    """All rules of one place."""

    rules: tuple[CoverageRow, ...]

    @cached_property
    def by_day(self) -> bool:
        """Whether some row names its days. If none does, all days with the same rows in force are alike."""
        return any(rule.days for rule in self.rules)

    def on(self, day: date) -> tuple[CoverageRow, ...]:
        """The rules in force that day. A municipality's first rules hold also before their first day; a
        postcode's do not, because until then its municipality answers for it.
        """
        if self._is_lasting:
            return self.rules
        if not self.rules[0].postcodes:
            day = max(day, self._first_day)
        return tuple([rule for rule in self.rules if rule.valid.contains(day)])

    @cached_property
    def _is_lasting(self) -> bool:
        """All of its rows are in force on any day, as nearly everywhere."""
        return all(rule.valid.start is None and rule.valid.end is None for rule in self.rules)

    @cached_property
    def _first_day(self) -> date:
        return min(rule.valid.start or date.min for rule in self.rules)

    def turning_days(self) -> list[date]:
        """The days on which the rules in force may change, oldest first; the first stands for all before it."""
        days = {date.min}
        for rule in self.rules:
            if rule.valid.start:
                days.add(rule.valid.start)
            if rule.valid.end and rule.valid.end < date.max:
                days.add(rule.valid.end + ONE_DAY)
        return sorted(days)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Who answers through one calendar day, by start. Validity turns at midnight: the rows in force this day also
        say who has the night that began the day before.

        A row that fills the rest of the day has one shift for each stretch that nobody else has.
        """
        rules = self.on(day)
        whole = Hours(0, DAY)
        found = [
            Shift((rule.hours or whole).start, (rule.hours or whole).first_day_end, rule, day)
            for rule in on_duty(rules, day)
        ]
        found += [
            Shift(0, rule.hours.past_midnight, rule, _before(day))
            for rule in on_duty(rules, _before(day))
            if rule.hours and rule.hours.past_midnight
        ]
        found.sort(key=lambda shift: (shift.start, shift.end))
        filling = [rule for rule in rules if rule.fills]
        found += [Shift(start, end, rule, day) for start, end in gaps(found) for rule in filling]
        return tuple(sorted(found, key=lambda shift: (shift.start, shift.end)))

    def at(self, day: date, minute: int) -> CoverageRow:
        """The row that answers. Outside the time that was proved, a gap is answered by the first row in force."""
        rules = self.on(day)
        if not self.by_day:
            return next(rule for rule in rules if rule.hours is None or rule.hours.covers(minute))
        for rule in on_duty(rules, day):
            if rule.hours is None or rule.hours.start <= minute < rule.hours.first_day_end:
                return rule
        for rule in on_duty(rules, _before(day)):
            if rule.hours and minute < rule.hours.past_midnight:
                return rule
        return next((rule for rule in rules if rule.fills), rules[0])


def alternative(table: Timetable, chosen: CoverageRow, day: date, all_day: Collection[CentreId]) -> CentreId | None:
    """The centre to offer beside the one that answers part of the time: one that serves the place at other times and
    answers round the clock for places of its own (`all_day`). A row of single dates counts on its dates alone."""
    if chosen.always:
        return None
    for rule in table.on(day):
        passing = rule.days is not None and rule.days.only_dates and rule.days.names(day) is Exactness.NOT
        if rule.centre != chosen.centre and rule.centre in all_day and not passing:
            return rule.centre
    return None


def on_duty(rules: Iterable[CoverageRow], day: date) -> list[CoverageRow]:
    """The rows whose hours begin on this day: a date takes its day out of all other rows, a day before a public holiday
    out of the rows that name its weekday."""
    exact = [(rule.days.names(day) if rule.days else Exactness.DAY, rule) for rule in rules if not rule.fills]
    most = max((exactness for exactness, _ in exact), default=Exactness.NOT)
    if most is Exactness.DATE:
        return [rule for exactness, rule in exact if exactness is Exactness.DATE]
    return [rule for exactness, rule in exact if rule.days is None or exactness is most is not Exactness.NOT]


def gaps(shifts: Iterable[Shift]) -> Iterator[tuple[int, int]]:
    """The stretches of a day that none of these shifts has. The shifts are in the order of their start."""
    reached = 0
    for shift in shifts:
        if shift.start > reached:
            yield reached, shift.start
        reached = max(reached, shift.end)
    if reached < DAY:
        yield reached, DAY


def _before(day: date) -> date:
    return day - ONE_DAY if day > date.min else day


def timetables(rules: Iterable[CoverageRow]) -> dict[PlaceKey, Timetable]:
    by_key: dict[PlaceKey, list[CoverageRow]] = {}
    for rule in rules:
        for key in rule.keys:
            by_key.setdefault(key, []).append(rule)
    return {key: Timetable(tuple(found)) for key, found in by_key.items()}


def round_the_clock(rules: Iterable[CoverageRow]) -> frozenset[CentreId]:
    """The centres that answer all day, every day for some whole municipality (or, having none, for some postcode)."""
    return frozenset(rule.centre for rule in rules if rule.always)
