"""Which table of the directory the columns of a sheet belong to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint
from ivr.line.directory.model import FileNote
from ivr.line.directory.rows import Grid, Header, Row, read_rows
from ivr.line.directory.schema import FILES

_LONGEST_NAME = 60  # of a column that is compared letter by letter


@dataclass(frozen=True)
class Sheet:
    """Rows for one table; a row holds the cells that the sheet has. `note`: what its comment lines say, if any.
    `worksheet`: its name in a workbook."""

    table: str
    rows: tuple[Row, ...]
    note: FileNote
    worksheet: str = ""


def sheet_of(grid: Grid, title: str, note: FileNote, complaints: Complaints) -> list[Sheet]:
    """The sheet that a grid is, as the only one of the list; none, with complaints, if it is of no table."""
    table = ""

    def fits(header: Header) -> bool:
        nonlocal table
        table = table_of(header, title, complaints)
        return bool(table)

    rows = read_rows(grid, fits, complaints)
    return [Sheet(table, tuple(rows), note, grid.sheet)] if table else []


def table_of(header: Header, title: str, complaints: Complaints) -> str:
    """The table; empty, with complaints, if there is none or the columns fit several. `title`: the name of the sheet,
    with or without `.csv`."""
    named = f"{title.lower().removesuffix('.csv')}.csv"
    fitting = [
        name for name, schema in FILES.items() if set(schema.of_a_sheet) <= set(header.cells) <= set(schema.columns)
    ]
    if named in fitting or len(fitting) == 1:
        complaints += [header.complaint(f"column {name!r} stands twice", name) for name in header.repeated]
        return "" if header.repeated else (named if named in fitting else fitting[0])
    if len(fitting) > 1:
        choice = " or ".join(fitting)
        complaints.append(header.complaint(f"these columns could be {choice}: name the file after its table"))
        return ""
    nearest = named if named in FILES else max(FILES, key=lambda name: _likeness(header.cells, name))
    if named in FILES or _likeness(header.cells, nearest) > (1, 0):
        complaints += _differences(header, nearest)
    else:
        choices = "; ".join(
            f"{name.removesuffix('.csv')}: {', '.join(schema.of_a_sheet)}" for name, schema in FILES.items()
        )
        complaints.append(header.complaint(f"no table has these columns. A sheet needs at least ({choices})"))
    return ""


def _likeness(columns: Mapping[str, str], table: str) -> tuple[float, int]:
    """How many columns of a sheet are of this table, and how many of those that it needs."""
    found = [_meant(column, FILES[table].columns) for column in columns]
    exact = sum(column.lower() == meant for column, meant in zip(columns, found, strict=True))
    near = sum(1 for meant in found if meant) - exact
    return exact + near / 2, sum(needed in found for needed in FILES[table].of_a_sheet) - len(FILES[table].of_a_sheet)


def _differences(header: Header, table: str) -> Iterator[Complaint]:
    """What keeps these columns from being those of the table."""
    meant = {column: _meant(column, FILES[table].columns) for column in header.cells}
    for column, name in meant.items():
        if column in FILES[table].columns:
            continue
        if name and name == column.lower():
            yield header.complaint(f"column {column!r} is written {name!r} in {table}", column)
        else:
            hint = f" (did you mean {name!r}?)" if name and name not in meant else ""
            yield header.complaint(f"column {column!r} is not known in {table}{hint}", column)
    for column in FILES[table].of_a_sheet:
        if column not in meant.values():
            yield header.complaint(f"column {column!r} is missing: without it no row of {table} is found")


def _meant(column: str, names: Sequence[str]) -> str:
    """The name that a column has but for capitals, blanks and a slip; empty if there is none."""
    plain = column.lower().replace(" ", "_").replace("-", "_")
    if plain in names or len(plain) > _LONGEST_NAME:
        return plain if plain in names else ""
    return next(iter(get_close_matches(plain, names, 1, 0.75)), "")
