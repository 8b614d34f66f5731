"""Reads one CSV file of a directory so that every value knows its file and line. Must not know what a
column means.

The form: UTF-8, comment lines `# what: …` (and source, date, licence, attribution) at the top, the header
row, then one row a line, with commas; the last line ends like the others, or the file was cut off. A byte order
mark, CRLF, no-break spaces and decomposed letters are put right in silence; anything else that is odd is a
complaint, and reading goes on as far as it can.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ivr.directory.model import FileNote
from ivr.errors import Complaint

MAX_BYTES = 5_000_000
NOTES = ("what", "source", "date", "licence", "attribution")
_NOTE = re.compile(r"#\s*([a-z]+)\s*:\s*(.*)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `row["name"]` is the trimmed text of a cell. `places`: the line and column where each cell begins."""

    file: str
    line: int
    cells: dict[str, str]
    places: Callable[[], dict[str, tuple[int, int]]] = field(default=dict, compare=False)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def complaint(self, message: str, column: str = "") -> Complaint:
        """`column`: the name of the cell that is wrong; empty if it is the row."""
        line, start = self.places().get(column, (self.line, 0))
        return Complaint(self.file, line, start, message)


@dataclass(frozen=True)
class Body:
    """The lines of a file; the header is the first one from the index `start` that is not empty."""

    name: str
    lines: Sequence[str]
    start: int
    separator: str = ","


@dataclass(frozen=True)
class Table:
    note: FileNote
    rows: tuple[Row, ...]


def read_table(
    folder: Path, name: str, columns: Sequence[str], complaints: list[Complaint], optional: Collection[str] = ()
) -> Table:
    """Read `name`; what is wrong is added to `complaints`, and the rows that could be read are returned.

    A column that is `optional` and missing is empty in each row.
    """
    text = _text(folder / name, complaints)
    lines = text.split("\n") if text else []
    comments = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    note = noted(name, lines[:comments])
    if not text:
        return Table(note, ())
    for key in NOTES:
        if not getattr(note, key):
            complaints.append(Complaint(name, 1, 0, f"a comment line '# {key}: …' is missing before the header"))

    def fits(header: list[str], line: int) -> bool:
        faults = [Complaint(name, line, 0, message) for message in _header_faults(header, columns, optional)]
        complaints.extend(faults)
        return not faults

    rows = read_rows(Body(name, lines, comments), fits, complaints)
    for row in rows:
        for column in optional:
            row.cells.setdefault(column, "")
    return Table(note, tuple(rows))


def _text(path: Path, complaints: list[Complaint]) -> str:
    """The file as clean text; empty if it cannot be used (said in `complaints`)."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        complaints.append(Complaint(path.name, 0, 0, f"cannot be read ({error.strerror})"))
        return ""
    if size > MAX_BYTES:
        complaints.append(Complaint(path.name, 0, 0, f"is larger than {MAX_BYTES} bytes"))
        return ""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        complaints.append(Complaint(path.name, line, 0, "is not UTF-8; save it as UTF-8 (not Latin-1 or UTF-16)"))
        return ""
    text = tidied(path.name, text, complaints)
    if text and not text.endswith("\n"):
        line = text.count("\n") + 1
        complaints.append(
            Complaint(path.name, line, 0, "ends within a line; is the file whole? The last line ends too")
        )
        return ""
    return text


def tidied(name: str, text: str, complaints: list[Complaint]) -> str:
    """The text with what spreadsheets do put right; empty if it cannot be used (said in `complaints`)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        column = control.start() - text.rfind("\n", 0, control.start())
        complaints.append(Complaint(name, line, column, f"holds the control character U+{ord(control[0]):04X}"))
        return ""
    if not text.strip():
        complaints.append(Complaint(name, 0, 0, "is empty"))
        return ""
    return text


def noted(name: str, lines: Sequence[str]) -> FileNote:
    """What the comment lines say; empty texts for what they do not."""
    found = {match[1]: match[2].strip() for line in lines if (match := _NOTE.fullmatch(line))}
    return FileNote(name, *(found.get(key, "") for key in NOTES))


def read_rows(body: Body, fits: Callable[[list[str], int], bool], complaints: list[Complaint]) -> list[Row]:
    """The rows below the header. `fits(header, line)` says whether it will do, and complains itself if not."""
    name, start = body.name, body.start
    reader = csv.reader(body.lines[start:], strict=True, delimiter=body.separator)
    rows: list[Row] = []
    header: list[str] | None = None
    line = start + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            complaints.append(Complaint(name, line, 0, f"is not a row of CSV ({error}); is a quote left open?"))
            break
        if not cells:
            pass  # an empty line
        elif header is None:
            header = [cell.strip() for cell in cells]
            if not fits(header, line):
                return []
        elif any("\n" in cell for cell in cells) or start + reader.line_num > line:
            complaints.append(Complaint(name, line, 0, "a cell runs over several lines; a row is one line"))
        elif len(cells) != len(header):
            message = f"{len(cells)} cells where the header has {len(header)} (quote a cell that holds a comma)"
            complaints.append(Complaint(name, line, 0, message))
        else:
            values = dict(zip(header, [cell.strip() for cell in cells], strict=True))
            rows.append(Row(name, line, values, partial(_places, body, header, line)))
        line = start + reader.line_num + 1
    if header is None:
        complaints.append(Complaint(name, 0, 0, "has no header row"))
    return rows


def _places(body: Body, header: Sequence[str], line: int) -> dict[str, tuple[int, int]]:
    """Where each cell of a line begins; both counted from 1."""
    starts, quoted = [1], False
    for position, character in enumerate(body.lines[line - 1], 1):
        quoted ^= character == '"'
        if character == body.separator and not quoted:
            starts.append(position + 1)
    return {column: (line, start) for column, start in zip(header, starts, strict=False)}


def _header_faults(header: list[str], columns: Sequence[str], optional: Collection[str]) -> Iterator[str]:
    if len(header) == 1 and ";" in header[0]:
        yield "cells are separated by ';': save it as CSV with commas (a Norwegian Excel writes ';')"
        return
    for column in columns:
        if column not in header and column not in optional:
            yield f"column {column!r} is missing"
    for column in dict.fromkeys(header):
        if column not in columns:
            yield f"column {column!r} is not known here"
        elif header.count(column) > 1:
            yield f"column {column!r} stands twice"
