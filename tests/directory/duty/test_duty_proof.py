"""The loader refuses a minute without a centre, or with two, and says on which day."""

from collections.abc import Callable
from datetime import date

import pytest

from ivr.base.errors import DefinitionError
from tests.directory.duty.conftest import Load
from tests.directory.duty.test_duty_by_day import BY_DAYS, BY_HOURS, OTHERWISE

Refusals = Callable[..., list[str]]


@pytest.fixture
def refusals(roster: Load) -> Refusals:
    def load(*rows: str, today: date | None = date(2026, 11, 28)) -> list[str]:
        with pytest.raises(DefinitionError) as caught:
            roster(*rows, today=today)
        return [str(complaint) for complaint in caught.value.complaints]

    return load


def test_a_roster_that_forgets_public_holidays_is_refused_with_each_of_them(refusals: Refusals) -> None:
    (complaint,) = refusals("08:00 15:00 | mon-fri | voss", "08:00 15:00 | sat,sun | sogn", "15:00 08:00 | | sogn")
    assert complaint.startswith(
        "coverage.csv:15: 4640: no centre answers 08:00–15:00 on Friday 2026-12-25 (public holiday: Første juledag), "
    )
    for day in ("2026-12-26", "2027-03-29", "2027-05-17", "2028-06-05"):
        assert day in complaint
    assert complaint.endswith("; a weekday such as mon-fri leaves public holidays out; name 'public holiday' in a row")


def test_a_gap_on_a_single_public_holiday_is_refused_with_its_date(refusals: Refusals) -> None:
    found = refusals("| | voss | - 2027-05-16", "| mon-fri | voss | 2027-05-17 2027-05-17", "| | sogn | 2027-05-18 -")
    assert found == [
        "coverage.csv:14: 4640: no centre answers all day on Monday 2027-05-17 (public holiday: Andre pinsedag and "
        "Grunnlovsdag); a weekday such as mon-fri leaves public holidays out; name 'public holiday' in a row"
    ]


def test_a_double_on_a_single_public_holiday_is_refused_with_its_date(refusals: Refusals) -> None:
    extra = "10:00 12:00 | public holiday | voss | 2027-03-29 2027-03-29"
    assert refusals(*BY_DAYS, extra) == [
        "coverage.csv:16: 4640: two rows answer 10:00–12:00 on Monday 2027-03-29 (public holiday: Andre påskedag) "
        "(sogn, line 15, and voss)"
    ]


def test_two_rows_of_one_date_are_refused(refusals: Refusals) -> None:
    (complaint,) = refusals(*OTHERWISE, "08:00 12:00 | 2027-12-24 | voss", "10:00 15:00 | 24 dec | sogn")
    assert "two rows answer 10:00–12:00 on Friday 2027-12-24 (day before a public holiday), " not in complaint
    assert "two rows answer 10:00–12:00 on Friday 2027-12-24 (day before a public holiday) " in complaint


def test_a_whole_day_beside_a_night_is_refused_with_a_hint(refusals: Refusals) -> None:
    found = refusals(*BY_DAYS[:2], "| sat,sun,public holiday | sogn")
    assert any("no centre answers 00:00–08:00 on Monday 2026-11-30 and 99 later days" in each for each in found)
    assert any("two rows answer 00:00–08:00 on Saturday 2026-11-28 and 97 later days" in each for each in found)
    assert all("a day from 8 to 8 is 08:00 to 08:00" in each for each in found)


def test_a_gap_far_ahead_behind_a_change_of_validity_is_found(refusals: Refusals) -> None:
    later = [f"{row} | 2035-01-01 -" for row in BY_DAYS[:2]]
    found = refusals(*(f"{row} | - 2034-12-31" for row in BY_DAYS), *later)
    assert any("on Monday 2035-01-01" in each for each in found)


def test_a_date_far_ahead_is_looked_at(refusals: Refusals) -> None:
    found = refusals(*BY_DAYS, "08:00 15:00 | 2031-06-24 | sogn")
    assert any("15:00–00:00 on Tuesday 2031-06-24" in each for each in found)
    assert any("00:00–08:00 on Wednesday 2031-06-25" in each for each in found)


@pytest.mark.parametrize("today", [None, date(2026, 3, 1), date(2027, 12, 31), date(2040, 2, 29)])
@pytest.mark.parametrize("rows", [OTHERWISE, BY_DAYS, BY_HOURS])
def test_a_whole_roster_is_sound_on_any_day(rows: tuple[str, ...], today: date | None, roster: Load) -> None:
    assert roster(*rows, today=today).tables.timetables["4640"].by_day


def test_the_same_roster_of_two_places_is_refused_at_each(refusals: Refusals) -> None:
    rows = ("08:00 15:00 | mon-fri | voss", "15:00 08:00 | | sogn")
    found = refusals(*rows, *(f"{row} | - - | 6851" for row in rows))
    gaps = [each.partition(": no centre answers")[0] for each in found if "on Saturday 2026-11-28" in each]
    assert gaps == ["coverage.csv:14: 4640", "coverage.csv:16: 4640-6851"]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("| helligdag | voss", "'helligdag' is not a kind of day; write mon-fri, sat, public holiday, "),
        ("| public holidays | voss", "'public holidays' is not a kind of day (did you mean 'public holiday'?)"),
        ("| man-fre | voss", "'man-fre' is not a kind of day"),
        ("| mon-mon | voss", "'mon-mon' is one day or the whole week; write 'mon', or mon-sun"),
        ("| mon;tue | voss", "'mon;tue' is not a kind of day"),
        ("| mon,,tue | voss", "'' is not a kind of day"),
        ("| mon, mon | voss", "'mon' is twice in days"),
        ("| mon, otherwise | voss", "'otherwise' must be the only word in days"),
        ("| every day, mon | voss", "'every day' must be the only word in days"),
        ("| 2027-02-29 | voss", "'2027-02-29' is not a day of the calendar"),
        ("| 30 feb | voss", "'30 feb' is not a day of the calendar; write 24 dec"),
        ("| 24 des | voss", "'24 des' is not a day of the calendar; write 24 dec"),
        ("08:00 15:00 | otherwise | voss", "a row of 'otherwise' has no hours: it answers whenever no other row does"),
        ("08:00 08:00 | | voss", "08:00–08:00 is an empty period; leave both cells empty for round the clock"),
    ],
)
def test_what_days_may_not_be_is_said_with_what_to_write(row: str, complaint: str, refusals: Refusals) -> None:
    assert complaint in refusals(row)[0]


def test_two_rows_of_otherwise_are_refused(refusals: Refusals) -> None:
    found = refusals("08:00 15:00 | mon-fri | voss", "| otherwise | sogn", "| otherwise | kvam")
    assert any("two rows answer 15:00–00:00 on Monday" in each for each in found)
