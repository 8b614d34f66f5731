"""Finding a place: by number, postcode, old number; and a centre by its number or area."""

import pytest

from ivr.line.directory import Directory, Place


def test_the_directory_is_the_whole_country(directory: Directory) -> None:
    sizes = (len(directory.municipalities), len(directory.counties), len(directory.tables.postcodes))
    assert sizes == (357, 15, 5122)
    assert set(directory.areas) == {"2100", "2211"}
    assert sum(m.population for m in directory.municipalities.values()) == 5_550_203


def test_every_municipality_and_area_is_found_by_its_number(directory: Directory) -> None:
    for number in (*directory.municipalities, *directory.areas):
        assert directory.by_municipality(number) == (Place(number),)


def test_every_municipality_and_area_has_a_postcode_that_leads_to_it(directory: Directory) -> None:
    reached = {directory.by_postcode(code).municipality for code in directory.tables.postcodes}  # type: ignore[union-attr]
    assert reached == {*directory.municipalities, *directory.areas}


def test_a_place_found_by_postcode_keeps_the_postcode(directory: Directory) -> None:
    assert directory.by_postcode("5003") == Place("4601", "5003")
    assert directory.by_postcode("0001") == Place("0301", "0001")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place("4601", "5003"), "BERGEN"),
        (Place("0301", "0001"), "OSLO"),
        (Place("4601"), None),
        (Place("4601", "9999"), None),
    ],
)
def test_a_postcode_has_a_postal_place(place: Place, name: str | None, directory: Directory) -> None:
    assert directory.postal_place(place) == name


@pytest.mark.parametrize("digits", ["", "1", "00000", "9999", "abcd", "٥٠٠٣", "5003 "])
def test_what_is_no_postcode_is_none(digits: str, directory: Directory) -> None:
    assert directory.by_postcode(digits) is None


@pytest.mark.parametrize(
    ("old", "successors"),
    [
        ("1201", ["4601"]),
        ("0706", ["3907"]),
        ("0710", ["3907"]),
        ("3024", ["3201"]),
        ("3801", ["3901"]),
        ("5401", ["5501"]),
        ("1601", ["5001"]),
        ("5012", ["5055", "5056", "5059"]),
        ("1850", ["1806", "1875"]),
        ("1507", ["1508", "1580"]),
        ("9999", []),
        ("46", []),
    ],
)
def test_an_old_number_leads_to_its_successors(old: str, successors: list[str], directory: Directory) -> None:
    assert [place.municipality for place in directory.by_municipality(old)] == successors


def test_no_old_number_is_in_use(directory: Directory) -> None:
    assert not set(directory.tables.merged) & {*directory.municipalities, *directory.areas}


def test_a_number_may_be_a_municipality_here_and_a_postcode_there(directory: Directory) -> None:
    both = [n for n in (*directory.municipalities, *directory.areas) if directory.by_postcode(n)]
    elsewhere = [n for n in both if directory.by_postcode(n).municipality != n]  # type: ignore[union-attr]
    assert len(elsewhere) == 212
    assert directory.place_name(Place("5501")) == "Tromsø"
    assert directory.by_postcode("5501") == Place("1106", "5501")


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("1515", "Herøy i Møre og Romsdal"),
        ("1818", "Herøy i Nordland"),
        ("3114", "Våler i Østfold"),
        ("3419", "Våler i Innlandet"),
        ("4601", "Bergen"),
        ("2100", "Svalbard"),
    ],
)
def test_two_municipalities_of_one_name_are_told_apart(number: str, spoken: str, directory: Directory) -> None:
    assert directory.place_name(Place(number)) == spoken


def test_no_two_places_are_spoken_alike(directory: Directory) -> None:
    spoken = [directory.place_name(Place(n)) for n in (*directory.municipalities, *directory.areas)]
    assert len(set(spoken)) == len(spoken)


# --- keys of places, numbers, areas


@pytest.mark.parametrize("place", [Place("4601"), Place("0301", "0001"), Place("2211", "8099")])
def test_a_place_survives_its_key(place: Place) -> None:
    assert Place.from_key(place.key) == place
    assert place.key.isascii()


@pytest.mark.parametrize("key", ["", "460", "4601-", "4601-50", "4601-5003-1", "４６０１", "4601\n", "x" * 99])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not a place key"):
        Place.from_key(key)


def test_every_centre_is_found_by_its_number(directory: Directory) -> None:
    for centre in directory.centres.values():
        assert directory.by_number(centre.number.national) is centre


@pytest.mark.parametrize("digits", ["113", "116117", "5556870", "+4755568700", "55568701", "22932293", "90012345", ""])
def test_a_number_that_is_no_centres_is_not_found(digits: str, directory: Directory) -> None:
    assert directory.by_number(digits) is None


@pytest.mark.parametrize(
    ("prefix", "centre"),
    [
        *[(p, "oslo") for p in ("21", "22", "23", "24")],
        ("55", "bergen"),
        ("73", "trondheim"),
        ("51", "stavanger"),
        ("77", "tromso"),
        ("79", "svalbard"),
        ("41", None),
        ("90", None),
        ("82", None),
        ("39", None),
        ("", None),
    ],
)
def test_a_fixed_line_has_the_desk_of_its_area(prefix: str, centre: str | None, directory: Directory) -> None:
    found = directory.area_centre(prefix)
    assert (found.id if found else None) == centre


def test_every_area_desk_answers_round_the_clock(directory: Directory) -> None:
    desks = {c.id for p in range(100) if (c := directory.area_centre(f"{p:02}"))}
    assert desks <= directory.tables.all_day


def test_the_default_centre_is_oslo(directory: Directory) -> None:
    assert directory.default_centre is directory.centres["oslo"]


def test_a_place_of_treatment_is_not_the_desk_that_answers(directory: Directory) -> None:
    assert [t.clinic for t in directory.treatments(Place("5542"))] == ["Skjervøy legevakt"]
    assert directory.treatments(Place("4601")) == ()


def test_every_file_says_where_it_came_from(directory: Directory) -> None:
    for note in directory.sources.values():
        assert all((note.what, note.source, note.date, note.licence, note.attribution)), note.file
