"""Names of municipalities on a telephone keypad."""

import pytest

from ivr.line.directory import Directory, Municipality, Place, keys_of
from ivr.line.directory.spelling import ASKED_LETTERS


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Bærum", "22786"),
        ("Ås", "27"),
        ("Øygarden", "69427336"),
        ("Nore og Uvdal", "66736488325"),
        ("Nord-Fron", "66733766"),
        ("Porsáŋgu", "76772648"),
        ("Stïentje", "78436853"),
        ("Kárášjohka", "5272756452"),
        ("Hárstták", "42778825"),
    ],
)
def test_the_keys_of_a_name(name: str, keys: str) -> None:
    assert keys_of(name) == keys


def test_five_letters_of_any_name_give_at_most_three_places_with_the_right_one(directory: Directory) -> None:
    for number in (*directory.municipalities, *directory.areas):
        for name in directory.place(Place(number)).names:
            places = directory.by_spelling(keys_of(name)[:ASKED_LETTERS])
            assert Place(number) in places, name
            assert len(places) <= 3, name


def test_a_whole_name_finds_its_place_first(directory: Directory) -> None:
    for number in (*directory.municipalities, *directory.areas):
        for name in directory.place(Place(number)).names:
            alike = [n for n in directory.municipalities if keys_of(directory.municipalities[n].name) == keys_of(name)]
            first = directory.by_spelling(keys_of(name))[: max(1, len(alike))]
            assert Place(number) in first, name


def test_a_whole_short_name_stands_alone(directory: Directory) -> None:
    assert directory.by_spelling("67") == (Place("3430"),)  # Os, and not Oslo, Osen, Osterøy


def test_five_letters_that_are_a_whole_name_give_the_longer_name_too(directory: Directory) -> None:
    assert directory.by_spelling("72633") == (Place("1514"), Place("3907"))  # Sande, Sandefjord


def test_both_heroy_are_offered(directory: Directory) -> None:
    assert set(directory.by_spelling("43769")) == {Place("1515"), Place("1818")}


def rank(place: Municipality, keys: str) -> tuple[int, int, str]:
    """How good an answer a place is: the order that `spelling.py` promises, from the names themselves."""
    starting = [name for name in place.names if keys_of(name).startswith(keys)]
    whole = any(keys_of(name) == keys for name in starting)
    return (0 if whole else 1 if place.name in starting else 2), -place.population, place.number


def test_every_start_of_every_name_finds_all_places_in_the_promised_order(directory: Directory) -> None:
    everywhere = [*directory.municipalities.values(), *directory.areas.values()]
    starts = {keys_of(name)[:length] for place in everywhere for name in place.names for length in range(1, 26)}
    for keys in starts:
        found = sorted(rank(p, keys) for p in everywhere if any(keys_of(name).startswith(keys) for name in p.names))
        if len(keys) < ASKED_LETTERS and found[0][0] == 0:
            found = [mark for mark in found if mark[0] == 0]
        assert directory.by_spelling(keys) == tuple(Place(number) for _, _, number in found), keys


def test_a_sami_name_finds_its_municipality(directory: Directory) -> None:
    assert directory.by_spelling("48683") == (Place("5612"),)  # Guovd(ageaidnu)


def test_a_norwegian_name_comes_before_an_alias(directory: Directory) -> None:
    names = [directory.place(place) for place in directory.by_spelling(keys_of("Ra"))]
    starts = [keys_of(municipality.name).startswith(keys_of("Ra")) for municipality in names]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize("keys", ["", "1", "0", "22222", "abc", "6756999"])
def test_keys_that_spell_nothing_give_nothing(keys: str, directory: Directory) -> None:
    assert directory.by_spelling(keys) == ()
