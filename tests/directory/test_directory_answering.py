"""Who answers for a place at a moment. The cases are in answers.csv, written by hand from the sources."""

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.base.clock import OSLO
from ivr.line.directory import Directory, Place, load_directory

with (Path(__file__).parent / "answers.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=OSLO)


@pytest.mark.parametrize("case", CASES, ids=[f"{c['place']} {c['at']} {c['why']}" for c in CASES])
def test_the_centre_of_a_place_and_moment(case: dict[str, str], directory: Directory) -> None:
    at = datetime.fromisoformat(case["at"]).replace(tzinfo=OSLO)
    answer = directory.answering(Place.from_key(case["place"]), at)
    alternative = answer.alternative.id if answer.alternative else ""
    found = (answer.centre.id, answer.centre.number.national, alternative)
    assert found == (case["centre"], case["number"], case["alternative"])


@given(
    place=st.sampled_from(["0301", "4622", "4223", "1149-4260", "3411-2390", "5528", "2211"]),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive by contract
)
def test_at_every_moment_exactly_one_centre_answers(place: str, at: datetime, directory: Directory) -> None:
    answer = directory.answering(Place.from_key(place), at)
    assert answer.centre in directory.centres.values()
    assert answer.alternative is not answer.centre


def test_every_place_is_answered_at_every_hour(directory: Directory) -> None:
    hours = [NOON.replace(hour=hour) for hour in range(24)]
    for number in (*directory.municipalities, *directory.areas):
        assert all(directory.answering(Place(number), at).centre for at in hours)


def test_the_hour_that_comes_twice_is_one_duty(directory: Directory) -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    walls = [(first + timedelta(hours=n)).astimezone(OSLO).strftime("%H:%M") for n in (0, 1)]
    assert walls == ["02:30", "02:30"]
    for hours in (0, 1):
        assert directory.answering(Place("4223"), first + timedelta(hours=hours)).centre.id == "kristiansand"


def test_a_moment_of_another_zone_is_read_in_oslo_time(directory: Directory) -> None:
    tokyo = timezone(timedelta(hours=9))
    assert directory.answering(Place("4622"), datetime(2026, 3, 3, 16, 30, tzinfo=tokyo)).centre.id == "kvam"
    assert directory.answering(Place("4622"), datetime(2026, 3, 3, 16, 29, tzinfo=tokyo)).centre.id == "voss"


def test_a_moment_without_a_zone_is_refused(directory: Directory) -> None:
    with pytest.raises(ValueError, match="time zone"):
        directory.answering(Place("4601"), datetime(2026, 3, 3, 12, 0))  # noqa: DTZ001 - that is the point


def test_a_place_of_another_directory_is_a_lookup_error(directory: Directory) -> None:
    assert not directory.knows(Place("9999"))
    with pytest.raises(LookupError):
        directory.answering(Place("9999"), NOON)
    with pytest.raises(LookupError):
        directory.place_name(Place("9999", "0001"))


def test_an_unknown_postcode_falls_back_to_its_municipality(directory: Directory) -> None:
    assert directory.answering(Place("4601", "0000"), NOON).centre.id == "bergen"


def test_a_change_takes_place_at_midnight_in_oslo(small: Path) -> None:
    coverage = small / "coverage.csv"
    before = "4640,,,,sogn,own page,2020,medium,,,\n"
    after = "4640,,,,sogn,own page,2020,medium,,2026-06-30,\n4640,,,,voss,own page,2026,medium,2026-07-01,,\n"
    coverage.write_text(coverage.read_text("utf-8").replace(before, after), "utf-8")
    changed = load_directory(small)
    last = datetime(2026, 6, 30, 23, 59, tzinfo=OSLO)
    assert changed.answering(Place("4640"), last).centre.id == "sogn"
    assert changed.answering(Place("4640"), last + timedelta(minutes=1)).centre.id == "voss"


def test_a_postcode_that_ends_goes_back_to_its_municipality(small: Path) -> None:
    coverage = small / "coverage.csv"
    text = coverage.read_text("utf-8").replace("tests,,low,,,", "tests,,low,,2026-06-30,")
    coverage.write_text(text, "utf-8")
    place, changed = Place("4640", "6899"), load_directory(small)
    assert changed.answering(place, datetime(2026, 6, 30, 12, tzinfo=OSLO)).centre.id == "voss"
    assert changed.answering(place, datetime(2026, 7, 1, 12, tzinfo=OSLO)).centre.id == "sogn"


def test_a_postcode_row_does_not_hold_before_its_first_day(small: Path) -> None:
    coverage = small / "coverage.csv"
    text = coverage.read_text("utf-8").replace("tests,,low,,,", "tests,,low,2026-07-01,,")
    coverage.write_text(text, "utf-8")
    place, changed = Place("4640", "6899"), load_directory(small)
    assert changed.answering(place, datetime(2026, 6, 30, 12, tzinfo=OSLO)).centre.id == "sogn"
    assert changed.answering(place, datetime(2026, 7, 1, 12, tzinfo=OSLO)).centre.id == "voss"


def test_a_centre_that_is_over_is_not_found_by_its_number(small: Path) -> None:
    centres = small / "centres.csv"
    text = centres.read_text("utf-8").replace("an old local number,,,", "an old local number,,2026-01-31,")
    centres.write_text(text, "utf-8")
    assert load_directory(small, today=date(2026, 1, 31)).by_number("57698702") is not None
    assert load_directory(small, today=date(2026, 2, 1)).by_number("57698702") is None
