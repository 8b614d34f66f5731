"""Which places stand for which, in directories unlike the bundled one."""

from pathlib import Path

from ivr.check.classes import Places
from ivr.directory import load_directory
from tests.check.damage import replace
from tests.conftest import EVENING


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
