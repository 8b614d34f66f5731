"""The form of a sheet: empty rows and columns, the table that is meant, the right words about its separator."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.line.directory import load_directory
from ivr.operations.directory_import import read_sheets
from tests.damage import replace_in
from tests.directory_import.complaints import complaints_of

Write = Callable[..., Path]


@pytest.mark.parametrize(
    "content",
    [
        "municipality;centre;;;\n4621;voss;;;\n",
        "municipality;centre;;;\n4621;voss\n",
        "municipality;centre\n4621;voss;;;\n",
        ";municipality;;centre\n;4621;;voss\n",
        ";;;\n\n;;;\nmunicipality;centre;;\n4621;voss;;\n",
        "municipality;centre;\n;;\n4621;voss;\n;;;;;;\n \n;;\n",
        "sep=;\n;;\nmunicipality;centre;;\n4621;voss;;\n",
        '"# what: a list, of places";;;\n# source: us;;;\nmunicipality;centre;;\n4621;voss;;\n',
    ],
    ids=range(8),
)
def test_rows_and_columns_that_are_empty_are_passed_over(content: str, sheet: Write) -> None:
    (found,) = read_sheets(sheet(content))
    assert [row.cells for row in found.rows] == [{"municipality": "4621", "centre": "voss"}]


def test_the_place_is_right_beside_empty_rows_and_columns(sheet: Write) -> None:
    complaints = complaints_of(sheet(";;;\n;municipality;;centre;\n;;;\n;301;;voss;\n"))
    assert complaints[0].startswith("sheet.csv:4:2: 301 has 3 of four digits")


def test_comment_lines_that_a_spreadsheet_wrote_back_are_read(sheet: Write) -> None:
    (found,) = read_sheets(
        sheet('"# what: a list, of places";;;\n# source: us;;;\nmunicipality;centre;;\n4621;voss;;\n')
    )
    assert (found.note.what, found.note.source) == ("a list, of places", "us")


def test_a_value_in_a_column_without_a_name_is_refused_at_its_cell(sheet: Write) -> None:
    (complaint,) = complaints_of(sheet("municipality;;centre\n4621;;voss\n4640;x;sogn\n"))
    assert complaint == "sheet.csv:3:6: 'x' is in a column without a name: name the column in line 1, or empty it"


def test_the_directory_itself_may_have_empty_rows_and_columns(small: Path) -> None:
    path = small / "areas.csv"
    path.write_text(path.read_text("utf-8").replace("longitude\n", "longitude,,\n") + ",,,,,\n", "utf-8")
    replace_in(path, "15.65\n", "15.65,,\n")
    assert "2100" in load_directory(small).areas


@pytest.mark.parametrize(
    ("content", "complaints"),
    [
        (
            "Municipality;Postcodes;Centre\n4621;;voss\n",
            [
                "sheet.csv:1:1: column 'Municipality' is written 'municipality' in coverage.csv",
                "sheet.csv:1:14: column 'Postcodes' is written 'postcodes' in coverage.csv",
                "sheet.csv:1:24: column 'Centre' is written 'centre' in coverage.csv",
            ],
        ),
        (
            "municipality;postcode;centre\n4621;;voss\n",
            ["sheet.csv:1:14: column 'postcode' is not known in coverage.csv (did you mean 'postcodes'?)"],
        ),
        (
            "ID;NUMBER;Number source\nvoss;1;a\n",
            [
                "sheet.csv:1:1: column 'ID' is written 'id' in centres.csv",
                "sheet.csv:1:4: column 'NUMBER' is written 'number' in centres.csv",
                "sheet.csv:1:11: column 'Number source' is not known in centres.csv (did you mean 'number_source'?)",
            ],
        ),
        (
            "municipality;clinic;when;sourc\n4621;Voss;;a\n",
            ["sheet.csv:1:26: column 'sourc' is not known in treatment.csv (did you mean 'source'?)"],
        ),
        (
            "Centre;Source\nvoss;a\n",
            [
                "sheet.csv:1: column 'municipality' is missing: without it no row of coverage.csv is found",
                "sheet.csv:1:1: column 'Centre' is written 'centre' in coverage.csv",
                "sheet.csv:1:8: column 'Source' is written 'source' in coverage.csv",
            ],
        ),
    ],
    ids=range(5),
)
def test_the_table_that_was_meant_is_named_and_what_differs(content: str, complaints: list[str], sheet: Write) -> None:
    assert complaints_of(sheet(content)) == complaints


def test_columns_of_no_table_are_told_which_tables_there_are(sheet: Write) -> None:
    (complaint,) = complaints_of(sheet("kommune;postnummer;legevakt\n4621;;voss\n"))
    assert complaint.startswith("sheet.csv:1: no table has these columns. A sheet needs at least (counties: number")
    assert "coverage: municipality, centre;" in complaint


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")], ids=["comma", "semicolon", "tab"]
)
def test_an_unquoted_separator_is_called_by_its_own_name(separator: str, name: str, sheet: Write) -> None:
    content = "id;name;note\nvoss;Voss;one; two\n".replace(";", separator)
    (complaint,) = complaints_of(sheet(content))
    assert complaint == f"sheet.csv:2: 4 cells where the header has 3 (quote a cell that holds a {name})"
