"""Every reader ends soon whatever it is given: how large, how many, how deep is said where it is too much."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.base import strict_yaml
from ivr.base.errors import DefinitionError
from ivr.line.directory.coverage_proof import MAX_RULES
from ivr.line.directory.files import MAX_BYTES
from ivr.line.directory.rows import MAX_CELL, MAX_COLUMNS, MAX_COMPLAINTS, MAX_MESSAGE, MAX_ROWS
from ivr.operations.directory_import import read_sheets
from ivr.operations.directory_import.displayed_cells import MAX_CELLS
from ivr.operations.directory_import.workbook import MAX_PARTS, MAX_SHEETS, MAX_UNPACKED
from tests.directory.duty.conftest import write_roster
from tests.directory_import import workbooks as wb
from tests.directory_import.complaints import complaints_of, complaints_of_directory

Write = Callable[..., Path]


def _areas(small: Path, below: str) -> None:
    path = small / "areas.csv"
    comments = path.read_text("utf-8").partition("number,")[0]
    path.write_text(comments + below, "utf-8")


@pytest.mark.parametrize("columns", [8_000, 80_000])
def test_a_header_has_a_bounded_number_of_columns(columns: int, sheet: Write, small: Path) -> None:
    names = [f"c{number}" for number in range(columns)]
    message = f"{columns} columns; a table has at most {MAX_COLUMNS}"
    assert complaints_of(sheet(";".join(names) + "\n")) == [f"sheet.csv:1: {message}"]
    _areas(small, ",".join(names) + "\n")
    assert complaints_of_directory(small) == [f"areas.csv:6: {message}"]


def test_the_name_of_a_column_is_bounded(sheet: Write, small: Path) -> None:
    message = f"a cell of 9000 characters; at most {MAX_CELL}"
    assert complaints_of(sheet(f"id;{'x' * 9000}\n")) == [f"sheet.csv:1:4: {message}"]
    _areas(small, f"number,{'x' * 9000}\n")
    assert complaints_of_directory(small) == [f"areas.csv:6:8: {message}"]


@pytest.mark.parametrize(
    ("length", "message"), [(9_000, "a cell of 9000 characters"), (1_000_000, "a cell of more than")]
)
def test_a_cell_is_bounded(length: int, message: str, sheet: Write, small: Path) -> None:
    (complaint,) = complaints_of(sheet(f"id;note\nvoss;{'x' * length}\n"))
    assert complaint.startswith("sheet.csv:2:")
    assert message in complaint
    _areas(small, f"number,name,latitude,longitude\n2100,{'x' * length},1,1\n")
    assert message in complaints_of_directory(small)[0]
    (complaint,) = complaints_of(sheet(json.dumps([{"id": "voss", "note": "x" * length}]), "centres.json"))
    assert f"a cell of {length} characters; at most {MAX_CELL}" in complaint
    rows = [[wb.text("id"), wb.text("note")], [wb.text("voss"), wb.text("x" * length)]]
    (complaint,) = complaints_of(sheet(wb.xlsx({"centres": rows}), "b.xlsx"))
    assert complaint.startswith(f"b.xlsx:centres!B2: a cell of {length} characters")


def test_a_table_has_a_bounded_number_of_rows(sheet: Write, small: Path) -> None:
    too_many = "voss;\n" * (MAX_ROWS + 1)
    assert complaints_of(sheet(f"id;note\n{too_many}")) == [f"sheet.csv:{MAX_ROWS + 2}: more than {MAX_ROWS} rows"]
    _areas(small, "number,name,latitude,longitude\n" + "2100,Svalbard,78,15\n" * (MAX_ROWS + 1))
    assert complaints_of_directory(small) == [f"areas.csv:{MAX_ROWS + 7}: more than {MAX_ROWS} rows"]
    rows = json.dumps([{"id": "a"}] * (MAX_ROWS + 1))
    assert complaints_of(sheet(rows, "centres.json")) == [f"centres.json:1:1: more than {MAX_ROWS} rows"]


def test_a_file_in_which_every_row_is_wrong_is_not_read_to_its_end(sheet: Write) -> None:
    complaints = complaints_of(sheet("id;note\n" + "voss;a;b\n" * 50_000))
    assert len(complaints) == MAX_COMPLAINTS + 1
    assert complaints[-1] == f"sheet.csv:{MAX_COMPLAINTS + 2}: too many errors: reading stopped here"


def test_an_import_in_which_every_centre_is_unknown_hints_at_some_alone(small: Path) -> None:
    path = small / "coverage.csv"
    rows = "".join(f"4640,,,,bergen{number},made up,,low,,,\n" for number in range(300))
    path.write_text(path.read_text("utf-8") + rows, "utf-8")
    complaints = complaints_of_directory(small)
    assert 0 < sum("did you mean 'bergen'" in each for each in complaints) <= 50
    assert sum("no such centre" in each for each in complaints) == 300


def _minute(number: int) -> str:
    return f"{number // 60:02}:{number % 60:02}"


def test_the_rows_of_a_place_are_bounded(small: Path) -> None:
    write_roster(small, *(f"{_minute(n)} {_minute(n + 1)} | | sogn" for n in range(MAX_RULES + 1)))
    found = f"4640 has {MAX_RULES + 1} rows: too many rows, days and dates of validity to prove"
    assert found in "".join(complaints_of_directory(small))


def test_what_is_proved_of_rosters_by_day_is_bounded(small: Path) -> None:
    write_roster(small, *(f"{_minute(n)} {_minute(n + 1)} | mon | sogn | {2000 + n}-01-01 -" for n in range(200)))
    assert "up to 4640: too many rows, days and dates of validity to prove" in "".join(complaints_of_directory(small))


def test_a_complaint_about_a_long_cell_is_short(sheet: Write) -> None:
    digits = "9" * MAX_CELL
    (complaint,) = complaints_of(sheet(f"municipality;centre\n{digits}.0;voss\n"))
    assert len(complaint) < MAX_MESSAGE + 50


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_json_has_a_bounded_depth(opening: str, sheet: Write) -> None:
    for depth in (strict_yaml.MAX_DEPTH, 1_000, 200_000):
        text = (
            opening * depth
            + "1"
            + "".join("]" if sign == "[" else "}" for sign in opening[::-1] if sign in "[{") * depth
        )
        (complaint,) = complaints_of(sheet(text, "s.json"))
        assert "nested deeper than 32 levels" in complaint or "is no list of rows" in complaint


def test_a_number_of_five_thousand_digits_is_a_text_that_no_number_is(small: Path, sheet: Write) -> None:
    (found,) = read_sheets(sheet('[{"id": "voss", "number": ' + "9" * 5_000 + "}]", "centres.json"))
    assert found.rows[0]["number"] == "9" * 5_000
    for name, old in (("centres.csv", "55568700"), ("municipalities.csv", "16347")):
        path = small / name
        path.write_text(path.read_text("utf-8").replace(old, "9" * 4_999), "utf-8")
    assert {each.partition(":")[0] for each in complaints_of_directory(small)} == {"centres.csv", "municipalities.csv"}


def test_a_file_is_not_read_beyond_its_bound(sheet: Write, small: Path, tmp_path: Path) -> None:
    path = sheet("")
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert complaints_of(path) == [f"sheet.csv: is larger than {MAX_BYTES} bytes"]
    assert "cannot be read" in complaints_of(Path("/dev/zero"))[0]
    (small / "areas.csv").unlink()
    (small / "areas.csv").symlink_to("/dev/zero")
    assert complaints_of_directory(small) == ["areas.csv: cannot be read (is not a file)"]


def test_a_workbook_unpacks_to_a_bounded_size(sheet: Write) -> None:
    bomb = wb.xlsx({"centres": []}, more={"xl/media/a.xml": bytes(MAX_UNPACKED + 1)})
    assert len(bomb) < 100_000
    message = f"b.xlsx: unpacks to more than {MAX_UNPACKED} bytes or {MAX_PARTS} parts"
    assert complaints_of(sheet(bomb, "b.xlsx")) == [message]
    many = wb.xlsx({"centres": []}, more={f"xl/{number}.xml": b"" for number in range(MAX_PARTS)})
    assert complaints_of(sheet(many, "b.xlsx")) == [message]


def test_a_part_that_is_larger_than_it_says_is_a_damaged_workbook(sheet: Write) -> None:
    content = bytearray(wb.xlsx({"centres": []}, more={"xl/a.xml": bytes(10_000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        header = content.index(signature)
        while content[header + offset : header + offset + 4] != (10_000).to_bytes(4, "little"):
            header = content.index(signature, header + 1)
        content[header + offset : header + offset + 4] = (10).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        assert archive.getinfo("xl/a.xml").file_size == 10
    assert "is a damaged workbook" in complaints_of(sheet(bytes(content), "b.xlsx"))[0]


def test_a_worksheet_has_a_bounded_number_of_rows_columns_and_cells(sheet: Write) -> None:
    far = [[wb.text("id")], [wb.text("voss").replace('"@"', '"XFD1048576"')]]
    message = f"a table has at most {MAX_ROWS} rows and {MAX_COLUMNS} columns; empty what is beyond"
    assert complaints_of(sheet(wb.xlsx({"centres": far}), "b.xlsx")) == [f"b.xlsx:centres!XFD1048576: {message}"]
    column = '<table:table-row table:number-rows-repeated="100000">' + wb.ods_text("x") + "</table:table-row>"
    content = wb.ods({"centres": [[wb.ods_text("id")]]}, rest=column)
    assert complaints_of(sheet(content, "b.ods")) == [f"b.ods:centres!A100001: {message}"]
    block = column.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ')
    content = wb.ods({"centres": [[wb.ods_text("id")]]}, rest=block)
    assert complaints_of(sheet(content, "b.ods")) == [f"b.ods: a worksheet with more than {MAX_CELLS} cells"]


def test_a_workbook_has_a_bounded_number_of_worksheets(sheet: Write) -> None:
    sheets = {f"s{number}": [[wb.text("id")]] for number in range(MAX_SHEETS + 1)}
    message = f"b.xlsx: {MAX_SHEETS + 1} worksheets; at most {MAX_SHEETS}"
    assert complaints_of(sheet(wb.xlsx(sheets), "b.xlsx")) == [message]


def test_a_workbook_whose_entities_grow_is_refused(sheet: Write) -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = wb.xlsx({"centres": [[wb.text("id")]]}, more={})
    parts = zipfile.ZipFile(io.BytesIO(content))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in parts.namelist():
            prefix = doctype if name == "xl/worksheets/sheet1.xml" else b""
            archive.writestr(name, prefix + parts.read(name))
    assert complaints_of(sheet(packed.getvalue(), "b.xlsx")) == [
        "b.xlsx: is a damaged workbook: open it in a spreadsheet and save it again"
    ]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "- " * 100_000 + "a", "{a: " * 50_000, "a: &x [1]\nb: *x\n", "x" * 3_000_000],
    ids=["flow", "block", "mapping", "alias", "large"],
)
def test_yaml_has_a_bounded_depth_and_size_and_no_aliases(text: str, tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DefinitionError, match=r"nested deeper than 32|anchors \(&\) and aliases|larger than 2000000"):
        strict_yaml.load_file(path)
