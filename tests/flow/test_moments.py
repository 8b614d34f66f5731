"""The moments at which something changes, and which of them stand for all others."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from ivr.base.clock import OSLO
from ivr.line.directory.days import parse_days
from ivr.line.directory.hours import parse_hours
from ivr.line.flow.describe import ClockReading
from ivr.line.flow.moments import in_words, moment_classes, shown
from ivr.line.flow.nodes.by_hours import ByHours
from tests.conftest import EVENING

MORNING = datetime(2026, 3, 4, 8, 0, tzinfo=OSLO)


def hours(first: str, last: str, days: str = "") -> ByHours:
    parsed = parse_hours(first, last, of_some_days=bool(days))
    assert parsed
    return ByHours("hours", parse_days(days), parsed, "inside", "outside")


def clock(node: ByHours) -> ClockReading:
    found = node.describe().clock
    assert found
    return found


def never(first: date, last: date) -> Iterable[datetime]:
    return ()


def test_a_flow_that_reads_no_clock_has_one_class_with_every_change_of_duty() -> None:
    (only,) = moment_classes((), lambda first, last: [MORNING], EVENING)
    assert (only.example, only.moments) == (EVENING, (EVENING, MORNING))


def test_a_change_before_now_is_past() -> None:
    (only,) = moment_classes((), lambda first, last: [EVENING.replace(hour=8)], EVENING)
    assert only.moments == (EVENING,)


def test_duty_is_asked_for_two_years() -> None:
    asked: list[date] = []

    def duty(first: date, last: date) -> Iterable[datetime]:
        asked.extend((first, last))
        return ()

    moment_classes((), duty, EVENING)
    assert asked == [date(2026, 3, 3), date(2028, 3, 3)]


def test_now_stands_for_its_class_and_the_first_moment_for_every_other() -> None:
    classes = moment_classes([clock(hours("08:00", "16:00"))], never, EVENING)
    assert [each.example for each in classes] == [EVENING, MORNING]


def test_two_nodes_with_other_hours_make_a_class_of_each_combination() -> None:
    nodes = [hours("08:00", "16:00", "mon-fri"), hours("10:00", "14:00", "sat, public holiday")]
    classes = moment_classes([clock(node) for node in nodes], never, EVENING)
    found = [[node.is_open(each.example) for node in nodes] for each in classes]
    assert found == [[False, False], [True, False], [False, True]]


def test_a_class_that_there_is_on_one_day_in_two_years_is_found() -> None:
    _, leap = moment_classes([clock(hours("12:00", "12:05", "29 feb"))], never, EVENING)
    assert leap.example == datetime(2028, 2, 29, 12, 0, tzinfo=OSLO)


def test_a_change_of_duty_is_looked_at_in_its_own_class() -> None:
    duty = [MORNING.replace(hour=9), MORNING.replace(hour=17)]
    outside, inside = moment_classes([clock(hours("08:00", "16:00"))], lambda first, last: duty, EVENING)
    assert duty[0] in inside.moments
    assert duty[1] in outside.moments


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 24), {"00:30"}),
        # The clocks are put back at 03:00: 02:30 comes twice, and from the jump on 02:00 is shown again.
        (date(2026, 10, 25), {"00:30", "01:00", "01:30"}),
        # They are put forward at 02:00: there is no 02:30, and what begins then begins at 03:00.
        (date(2027, 3, 28), {"01:00"}),
    ],
)
def test_the_nights_in_which_the_clocks_change(day: date, expected: set[str]) -> None:
    half_past_two = 150
    found = {f"{moment.astimezone(UTC):%H:%M}" for moment in shown([half_past_two], day, day)}
    assert expected <= found
    assert len(found - expected) <= 1  # 02:30 as it would be without the jump: a moment like any other


def test_what_opens_at_a_time_that_is_left_out_is_not_open_that_night() -> None:
    saturday = datetime(2027, 3, 27, 12, 0, tzinfo=OSLO)
    _, opened = moment_classes([clock(hours("02:30", "02:45", "sun"))], never, saturday)
    assert in_words(opened.example) == "02:30, Sunday 4 April 2027"


def test_hours_that_pass_midnight_belong_to_the_day_on_which_they_began() -> None:
    node = hours("22:00", "06:00", "fri")
    friday = datetime(2026, 11, 27, 5, 0, tzinfo=OSLO)
    assert not node.is_open(friday)
    assert node.is_open(friday.replace(hour=22))
    assert node.is_open(friday.replace(day=28, hour=5, minute=59))
    assert not node.is_open(friday.replace(day=28, hour=6))
    assert not node.is_open(friday.replace(day=28, hour=22))


def test_hours_are_those_of_the_wall_clock_in_norway() -> None:
    assert hours("08:00", "16:00").is_open(datetime(2026, 7, 1, 6, 0, tzinfo=UTC))
    assert not hours("08:00", "16:00").is_open(datetime(2026, 12, 1, 6, 59, tzinfo=UTC))


def test_a_moment_is_named_by_hour_and_day_and_by_its_zone_where_it_comes_twice() -> None:
    assert in_words(datetime(2026, 11, 30, 16, 0, tzinfo=OSLO)) == "16:00, Monday 30 November 2026"
    assert in_words(datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=OSLO)) == "02:30 (CET), Sunday 25 October 2026"


def test_a_node_that_tells_hours_apart_says_nothing_and_goes_back_to_where_callers_are_outside_them() -> None:
    node = hours("08:00", "16:00")
    assert tuple(node.prompts()) == ()
    assert node.back(None) == "outside"  # type: ignore[arg-type] - it looks at no call
