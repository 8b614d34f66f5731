"""The public holidays of Norway, against the two acts and an Easter that is computed here."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from ivr.line.directory.public_holidays import is_before_public_holiday, public_holiday, public_holidays

YEARS = range(2025, 2061)
# § 2 of lov om helligdager og helligdagsfred, letters (b) to (k), as days after Easter Sunday ...
AFTER_EASTER = {
    "Skjærtorsdag": -3,
    "Langfredag": -2,
    "Første påskedag": 0,
    "Andre påskedag": 1,
    "Kristi himmelfartsdag": 39,
    "Første pinsedag": 49,
    "Andre pinsedag": 50,
}
# ... or as month and day, and § 1 of lov om 1 og 17 mai som høgtidsdager.
FIXED = {
    "Første nyttårsdag": (1, 1),
    "Arbeidernes dag": (5, 1),
    "Grunnlovsdag": (5, 17),
    "Første juledag": (12, 25),
    "Andre juledag": (12, 26),
}


def easter(year: int) -> date:
    """Easter Sunday by the method of Meeus."""
    century, of_century = divmod(year, 100)
    leap, left = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap - shift + 15) % 30
    quarter, rest = divmod(of_century, 4)
    weekday = (32 + 2 * left + 2 * quarter - moon - rest) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def by_law(year: int) -> dict[date, set[str]]:
    days: dict[date, set[str]] = {}
    for name, (month, day) in FIXED.items():
        days.setdefault(date(year, month, day), set()).add(name)
    for name, distance in AFTER_EASTER.items():
        days.setdefault(easter(year) + timedelta(days=distance), set()).add(name)
    return days


def test_easter_of_years_that_are_known() -> None:
    known = {2024: (3, 31), 2025: (4, 20), 2027: (3, 28), 2038: (4, 25), 2049: (4, 18), 2076: (4, 19)}
    assert {year: (easter(year).month, easter(year).day) for year in known} == known


@pytest.mark.parametrize("year", YEARS)
def test_the_public_holidays_are_those_of_the_two_acts(year: int) -> None:
    assert {day: set(found.names) for day, found in public_holidays(year).items()} == by_law(year)


def test_two_public_holidays_on_one_date_are_one_day_with_two_names() -> None:
    found = public_holidays(2027)
    assert len(found) == 11
    assert set(found[date(2027, 5, 17)].names) == {"Grunnlovsdag", "Andre pinsedag"}
    assert set(found[date(2027, 5, 17)].english) == {"Constitution Day", "Whit Monday"}


@pytest.mark.parametrize("year", YEARS)
def test_the_eves_are_no_public_holidays_but_days_before_one(year: int) -> None:
    eves = [date(year, 12, 24), date(year, 12, 31), easter(year) - timedelta(days=1), easter(year) + timedelta(days=48)]
    may = {date(year, 5, 1), date(year, 5, 17)}
    for eve in eves:
        assert public_holiday(eve) is None or eve in may
        assert is_before_public_holiday(eve)


@pytest.mark.parametrize("day", [date(2027, 1, 3), date(2027, 4, 1), date(2027, 2, 14), date(2027, 7, 29)])
def test_an_ordinary_sunday_and_a_flag_day_are_no_public_holidays(day: date) -> None:
    assert public_holiday(day) is None


def test_every_public_holiday_has_an_english_name_of_its_own() -> None:
    for year in YEARS:
        for found in public_holidays(year).values():
            assert not set(found.names) & set(found.english)


def test_the_names_do_not_follow_the_language_of_the_server() -> None:
    script = (
        "from ivr.line.directory.public_holidays import public_holidays\n"
        "print(*map(str, public_holidays(2027).values()))"
    )
    environment = {"LANGUAGE": "uk", "LANG": "uk_UA.UTF-8", "PYTHONUTF8": "1"}
    found = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert "Første nyttårsdag" in found.stdout


def test_help_the_simulator_and_a_directory_without_days_do_not_load_the_library() -> None:
    script = (
        "import sys\n"
        "import ivr.simulator, ivr.cli, ivr.line.directory\n"
        "ivr.line.directory.load_directory()\n"
        "sys.argv = ['ivr', '--help']\n"
        "try:\n    ivr.cli.main()\nexcept SystemExit:\n    pass\n"
        "assert 'holidays' not in sys.modules and 'dateutil' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
