"""The search of the directory: an exact name first, every name that is shown, and letters as people type them."""

from pathlib import Path

import pytest

from ivr.line.directory import Directory, Place, load_directory
from ivr.line.directory.search_box import search


def _names(directory: Directory, text: str) -> list[str]:
    return [directory.place_name(place) for place in search(directory, text).places]


@pytest.mark.parametrize("name", ["Os", "Ås", "Ål", "Våler i Østfold", "Nes", "Oslo", "Bø"])
def test_an_exact_name_comes_first(name: str, directory: Directory) -> None:
    exact = [each.spoken for each in directory.municipalities.values() if name in (each.name, each.spoken)]
    assert _names(directory, name)[: len(exact)] == exact
    assert len(exact) == 1


def test_names_that_begin_so_come_before_those_that_only_hold_it(directory: Directory) -> None:
    found = _names(directory, "os")
    assert found.index("Os") < found.index("Oslo") < found.index("Osen") < found.index("Namsos")


def test_of_two_places_of_one_name_the_larger_comes_first_and_each_is_found_by_what_it_is_called(
    directory: Directory,
) -> None:
    assert _names(directory, "Herøy") == ["Herøy i Møre og Romsdal", "Herøy i Nordland"]
    for name in ("Herøy i Møre og Romsdal", "Herøy i Nordland", "Våler i Innlandet", "herøy i nordland"):
        assert [each.casefold() for each in _names(directory, name)] == [name.casefold()]
    assert _names(directory, "Herøy Nordland") == _names(directory, "Herøy (Nordland)") == ["Herøy i Nordland"]


def test_every_name_that_is_shown_of_a_place_or_a_centre_finds_it(small: Path) -> None:
    directory = load_directory(small)
    for number, place in {**directory.municipalities, **directory.areas}.items():
        shown = {*place.names, place.spoken, f"{place.spoken} ({number})", f"{number}  {place.spoken}", number}
        for name in shown:
            assert Place(number) in search(directory, name).places, name
        if place.county:
            assert Place(number) in search(directory, directory.counties[place.county].name).places
        for treatment in directory.treatments(Place(number)):
            assert Place(number) in search(directory, treatment.clinic).places
    for code, (number, postal) in directory.tables.postcodes.items():
        assert number in {place.municipality for place in search(directory, postal).places}, postal
        assert Place(number, code) in search(directory, f"{number}-{code}").places
    for centre in directory.centres.values():
        pairs = " ".join(centre.number.pairs)
        shown = {centre.id, f"[{centre.id}]", centre.spoken, centre.name, f"{centre.spoken} [{centre.id}]"}
        for name in shown | {centre.number.national, pairs, f"+47 {pairs}", f"0047{centre.number.national}"}:
            assert centre in search(directory, name).centres, name


def test_sami_and_kven_names_and_both_halves_of_a_double_name_are_found(directory: Directory) -> None:
    for number, place in directory.municipalities.items():
        for name in (*place.sami_names, *place.kven_names):
            assert Place(number) in search(directory, name).places, name
    for text in ("Kåfjord", "Gáivuotna", "gaivuotna", "Kåfjord - Gáivuotna", "Gáivuotna–Kåfjord", "Kåfjord/Kaivuono"):
        assert "Kåfjord" in _names(directory, text), text
    for text in ("Aurskog", "Høland", "hoeland", "Aurskog Høland", "AURSKOG-HØLAND"):
        assert _names(directory, text) == ["Aurskog-Høland"], text
    assert _names(directory, "Uvdal") == ["Nore og Uvdal"]
    assert _names(directory, "Kautokeino/Karasjok") == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        *(("Aas", "Ås"), ("AAS", "Ås"), ("as", "Ås"), ("Å s", "")),
        *(("Baerum", "Bærum"), ("bærum", "Bærum"), ("bârum", "Bærum")),
        *(("Tromsoe", "Tromsø"), ("tromso", "Tromsø"), ("TROMSÖ", "Tromsø")),
        *(("Aalesund", "Ålesund"), ("Alesund", "Ålesund"), ("A\u030alesund", "Ålesund")),
        *(("Saarfold", ""), ("Soerfold", "Sørfold"), ("Snaasa", "Snåsa"), ("Naerøysund", "Nærøysund")),
    ],
)
def test_ae_oe_and_aa_are_the_norwegian_letters(text: str, first: str, directory: Directory) -> None:
    assert (_names(directory, text) or [""])[0] == first


def test_names_that_are_spelled_with_two_letters_are_found_by_one(small: Path) -> None:
    path = small / "municipalities.csv"
    path.write_text(path.read_text("utf-8").replace("4621,Voss", "4621,Haaroe Vaeg"), "utf-8")
    directory = load_directory(small)
    for text in ("Haaroe Vaeg", "Hårø Væg", "haro vag", "Væg"):
        assert _names(directory, text) == ["Haaroe Vaeg"], text


def test_the_very_letters_come_before_others_that_sound_like_them(directory: Directory) -> None:
    assert _names(directory, "Ål")[:2] == ["Ål", "Ålesund"]
    assert _names(directory, "ør")[0].startswith("Ør")


def test_a_postal_place_finds_its_municipality_and_not_before_a_municipality_of_that_name(directory: Directory) -> None:
    assert _names(directory, "Mosjøen") == ["Vefsn"]
    assert {place.key for place in search(directory, "moelv").places} == {"3411-2390", "3411-2391"}
    assert _names(directory, "Os")[:2] == ["Os", "Bjørnafjorden"]


@pytest.mark.parametrize("text", ["", " ", "-", "[]", "/", "atlantis", "4601-9999", "0000-5003", "xx Bergen"])
def test_what_is_no_name_finds_nothing(text: str, directory: Directory) -> None:
    found = search(directory, text)
    assert (found.places, found.centres) == ((), ())
