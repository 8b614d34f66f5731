"""Worksheets of an .xlsx or .ods file as grids of text: each cell as the same sheet saved as CSV would have it.

A workbook is unpacked here, within bounds, before the library sees it; what the library leaves out of a cell (error
values, leading zeros, parts of a date) comes from `xlsx_cells` and `ods_cells`.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.spreadsheet import is_error
from ivr.line.directory.files import has_control, is_comment, tidy
from ivr.line.directory.rows import MAX_COLUMNS, MAX_ROWS, Grid
from ivr.operations.directory_import import ods_cells, xlsx_cells
from ivr.operations.directory_import.displayed_cells import MAX_CELLS, Cell, Shown, TooLargeError

MAX_UNPACKED = 60_000_000  # bytes, of all parts
MAX_PARTS = 2_000
MAX_SHEETS = 50

Parts = Mapping[str, bytes]
_DAY_ZERO = datetime(1899, 12, 31)  # noqa: DTZ001 - a workbook knows no time zone
_FIRST_YEAR = 1901  # a day before it is a time of 24:00 or more, which a spreadsheet keeps as a number of days
Value = int | float | str | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class Worksheet:
    name: str
    hidden: bool
    cells: Mapping[Cell, str]  # those that are not empty
    complaints: tuple[Complaint, ...]  # about cells that have no text of their own

    def grid(self, file: str) -> tuple[Grid, list[str]]:
        """The cells below the comment lines, and these."""
        records = self.records()
        first = next((i for i, (_, cells) in enumerate(records) if not is_comment(cells[0]) or is_error(cells[0])), 0)
        grid = Grid(file, records[first:], lambda _: range(1, MAX_COLUMNS + 1), sheet=self.name)
        return grid, [cells[0] for _, cells in records[:first]]

    def records(self) -> list[tuple[int, list[str]]]:
        """The lines that hold something, all equally long."""
        rows: dict[int, dict[int, str]] = {}
        for (line, column), text in self.cells.items():
            rows.setdefault(line, {})[column] = text
        width = max((column for _, column in self.cells), default=0)
        return [(line, [rows[line].get(column, "") for column in range(1, width + 1)]) for line in sorted(rows)]


def read_workbook(file: str, raw: bytes) -> list[Worksheet]:
    """All worksheets that hold something, in order. Raises DefinitionError."""
    try:
        return list(_worksheets(file, _unpacked(file, raw)))
    except PasswordError:
        raise _refused(file, "is protected by a password: save it without one") from None
    except TooLargeError:
        raise _refused(file, f"a worksheet with more than {MAX_CELLS} cells") from None
    except (CalamineError, zipfile.BadZipFile, ExpatError, KeyError, ValueError, OverflowError, NotImplementedError):
        raise _refused(file, "is a damaged workbook: open it in a spreadsheet and save it again") from None


def _unpacked(file: str, raw: bytes) -> Parts:
    """What is in the archive. It may say less of its size than it has: no part is read beyond what it says."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise _refused(file, f"unpacks to more than {MAX_UNPACKED} bytes or {MAX_PARTS} parts")
        if any(info.flag_bits & 1 for info in infos):
            raise _refused(file, "is protected by a password: save it without one")
        return {info.filename: archive.read(info) for info in infos if info.filename.endswith((".xml", ".rels"))}


def _worksheets(file: str, parts: Parts) -> Iterator[Worksheet]:
    shown = xlsx_cells.shown(parts) if xlsx_cells.WORKBOOK in parts else ods_cells.shown(parts)
    _check_size(file, shown)
    with CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts))) as book:
        for meta in book.sheets_metadata:
            if meta.typ is SheetTypeEnum.WorkSheet and meta.name in shown:
                rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
                hidden = meta.visible is not SheetVisibleEnum.Visible
                sheet = _worksheet(file, meta.name, hidden, rows, shown[meta.name])
                if sheet.cells or sheet.complaints:
                    yield sheet


def _check_size(file: str, shown: Mapping[str, Shown]) -> None:
    """Before the library is asked: it makes every cell up to the last."""
    for sheet, found in shown.items():
        line, column = found.last
        if line > MAX_ROWS or column > MAX_COLUMNS:
            message = f"a table has at most {MAX_ROWS} rows and {MAX_COLUMNS} columns; empty what is beyond"
            raise DefinitionError([Complaint(file, line, column, message, sheet)])
    if len(shown) > MAX_SHEETS:
        raise _refused(file, f"{len(shown)} worksheets; at most {MAX_SHEETS}")


def _packed(parts: Parts) -> bytes:
    """Not compressed: whoever opens it unpacks nothing more."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        if ods_cells.CONTENT in parts:
            target.writestr("mimetype", ods_cells.MIMETYPE)
        for name, content in parts.items():
            target.writestr(name, content)
    return archive.getvalue()


def _worksheet(file: str, name: str, hidden: bool, rows: Sequence[Sequence[Value]], shown: Shown) -> Worksheet:
    cells: dict[Cell, str] = {}
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value != "":
                cells[line, column] = _text(value)
    cells |= shown.texts
    complain = partial(Complaint, file)
    complaints = [
        complain(*cell, f"{cells.get(cell, 'the cell')} lacks its day or year: write the whole date", name)
        for cell in sorted(shown.parts_of_days)
    ]
    complaints += [
        complain(*cell, "the result of this formula is not in the file: open it in a spreadsheet and save it", name)
        for cell in sorted(shown.without_result)
    ]
    for cell, text in cells.items():
        if control := has_control(text.strip()):
            complaints.append(complain(*cell, f"holds the control character {control}; a cell is one line", name))
    return Worksheet(name, hidden, cells, tuple(complaints))


def _text(value: Value) -> str:
    if isinstance(value, date) and value.year < _FIRST_YEAR:
        value = datetime.combine(value, value.time() if isinstance(value, datetime) else time()) - _DAY_ZERO
    match value:
        case bool():
            text = str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            text = str(int(value))
        case datetime() if value.time() != time():
            text = f"{value:%Y-%m-%d} {_clock(value.time())}"
        case date():
            text = f"{value:%Y-%m-%d}"
        case time():
            text = _clock(value)
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            text = f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
        case _:
            text = tidy(str(value))
    return text


def _clock(moment: time) -> str:
    return moment.isoformat("seconds" if moment.second or moment.microsecond else "minutes")


def _refused(file: str, message: str) -> DefinitionError:
    return DefinitionError([Complaint(file, 0, 0, message)])
