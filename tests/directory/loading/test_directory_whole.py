"""Every cell of the bundled files, read again with nothing but Python's csv module, against what was loaded."""

import csv
from datetime import date
from pathlib import Path

from ivr.base.bundled import bundled
from ivr.line.directory import Directory, Place, load_directory
from ivr.line.directory.schema import FILES
from tests.damage import replace_in


def rows(name: str) -> list[dict[str, str]]:
    lines = (bundled("municipalities") / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_counties(directory: Directory) -> None:
    found = [(c.number, c.name, c.sami_name, c.kven_name) for c in directory.counties.values()]
    assert found == [tuple(row.values()) for row in rows("counties.csv")]


def test_municipalities(directory: Directory) -> None:
    for row in rows("municipalities.csv"):
        found = directory.municipalities[row["number"]]
        assert (found.number, found.name, found.county) == (row["number"], row["name"], row["county"])
        assert (found.sami_names, found.kven_names) == (
            (row["sami_name"],) if row["sami_name"] else (),
            (row["kven_name"],) if row["kven_name"] else (),
        )
        assert (found.population, found.written_form) == (int(row["population"]), row["written_form"])
        assert (found.latitude, found.longitude) == (float(row["latitude"]), float(row["longitude"]))
        assert found.website == row["website"]


def test_areas_are_municipalities_without_a_county_or_people(directory: Directory) -> None:
    for row in rows("areas.csv"):
        found = directory.areas[row["number"]]
        assert (found.number, found.name, found.spoken) == (row["number"], row["name"], row["name"])
        assert (found.county, found.names, found.population) == ("", (row["name"],), 0)
        assert (found.written_form, found.website) == ("", "")
        assert (found.latitude, found.longitude) == (float(row["latitude"]), float(row["longitude"]))


def test_postcodes(directory: Directory) -> None:
    for row in rows("postcodes.csv"):
        place = Place(row["municipality"], row["postcode"])
        assert directory.by_postcode(row["postcode"]) == place
        assert directory.postal_place(place) == row["place"]


def test_old_numbers(directory: Directory) -> None:
    successors: dict[str, list[str]] = {}
    for row in rows("merged_codes.csv"):
        successors.setdefault(row["old_number"], []).append(row["successor"])
    found = {old: [place.municipality for place in directory.by_municipality(old)] for old in successors}
    assert found == successors


def test_centres(directory: Directory) -> None:
    for row in rows("centres.csv"):
        found = directory.centres[row["id"]]
        assert (found.id, found.name, found.spoken) == (row["id"], row["name"], row["spoken"])
        assert (found.number.national, found.status) == (row["number"], row["status"])
        assert [other.national for other in found.other_numbers] == row["other_numbers"].split()
        assert (found.backup or "", found.same_desk or "") == (row["backup"], row["same_desk"])
        assert found.note == row["note"]
        for what, origin in (("number", found.number_provenance), ("structure", found.structure_provenance)):
            written = (row[f"{what}_source"], row[f"{what}_date"], row[f"{what}_confidence"])
            assert (origin.source, origin.date, origin.confidence) == written


def test_area_codes(directory: Directory) -> None:
    desks = {row["prefix"]: row["person_centre"] for row in rows("area_codes.csv") if row["person_centre"]}
    assert {prefix: centre.id for prefix, centre in directory.tables.area_centres.items()} == desks


def test_treatments(directory: Directory) -> None:
    found = [
        (t.municipality, t.clinic, t.when, t.provenance.source, t.provenance.date, t.provenance.confidence, t.note)
        for row in {row["municipality"]: row for row in rows("treatment.csv")}.values()
        for t in directory.treatments(Place(row["municipality"]))
    ]
    assert sorted(found) == sorted(tuple(row.values()) for row in rows("treatment.csv"))


def test_what_the_files_say_of_themselves(directory: Directory) -> None:
    for name in FILES:
        head = (bundled("municipalities") / name).read_text("utf-8").split("\n")[:5]
        note = directory.sources[name]
        assert note.file == name
        found = [note.what, note.source, note.date, note.licence, note.attribution]
        assert found == [line.partition(": ")[2] for line in head]


def test_a_bundled_number_nobody_verified_has_no_verifier(directory: Directory) -> None:
    for centre in directory.centres.values():
        assert (centre.number_provenance.last_verified, centre.number_provenance.verified_by) == (None, "")
        assert (centre.structure_provenance.last_verified, centre.structure_provenance.verified_by) == (None, "")


def test_a_verified_number_says_when_and_by_whom(small: Path) -> None:
    replace_in(small / "centres.csv", "2020,high,,,own", "2020,high,2026-02-02,Kari,own")
    centre = load_directory(small).centres["bergen"]
    origin = centre.number_provenance
    assert (origin.last_verified, origin.verified_by) == (date(2026, 2, 2), "Kari")
    assert (centre.structure_provenance.last_verified, centre.structure_provenance.verified_by) == (None, "")
