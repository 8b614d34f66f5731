"""A sheet from somebody else: CSV as Excel and others write it, or JSON. Must not know what is in the directory.

Which of the directory's tables it is about is told by its columns, and they need not all be there. What can be put
right without a guess is (byte order mark, CRLF, semicolons or tabs, no-break spaces, `sep=;`, empty rows). What cannot
is said with its place and how to mend it: letters that are not UTF-8, leading zeros that Excel took off.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from ivr import strict_yaml
from ivr.directory.files import MAX_BYTES, Body, Row, noted, read_rows, tidied
from ivr.directory.load import FILES
from ivr.directory.model import FileNote
from ivr.errors import Complaint, DefinitionError
from ivr.upkeep.excel import damage

# By these columns a row is found again in its table.
KEYS: Mapping[str, tuple[str, ...]] = {
    "counties.csv": ("number", "name"),
    "municipalities.csv": ("number", "county"),
    "areas.csv": ("number",),
    "postcodes.csv": ("postcode",),
    "neighbours.csv": ("municipality", "neighbour"),
    "merged_codes.csv": ("old_number", "successor"),
    "area_codes.csv": ("prefix",),
    "superseded.csv": ("number",),
    "centres.csv": ("id",),
    "coverage.csv": ("municipality", "postcodes", "from", "until", "days", "valid_from"),
    "treatment.csv": ("municipality", "clinic", "when"),
}
# Without these a sheet is not about that table. (`coverage`: a whole municipality round the clock is the common row.)
_NEEDED = {**KEYS, "coverage.csv": ("municipality", "centre"), "treatment.csv": ("municipality", "clinic")}
_MOJIBAKE = ("Ã¥", "Ã¸", "Ã¦", "Ã…", "Ã˜", "Ã†", "�")


@dataclass(frozen=True)
class Sheet:
    """Rows for one table; a row holds the cells that the sheet has. `note`: what its comment lines say, if any."""

    table: str
    rows: tuple[Row, ...]
    note: FileNote


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets in a file (a JSON file may hold several). Raises DefinitionError, with file, line and column."""
    complaints: list[Complaint] = []
    text = _decoded(path, complaints)
    if complaints:
        raise DefinitionError(complaints)
    is_json = path.suffix.lower() == ".json" or text.lstrip()[:1] in ("{", "[")
    sheets = _json(path.name, text, complaints) if is_json else _csv(path, text, complaints)
    complaints += [found for sheet in sheets for row in sheet.rows for found in damage(row)]
    if complaints:
        raise DefinitionError(complaints)
    return sheets


def _decoded(path: Path, complaints: list[Complaint]) -> str:
    """The text of the file, as UTF-8; empty, with a complaint that says how to get there, if it is not."""
    name = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        complaints.append(Complaint(name, 0, 0, f"cannot be read ({error.strerror})"))
        return ""
    how = "in Excel: File, Save As, 'CSV UTF-8 (Comma delimited)'"
    if raw.startswith(b"PK\x03\x04"):
        complaints.append(Complaint(name, 0, 0, f"is an Excel workbook; save the sheet as CSV, {how}"))
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        complaints.append(Complaint(name, 1, 1, f"is UTF-16 (Excel's 'Unicode Text'); save it as UTF-8, {how}"))
    elif len(raw) > MAX_BYTES:
        complaints.append(Complaint(name, 0, 0, f"is larger than {MAX_BYTES} bytes"))
    if complaints:
        return ""
    try:
        text = tidied(name, raw.decode("utf-8-sig"), complaints)
    except UnicodeDecodeError as error:
        complaints.append(_not_utf8(name, raw, error.start, how))
        return ""
    for mark in _MOJIBAKE:
        if mark in text:
            line, column = _place(text, text.index(mark))
            message = f"{mark!r}: a letter was lost when the file was saved in another encoding; export it again, {how}"
            complaints.append(Complaint(name, line, column, message))
            break
    return text


