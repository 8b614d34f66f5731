"""Rows of a file whose every cell knows its place: the header, the rows below it, their bounds."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint
from ivr.base.spreadsheet import plain

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 5_000  # characters
MAX_COMPLAINTS = 200  # about the rows of a file
MAX_MESSAGE = 800  # characters; it may repeat a cell
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}

Places = Mapping[str, tuple[int, int]]  # column → line and column where its cell begins


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `row["name"]` is the trimmed text of a cell. `sheet`: its worksheet, if it comes from a workbook."""

    file: str
    line: int
    cells: dict[str, str]
    places: Callable[[], Places] = field(default=dict, compare=False)
    sheet: str = field(default="", compare=False)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def complaint(self, message: str, column: str = "") -> Complaint:
        """`column`: the name of the cell that is wrong; empty if it is the row."""
        line, start = self.places().get(column, (self.line, 0))
        if len(message) > MAX_MESSAGE:
            message = f"{message[:MAX_MESSAGE]}…"
        return Complaint(self.file, line, start, message, self.sheet)


@dataclass(frozen=True)
class Grid:
    """The cells of a file, line by line. `starts(line)`: the column in which each cell of the line begins, from 1.

    `separator`: what stands between two cells, as one calls it. `sheet`: the worksheet of a workbook.
    """

    name: str
    records: Iterable[tuple[int, list[str]]]
    starts: Callable[[int], Sequence[int]]
    separator: str = ""
    sheet: str = ""

    def complaint(self, line: int, message: str, cell: int | None = None) -> Complaint:
        """`cell`: its index in the line."""
        starts = () if cell is None else self.starts(line)
        column = starts[cell] if cell is not None and cell < len(starts) else 0
        return Complaint(self.name, line, column, message, self.sheet)


def csv_grid(name: str, lines: Sequence[str], first: int, separator: str, complaints: Complaints) -> Grid:
    """The lines from the index `first` on, as CSV."""

    def records() -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(lines[first:], strict=True, delimiter=separator)
        line = first + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                why = f"a cell of more than {MAX_CELL} characters" if "field larger" in str(error) else error
                complaints.append(Complaint(name, line, 0, f"is not a row of CSV ({why}); is a quote left open?"))
                return
            if first + reader.line_num > line:
                complaints.append(Complaint(name, line, 0, "a cell runs over several lines; a row is one line"))
            else:
                yield line, cells
            line = first + reader.line_num + 1

    starts = lru_cache(maxsize=1)(
        partial(_starts, lines, separator)
    )  # the complaints of a row come one after the other
    return Grid(name, records(), starts, SEPARATORS[separator])


def _starts(lines: Sequence[str], separator: str, line: int) -> list[int]:
    starts, quoted = [1], False
    for position, character in enumerate(lines[line - 1], 1):
        quoted ^= character == '"'
        if character == separator and not quoted:
            starts.append(position + 1)
    return starts


def read_rows(grid: Grid, fits: Callable[["Header"], bool], complaints: Complaints) -> list[Row]:
    """The rows below the header. Empty rows are passed over, and columns that are empty in each row.

    `fits(header)` says whether the header will do, and complains itself if not. Its cells are the names of the
    columns, each under itself; a name that stands twice is in `header.repeated`.
    """
    rows: list[Row] = []
    header: Header | None = None
    said = len(complaints)
    for line, written in grid.records:
        cells = [cell.strip() for cell in written]
        if not any(cells):
            continue
        if len(rows) == MAX_ROWS or len(complaints) - said >= MAX_COMPLAINTS:
            what = f"more than {MAX_ROWS} rows" if len(rows) == MAX_ROWS else "too many errors: reading stopped here"
            complaints.append(grid.complaint(line, what))
            break
        if header is None:
            header = _header(grid, line, cells, complaints)
            if header is None or not fits(header):
                return []
        elif row := _row(grid, header, line, cells, complaints):
            rows.append(row)
    if header is None and len(complaints) == said:
        complaints.append(grid.complaint(0, "has no header row"))
    return rows


@dataclass(frozen=True, slots=True)
class Header(Row):
    """`names`: of each column up to the last that has one, empty for one without. `nameless`: the indexes of these."""

    names: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    nameless: tuple[int, ...] = ()


def _header(grid: Grid, line: int, cells: list[str], complaints: Complaints) -> Header | None:
    names = list(cells)
    while not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        complaints.append(grid.complaint(line, f"{len(names)} columns; a table has at most {MAX_COLUMNS}"))
        return None
    too_long = next((index for index, name in enumerate(names) if len(name) > MAX_CELL), None)
    if too_long is not None:
        complaints.append(grid.complaint(line, _too_long(names[too_long]), too_long))
        return None
    named = {name: name for name in names if name}
    repeated = tuple(name for name in named if names.count(name) > 1)
    places = partial(_places, grid, tuple(names), line)
    nameless = tuple(index for index, name in enumerate(names) if not name)
    return Header(grid.name, line, named, places, grid.sheet, tuple(names), repeated, nameless)


def _row(grid: Grid, header: Header, line: int, cells: list[str], complaints: Complaints) -> Row | None:
    wrong = _misfit(grid, header, line, cells)
    if wrong:
        complaints.append(wrong)
        return None
    named = zip(header.names, cells, strict=False)
    values = {name: plain(cell) if cell[:1] == "'" else cell for name, cell in named if name}
    return Row(grid.name, line, values, partial(_places, grid, header.names, line), grid.sheet)


def _misfit(grid: Grid, header: Header, line: int, cells: list[str]) -> Complaint | None:
    """Why these cells are no row under this header; None if they are."""
    if max(map(len, cells)) > MAX_CELL:
        too_long = next(index for index, cell in enumerate(cells) if len(cell) > MAX_CELL)
        return grid.complaint(line, _too_long(cells[too_long]), too_long)
    width = len(header.names)
    if len(cells) != width:
        beyond = max((index for index, cell in enumerate(cells[width:], width + 1) if cell), default=0)
        if beyond or len(cells) < width:
            hint = f" (quote a cell that holds a {grid.separator})" if grid.separator and beyond else ""
            return grid.complaint(line, f"{beyond or len(cells)} cells where the header has {width}{hint}")
    for extra in header.nameless:
        if cells[extra]:
            where = f"is in a column without a name: name the column in line {header.line}, or empty it"
            return grid.complaint(line, f"{cells[extra]!r} {where}", extra)
    return None


def _too_long(cell: str) -> str:
    return f"a cell of {len(cell)} characters; at most {MAX_CELL}"


def _places(grid: Grid, names: Sequence[str], line: int) -> dict[str, tuple[int, int]]:
    places: dict[str, tuple[int, int]] = {}
    for name, start in zip(names, grid.starts(line), strict=False):
        if name:
            places.setdefault(name, (line, start))
    return places
