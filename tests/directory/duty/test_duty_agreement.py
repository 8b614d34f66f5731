"""Rosters that nobody thought of: what answers at a minute, what the proof says, and what changes agree."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.line.directory.coverage import CoverageRow, Timetable
from ivr.line.directory.coverage_proof import faults
from ivr.line.directory.days import parse_days
from ivr.line.directory.duty_changes import duty_changes
from ivr.line.directory.hours import DAY, Hours, Validity
from ivr.line.directory.rows import Row
from tests.directory.duty.test_public_holidays import by_law

FIRST = date(2027, 5, 12)
LAST = date(2027, 5, 20)  # Whit Monday and Constitution Day, the day before, and a week
HOLIDAYS = set(by_law(2027))
HALF_HOURS = st.integers(0, 47).map(lambda half: half * 30)
DAYS = ["", "mon-fri", "sat,sun", "sat,sun,public holiday", "public holiday", "day before public holiday", "fri-mon"]
DAYS += ["mon-fri before public holiday", "2027-05-17", "14 may", "tue,2027-05-14", "otherwise"]
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@st.composite
def rows(draw: st.DrawFn) -> CoverageRow:
    days = parse_days(draw(st.sampled_from(DAYS)))
    hours = None if days and days.otherwise else draw(st.none() | st.builds(Hours, HALF_HOURS, HALF_HOURS))
    start = draw(st.none() | st.just(date(2027, 5, 15)))
    end = draw(st.none() | st.just(date(2027, 5, 18)))
    row = Row("coverage.csv", draw(st.integers(7, 99)), {})
    return CoverageRow("4640", (), days, hours, draw(st.sampled_from("abc")), Validity(start, end), row)


def otherwise(centre: str) -> CoverageRow:
    return CoverageRow("4640", (), parse_days("otherwise"), None, centre, Validity(), Row("coverage.csv", 100, {}))


def exactness(rule: CoverageRow, day: date) -> int:
    """As the table in docs/directory.md has it, word by word: 3 a date, 2 a day before, 1 any other, 0 not at all."""
    if rule.days is None:
        return 1
    found = 0
    for word in str(rule.days).split(", "):
        before, _, rest = word.rpartition(" before public holiday")
        eve = day not in HOLIDAYS and day + timedelta(days=1) in HOLIDAYS
        if word in (day.isoformat(), f"{day.day} may"):
            found = max(found, 3)
        elif word == "public holiday":
            found = max(found, int(day in HOLIDAYS))
        elif not rest and word.endswith("before public holiday"):
            found = max(found, 2 * int(eve and (before == "day" or in_range(before, day))))
        elif word != "otherwise":
            found = max(found, int(day not in HOLIDAYS and in_range(word, day)))
    return found


def in_range(word: str, day: date) -> bool:
    first, _, last = word.partition("-")
    if first not in WEEK:
        return False
    start, end = WEEK.index(first), WEEK.index(last or first)
    return (day.weekday() - start) % 7 <= (end - start) % 7


def begun(rules: list[CoverageRow], day: date) -> list[CoverageRow]:
    named = [(exactness(rule, day), rule) for rule in rules if str(rule.days) != "otherwise"]
    most = max((found for found, _ in named), default=0)
    return [rule for found, rule in named if most and (found == most or (rule.days is None and most < 3))]


def expected(rules: list[CoverageRow], day: date, minute: int) -> list[CoverageRow]:
    """Every row that has duty at a minute, by the rules of docs/directory.md."""
    first = min(rule.valid.start or date.min for rule in rules)
    force = [rule for rule in rules if rule.valid.contains(max(day, first))]
    found = [rule for rule in begun(force, day) if minute in stretch(rule)]
    found += [rule for rule in begun(force, day - timedelta(days=1)) if rule.hours and minute + DAY in stretch(rule)]
    return found or [rule for rule in force if str(rule.days) == "otherwise"]


def stretch(rule: CoverageRow) -> range:
    if rule.hours is None:
        return range(DAY)
    end = rule.hours.end if rule.hours.end > rule.hours.start else rule.hours.end + DAY
    return range(rule.hours.start, end)


def half_hours() -> Iterator[tuple[date, int]]:
    for step in range((LAST - FIRST).days + 1):
        yield from ((FIRST + timedelta(days=step), minute) for minute in range(0, DAY, 30))


@settings(max_examples=60)
@given(st.lists(rows(), min_size=1, max_size=5))
def test_who_answers_is_what_the_page_says_word_by_word(rules: list[CoverageRow]) -> None:
    table = Timetable(tuple(rules))
    for day, minute in half_hours() if table.by_day else ():
        right = expected(rules, day, minute)
        has = [shift.rule for shift in table.shifts(day) if shift.start <= minute < shift.end]
        assert sorted(map(id, has)) == sorted(map(id, right)), (day, minute)
        if len(right) == 1:
            assert table.at(day, minute) is right[0]


@settings(max_examples=60)
@given(st.lists(rows(), min_size=1, max_size=2), st.booleans())
def test_what_the_proof_lets_pass_has_one_row_at_each_minute(rules: list[CoverageRow], filled: bool) -> None:
    rules = [*rules, otherwise("a")] if filled else rules
    table = Timetable(tuple(rules))
    sound = not list(faults({"4640": table}, FIRST))
    if sound and table.by_day:
        for day, minute in half_hours():
            assert len(expected(rules, day, minute)) == 1, (day, minute)


@settings(max_examples=60)
@given(st.lists(rows(), min_size=1, max_size=4), st.sampled_from("abc"))
def test_the_changes_are_where_the_answer_differs_from_that_of_the_minute_before(
    rules: list[CoverageRow], alone: str
) -> None:
    table = Timetable((*rules, otherwise(alone)))
    told = duty_changes({"4640": table}, (), FIRST, LAST)
    found = {moment.replace(tzinfo=None) for moment in told}
    before = table.at(FIRST - timedelta(days=1), DAY - 1).centre
    for day, minute in half_hours():
        now = table.at(day, minute).centre
        moment = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - wall time
        assert (moment in found) == (now != before), moment
        before = now
