"""What others send: Excel's CSV, JSON, and what is wrong with it, always with file, line and column."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.base.errors import DefinitionError
from ivr.operations.directory_import import read_sheets
from tests.directory_import.complaints import complaints_of

Write = Callable[..., Path]
PLAIN = "id,number,number_source,number_date,number_confidence\nvoss,56520000,Ærlig side,2026,high\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=;\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("\n", "\r\n") + ",,,,\r\n\r\n",
        "# what: a list\n" + PLAIN.replace(",2026", ",\u00a02026 "),
        PLAIN.replace("Ærlig side", '"Ærlig side"'),
    ],
    ids=[
        "plain",
        "byte order mark",
        "semicolons",
        "tabs",
        "sep=",
        "CRLF, empty rows",
        "comment, no-break space",
        "quotes",
    ],
)
def test_csv_as_spreadsheets_write_it_is_read(content: str, sheet: Write) -> None:
    (found,) = read_sheets(sheet(content))
    assert found.table == "centres.csv"
    assert [row.cells for row in found.rows] == [
        {
            "id": "voss",
            "number": "56520000",
            "number_source": "Ærlig side",
            "number_date": "2026",
            "number_confidence": "high",
        }
    ]


def test_json_holds_several_tables_or_one_list(sheet: Write) -> None:
    rows = [{"id": "voss", "note": None}]
    several = {"centres": rows, "coverage.csv": [{"municipality": "0301", "centre": "voss"}]}
    found = read_sheets(sheet(json.dumps(several), "sheet.json"))
    assert [(each.table, each.rows[0].cells) for each in found] == [
        ("centres.csv", {"id": "voss", "note": ""}),
        ("coverage.csv", {"municipality": "0301", "centre": "voss"}),
    ]
    assert read_sheets(sheet(json.dumps(rows), "list.json"))[0].table == "centres.csv"


def test_windows_1252_is_told_and_not_guessed(sheet: Write) -> None:
    (complaint,) = complaints_of(sheet("id;name\nvoss;Voss\nålesund;Ålesund legevakt\n".encode("cp1252")))
    assert complaint.startswith("sheet.csv:3:1: is not UTF-8 (read as Windows-1252 it would be …")
    assert "ålesund" in complaint
    assert "that is a guess" in complaint
    assert "CSV UTF-8" in complaint
    assert "iconv -f windows-1252" in complaint


@pytest.mark.parametrize(
    ("content", "begin", "mend"),
    [
        ("id,name\nvoss,Voss\n".encode("utf-16"), "sheet.csv:1:1: is UTF-16", "CSV UTF-8"),
        (b"PK\x03\x04rest", "sheet.csv: is a damaged workbook", "save it again"),
        ("id,name\nvoss,Ã¥lesund\n", "sheet.csv:2:6: 'Ã¥': a letter was lost", "export it again"),
        ("id,name\nvoss,V\ufffdss\n", "sheet.csv:2:7: '\ufffd': a letter was lost", "export it again"),
        ("municipality;centre\n301;voss\n", "sheet.csv:2:1: 301 has 3 of four digits", "(0301?)"),
        ("municipality;postcodes;centre\n4640;6899 47;voss\n", "sheet.csv:2:6: 47 has 2 of four digits", "(0047?)"),
        ("id;number\nvoss;5,65E+07\n", "sheet.csv:2:6: 5,65E+07 is what a spreadsheet makes", "format Text"),
        ("id;last_verified\nvoss;03.02.2026\n", "sheet.csv:2:6: 03.02.2026 is how Excel", "2026-02-03"),
        ("id;last_verified\nvoss;29.02.2025\n", "sheet.csv:2:6: 29.02.2025 is how Excel", "there is no day 2025-02-29"),
        ("id;last_verified\nvoss;11/30/2025\n", "sheet.csv:2:6: 11/30/2025 is how Excel", "there is no day 2025-30-11"),
        ("municipality;centre;days\n4640;voss;24.12.2027\n", "sheet.csv:2:11: 24.12.2027 is how Excel", "2027-12-24"),
        ("municipality;centre;days\n4640;voss;24.des\n", "sheet.csv:2:11: 24.des is what Excel makes", "24 dec"),
        ("municipality;centre;days\n4640;voss;24-Dec\n", "sheet.csv:2:11: 24-Dec is what Excel makes", "24 dec"),
        ("id;number_date\nvoss;aug.20\n", "sheet.csv:2:6: aug.20 is what Excel makes of a month", "2020-08"),
        ("id;nmber\nvoss;1\n", "sheet.csv:1:4: column 'nmber' is not known in centres.csv", "did you mean 'number'"),
        ("name;number\nVoss;1\n", "sheet.csv:1: these columns could be", "name the file after its table"),
        ("number;note\n1;2\n", "sheet.csv:1: column 'id' is missing", "no row of centres.csv is found"),
        ("id;note;note\nvoss;1;2\n", "sheet.csv:1:4: column 'note' stands twice", ""),
        ("id;note\nvoss\n", "sheet.csv:2: 1 cells where the header has 2", ""),
        ('id;note\nvoss;"open\n', "sheet.csv:2: is not a row of CSV", "quote left open"),
        ("# nothing\n", "sheet.csv: has no header row", ""),
        ("", "sheet.csv: is empty", ""),
        ("id\nvo\x00ss\n", "sheet.csv:2:3: holds the control character U+0000", ""),
    ],
    ids=range(23),
)
def test_what_cannot_be_put_right_says_where_it_is_and_how_to_mend_it(
    content: str | bytes, begin: str, mend: str, sheet: Write
) -> None:
    complaint = complaints_of(sheet(content))[0]
    assert complaint.startswith(begin)
    assert mend in complaint


@pytest.mark.parametrize(
    ("content", "begin"),
    [
        ('{"centres": [{"id": "voss",}]}', "sheet.json:1:28: is not JSON"),
        ('{\n "coverage": [\n  {"municipality": 301,\n   "centre": "voss"}]}', "sheet.json:3:20: 301 has 3 of four"),
        ('{"centres": "voss"}', "sheet.json:1:13: centres is no list of rows"),
        ('{"centres": [{"id": "voss", "colour": "red"}]}', "sheet.json:1:39: column 'colour' is not known"),
    ],
    ids=["not JSON", "a number instead of a code", "no list", "an unknown key"],
)
def test_what_is_wrong_with_json_is_said_with_its_place(content: str, begin: str, sheet: Write) -> None:
    assert complaints_of(sheet(content, "sheet.json"))[0].startswith(begin)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(["id", "number", ";", '"', "\n", "301", "æ", "#", "sep=;", "{", "[", '"a":', "}"]))
        .map("".join)
        .map(str.encode),
    )
)
@settings(max_examples=300, deadline=None)
def test_rubbish_is_a_complaint_and_never_a_traceback(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "rubbish.csv"
    path.write_bytes(content)
    try:
        sheets = read_sheets(path)
    except DefinitionError as error:
        sheets = []
        complaints = error.complaints
    else:
        complaints = ()
    assert bool(sheets) != bool(complaints)


def test_all_damage_is_told_together(sheet: Write) -> None:
    assert len(complaints_of(sheet("municipality;centre\n301;voss\n1103;voss\n34;voss\n"))) == 2


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert "cannot be read" in complaints_of(tmp_path / "nowhere.csv")[0]
