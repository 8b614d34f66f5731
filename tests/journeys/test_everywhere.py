"""Every postcode, every municipality, every centre: through the real service, to the centre that the directory says."""

import pytest

from ivr.line.directory import Directory, Place, keys_of
from tests.conftest import EVENING
from tests.journeys.conftest import Call


def _number(directory: Directory, place: Place) -> str:
    return directory.answering(place, EVENING).centre.number.e164


def _codes(directory: Directory) -> list[str]:
    return [*directory.municipalities, *directory.areas]


@pytest.mark.parametrize("first", [f"{n:02}" for n in range(100)])
def test_every_postcode_leads_to_the_centre_that_the_directory_says(
    first: str, directory: Directory, call: Call
) -> None:
    for postcode in (code for code in directory.tables.postcodes if code.startswith(first)):
        place = directory.by_postcode(postcode)
        assert place is not None
        outcome = call(f"1 1 {postcode} 1")
        assert outcome.dialled == [_number(directory, place)], postcode
        assert outcome.ended == "completed"


def test_there_are_5122_postcodes(directory: Directory) -> None:
    assert len(directory.tables.postcodes) == 5122


@pytest.mark.parametrize("part", range(8))
def test_every_municipality_can_be_reached_by_its_number(part: int, directory: Directory, call: Call) -> None:
    for code in _codes(directory)[part::8]:
        assert call(f"1 2 2 {code} 1").dialled == [_number(directory, Place(code))], code


@pytest.mark.parametrize("part", range(8))
def test_every_municipality_can_be_reached_by_spelling_any_of_its_names(
    part: int, directory: Directory, call: Call
) -> None:
    for code in _codes(directory)[part::8]:
        place = Place(code)
        for name in directory.place(place).names:
            spelled = keys_of(name)[:5]
            found = directory.by_spelling(spelled)
            pick = f" {found.index(place) + 1}" if len(found) > 1 else ""
            entry = spelled if len(spelled) == 5 else f"{spelled}#"
            assert call(f"1 1 * 3 {entry}{pick} 1").dialled == [_number(directory, place)], name


@pytest.mark.parametrize("part", range(8))
def test_every_centre_can_be_reached_by_its_eight_digit_number(part: int, directory: Directory, call: Call) -> None:
    for centre in list(directory.centres.values())[part::8]:
        assert call(f"2 2 3 {centre.number.national} 1").dialled == [centre.number.e164], centre.id


def test_an_old_municipality_number_leads_to_its_successor(call: Call) -> None:
    assert call("1 2 2 1201 1").dialled == ["+4755568700"]
