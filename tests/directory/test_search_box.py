"""What an operator types → places and centres: names without case, accents and Norwegian letters, and numbers."""

from pathlib import Path

import pytest

from ivr.line.directory import Directory, load_directory
from ivr.line.directory.search_box import search


def _found(directory: Directory, text: str) -> tuple[list[str], list[str]]:
    found = search(directory, text)
    return [place.key for place in found.places], [centre.id for centre in found.centres]


@pytest.mark.parametrize(
    ("text", "places", "centres"),
    [
        ("tromso", ["5501"], ["tromso"]),
        (" TROMSØ ", ["5501"], ["tromso"]),
        ("alesund", ["1508"], ["alesund"]),
        ("kárášjohka", ["5610"], []),
        ("karasjoh", ["5610"], []),
        ("longyear", [], ["svalbard"]),
        ("assumed_5025", [], ["assumed_5025"]),
        ("atlantis", [], []),
        ("", [], []),
        ("  ", [], []),
    ],
)
def test_a_name_or_a_part_of_it_finds_places_and_centres(
    text: str, places: list[str], centres: list[str], directory: Directory
) -> None:
    assert _found(directory, text) == (places, centres)


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("vaeroy", "1857"),
        ("bærum", "3201"),
        ("porsangu", "5622"),
        ("PORSÁŊGU", "5622"),
        ("đrammen", "3301"),
        ("ŧromsø", "5501"),
    ],
)
def test_each_letter_of_the_country_is_found_by_the_plain_ones(
    text: str, municipality: str, directory: Directory
) -> None:
    assert _found(directory, text)[0] == [municipality]


@pytest.mark.parametrize(
    ("digits", "places", "centres"),
    [
        ("0301", ["0301", "0301-0301"], []),
        ("1201", ["4601", "0301-1201"], []),  # Bergen's number until 2020, and a postcode
        ("5012", ["5055", "5056", "5059", "4601-5012"], []),
        ("5003", ["4601-5003"], []),
        ("5687", ["4616-5687"], ["bergen"]),
        ("+47 55 56 87 00", [], ["bergen"]),
        ("55568700", [], ["bergen"]),
        ("783", [], ["sys_ikl"]),
        ("56", [], []),  # too few digits of a telephone number
        ("٥٠٠٣", [], []),
    ],
)
def test_digits_are_a_place_or_a_part_of_a_number(
    digits: str, places: list[str], centres: list[str], directory: Directory
) -> None:
    assert _found(directory, digits) == (places, centres)


def test_a_centre_is_found_by_its_other_numbers_too(small: Path) -> None:
    centres = small / "centres.csv"
    centres.write_text(centres.read_text("utf-8").replace("55568700,,", "55568700,55568712,"), "utf-8")
    assert _found(load_directory(small), "68712") == ([], ["bergen"])


def test_an_area_outside_the_counties_is_found_by_its_name(directory: Directory) -> None:
    assert _found(directory, "svalbard")[0] == ["2100"]
