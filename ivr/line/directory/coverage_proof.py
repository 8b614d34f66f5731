"""The proof that exactly one centre answers for each place at each minute.

Where no row names its days, each day with the same rows in force is like the others, and one is examined. Where a row
does, each day of the next two years is, and of the two years behind each later change of the rows in force, and each
date that is named. A gap and a double are complaints with their day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ivr.base.errors import Complaint
from ivr.base.ids import PlaceKey
from ivr.line.directory.coverage import ONE_DAY, CoverageRow, Shift, Timetable, gaps, on_duty
from ivr.line.directory.days import DAY_NAMES, day_name
from ivr.line.directory.hours import DAY, clock, untidy
from ivr.line.directory.public_holidays import public_holiday

PROVED = timedelta(days=2 * 366)
ANY_DAY = date(2027, 1, 1)  # where the proof begins when a directory is loaded of no day in particular
MAX_RULES = 400  # of a place
MAX_WORK = 4_000_000  # rows looked at on a day, of all rosters; a minute or two
_MOST_DATES = 30  # in one complaint; the others are counted
_HOLIDAY_HINT = "a weekday such as mon-fri leaves public holidays out; name 'public holiday' in a row"
_NIGHT_HINT = "hours past midnight belong to the day on which they begin; a day from 8 to 8 is 08:00 to 08:00"


@dataclass(frozen=True)
class CoverageFault:
    """`rows`: the indexes of the two rules of a double; () for a gap."""

    start: int
    end: int
    rows: tuple[int, ...]
    kind: str

    def __str__(self) -> str:
        return "all day" if self.end - self.start == DAY else f"{clock(self.start)}–{clock(self.end % DAY)}"


def faults(tables: Mapping[PlaceKey, Timetable], today: date | None) -> Iterator[Complaint]:
    """Hours or days without a centre, or with two, for each place; each said once, at a row of that place."""
    said: set[tuple[int, str]] = set()
    alike: dict[object, dict[CoverageFault, list[date]]] = {}
    work = 0
    for key, table in tables.items():
        roster = _roster(key, table) if table.by_day else None
        work += _work(table) if roster and roster not in alike else 0
        if len(table.rules) > MAX_RULES or work > MAX_WORK:
            place = f"{key} has {len(table.rules)} rows" if len(table.rules) > MAX_RULES else f"up to {key}"
            yield table.rules[-1].row.complaint(f"{place}: too many rows, days and dates of validity to prove")
            return
        first = today or ANY_DAY
        found = _by_day(key, table, first, roster, alike) if table.by_day else _every_day(key, table)
        for complaint in found:
            mark = (complaint.line, complaint.message.split(":", 1)[-1])
            if mark not in said:
                said.add(mark)
                yield complaint


def _work(table: Timetable) -> int:
    """How many rows are looked at on how many days, for a place whose rows name days."""
    return len(table.rules) * len(table.turning_days()) * PROVED.days


def _roster(key: PlaceKey, table: Timetable) -> object:
    """What is the same for places that have the same faults."""
    return ("-" not in key, *((rule.days, rule.hours, rule.valid) for rule in table.rules))


def _every_day(key: PlaceKey, table: Timetable) -> Iterator[Complaint]:
    whole = "-" not in key
    for day in table.turning_days():
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


def _by_day(
    key: PlaceKey, table: Timetable, first: date, roster: object, alike: dict[object, dict[CoverageFault, list[date]]]
) -> Iterator[Complaint]:
    """`alike`: what was found for rosters of the same hours and days, which are many places' as a rule."""
    if roster not in alike:
        alike[roster] = _found(table, "-" not in key, first)
    for fault, days in alike[roster].items():
        yield _complaint(key, table, fault, days)


def _found(table: Timetable, whole: bool, first: date) -> dict[CoverageFault, list[date]]:
    found: dict[CoverageFault, list[date]] = {}
    places = {id(rule): index for index, rule in enumerate(table.rules)}
    seen: set[tuple[object, ...]] = set()
    for day in _days(table, first):
        rules = table.on(day)
        duty = tuple(places[id(rule)] for rule in (*on_duty(rules, day - ONE_DAY), *on_duty(rules, day)))
        sound = (tuple(places[id(rule)] for rule in rules), duty, len(on_duty(rules, day)))
        if sound in seen or not (rules or whole):
            continue
        faulty = list(_day_faults(table.shifts(day), places, day))
        for fault in faulty:
            found.setdefault(fault, []).append(day)
        if not faulty:
            seen.add(sound)
    return found


def _days(table: Timetable, first: date) -> list[date]:
    """The days to examine, oldest first."""
    starts = [first, *(day for day in table.turning_days() if first < day < date.max - PROVED)]
    days = {start + timedelta(days=step) for start in starts for step in range(PROVED.days)}
    named = {day for rule in table.rules if rule.days for day in rule.days.dates if first <= day < date.max - ONE_DAY}
    return sorted(days | named | {day + ONE_DAY for day in named})


def _day_faults(shifts: tuple[Shift, ...], places: Mapping[int, int], day: date) -> Iterator[CoverageFault]:
    kind = "public holiday" if public_holiday(day) else DAY_NAMES[day.weekday()]
    for start, end in gaps(shifts):
        yield CoverageFault(start, end, (), kind)
    reached: Shift | None = None
    for shift in shifts:
        if reached and shift.start < reached.end:
            rows = (places[id(reached.rule)], places[id(shift.rule)])
            yield CoverageFault(shift.start, min(shift.end, reached.end), rows, kind)
        if reached is None or shift.end > reached.end:
            reached = shift


def _complaint(key: PlaceKey, table: Timetable, fault: CoverageFault, days: list[date]) -> Complaint:
    when = f"{fault} on {_listed(fault, days)}"
    if not fault.rows:
        hint = _HOLIDAY_HINT if fault.kind == "public holiday" and not _names_holidays(table, days[0]) else _NIGHT_HINT
        return _last(table, days[0]).row.complaint(f"{key}: no centre answers {when}; {hint}")
    one, two = sorted((table.rules[index] for index in fault.rows), key=lambda rule: rule.row.line)
    where = f"({one.centre}, line {one.row.line}, and {two.centre})"
    hint = f"; {_NIGHT_HINT}" if fault.start == 0 and fault.end < DAY else ""
    return two.row.complaint(f"{key}: two rows answer {when} {where}{hint}")


def _names_holidays(table: Timetable, day: date) -> bool:
    return any(rule.days is not None and rule.days.holidays for rule in table.on(day))


def _last(table: Timetable, day: date) -> CoverageRow:
    return (table.on(day) or table.rules)[-1]


def _listed(fault: CoverageFault, days: list[date]) -> str:
    """The first day with its name; of public holidays the other dates too."""
    first, others = days[0], days[1:]
    shown = [day.isoformat() for day in others[:_MOST_DATES]] if fault.kind == "public holiday" else []
    count = len(others) - len(shown)
    more = f" and {count} later {'day' if count == 1 else 'days'}" if count else ""
    return ", ".join([day_name(first), *shown]) + more