def _not_utf8(name: str, raw: bytes, at: int, how: str) -> Complaint:
    before = raw[:at].decode("utf-8-sig")
    line, column = _place(before + "?", len(before))
    word = raw[at - 12 : at + 12].decode("cp1252", "replace").replace("\n", " ").replace("\r", "")
    message = (
        f"is not UTF-8 (read as Windows-1252 it would be …{word}…, but that is a guess); save it as UTF-8, {how}, "
        f"or run: iconv -f windows-1252 -t utf-8 {name}"
    )
    return Complaint(name, line, column, message)


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _csv(path: Path, text: str, complaints: list[Complaint]) -> list[Sheet]:
    lines = text.split("\n")
    start = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    separator = ""
    if start < len(lines) and lines[start].lower() in ("sep=,", "sep=;", "sep=\t"):
        separator = lines[start][4]  # Excel's own way of saying it
        start += 1
    if start == len(lines):
        complaints.append(Complaint(path.name, 0, 0, "has no header row"))
        return []
    separator = separator or max(",;\t", key=lines[start].count)
    table = ""

    def fits(header: list[str], line: int) -> bool:
        nonlocal table
        place = Row(path.name, line, {}, lambda: {name: (line, lines[line - 1].find(name) + 1) for name in header})
        table = _table(header, path.stem, place, complaints)
        return bool(table)

    rows = read_rows(Body(path.name, lines, start, separator), fits, complaints)
    rows = [row for row in rows if any(row.cells.values())]
    return [Sheet(table, tuple(rows), noted(path.name, lines[:start]))] if table else []


def _json(name: str, text: str, complaints: list[Complaint]) -> list[Sheet]:
    """`{"centres": [{...}, ...], "coverage": [...]}`, or one list of rows."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        complaints.append(Complaint(name, error.lineno, error.colno, f"is not JSON: {error.msg}"))
        return []
    found = strict_yaml.load(text, name)  # JSON is YAML, and here every value knows where it stands
    groups = found if isinstance(found, strict_yaml.Mapping) else {strict_yaml.Text(""): found}
    sheets = []
    for title, values in groups.items():
        if not isinstance(values, strict_yaml.Sequence) or not all(isinstance(v, strict_yaml.Mapping) for v in values):
            complaints.append(Complaint(name, values.line, values.column, f"{title or 'the file'} is no list of rows"))
            continue
        rows = [_json_row(name, value) for value in values if isinstance(value, strict_yaml.Mapping)]
        header = list(dict.fromkeys(column for row in rows for column in row.cells))
        table = _table(header, title.removesuffix(".csv"), rows[0], complaints) if rows else ""
        if table:
            sheets.append(Sheet(table, tuple(rows), noted(name, ())))
    return sheets


def _json_row(name: str, value: strict_yaml.Mapping) -> Row:
    cells = {str(key): "" if cell == "null" else str(cell).strip() for key, cell in value.items()}
    places = {str(key): (cell.line, cell.column) for key, cell in value.items()}
    return Row(name, value.line, cells, partial(dict, places))


def _table(header: list[str], title: str, place: Row, complaints: list[Complaint]) -> str:
    """The table that these columns belong to; empty, with complaints, if there is none or they fit several."""
    named = f"{title}.csv"
    fitting = [name for name, needed in _NEEDED.items() if set(needed) <= set(header) <= set(FILES[name])]
    if named in fitting or len(fitting) == 1:
        doubled = [column for column in dict.fromkeys(header) if header.count(column) > 1]
        complaints += [place.complaint(f"column {column!r} stands twice", column) for column in doubled]
        return "" if doubled else (named if named in fitting else fitting[0])
    if len(fitting) > 1:
        choice = " or ".join(fitting)
        complaints.append(place.complaint(f"these columns could be {choice}: name the file after its table"))
        return ""
    nearest = named if named in FILES else max(FILES, key=lambda name: len(set(FILES[name]) & set(header)))
    for column in header:
        if column not in FILES[nearest]:
            close = get_close_matches(column.lower(), FILES[nearest], 1, 0.6)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            complaints.append(place.complaint(f"column {column!r} is not known in {nearest}{hint}", column))
    for column in _NEEDED[nearest]:
        if column not in header:
            complaints.append(place.complaint(f"column {column!r} is missing: without it no row of {nearest} is found"))
    return ""
