"""What spreadsheets make of codes and days is refused at its cell: in sheets, in JSON, in the directory itself."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ivr.base.spreadsheet import is_error, serial_day
from ivr.operations.directory_import import read_sheets
from tests.damage import replace_in
from tests.directory_import.complaints import complaints_of, complaints_of_directory

Write = Callable[..., Path]
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#GETTING_DATA")
LOCAL_ERRORS = ("#I/T", "#VERDI!", "#NAVN?", "#OVERFLYT!", "#BEZUG!", "#¡REF!", "Err:502", "Feil:508", "#####", "nan")
NO_DATES = ("46054", "46054.0", "46054,5", "hei", "n/a", "2026-02-30", "2026-13", "-", "7.5", "true")


@pytest.mark.parametrize("value", [*ERRORS, *LOCAL_ERRORS])
def test_an_error_value_of_a_spreadsheet_is_refused_as_a_source_by_its_cell(value: str, sheet: Write) -> None:
    path = sheet(f"id;number;number_source;number_date;number_confidence\nvoss;55520000;{value};2026;high\n")
    assert complaints_of(path) == [
        f"sheet.csv:2:15: {value} is an error value of a spreadsheet: correct the formula, or write the value itself"
    ]


@pytest.mark.parametrize("column", ["id", "name", "number_date", "note", "valid_to", "backup"])
def test_an_error_value_is_refused_in_every_column(column: str, sheet: Write) -> None:
    header = "id;number" if column == "id" else f"id;{column}"
    row = "#N/A;55520000" if column == "id" else "voss;#N/A"
    assert "#N/A is an error value" in complaints_of(sheet(f"{header}\n{row}\n", "centres.csv"))[0]


@pytest.mark.parametrize("value", NO_DATES)
def test_what_is_no_date_is_refused_where_a_date_is_read(value: str, sheet: Write) -> None:
    (complaint,) = complaints_of(sheet(f"id;number_date\nvoss;{value}\n"))
    assert complaint.startswith("sheet.csv:2:6: ")
    (complaint,) = complaints_of(sheet(json.dumps({"centres": [{"id": "voss", "structure_date": value}]}), "s.json"))
    assert complaint.startswith("s.json:1:47: ")


def test_the_serial_number_of_a_day_is_told_with_its_day(sheet: Write) -> None:
    for value in ("46054", "46054.0"):
        (complaint,) = complaints_of(sheet(f"municipality;centre;valid_from\n4621;voss;{value}\n"))
        assert complaint.startswith(f"sheet.csv:2:11: {value} is the number by which a spreadsheet keeps a day; ")
        assert "write 2026-02-01 if that is meant" in complaint
    assert (serial_day("46054"), serial_day("5003"), serial_day("99999")) == (date(2026, 2, 1), None, None)


@pytest.mark.parametrize(
    "words",
    ["2020 or later", "undated", "undated (old)", "winter 2022-23 (covid)", "2022-23", "2020-08", "before 2015-09", ""],
)
def test_a_date_in_the_words_of_its_source_is_taken(words: str, sheet: Write) -> None:
    (found,) = read_sheets(sheet(f"id;number_date;note\nvoss;{words};a\n"))
    assert found.rows[0]["number_date"] == words


@pytest.mark.parametrize("source", ["46054", "-", "?", "5.0", "2026-01-01"])
def test_a_number_or_a_dash_is_no_source(source: str, sheet: Write) -> None:
    assert "is not a source" in complaints_of(sheet(f"id;number_source\nvoss;{source}\n"))[0]


@pytest.mark.parametrize(
    ("file", "find", "put", "complaint"),
    [
        ("centres.csv", "own page,2020,high,,,", "#N/A,2020,high,,,", "#N/A is an error value"),
        ("centres.csv", "own page,2020,high,,,", "own page,46054,high,,,", "write 2026-02-01"),
        ("centres.csv", "own page,2020,high,,,", "own page,tbd,high,,,", "'tbd' is not a date"),
        ("coverage.csv", "made up for the tests,,low", "Err:502,,low", "Err:502 is an error value"),
        ("coverage.csv", "made up for the tests,,low", "made up,46054.0,low", "write 2026-02-01"),
        ("coverage.csv", "4621,", "4621.0,", "4621.0: a spreadsheet made a decimal number of it; write 4621"),
        ("merged_codes.csv", "2020-01-01", "43831", "write 2020-01-01"),
    ],
    ids=range(7),
)
def test_the_directory_itself_is_held_to_the_same(file: str, find: str, put: str, complaint: str, small: Path) -> None:
    replace_in(small / file, find, put)
    (found,) = complaints_of_directory(small, date(2026, 3, 1))
    assert found.startswith(f"{file}:")
    assert found.count(":") >= 3, "line and column"
    assert complaint in found
    assert "did you mean" not in found


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1103.0", "a spreadsheet made a decimal number of it; write 1103"),
        ("1103,00", "a spreadsheet made a decimal number of it; write 1103"),
        ("301.0", "a spreadsheet made a decimal number of it; write 0301"),
        ("1,103", "a spreadsheet put a thousands separator into it; write 1103"),
        ("1.103", "a spreadsheet put a thousands separator into it; write 1103"),
        ("1 103", "a spreadsheet put a thousands separator into it; write 1103"),
        ("1.103E3", "what a spreadsheet makes of a long number"),
        ("1,103e+03", "what a spreadsheet makes of a long number"),
        ("301", "has 3 of four digits: Excel took the zero off (0301?)"),
    ],
)
def test_a_code_that_a_spreadsheet_changed_is_told_so_and_never_taken_for_another(
    code: str, says: str, sheet: Write
) -> None:
    for content in (f"municipality;centre\n{code};voss\n", f"municipality;centre;postcodes\n4640;voss;{code}\n"):
        (complaint,) = complaints_of(sheet(content))
        assert says in complaint
        assert "did you mean" not in complaint
    content = json.dumps([{"municipality": code, "centre": "voss"}])
    assert says in complaints_of(sheet(content, "coverage.json"))[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("id;number\nvoss;55568700.0\n", "sheet.csv:2:6: 55568700.0: a spreadsheet made a decimal number of it"),
        ("id;number\nvoss;55,568,700\n", "sheet.csv:2:6: 55,568,700: a spreadsheet put a thousands separator"),
        ("number;name\n3.0;Oslo\n", "counties.csv:2:1: 3.0: a spreadsheet made a decimal number of it; write 03"),
        ("number;county;name\n301;3;Oslo\n", "sheet.csv:2:1: 301 has 3 of four digits"),
        ("number;county;name\n0301;3;Oslo\n", "sheet.csv:2:6: 3 has 1 of two digits: Excel took the zero off (03?)"),
    ],
    ids=range(5),
)
def test_numbers_of_every_length_are_looked_at(content: str, says: str, sheet: Write) -> None:
    name = says.partition(":")[0]
    assert complaints_of(sheet(content, name))[0].startswith(says)


def test_an_unknown_code_in_the_directory_gets_no_other_code_as_a_hint(small: Path) -> None:
    replace_in(small / "coverage.csv", "4621,", "4612x,")
    assert "no such municipality or area" in complaints_of_directory(small, date(2026, 3, 1))[0]
    assert "did you mean" not in "".join(complaints_of_directory(small, date(2026, 3, 1)))


def test_words_that_only_look_like_an_error_value_are_none() -> None:
    assert not any(map(is_error, ("#1 desk", "# a note", "Error: 404 on the page", "ok", "#legevakt", "Nan Goldin")))
