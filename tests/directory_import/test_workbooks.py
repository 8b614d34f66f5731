"""Workbooks of Excel and LibreOffice: each cell as a CSV of the same sheet has it, each complaint with its cell."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.operations.directory_import import Sheet, read_sheets
from tests.directory_import import workbooks as wb
from tests.directory_import.complaints import complaints_of

Write = Callable[..., Path]
HEAD = ("municipality", "centre", "from", "until", "valid_from", "note")


def _read(path: Path, *worksheets: str) -> list[Sheet]:
    return read_sheets(path, worksheets)


def _xlsx(*rows: list[str]) -> bytes:
    return wb.xlsx({"coverage": [[wb.text(name) for name in HEAD], *rows]})


def _ods(*rows: list[str]) -> bytes:
    return wb.ods({"coverage": [[wb.ods_text(name) for name in HEAD], *rows]})


CELLS = ["0301", "oslo", "08:30", "15:00", "2026-02-01", "1.5"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "book.xlsx",
            _xlsx(
                [
                    *(wb.number(301, wb.FOUR_DIGITS), wb.text(" oslo\u00a0"), wb.number(8.5 / 24, wb.HOUR)),
                    *(wb.number(0.625, wb.HOUR), wb.number(46054, wb.DAY), wb.number(1.5)),
                ]
            ),
        ),
        (
            "book.ods",
            _ods(
                [
                    *(wb.ods_number(301, "0301"), wb.ods_text("oslo")),
                    wb.ods_cell("08:30", 'office:value-type="time" office:time-value="PT08H30M00S"'),
                    wb.ods_cell("15:00", 'office:value-type="time" office:time-value="PT15H00M00S"'),
                    *(wb.ods_day("2026-02-01", "01.02.26"), wb.ods_number(1.5, "1,5")),
                ]
            ),
        ),
    ],
    ids=["xlsx", "ods"],
)
def test_a_cell_of_a_workbook_is_what_the_sheet_saved_as_csv_would_hold(
    name: str, content: bytes, sheet: Write
) -> None:
    (found,) = _read(sheet(content, name))
    assert (found.table, found.worksheet) == ("coverage.csv", "coverage")
    assert list(found.rows[0].cells.values()) == CELLS


def test_whole_numbers_of_a_workbook_have_no_decimals(sheet: Write) -> None:
    rows = [[wb.text("id"), wb.text("number"), wb.text("note")], [wb.text("voss"), wb.number("55568700.0"), wb.TRUE]]
    (found,) = _read(sheet(wb.xlsx({"Ark1": rows}), "centres.xlsx"))
    assert found.rows[0].cells == {"id": "voss", "number": "55568700", "note": "TRUE"}


@pytest.mark.parametrize(
    ("content", "begin"),
    [
        (_xlsx([wb.number(301), wb.text("oslo")]), "book:coverage!A2: 301 has 3 of four digits"),
        (_xlsx([wb.text("1103.0"), wb.text("oslo")]), "book:coverage!A2: 1103.0: a spreadsheet made a decimal number"),
        (_xlsx([wb.text("0301"), wb.error("#REF!")]), "book:coverage!B2: #REF! is an error value"),
        (_xlsx([wb.text("0301"), wb.UNRESOLVED]), "book:coverage!B2: the result of this formula is not in the file"),
        (
            _xlsx([*map(wb.text, CELLS[:4]), wb.number(46054)]),
            "book:coverage!E2: 46054 is the number by which a spreadsheet keeps a day; write 2026-02-01",
        ),
        (
            _xlsx([*map(wb.text, CELLS[:4]), wb.number(46054, wb.MONTH)]),
            "book:coverage!E2: 2026-02-01 lacks its day or year",
        ),
        (
            _xlsx([*map(wb.text, CELLS[:4]), wb.number(46054, wb.DAY_OF_A_YEAR)]),
            "book:coverage!E2: 2026-02-01 lacks its day or year",
        ),
        (_xlsx([], [wb.text("0301"), wb.text("a\nb")]), "book:coverage!B3: holds the control character U+000A"),
        (_ods([wb.ods_number(301, "301"), wb.ods_text("oslo")]), "book:coverage!A2: 301 has 3 of four digits"),
        (_ods([wb.ods_text("0301"), wb.ods_error("#N/A")]), "book:coverage!B2: #N/A is an error value"),
        (_ods([wb.ods_text("0301"), wb.ods_error("Err:502")]), "book:coverage!B2: Err:502 is an error value"),
        (_ods([wb.ods_text("0301"), wb.ods_number(0, "#I/T")]), "book:coverage!B2: #I/T is an error value"),
        (
            _ods([*map(wb.ods_text, CELLS[:4]), wb.ods_day("2026-12-24", "24. des")]),
            "book:coverage!E2: 2026-12-24 lacks its day or year",
        ),
        (
            _ods([*map(wb.ods_text, CELLS[:4]), wb.ods_day("2020-08-01", "aug. 20")]),
            "book:coverage!E2: 2020-08-01 lacks its day or year",
        ),
    ],
    ids=range(14),
)
def test_what_is_wrong_in_a_workbook_is_said_by_its_cell(content: bytes, begin: str, sheet: Write) -> None:
    assert complaints_of(sheet(content, "book"))[0].startswith(begin)


def test_a_row_of_a_workbook_that_is_wrong_as_a_whole_is_said_by_its_line(sheet: Write) -> None:
    rows = [[wb.text("number"), wb.text("note")], [wb.text("1"), wb.text("2")]]
    (complaint,) = complaints_of(sheet(wb.xlsx({"Ark 1": rows}), "b.xlsx"))
    assert complaint.startswith("b.xlsx:Ark 1!1: column 'id' is missing")


def test_empty_leading_rows_and_columns_of_a_workbook_are_passed_over_and_the_cell_stays_right(sheet: Write) -> None:
    rows = [[], [], [wb.EMPTY, wb.text("id"), wb.EMPTY, wb.text("number")]]
    rows += [[], [wb.EMPTY, wb.text("voss"), wb.EMPTY, wb.text("5,6E+07")]]
    assert complaints_of(sheet(wb.xlsx({"centres": rows}), "b.xlsx"))[0].startswith("b.xlsx:centres!D5: 5,6E+07")


def test_the_comment_lines_of_a_workbook_say_where_it_comes_from(sheet: Write) -> None:
    rows = [[wb.text("# what: postcodes")], [wb.text("# source: Bring")], [wb.text("postcode"), wb.text("place")]]
    (found,) = _read(sheet(wb.xlsx({"postcodes": [*rows, [wb.text("0150"), wb.text("OSLO")]]}), "b.xlsx"))
    assert (found.note.what, found.note.source, found.rows[0].line) == ("postcodes", "Bring", 4)


CENTRES = [[wb.text("id"), wb.text("note")], [wb.text("voss"), wb.text("a")]]
COVERAGE = [[wb.text("municipality"), wb.text("centre")], [wb.text("4621"), wb.text("voss")]]
WORDS = [[wb.text("read me first")]]


def test_every_worksheet_that_is_not_hidden_and_not_empty_is_read(sheet: Write) -> None:
    content = wb.xlsx({"centres": CENTRES, "old": WORDS, "b": COVERAGE, "empty": []}, hidden=["old"])
    found = _read(sheet(content, "b.xlsx"))
    assert [(each.worksheet, each.table) for each in found] == [("centres", "centres.csv"), ("b", "coverage.csv")]


def test_a_worksheet_that_is_no_table_is_refused_with_those_that_can_be_named(sheet: Write) -> None:
    path = sheet(wb.xlsx({"Les meg": WORDS, "b": COVERAGE, "c": WORDS}, hidden=["c"]), "b.xlsx")
    complaints = complaints_of(path)
    assert complaints[0] == (
        "b.xlsx: has 3 worksheets ('Les meg', 'b', 'c' (hidden)); name those that are tables: --sheet NAME; "
        "'b' can be read"
    )
    assert complaints[1].startswith("b.xlsx:Les meg!1: no table has these columns")
    assert [each.worksheet for each in _read(path, "b")] == ["b"]


def test_a_hidden_worksheet_is_read_when_it_is_named(sheet: Write) -> None:
    path = sheet(wb.xlsx({"a": CENTRES, "b": COVERAGE}, hidden=["b"]), "b.xlsx")
    assert [each.worksheet for each in _read(path, "b")] == ["b"]


def test_a_worksheet_that_is_not_there_is_refused_with_those_that_are(sheet: Write) -> None:
    (complaint,) = complaints_of(sheet(wb.xlsx({"a": CENTRES, "b": COVERAGE}, hidden=["b"]), "b.xlsx"), "Ark1")
    assert complaint == "b.xlsx: has no worksheet 'Ark1'; there are: 'a', 'b' (hidden)"


def test_a_workbook_without_anything_in_it_is_refused(sheet: Write) -> None:
    (complaint,) = complaints_of(sheet(wb.xlsx({"Ark1": []}), "b.xlsx"))
    assert complaint == "b.xlsx: has no worksheet with any content; there are: none"


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "says", "do"),
    [
        (OLD_OFFICE + b"Workbook", "is an old Excel workbook (.xls)", "save it as .xlsx, .ods or CSV UTF-8"),
        (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "protected by a password", "save it without one"),
        (b"%PDF-1.7\n", "is a PDF", "ask for the sheet it was made from"),
        ({"Index/Document.iwa": b"x"}, "is an Apple Numbers document", "Export To, Excel or CSV (UTF-8)"),
        ({"xl/workbook.bin": b"x"}, "is a binary Excel workbook (.xlsb)", "save it as .xlsx"),
        ({"word/document.xml": b"x"}, "is a Word document", "copy its table into a spreadsheet"),
        ({"a.csv": b"id", "b.csv": b"id"}, "is an archive (zip) of 2 files", "unpack it"),
        (b"\x1f\x8b\x08\x00", "is packed (gzip)", "unpack it"),
        (b"\xef\xbb\xbf<html><table>", "is a web page or XML", "save it as .xlsx"),
        ({"content.xml": b"x", "mimetype": b"application/vnd.oasis.opendocument.text"}, "no spreadsheet", "copy its"),
    ],
    ids=range(10),
)
def test_a_file_that_is_no_sheet_says_what_it_is_and_what_to_do(
    content: bytes | dict[str, bytes], says: str, do: str, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.xls"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in content.items():
                archive.writestr(name, part)
    (complaint,) = complaints_of(path)
    assert complaint.startswith("sheet.xls: ")
    assert says in complaint
    assert do in complaint


@pytest.mark.parametrize(("days", "until"), [(1, "24:00"), (1.5, "36:00"), (0.999988425925926, "23:59:59")])
def test_the_end_of_a_day_is_a_time_and_not_the_first_day_of_spreadsheets(
    days: float, until: str, sheet: Write
) -> None:
    row = [wb.number(301, wb.FOUR_DIGITS), wb.text("oslo"), wb.number(0.5, wb.HOUR), wb.number(days, wb.HOUR)]
    (found,) = _read(sheet(_xlsx([*row, wb.number(46054, wb.DAY), wb.text("")]), "book.xlsx"))
    assert found.rows[0]["until"] == until
