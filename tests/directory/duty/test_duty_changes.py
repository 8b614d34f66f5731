"""Every moment at which somebody else answers, for whoever has to look at all of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from ivr.base.clock import OSLO
from ivr.line.directory import Directory, Place
from tests.directory.duty.conftest import Load
from tests.directory.duty.test_duty_by_day import BY_DAYS, minutes


def walls(directory: Directory, first: str, last: str) -> list[str]:
    """The changes but those of Kvam, which comes and goes at 08:30 and 23:00 each day."""
    found = directory.duty_changes(date.fromisoformat(first), date.fromisoformat(last))
    told = [moment.isoformat(timespec="minutes") for moment in found]
    return [each for each in told if each[11:16] not in ("08:30", "23:00")]


def test_the_changes_of_a_week_with_a_public_holiday(roster: Load) -> None:
    assert walls(roster(*BY_DAYS), "2027-05-14", "2027-05-18") == [
        "2027-05-14T08:00+02:00",
        "2027-05-14T15:00+02:00",
        "2027-05-18T08:00+02:00",
        "2027-05-18T15:00+02:00",
    ]


def test_both_days_are_in_and_a_change_at_the_first_midnight_counts(roster: Load) -> None:
    directory = roster("| mon-fri, public holiday | voss", "| sat,sun | sogn")
    assert walls(directory, "2027-01-16", "2027-01-17") == ["2027-01-16T00:00+01:00"]
    assert walls(directory, "2027-01-17", "2027-01-17") == []
    assert walls(directory, "2027-01-17", "2027-01-18") == ["2027-01-18T00:00+01:00"]


def test_a_date_of_validity_is_a_change(roster: Load) -> None:
    directory = roster("| | sogn | - 2027-06-20", "| | voss | 2027-06-21 -")
    assert walls(directory, "2027-01-01", "2027-12-31") == ["2027-06-21T00:00+02:00"]


def test_the_end_of_a_postcodes_rows_is_a_change(roster: Load) -> None:
    directory = roster("| | sogn", "| | voss | 2027-02-01 2027-02-28 | 6851")
    assert walls(directory, "2027-01-01", "2027-12-31") == ["2027-02-01T00:00+01:00", "2027-03-01T00:00+01:00"]


def test_a_change_that_the_spring_night_leaves_out_comes_at_three(roster: Load) -> None:
    directory = roster("02:30 06:00 | sun, public holiday | voss", "| otherwise | sogn")
    assert walls(directory, "2027-03-28", "2027-03-28") == ["2027-03-28T03:00+02:00", "2027-03-28T06:00+02:00"]


def test_a_change_in_the_hour_that_comes_twice_is_three_changes(roster: Load) -> None:
    directory = roster("02:30 06:00 | sun, public holiday | voss", "| otherwise | sogn")
    assert walls(directory, "2027-10-31", "2027-10-31") == [
        "2027-10-31T02:30+02:00",
        "2027-10-31T02:00+01:00",
        "2027-10-31T02:30+01:00",
        "2027-10-31T06:00+01:00",
    ]


def test_the_changes_are_those_that_asking_each_minute_finds(roster: Load) -> None:
    directory = roster(*BY_DAYS, "08:00 12:00 | 2027-03-26 | voss", "12:00 08:00 | 2027-03-26 | kvam")
    first, last = date(2027, 3, 25), date(2027, 3, 29)
    places = [Place.from_key(key) for key in directory.tables.timetables]
    answers = [
        (moment, [directory.answering(place, moment) for place in places])
        for moment in minutes(first - timedelta(days=1), last + timedelta(days=1))
    ]
    midnight = datetime(2027, 3, 25, tzinfo=OSLO).astimezone(UTC)
    expected = [moment for (_, was), (moment, now) in pairwise(answers) if was != now and moment >= midnight]
    assert [moment.astimezone(UTC) for moment in directory.duty_changes(first, last)] == expected


def test_a_directory_of_round_the_clock_alone_never_changes(roster: Load) -> None:
    assert walls(roster("| | sogn"), "2027-01-01", "2030-12-31") == []


def test_the_bundled_directory_changes_at_the_hours_of_its_three_places(directory: Directory) -> None:
    found = directory.duty_changes(date(2027, 1, 11), date(2027, 1, 11))
    assert {moment.strftime("%H:%M") for moment in found} == {"08:00", "08:30", "23:00"}
