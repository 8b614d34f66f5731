"""`ivr directory todo, template, extract`: the way to a verified directory of one's own."""

import csv
import io
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.base.bundled import bundled
from ivr.base.clock import SystemClock
from ivr.base.errors import DefinitionError
from ivr.cli import group
from ivr.line.directory import Directory, load_directory
from ivr.line.directory.load import assemble, read_tables
from ivr.line.directory.schema import FILES
from ivr.operations.directory_import import extract, places_of
from tests.conftest import SMALL


def _run(*arguments: object) -> Result:
    words = ["directory", *(str(each) for each in arguments)]
    return CliRunner().invoke(group, words, env={"IVR_DIRECTORY": ""})


def _kinds(folder: Path) -> Counter[str]:
    answer = json.loads(_run("todo", "--json", "--directory", folder).stdout)
    return Counter({kind: row["centres"] for kind, row in answer["by_kind"].items() if row["centres"]})


def test_todo_counts_every_centre_of_the_bundled_directory_in_one_kind(directory: Directory) -> None:
    answer = json.loads(_run("todo", "--json").stdout)
    counts = answer["by_kind"]
    assert sum(row["centres"] for row in counts.values()) == len(directory.centres) == len(answer["centres"])
    assert counts["never_verified"]["centres"] == sum(c.status == "sourced" for c in directory.centres.values())
    assert counts["verified"]["centres"] == 0


def test_todo_as_csv_has_a_row_for_each_centre_of_the_kind() -> None:
    result = _run("todo", "--csv", "--kind", "never_verified", "--directory", SMALL)
    rows = list(csv.DictReader(io.StringIO(result.stdout), delimiter=";"))
    assert {row["kind"] for row in rows} == {"never_verified"}
    assert len(rows) == _kinds(SMALL)["never_verified"]
    assert result.exit_code == 1


def test_todo_says_how_many_more_there_are() -> None:
    lines = _run("todo").stdout.splitlines()
    assert "and 180 more centres: --all, --csv or --json" in lines
    assert len(_run("todo", "--all").stdout.splitlines()) == len(lines) - 1 + 180


def test_an_untouched_template_changes_nothing(small: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "verify.csv"
    assert _run("template", "-o", sheet, "--directory", small).exit_code == 0
    result = _run("import", sheet, "--directory", small, "--yes")
    assert "nothing to do" in result.output
    assert result.exit_code == 0


def test_a_sheet_that_was_filled_in_is_taken_back_until_nothing_is_left(small: Path, tmp_path: Path) -> None:
    sheet, today = tmp_path / "verify.csv", SystemClock().now().date()
    _run("template", "-o", sheet, "--directory", small)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for place, row in enumerate(rows):
        if row["number"].startswith("3900"):
            area = "7902" if row["id"] == "svalbard" else "5556"
            row |= {"number": f"{area}88{place:02}", "number_source": "called", "number_date": str(today)}
            row |= {"number_confidence": "high"}
        row |= {"last_verified": str(today - timedelta(days=1)), "verified_by": "KN"}
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(row for row in rows if row["id"] != "svalbard")
    before = _kinds(small)
    result = _run("import", sheet, "--directory", small, "--yes")
    assert result.exit_code == 0, result.output
    after = _kinds(small)
    assert after["verified"] == before.total() - 1, "all but Svalbard, which was left out"
    assert _run("todo", "--directory", small).exit_code == 1


def test_an_empty_template_has_all_columns_and_no_row() -> None:
    assert _run("template", "--empty").stdout.strip().split(";") == list(FILES["centres.csv"].columns)


# A part


@pytest.fixture(scope="module")
def whole() -> Directory:
    return load_directory(today=date(2026, 11, 29))


def test_the_part_of_every_county_loads_and_nobody_in_it_gets_another_centre(whole: Directory) -> None:
    tables, noon = read_tables(bundled("municipalities")), SystemClock().now().replace(hour=12)
    for county in whole.counties:
        part = assemble(extract(tables, whole, places_of(whole, county)).tables, "part", today=date(2026, 11, 29))
        own = {number for number, place in whole.municipalities.items() if place.county == county}
        assert set(part.municipalities) == own
        for number in own:
            (place,) = whole.by_municipality(number)
            assert part.answering(place, noon).centre.id == whole.answering(place, noon).centre.id
        postcodes = {code for code, (number, _) in whole.tables.postcodes.items() if number in own}
        assert set(part.tables.postcodes) == postcodes


@pytest.mark.parametrize("region", ["bergen", "Bergen legevakt", "osterøy", "Osterøy", "2100", "4601"])
def test_a_region_is_a_centre_a_municipality_or_an_area(region: str, whole: Directory) -> None:
    tables = read_tables(bundled("municipalities"))
    found = places_of(whole, region)
    part = assemble(extract(tables, whole, found).tables, "part")
    assert {*part.municipalities, *part.areas} == found


def test_an_unknown_region_is_refused(whole: Directory) -> None:
    with pytest.raises(DefinitionError, match="no county, municipality or centre is called 'Atlantis'"):
        places_of(whole, "Atlantis")


def test_extract_writes_a_folder_and_overwrites_none(tmp_path: Path) -> None:
    folder = tmp_path / "part"
    result = _run("extract", "bergen", "-o", folder)
    assert result.exit_code == 0
    assert "default centre: Bergen legevakt [bergen]" in result.output
    assert {file.name for file in folder.iterdir()} == set(FILES)
    assert load_directory(folder).default_centre.id == "bergen"
    assert _run("extract", "oslo", "-o", folder).exit_code == 2
    assert load_directory(folder).default_centre.id == "bergen"
