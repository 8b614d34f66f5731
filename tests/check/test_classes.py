"""Which places stand for which, in directories unlike the bundled one."""

from pathlib import Path

from ivr.line.directory import Directory, Place, load_directory
from ivr.line.directory.public_holidays import public_holiday
from ivr.proof.check.classes import Places
from tests.check.damage import replace
from tests.conftest import EVENING
from tests.directory.duty.conftest import write_roster


def _keyed(places: Places, by: str) -> list[str]:
    return [entry.digits for entry in places.entries(by) if entry.found == "one"]


def test_a_centre_unlike_that_of_any_place_stands_for_itself(small: Path) -> None:
    places = Places(load_directory(small), EVENING)
    assert places.like("4601", "bergen", "") == ("2100", "svalbard", "")
    assert places.like("4601", "sogn_vik", "") == ("4601", "sogn_vik", "")  # the only one with a single backup


def test_a_place_with_a_rule_of_its_own_is_keyed_by_its_postcode(small: Path) -> None:
    row = "4640,6899,{},{},made up for the tests,,low,,,\n"
    halves = row.format("08:00,20:00", "sogn") + row.format("20:00,08:00", "voss")
    replace(small, [("coverage.csv", "4640,6899,,,voss,made up for the tests,,low,,,\n", halves)])
    assert _keyed(Places(load_directory(small), EVENING), "postcode") == ["9170", "6899"]


def test_a_place_without_a_postcode_is_not_keyed_by_one(small: Path) -> None:
    replace(small, [("postcodes.csv", "9170,LONGYEARBYEN,2100,G\n", "")])
    places = Places(load_directory(small), EVENING)
    assert (_keyed(places, "postcode"), _keyed(places, "municipality_number")) == (["5600"], ["2100", "4622"])


def two_centres_on_public_holidays(folder: Path) -> Directory:
    """The little directory, where another centre has duty too on public holidays and at no other time."""
    kvam = "4622,,08:30,23:00,kvam,own page,,medium,,,\n4622,,23:00,08:30,voss,own page,,medium,,,\n"
    replace(folder, [("coverage.csv", kvam, "4622,,,,kvam,own page,,medium,,,\n")])
    write_roster(folder, "| mon-sun | voss", "| public holiday | sogn")
    return load_directory(folder, today=EVENING.date())


def test_a_class_that_there_is_on_a_public_holiday_alone_is_found_and_keyed_on_that_day(small: Path) -> None:
    places = Places(two_centres_on_public_holidays(small), EVENING)
    moments = {kind.other: example.now for kind, example in places.examples.items()}
    assert moments[False] == EVENING
    assert public_holiday(moments[True].date())
    assert moments[True] in {entry.now for entry in places.entries("municipality_number")}


def test_a_place_is_looked_at_once_for_each_answer(small: Path) -> None:
    places = Places(load_directory(small), EVENING)
    assert [moment.hour for moment in places.rosters.moments(Place("4622"))] == [20, 23]  # Kvam by day, Voss by night
    assert places.rosters.moments(Place("4601")) == (EVENING,)
