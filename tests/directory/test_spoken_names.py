"""A name that was said: the place it means, never another one without a question."""

from functools import cache

import pytest

from ivr.line.directory import Directory
from ivr.line.directory.norwegian_sounds import plain_of, short_stem_of, sound_of, spelling_of, stem_of
from ivr.line.directory.spoken_names import HeardPlaces, SpokenNames
from tests.directory.spoken_places import said, verdict


@cache
def _spoken(directory: Directory) -> SpokenNames:
    return SpokenNames(directory)


def _names(directory: Directory, words: str) -> list[str]:
    return [directory.place_name(place) for place in _spoken(directory).heard(words).places]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Geilo", "Hol"),
        ("jeg er på hytte i Geilo", "Hol"),
        ("Bø i Vesterålen", "Bø"),
        ("jeg er i Herøy i Møre og Romsdal", "Herøy i Møre og Romsdal"),
        ("Tromsö", "Tromsø"),
        ("Hønefosse", "Ringerike"),
        ("Trondhjem", "Trondheim"),
        ("nordfron", "Nord-Fron"),
        ("Sjeldsund", "Tjeldsund"),
        ("Guovdageaidnu", "Kautokeino"),
        ("Longyearbyen", "Svalbard"),
        ("Bodo", "Bodø"),
        ("ÅS", "Ås"),
    ],
)
def test_a_place_is_understood_by_any_of_its_names_in_a_sentence_and_misheard(
    words: str, place: str, directory: Directory
) -> None:
    assert _names(directory, words) == [place]


@pytest.mark.parametrize(
    ("words", "mistaken", "right"),
    [
        ("Aas", "Asker", ["Ås"]),
        ("Vaaler", "Hvaler", ["Våler i Østfold", "Våler i Innlandet"]),
        ("Orland", "Orkland", ["Samnanger", "Ørland"]),
    ],
)
def test_a_name_without_norwegian_letters_is_not_taken_for_a_longer_one(
    words: str, mistaken: str, right: list[str], directory: Directory
) -> None:
    """What a fuzzy match alone makes of them (RapidFuzz 3.14.6, with high scores)."""
    assert mistaken not in _names(directory, words)
    assert _names(directory, words) == right


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("Herøy", ["Herøy i Møre og Romsdal", "Herøy i Nordland"]),
        ("Bø", ["Midt-Telemark", "Seljord", "Bø"]),
        ("Os", ["Bjørnafjorden", "Os"]),
        ("vi er på Ski i Geilo", ["Nordre Follo", "Hol"]),
        ("ør Aurdal", ["Sør-Aurdal", "Nord-Aurdal"]),
    ],
)
def test_of_several_places_of_a_name_the_caller_is_asked(words: str, places: list[str], directory: Directory) -> None:
    assert _names(directory, words) == places


@pytest.mark.parametrize("words", ["", "  ", "...", "hallo jeg trenger lege", "jeg vet ikke", "legevakt", "116 117"])
def test_words_that_name_no_place_find_none(words: str, directory: Directory) -> None:
    assert _spoken(directory).heard(words) == HeardPlaces()


def test_a_name_as_it_is_written_is_heard_exactly(directory: Directory) -> None:
    spoken = _spoken(directory)
    assert spoken.heard("geilo").exactly
    assert not spoken.heard("gilo").exactly


def test_every_municipality_and_postal_place_said_as_written_is_found_or_asked_about(directory: Directory) -> None:
    every = list(said(directory, ["as written"]))
    assert len(every) > 1900
    assert {verdict(_spoken(directory).heard(each.words), each.right) for each in every} <= {"right", "asked"}


def test_a_town_whose_postcodes_have_one_centre_of_their_own_is_one_place(directory: Directory) -> None:
    """Florø's postcodes are each a place, because Kinn has two centres."""
    (place,) = _spoken(directory).heard("Florø").places
    assert directory.postal_place(place) == "FLORØ"


def test_a_long_sentence_is_looked_at_in_bounds(directory: Directory) -> None:
    assert _names(directory, "ja hallo " * 5000 + "Geilo") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ås", "AAS"),
        ("Gáivuotna", "gaivuotna"),
        ("Nord-Fron", "nord fron"),
        ("Tromsø", "TROMSOE"),
        ("Đuolbba", "duolbba"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert spelling_of(one) == spelling_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("kjeldsund", "sjeldsund"), ("hvaler", "valer"), ("strand", "stran"), ("lillesand", "lilesand")]
)
def test_what_sounds_alike_is_one_sound(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other)
    assert sound_of("ål") == sound_of("ol") != sound_of("el")


def test_endings_of_dialects_and_missing_letters_are_folded_apart() -> None:
    assert stem_of("bergen") == stem_of("berga") == stem_of("berge")
    assert plain_of("våler") == "valer"


def test_the_hints_for_a_recogniser_are_as_many_and_as_long_as_twilio_takes(directory: Directory) -> None:
    hints = _spoken(directory).hints
    assert len(hints) == len(set(hints)) == 500
    assert all(0 < len(hint) <= 100 and "," not in hint for hint in hints)
    assert {"Bergen", "Kautokeino", "Guovdageaidnu", "Mo i Rana", "Hønefoss"} <= set(hints)


@pytest.mark.parametrize(
    ("words", "place"),
    [("løka", "Aurskog-Høland"), ("løta", "Løten"), ("myra", "Øksnes"), ("halda", "Halden"), ("jara", "Gran")],
)
def test_a_short_name_with_the_ending_of_a_dialect_is_among_those_that_are_asked_about(
    words: str, place: str, directory: Directory
) -> None:
    assert place in _names(directory, words)


def test_the_ending_of_a_short_name_is_cut_behind_three_letters() -> None:
    assert short_stem_of("løken") == short_stem_of("løka") == short_stem_of("løk") == "lok"
    assert short_stem_of("bergen") == "bergen"
