"""The moments at which somebody else answers for a place.

A roster is written in wall time, and a moment is not: in the night in spring when the clocks change a change at 02:30
comes at 03:00, and in the one in autumn it comes, goes and comes again.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from ivr.base.clock import OSLO
from ivr.base.ids import CentreId, PlaceKey
from ivr.line.directory.coverage import ONE_DAY, CoverageRow, Timetable, alternative
from ivr.line.directory.coverage_proof import PROVED
from ivr.line.directory.hours import DAY

_MINUTE = timedelta(minutes=1)
Answering = tuple[CentreId, CentreId | None]  # ids of the centre and of the alternative


def duty_changes(
    tables: Mapping[PlaceKey, Timetable], all_day: Collection[CentreId], first: date, last: date
) -> tuple[datetime, ...]:
    """For all places together; as `Directory.duty_changes` says it."""
    found: set[datetime] = set()  # in UTC: two aware moments of one zone are compared by their wall time
    seen: set[object] = set()
    for key, table in tables.items():
        whole = tables.get(PlaceKey(key.partition("-")[0]), table)
        roster = _roster(table, whole, all_day)
        if roster not in seen:
            seen.add(roster)
            found.update(moment.astimezone(UTC) for moment in _changes(table, whole, all_day, first, last))
    return tuple(moment.astimezone(OSLO) for moment in sorted(found))


def _roster(table: Timetable, whole: Timetable, all_day: Collection[CentreId]) -> object:
    """Equal for places whose changes are at the same moments: the same rows, with other centres in them."""
    rules = table.rules if table is whole else (*table.rules, *whole.rules)
    order = {centre: number for number, centre in enumerate(dict.fromkeys(rule.centre for rule in rules))}
    return tuple(
        (bool(rule.postcodes), rule.days, rule.hours, rule.valid, order[rule.centre], rule.centre in all_day)
        for rule in rules
    )


def next_change(table: Timetable, whole: Timetable, at: datetime) -> datetime | None:
    """When another centre answers for a place than at `at` (Oslo time); None if none does within the proved time."""
    far = date.max - PROVED
    part_time = any(rule.hours or rule.days for rule in (*table.rules, *whole.rules))
    last = min(at.date(), far) + PROVED if part_time else date.max
    now = at.astimezone(UTC)
    return next((m for m in _changes(table, whole, (), at.date(), last) if m.astimezone(UTC) > now), None)


def _changes(
    table: Timetable, whole: Timetable, all_day: Collection[CentreId], first: date, last: date
) -> Iterator[datetime]:
    """`whole`: the municipality's rows, which answer for a postcode while it has none in force."""
    before: Answering | None = None
    rules: tuple[CoverageRow, ...] = ()
    answers: list[tuple[int, Answering]] = []
    for day in _days(table, whole, first, last):
        used = table if table.on(day) else whole
        if used.by_day or used.on(day) != rules:
            rules, answers = used.on(day), _answers(used, day, all_day)
        for moment, answer in _clock_change(day, answers) if _has_clock_change(day) else _moments(day, answers):
            if before is not None and answer != before and day >= first:
                yield moment
            before = answer


def _days(table: Timetable, whole: Timetable, first: date, last: date) -> Iterator[date]:
    """The day before the first one, and then each day on which something can change."""
    day = max(first, date.min + ONE_DAY) - ONE_DAY
    if any(rule.hours or rule.days for rule in (*table.rules, *whole.rules)):
        yield from (day + step * ONE_DAY for step in range((last - day).days + 1))
        return
    turning = {*table.turning_days(), *whole.turning_days()}
    yield day
    yield from sorted(turn for turn in turning if first <= turn <= last)


def _answers(table: Timetable, day: date, all_day: Collection[CentreId]) -> list[tuple[int, Answering]]:
    """From which minute of the day who answers."""
    if not table.by_day:
        turns = {0, *(minute for rule in table.on(day) if rule.hours for minute in (rule.hours.start, rule.hours.end))}
    else:
        turns = {0, *(minute for shift in table.shifts(day) for minute in (shift.start, shift.end))} - {DAY}
    answers = []
    for minute in sorted(turns):
        rule = table.at(day, minute)
        answers.append((minute, (rule.centre, alternative(table, rule, day, all_day))))
    return answers


def _moments(day: date, answers: list[tuple[int, Answering]]) -> Iterator[tuple[datetime, Answering]]:
    for minute, answer in answers:
        yield _at(day, minute), answer


def _at(day: date, minute: int, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=OSLO, fold=fold)


def _has_clock_change(day: date) -> bool:
    midnight = _at(day, 0)
    return midnight.utcoffset() != midnight.replace(hour=23).utcoffset()


def _clock_change(day: date, answers: list[tuple[int, Answering]]) -> Iterator[tuple[datetime, Answering]]:
    """The same on a day on which the clock on the wall jumps: a minute comes twice, or not at all."""
    midnight = _at(day, 0)
    began, usual = midnight.astimezone(UTC), midnight.utcoffset()
    jump = bisect_left(
        range(DAY), True, key=lambda minute: (began + minute * _MINUTE).astimezone(OSLO).utcoffset() != usual
    )
    turns = {_at(day, minute, fold).astimezone(UTC) for minute, _ in answers for fold in (0, 1)}
    for moment in sorted(turns | {began + jump * _MINUTE}):
        wall = moment.astimezone(OSLO)
        if wall.date() == day:
            shown = wall.hour * 60 + wall.minute
            yield wall, [answer for minute, answer in answers if minute <= shown][-1]
