"""Reads one CSV file of a directory so that every value knows its file and line.

The form: UTF-8, comment lines `# what: …` (and source, date, licence, attribution) at the top, the header
row, then one row a line, with commas; the last line ends like the others, or the file was cut off. A byte order
mark, CRLF, no-break spaces and decomposed letters are put right in silence; anything else that is odd is a
complaint, and reading goes on as far as it can.
"""

import re
import stat
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint
from ivr.line.directory.model import FileNote
from ivr.line.directory.rows import Header, Row, csv_grid, read_rows
from ivr.line.directory.spreadsheet_damage import damage

MAX_BYTES = 5_000_000
NOTES = ("what", "source", "date", "licence", "attribution")
_NOTE = re.compile(r"#\s*([a-z]+)\s*:\s*(.*)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Table:
    note: FileNote
    rows: tuple[Row, ...]


def read_table(
    folder: Path, name: str, columns: Sequence[str], complaints: Complaints, optional: Collection[str] = ()
) -> Table:
    """Read `name`; what is wrong is added to `complaints`, and the rows that could be read are returned.

    A column that is `optional` and missing is empty in each row.
    """
    text = _text(folder / name, complaints)
    lines = text.split("\n") if text else []
    comments = next((i for i, line in enumerate(lines) if not is_comment(line)), len(lines))
    note = noted(name, lines[:comments])
    if not text:
        return Table(note, ())
    for key in NOTES:
        if not getattr(note, key):
            complaints.append(Complaint(name, 1, 0, f"a comment line '# {key}: …' is missing before the header"))

    def fits(header: Header) -> bool:
        faults = [header.complaint(message) for message in _header_faults(header, columns, optional)]
        complaints.extend(faults)
        return not faults

    rows = read_rows(csv_grid(name, lines, comments, ",", complaints), fits, complaints)
    for column in optional:
        for row in rows:
            row.cells.setdefault(column, "")
    complaints.extend(damage(name, rows))
    return Table(note, tuple(rows))


def read_bytes(path: Path, most: int) -> bytes:
    """The content of a file, at most one byte more than `most`. Raises OSError, also for a pipe or a device."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(None, "is not a file")
    with path.open("rb") as file:
        return file.read(most + 1)


def _text(path: Path, complaints: Complaints) -> str:
    """The file as clean text; empty if it cannot be used (said in `complaints`)."""
    try:
        raw = read_bytes(path, MAX_BYTES)
    except OSError as error:
        complaints.about(path.name, None, f"cannot be read ({error.strerror})")
        return ""
    if len(raw) > MAX_BYTES:
        complaints.about(path.name, None, f"is larger than {MAX_BYTES} bytes")
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
            Complaint(
                path.name, line, 0, "has no newline at its end: it may be truncated. End the last line with a newline"
            )
        )
        return ""
    return text


def tidy(text: str) -> str:
    """One kind of line end, of blank, and of each letter with an accent."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def has_control(text: str) -> str:
    """The first control character of a text that is one line, as U+000A; empty if there is none."""
    control = re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text)
    return f"U+{ord(control[0]):04X}" if control else ""


def tidied(name: str, text: str, complaints: Complaints) -> str:
    """The text with what spreadsheets do put right; empty if it cannot be used (said in `complaints`)."""
    text = tidy(text)
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        column = control.start() - text.rfind("\n", 0, control.start())
        complaints.append(Complaint(name, line, column, f"holds the control character U+{ord(control[0]):04X}"))
        return ""
    if not text.strip():
        complaints.about(name, None, "is empty")
        return ""
    return text


def is_comment(line: str) -> bool:
    """Also as a spreadsheet writes it back: in quotes, with separators up to the last column."""
    return line.startswith(("#", '"#'))


def noted(name: str, lines: Sequence[str]) -> FileNote:
    """What the comment lines say; empty texts for what they do not."""
    cells = [_comment(line) for line in lines]
    found = {match[1]: match[2].strip() for cell in cells if (match := _NOTE.fullmatch(cell))}
    return FileNote(name, *(found.get(key, "") for key in NOTES))


def _comment(line: str) -> str:
    text = line.rstrip(" ,;\t")
    return text[1:-1].replace('""', '"') if text.startswith('"') and text.endswith('"') else text


def _header_faults(header: Header, columns: Sequence[str], optional: Collection[str]) -> Iterator[str]:
    if len(header.cells) == 1 and ";" in header.names[-1]:
        yield "cells are separated by ';': save it as CSV with commas (a Norwegian Excel writes ';')"
        return
    for column in columns:
        if column not in header.cells and column not in optional:
            yield f"column {column!r} is missing"
    for column in header.cells:
        if column not in columns:
            yield f"column {column!r} is unknown"
        elif column in header.repeated:
            yield f"column {column!r} stands twice"
