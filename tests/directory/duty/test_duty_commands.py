"""`ivr directory calendar`, and what `show`, `search` and `check` say of a roster."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.directory import directory as command
from tests.directory.duty.conftest import write_roster
from tests.directory.duty.test_duty_by_day import BY_DAYS, BY_HOURS, OTHERWISE
from tests.directory.duty.test_public_holidays import by_law


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


@pytest.mark.parametrize("rows", [OTHERWISE, BY_HOURS, BY_DAYS], ids=["otherwise", "by hours", "by days"])
def test_show_says_the_week_as_one_would_and_until_when(rows: tuple[str, ...], small: Path) -> None:
    write_roster(small, *rows)
    shown = run("show", "4640", "--at", "2027-05-14T10:00", "--directory", str(small)).stdout
    assert "week: mon-fri 08:00–15:00 Voss legevakt [voss]; otherwise Sogn legevaktsentral [sogn]" in shown
    assert "answers now by: mon-fri 08:00–15:00, duty of Friday 2027-05-14 (coverage.csv, line 13)" in shown
    assert "answers until: 2027-05-14 15:00+02:00" in shown


def test_show_names_the_public_holiday_and_the_end_of_the_long_weekend(small: Path) -> None:
    write_roster(small, *BY_DAYS)
    shown = run("show", "4640", "--at", "2027-05-17T10:00", "--directory", str(small), "--json").stdout
    (place,) = json.loads(shown)["places"]
    assert place["because"] == (
        "sat, sun, public holiday 08:00–08:00, duty of Monday 2027-05-17 "
        "(public holiday: Andre pinsedag and Grunnlovsdag) (coverage.csv, line 15)"
    )
    assert (place["answering"]["id"], place["until"]) == ("sogn", "2027-05-18T08:00+02:00")
    assert [line["centre"] for line in place["week"]] == ["voss", "sogn"]


def test_show_of_a_night_names_the_day_on_which_the_duty_began(small: Path) -> None:
    write_roster(
        small, "08:00 22:00 | | sogn", "22:00 08:00 | fri | voss", "22:00 08:00 | sat-thu,public holiday | sogn"
    )
    shown = run("show", "4640", "--at", "2027-01-16T03:00", "--directory", str(small)).stdout
    assert "answers now by: fri 22:00–08:00, duty of Friday 2027-01-15" in shown


def test_show_of_a_centre_that_answers_always_says_no_more_than_that(small: Path) -> None:
    (place,) = json.loads(run("show", "4601", "--directory", str(small), "--json").stdout)["places"]
    assert place["week"] == [{"when": "round the clock", "centre": "bergen", "spoken": "Bergen legevakt"}]
    assert (place["because"], place["until"]) == (None, None)


def test_show_says_until_when_a_validity_lasts(small: Path) -> None:
    write_roster(small, "| | sogn | - 2040-06-20", "| | voss | 2040-06-21 -")
    shown = run("show", "4640", "--at", "2027-01-01T12:00", "--directory", str(small)).stdout
    assert "answers until: 2040-06-21 00:00+02:00" in shown


def test_search_and_check_take_a_roster(small: Path) -> None:
    write_roster(small, *OTHERWISE)
    assert "Sogndal, answered by" in run("search", "Sogndal", "--directory", str(small)).stdout
    assert run("check", "--directory", str(small)).stdout.startswith("sound: ")


def test_check_says_the_day_of_a_gap(small: Path) -> None:
    write_roster(small, *BY_DAYS[:2], "08:00 08:00 | sat,sun | sogn")
    checked = run("check", "--directory", str(small))
    assert checked.exit_code == 1
    assert "coverage.csv:15: 4640: no centre answers 08:00–00:00 on " in checked.stdout


def calendar(*arguments: str) -> list[dict[str, str]]:
    days: list[dict[str, str]] = json.loads(run("calendar", *arguments, "--json").stdout)
    return days


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_calendar_lists_the_public_holidays_of_the_law(year: int) -> None:
    listed = {day["date"] for day in calendar(str(year)) if day["kind"] == "public holiday"}
    assert listed == {day.isoformat() for day in by_law(year)}


def test_the_calendar_names_a_day_in_both_languages_with_its_weekday() -> None:
    line = next(line for line in run("calendar", "2027").stdout.splitlines() if line.startswith("2027-05-17"))
    assert " ".join(line.split()) == (
        "2027-05-17 Monday public holiday Andre pinsedag og Grunnlovsdag / Whit Monday and Constitution Day"
    )


def test_the_calendar_lists_the_days_before_a_public_holiday() -> None:
    before = [day["date"] for day in calendar("2027") if day["kind"] == "day before public holiday"]
    assert before == [f"2027-{day}" for day in ("03-24", "03-27", "04-30", "05-05", "05-15", "12-24", "12-31")]


def test_the_calendar_lists_the_dates_of_the_directory_with_their_places(small: Path) -> None:
    write_roster(small, *OTHERWISE, "08:00 12:00 | 24 dec, 2027-06-24, 2028-06-23, 29 feb | voss")
    local = [day for day in calendar("2027", "--directory", str(small)) if day["kind"] == "date of the directory"]
    assert [day["date"] for day in local] == ["2027-06-24", "2027-12-24"]
    assert local[0]["places"] == ["Sogndal (4640)"]
    leap = calendar("2028", "--directory", str(small))
    assert [day["date"] for day in leap if day["kind"] == "date of the directory"] == [
        "2028-02-29",
        "2028-06-23",
        "2028-12-24",
    ]


def test_a_year_before_the_act_on_1_and_17_may_is_refused() -> None:
    assert run("calendar", "1947").exit_code == 2
