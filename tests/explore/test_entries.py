"""What is keyed where a place is asked for."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from ivr.base.clock import OSLO
from ivr.line.directory import Directory, load_directory
from ivr.line.directory.public_holidays import public_holiday
from ivr.line.flow.moments import MomentClass, moment_classes
from ivr.proof.explore.entries import Entries
from tests.check.test_classes import two_centres_on_public_holidays
from tests.conftest import EVENING

SMALL = Path(__file__).parents[1] / "directory" / "small"


NIGHT = datetime(2026, 3, 3, 3, 0, tzinfo=OSLO)


def at_all_moments(directory: Directory, now: datetime = EVENING) -> MomentClass:
    return moment_classes((), directory.duty_changes, now)[0]


@pytest.fixture(scope="module")
def entries(directory: Directory) -> Entries:
    return Entries(directory, at_all_moments(directory))


def test_each_class_of_places_has_one_that_stands_for_it(entries: Entries) -> None:
    assert sorted(map(str, entries.classes)) == [
        "one centre on duty, 3 standing in",
        "two centres on duty, 3 standing in",
    ]


def test_an_entry_of_four_finds_one_two_three_and_no_places(entries: Entries) -> None:
    directory = entries.directory
    keyed = [entry.keys for entry in entries.of(4, "*")]
    assert {len(directory.by_municipality(keys)) for keys in keyed} >= {0, 1, 2, 3}
    assert sum(directory.by_postcode(keys) is not None for keys in keyed) >= 2
    assert {"0000", "*", "1", "9", "1*"} <= set(keyed)


def test_a_spelled_name_finds_one_two_three_many_and_no_places(entries: Entries) -> None:
    keyed = [entry.keys for entry in entries.of(5, "#")]
    found = {len(entries.directory.by_spelling(keys.rstrip("#"))) for keys in keyed}
    assert found >= {0, 1, 2, 3}
    assert max(found) > 3
    assert {"*9", "*0", "#"} <= set(keyed)
    assert all(len(keys.rstrip("#")) <= 5 for keys in keyed)


def test_the_number_of_a_centre_is_keyed_and_one_of_nobody(entries: Entries) -> None:
    keyed = [entry.keys for entry in entries.of(8, "*")]
    assert [entries.directory.by_number(keys) is not None for keys in keyed[:2]] == [True, False]


def test_an_entry_of_another_length_gets_slips_only(entries: Entries) -> None:
    assert entries.of(6, "*")[0].keys == "000000"


def test_a_place_at_an_hour_of_day_duty_is_keyed_at_that_hour(directory: Directory) -> None:
    entries = Entries(directory, at_all_moments(directory, NIGHT))
    two = next(entry for entry in entries.of(4, "*") if entry.at != NIGHT)
    place = directory.by_postcode(two.keys)
    assert place
    assert not directory.answering(place, NIGHT).alternative
    assert directory.answering(place, two.at).alternative


def test_a_class_that_there_is_on_a_public_holiday_alone_is_keyed_on_that_day(small: Path) -> None:
    directory = two_centres_on_public_holidays(small)
    classes = {kind.other: each.now for kind, each in Entries(directory, at_all_moments(directory)).classes.items()}
    assert classes[False] == EVENING
    assert public_holiday(classes[True].date())


def test_a_directory_without_fixed_lines_or_numbers_is_told_so() -> None:
    mute = load_directory(SMALL, dial="none")
    without = Entries(replace(mute, tables=replace(mute.tables, area_centres={})), at_all_moments(mute))
    assert "a fixed line" not in without.callers
    assert all(str(kind).endswith("without a number") for kind in without.classes)
