"""Who answers on which day, at each minute, by rosters such as Norwegian services write them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ivr.base.clock import OSLO
from ivr.line.directory import Directory, Place
from tests.directory.duty.conftest import Load
from tests.directory.duty.test_public_holidays import by_law

SOGNDAL = Place("4640")
# "Weekdays 8 to 15 the local office (voss), otherwise the joint centre (sogn)", in the ways in which it can be written.
OTHERWISE = ("08:00 15:00 | mon-fri | voss", "| otherwise | sogn")
BY_HOURS = ("08:00 15:00 | mon-fri | voss", "08:00 15:00 | sat, sun, public holiday | sogn", "15:00 08:00 | | sogn")
BY_DAYS = (
    "08:00 15:00 | mon-fri | voss",
    "15:00 08:00 | mon-fri | sogn",
    "08:00 08:00 | sat,sun,public holiday | sogn",
)
OFFICE = [OTHERWISE, BY_HOURS, BY_DAYS]


def answering(directory: Directory, wall: str) -> str:
    return directory.answering(SOGNDAL, datetime.fromisoformat(wall).replace(tzinfo=OSLO)).centre.id


def minutes(first: date, last: date, step: int = 1) -> list[datetime]:
    """Every minute, or each so many, that passes between the starts of two days in Oslo."""
    start, end = (datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC) for day in (first, last))
    return [start + timedelta(minutes=passed) for passed in range(0, (end - start) // timedelta(minutes=1), step)]


def office(wall: datetime, holidays: set[date]) -> str:
    open_today = wall.weekday() < 5 and wall.date() not in holidays
    return "voss" if open_today and 8 <= wall.hour < 15 else "sogn"


@pytest.mark.parametrize("rows", OFFICE, ids=["otherwise", "by hours", "by days"])
def test_weekdays_the_office_and_otherwise_the_joint_centre_at_each_minute_of_2027(
    rows: tuple[str, ...], roster: Load
) -> None:
    """No duty changes within an hour (but that of Kvam, at 08:30), so four minutes of an hour are all of them."""
    directory, holidays = roster(*rows), set(by_law(2027))
    changes = directory.duty_changes(date(2027, 1, 1), date(2027, 12, 31))
    assert {change.strftime("%M") for change in changes if change.strftime("%H:%M") != "08:30"} == {"00"}
    wrong = []
    for hour in minutes(date(2027, 1, 1), date(2028, 1, 1), step=60):
        expected = office(hour.astimezone(OSLO), holidays)
        for moment in (hour + timedelta(minutes=minute) for minute in (0, 1, 30, 59)):
            if directory.answering(SOGNDAL, moment).centre.id != expected:
                wrong.append(moment)
    assert not wrong


@pytest.mark.parametrize(
    "day", ["03-25", "03-26", "03-28", "03-29", "05-01", "05-16", "05-17", "05-18", "10-31", "12-24", "12-25", "12-27"]
)
def test_each_minute_of_a_public_holiday_and_of_a_clock_change_is_the_right_centres(day: str, roster: Load) -> None:
    directory, first = roster(*BY_DAYS), date.fromisoformat(f"2027-{day}")
    for moment in minutes(first, first + timedelta(days=1)):
        expected = office(moment.astimezone(OSLO), set(by_law(2027)))
        assert directory.answering(SOGNDAL, moment).centre.id == expected, moment


@pytest.mark.parametrize("rows", OFFICE, ids=["otherwise", "by hours", "by days"])
def test_easter_17_may_and_christmas_ring_the_joint_centre(rows: tuple[str, ...], roster: Load) -> None:
    directory = roster(*rows)
    for day in ("2027-03-25", "2027-03-26", "2027-03-29", "2027-05-06", "2027-05-17", "2028-05-01", "2028-12-25"):
        assert answering(directory, f"{day}T10:00") == "sogn", day
    for day in ("2027-03-24", "2027-03-30", "2027-05-18", "2027-12-24", "2027-12-31"):
        assert answering(directory, f"{day}T10:00") == "voss", day


FRIDAY = ("22:00 08:00 | fri | voss", "08:00 22:00 | fri | sogn", "08:00 08:00 | sat-thu, public holiday | sogn")


def test_hours_past_midnight_belong_to_the_day_on_which_they_began(roster: Load) -> None:
    directory = roster(*FRIDAY)
    friday_night = ["2027-01-15T22:00", "2027-01-15T23:59", "2027-01-16T00:00", "2027-01-16T07:59"]
    assert [answering(directory, wall) for wall in friday_night] == ["voss"] * 4
    others = ["2027-01-15T00:00", "2027-01-15T07:59", "2027-01-15T21:59", "2027-01-16T08:00", "2027-01-16T22:00"]
    assert [answering(directory, wall) for wall in others] == ["sogn"] * 5


def test_the_night_before_a_public_holiday_belongs_to_the_weekday_on_which_it_began(roster: Load) -> None:
    directory = roster(
        "08:00 15:00 | mon-fri | voss",
        "15:00 08:00 | mon-fri | kvam",
        "08:00 08:00 | sat, sun, public holiday | sogn",
    )
    night = ["2027-03-24T15:00", "2027-03-25T07:59", "2027-03-25T08:00", "2027-03-30T07:59", "2027-03-30T08:00"]
    assert [answering(directory, wall) for wall in night] == ["kvam", "kvam", "sogn", "sogn", "voss"]


def test_hours_that_end_at_midnight_are_of_one_day(roster: Load) -> None:
    directory = roster("22:00 00:00 | mon-fri | voss", "| otherwise | sogn")
    evening = ["2027-01-15T21:59", "2027-01-15T22:00", "2027-01-15T23:59", "2027-01-16T00:00", "2027-01-16T22:00"]
    assert [answering(directory, wall) for wall in evening] == ["sogn", "voss", "voss", "sogn", "sogn"]


@pytest.mark.parametrize(
    ("moment", "centre"),
    [
        ("2027-03-28T00:59:00+00:00", "sogn"),  # 01:59; the next minute is 03:00
        ("2027-03-28T01:00:00+00:00", "voss"),
        ("2027-10-31T00:29:00+00:00", "sogn"),  # 02:29 for the first time
        ("2027-10-31T00:30:00+00:00", "voss"),
        ("2027-10-31T01:00:00+00:00", "sogn"),  # 02:00 for the second time
        ("2027-10-31T01:30:00+00:00", "voss"),
    ],
)
def test_a_night_of_a_clock_change_follows_the_clock_on_the_wall(moment: str, centre: str, roster: Load) -> None:
    directory = roster("02:30 06:00 | sun, public holiday | voss", "| otherwise | sogn")
    assert directory.answering(SOGNDAL, datetime.fromisoformat(moment)).centre.id == centre


def test_a_weekend_duty_from_friday_evening_to_monday_morning(roster: Load) -> None:
    directory = roster(
        "08:00 16:00 | mon-fri | sogn",
        "16:00 08:00 | mon-thu | sogn",
        "16:00 08:00 | fri | kvam",
        "08:00 08:00 | sat, sun, public holiday | kvam",
    )
    walls = ["2027-01-15T15:59", "2027-01-15T16:00", "2027-01-17T03:00", "2027-01-18T07:59", "2027-01-18T08:00"]
    assert [answering(directory, wall) for wall in walls] == ["sogn", "kvam", "kvam", "kvam", "sogn"]


def test_a_range_of_weekdays_may_wrap_round_the_end_of_the_week(roster: Load) -> None:
    directory = roster("| fri-mon | voss", "| tue-thu, public holiday | sogn")
    found = [answering(directory, f"2027-01-{day}T12:00") for day in range(11, 18)]
    assert found == ["voss", "sogn", "sogn", "sogn", "voss", "voss", "voss"]


BEFORE = (
    "08:00 15:00 | mon-fri | voss",
    "15:00 08:00 | mon-fri | sogn",
    "08:00 12:00 | mon-fri before public holiday | voss",
    "12:00 08:00 | mon-fri before public holiday | sogn",
    "08:00 08:00 | sat, sun, public holiday | sogn",
)


def test_a_day_before_a_public_holiday_is_taken_out_of_the_weekdays_where_a_row_names_it(roster: Load) -> None:
    directory = roster(*BEFORE)
    assert [answering(directory, f"2027-03-24T{hour}:00") for hour in (11, 12, 14)] == ["voss", "sogn", "sogn"]
    assert [answering(directory, f"2027-03-23T{hour}:00") for hour in (11, 12, 14)] == ["voss", "voss", "voss"]
    assert answering(directory, "2027-12-24T14:00") == "sogn"


def test_weekdays_before_a_public_holiday_leave_easter_eve_to_saturday(roster: Load) -> None:
    assert answering(roster(*BEFORE), "2027-03-27T10:00") == "sogn"


def test_a_day_before_a_public_holiday_is_of_any_weekday_if_none_is_said(roster: Load) -> None:
    rows = [row.replace("mon-fri before", "day before") for row in BEFORE]
    assert answering(roster(*rows), "2027-03-27T10:00") == "voss"


def test_a_public_holiday_before_a_public_holiday_is_a_public_holiday(roster: Load) -> None:
    assert answering(roster(*BEFORE), "2027-03-25T10:00") == "sogn"  # Maundy Thursday


def test_a_day_before_a_public_holiday_is_an_ordinary_weekday_where_no_row_names_it(roster: Load) -> None:
    assert answering(roster(*BY_DAYS), "2027-03-24T14:00") == "voss"


def test_a_date_takes_its_day_out_of_all_other_rows(roster: Load) -> None:
    directory = roster(*BY_DAYS, "08:00 08:00 | 2027-12-23, 2027-12-24 | kvam")
    walls = ["2027-12-23T07:59", "2027-12-23T08:00", "2027-12-24T10:00", "2027-12-25T07:59", "2027-12-25T08:00"]
    assert [answering(directory, wall) for wall in walls] == ["sogn", "kvam", "kvam", "kvam", "sogn"]
    assert answering(directory, "2028-12-22T10:00") == "voss"


def test_a_date_takes_its_day_out_of_a_row_of_every_day(roster: Load) -> None:
    directory = roster("| | sogn", "| 2027-06-24 | voss")
    assert [answering(directory, f"2027-06-{day}T12:00") for day in (23, 24, 25)] == ["sogn", "voss", "sogn"]


def test_what_a_date_leaves_open_is_filled_by_otherwise(roster: Load) -> None:
    directory = roster(*OTHERWISE, "08:00 12:00 | 24 dec, 31 dec | voss")
    for year, evenings in ((2027, "24 31"), (2029, "24 31")):
        for day in evenings.split():
            assert [answering(directory, f"{year}-12-{day}T{hour}:30") for hour in (11, 12, 14)] == [
                "voss",
                "sogn",
                "sogn",
            ]
    assert answering(directory, "2027-12-30T14:30") == "voss"


def test_a_roster_of_the_summer_begins_and_ends_at_midnight(roster: Load) -> None:
    directory = roster(
        *(f"{row} | - 2027-06-20" for row in BY_DAYS),
        "08:00 20:00 | | voss | 2027-06-21 2027-08-15",
        "20:00 08:00 | | kvam | 2027-06-21 2027-08-15",
        *(f"{row} | 2027-08-16 -" for row in BY_DAYS),
    )
    walls = ["2027-06-20T23:59", "2027-06-21T00:00", "2027-06-27T12:00", "2027-08-15T23:59", "2027-08-16T00:00"]
    assert [answering(directory, wall) for wall in walls] == ["sogn", "kvam", "voss", "kvam", "sogn"]


def test_a_roster_without_a_public_holiday_in_its_time_need_not_name_them(roster: Load) -> None:
    summer = ("| mon-fri | voss | 2027-06-01 2027-08-31", "| sat,sun | kvam | 2027-06-01 2027-08-31")
    directory = roster("| | sogn | - 2027-05-31", *summer, "| | sogn | 2027-09-01 -")
    assert [answering(directory, f"2027-06-0{day}T12:00") for day in (4, 5)] == ["voss", "kvam"]


def test_a_postcode_can_have_a_roster_of_its_own(roster: Load) -> None:
    rows = ("08:00 15:00 | mon-fri | voss | - - | 6851", "| otherwise | kvam | - - | 6851")
    directory = roster("| | sogn", *rows)
    at = datetime(2027, 5, 18, 10, tzinfo=OSLO)
    assert directory.answering(Place("4640", "6851"), at).centre.id == "voss"
    assert directory.answering(Place("4640", "6851"), at - timedelta(days=1)).centre.id == "kvam"
    assert directory.answering(SOGNDAL, at).centre.id == "sogn"


def test_the_other_centre_is_offered_while_one_of_part_of_the_week_answers(roster: Load) -> None:
    directory = roster("08:00 15:00 | mon-fri | kvam", "| otherwise | voss", "| | sogn | - - | 6851")
    day, night = (
        directory.answering(SOGNDAL, datetime(2027, 5, 18, hour, tzinfo=OSLO)).alternative for hour in (10, 20)
    )
    assert (day.id if day else None, night) == ("voss", None)


def test_a_centre_of_one_date_is_no_alternative_on_another(roster: Load) -> None:
    directory = roster("08:00 08:00 | 2027-12-24 | voss", "08:00 15:00 | mon-fri | kvam", "| otherwise | sogn")
    found = directory.answering(SOGNDAL, datetime(2027, 12, 23, 10, tzinfo=OSLO)).alternative
    assert found is None


def test_outside_the_proved_time_there_is_an_answer_all_the_same(roster: Load) -> None:
    directory = roster("| mon-fri | voss | - 2025-12-31", "| | sogn | 2026-01-01 -")
    assert answering(directory, "2025-06-01T12:00") == "voss"  # a Sunday, before the first day of the proof
