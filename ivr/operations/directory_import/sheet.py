"""A sheet from somebody else: CSV as Excel and others write it, a workbook, or JSON.

Which of the directory's tables it is about is told by its columns, and they need not all be there. What can be put
right without a guess is (byte order mark, CRLF, semicolons or tabs, no-break spaces, `sep=;`, empty rows and columns).
What cannot is said with its place and how to mend it: letters that are not UTF-8, leading zeros that Excel took off.
"""

from collections.abc import Collection
from pathlib import Path

from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint
from ivr.line.directory.files import MAX_BYTES, is_comment, noted, read_bytes, tidied
from ivr.line.directory.rows import SEPARATORS, Header, csv_grid
from ivr.line.directory.spreadsheet_damage import damage
from ivr.operations.directory_import.file_kind import refusal_of, workbook_kind
from ivr.operations.directory_import.json_rows import json_groups
from ivr.operations.directory_import.tables import Sheet, sheet_of, table_of
from ivr.operations.directory_import.workbook_sheets import workbook_sheets

_MOJIBAKE = ("Ã¥", "Ã¸", "Ã¦", "Ã…", "Ã˜", "Ã†", "�")
_BLANK = ' \t,;"'  # what an empty row consists of
HOW = "in Excel: File, Save As, 'CSV UTF-8 (Comma delimited)'"


def read_sheets(path: Path, worksheets: Collection[str] = ()) -> list[Sheet]:
    """The sheets in a file: a workbook or a JSON file may hold several. Raises DefinitionError, with file, line and
    column, or the cell.

    `worksheets`: which of a workbook; all that are not hidden if left out.
    """
    complaints = Complaints()
    sheets = _sheets(path, worksheets, complaints)
    complaints += [found for sheet in sheets for found in damage(sheet.table, sheet.rows)]
    complaints.done()
    return sheets


def _sheets(path: Path, worksheets: Collection[str], complaints: Complaints) -> list[Sheet]:
    try:
        raw = read_bytes(path, MAX_BYTES)
    except OSError as error:
        complaints.about(path.name, None, f"cannot be read ({error.strerror})")
        return []
    refusal = f"is larger than {MAX_BYTES} bytes" if len(raw) > MAX_BYTES else refusal_of(raw)
    if refusal:
        complaints.about(path.name, None, refusal)
        return []
    if workbook_kind(raw):
        return workbook_sheets(path.name, path.stem, raw, worksheets, complaints)
    text = _decoded(path.name, raw, complaints)
    if not text:
        return []
    if path.suffix.lower() == ".json" or text.lstrip()[:1] in ("{", "["):
        return _json(path.name, text, complaints)
    return _csv(path, text, complaints)


def _decoded(name: str, raw: bytes, complaints: Complaints) -> str:
    """The text of the file, as UTF-8; empty, with a complaint that says how to get there, if it is not."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        complaints.append(Complaint(name, 1, 1, f"is UTF-16 (Excel's 'Unicode Text'); save it as UTF-8, {HOW}"))
        return ""
    try:
        text = tidied(name, raw.decode("utf-8-sig"), complaints)
    except UnicodeDecodeError as error:
        complaints.append(_not_utf8(name, raw, error.start))
        return ""
    for mark in _MOJIBAKE:
        if mark in text:
            line, column = _place(text, text.index(mark))
            message = f"{mark!r}: a letter was lost when the file was saved in another encoding; export it again, {HOW}"
            complaints.append(Complaint(name, line, column, message))
            return ""
    return text


def _not_utf8(name: str, raw: bytes, at: int) -> Complaint:
    before = raw[:at].decode("utf-8-sig")
    line, column = _place(before + "?", len(before))
    word = raw[at - 12 if at > 12 else 0 : at + 12].decode("cp1252", "replace").replace("\n", " ").replace("\r", "")
    message = (
        f"is not UTF-8 (read as Windows-1252 it would be …{word}…, but that is a guess); save it as UTF-8, {HOW}, "
        f"or run: iconv -f windows-1252 -t utf-8 {name}"
    )
    return Complaint(name, line, column, message)


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _csv(path: Path, text: str, complaints: Complaints) -> list[Sheet]:
    lines = text.split("\n")
    start = next((i for i, line in enumerate(lines) if line.strip(_BLANK) and not is_comment(line)), len(lines))
    separator = ""
    if start < len(lines) and lines[start].lower() in ("sep=,", "sep=;", "sep=\t"):
        separator = lines[start][4]  # Excel's own way of saying it
        start = next((i for i in range(start + 1, len(lines)) if lines[i].strip(_BLANK)), len(lines))
    if start == len(lines):
        complaints.about(path.name, None, "has no header row")
        return []
    separator = separator or max(SEPARATORS, key=lines[start].count)
    grid = csv_grid(path.name, lines, start, separator, complaints)
    return sheet_of(grid, path.stem, noted(path.name, lines[:start]), complaints)


def _json(name: str, text: str, complaints: Complaints) -> list[Sheet]:
    sheets: list[Sheet] = []
    for title, rows in json_groups(name, text, complaints):
        columns = list(dict.fromkeys(column for row in rows for column in row.cells))
        header = Header(name, rows[0].line, dict.fromkeys(columns, ""), rows[0].places, "", tuple(columns))
        table = table_of(header, title, complaints)
        if table:
            sheets.append(Sheet(table, tuple(rows), noted(name, ())))
    if not (sheets or complaints):
        complaints.about(name, None, "holds no rows")
    return sheets
