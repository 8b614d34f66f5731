"""What the bundled directory says of named places, and how sure it is. Where two sources differ, the newer one wins."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.base.clock import OSLO
from ivr.line.directory import Centre, Directory, NumberStatus, Place

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 28, 12, 0, tzinfo=OSLO)

# Only a mention, a plan or a guess names a desk for these.
TOO_WEAK = {"3124", "3232", "3242", "3427", "4022", "5043", "5052", "5060", "5536"}


def rows(table: str) -> Iterator[dict[str, str]]:
    text = (bundled("municipalities") / f"{table}.csv").read_text("utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


def desk(directory: Directory, place: str) -> Centre:
    return directory.answering(Place.from_key(place), NOON).centre


def clinics(directory: Directory, place: str) -> list[str]:
    return [treatment.clinic for treatment in directory.treatments(Place(place))]


def answered_with(directory: Directory, status: NumberStatus) -> set[str]:
    return {number for number in directory.municipalities if desk(directory, number).status is status}


def test_at_least_seventy_eight_municipalities_have_a_sourced_number(directory: Directory) -> None:
    assert len(answered_with(directory, NumberStatus.SOURCED)) >= 78


def test_of_at_most_ninety_municipalities_nothing_is_known(directory: Directory) -> None:
    unknown = answered_with(directory, NumberStatus.ASSUMED)
    assert len(unknown) <= 90
    assert unknown >= TOO_WEAK, "a mention or a plan is no source"


def test_porsgrunn_has_its_own_desk_because_the_cooperation_with_skien_is_older(directory: Directory) -> None:
    assert desk(directory, "4001").id == "porsgrunn"
    assert desk(directory, "4001").number.national == "39004001"
    assert desk(directory, "4003").id == "skien"


def test_nesodden_has_its_own_desk_because_the_joint_one_of_follo_is_older(directory: Directory) -> None:
    assert desk(directory, "3212").id == "nesodden"
    assert {desk(directory, number).id for number in ("3207", "3214", "3218", "3220")} == {"follo"}


@pytest.mark.parametrize("place", ["1840", "1841", "1845"])
def test_indre_salten_treats_and_bodo_answers(place: str, directory: Directory) -> None:
    assert desk(directory, place).id == "bodo"
    assert clinics(directory, place) == ["Indre Salten legevakt"]


def test_bremanger_treats_and_forde_answers(directory: Directory) -> None:
    assert desk(directory, "4648").number.national == "57832300"
    assert clinics(directory, "4648") == ["Bremanger legevakt"]


def test_kvinnherad_treats_and_stord_answers(directory: Directory) -> None:
    assert desk(directory, "4617").number.national == "53456140"
    assert clinics(directory, "4617") == ["Kvinnherad legevakt"]


def test_each_postcode_of_kinn_belongs_to_the_former_flora_or_the_former_vagsoy(directory: Directory) -> None:
    codes = [row["postcode"] for row in rows("postcodes") if row["municipality"] == "4602"]
    answers = {(code[:2], desk(directory, f"4602-{code}").id) for code in codes}
    assert len(codes) == 32
    assert answers == {("69", "sys_ikl"), ("67", "nordfjordeid")}


@pytest.mark.parametrize(("place", "centre"), [("5618", "masoy"), ("5605", "sor_varanger")])
def test_a_desk_that_was_to_end_is_marked_doubtful_from_that_day(place: str, centre: str, directory: Directory) -> None:
    found = directory.centres[centre]
    [coverage] = [row for row in rows("coverage") if row["municipality"] == place]
    assert found.note.startswith("DOUBTFUL since 2025-11-01")
    assert coverage["note"].startswith("DOUBTFUL since 2025-11-01")
    confidences = (found.number_provenance.confidence, found.structure_provenance.confidence, coverage["confidence"])
    assert confidences == ("low", "low", "low")


def test_whatever_is_doubtful_is_of_low_confidence() -> None:
    doubtful = [row for row in rows("coverage") if "DOUBTFUL" in row["note"]]
    assert doubtful
    assert {row["confidence"] for row in doubtful} == {"low"}


def test_a_superseded_number_names_the_desk_it_belonged_to_and_what_replaced_it(directory: Directory) -> None:
    [row] = [row for row in rows("superseded") if row["number"] == "53416300"]
    assert row["centre_name"] == directory.centres["sunnhordland"].name
    assert "2014" in row["reason"]
    assert "53 45 61 40" in row["reason"]
    assert "2020" not in row["reason"], "the joint legevakt is older than that"


def test_a_number_that_its_source_does_not_call_the_centres_is_low_and_says_so(directory: Directory) -> None:
    for centre in (directory.centres[name] for name in ("molde", "stavanger", "follo")):
        assert centre.status is NumberStatus.SOURCED, centre.id
        assert centre.number_provenance.confidence == "low", centre.id
        assert centre.note.startswith("INDIRECT number"), centre.id


def test_a_stand_in_holds_the_number_of_a_place_that_its_desk_answers_for() -> None:
    served: dict[str, set[str]] = {}
    for row in rows("coverage"):
        served.setdefault(row["centre"], set()).add(row["municipality"])
    assert served["porsgrunn"] == {"4001"}, "Skien had its stand-in"
    stand_ins = [row for row in rows("centres") if row["status"] != "sourced"]
    assert [row["id"] for row in stand_ins if row["number"][4:] not in served[row["id"]]] == []


def test_readme_and_documentation_count_as_the_directory_does(directory: Directory) -> None:
    sourced = sum(centre.status is NumberStatus.SOURCED for centre in directory.centres.values())
    assert f"{sourced} centres have a number copied" in (ROOT / "README.md").read_text("utf-8")
    unknown = answered_with(directory, NumberStatus.ASSUMED)
    county = Counter(directory.counties[directory.municipalities[number].county].name for number in unknown)
    three = county["Nordland"] + county["Innlandet"] + county["Finnmark"]
    sentence = f"{three} of the {len(unknown)} assumed municipalities lie in Nordland, Innlandet and Finnmark."
    assert sentence in (ROOT / "docs" / "directory.md").read_text("utf-8")
