"""Sheets laid onto the tables of a directory: new tables, in which every changed fact still says where it came from.

Tables whose rows have a source of their own are changed row by row; cells that a sheet does not have stay. A register
(municipalities, postcodes ...) is replaced as a whole, with the comment lines that say its origin.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint
from ivr.line.directory.files import NOTES, Table
from ivr.line.directory.rows import Row
from ivr.line.directory.schema import FILES
from ivr.operations.directory_import.tables import Sheet

_KEPT = 0.95  # of the rows of a register, at least
_STAND_IN = "3900"  # such a number is made up, and says so


def merge(
    tables: Mapping[str, Table], sheets: Sequence[Sheet], *, fewer: bool = False, remove: Collection[str] = ()
) -> dict[str, Table]:
    """The tables with the sheets laid on. Raises DefinitionError with every fact that lacks its origin.

    `fewer`: a register may lose more than one row of twenty; else that is taken for a file that was cut off. `remove`:
    ids of centres whose row goes.
    """
    complaints = Complaints()
    merged = dict(tables)
    for sheet in sheets:
        if not FILES[sheet.table].is_register:
            merged[sheet.table] = _by_row(merged[sheet.table], sheet, complaints)
        else:
            complaints += _complaints(sheet, 0 if fewer else len(tables[sheet.table].rows))
            merged[sheet.table] = Table(sheet.note, sheet.rows)
    merged["centres.csv"] = _without(merged["centres.csv"], remove, complaints)
    complaints.done()
    return merged


def _without(centres: Table, remove: Collection[str], complaints: Complaints) -> Table:
    unknown = set(remove) - {row["id"] for row in centres.rows}
    complaints += [Complaint("centres.csv", 0, 0, f"no centre has the id {each!r}") for each in sorted(unknown)]
    return Table(centres.note, tuple(row for row in centres.rows if row["id"] not in remove))


def _complaints(sheet: Sheet, before: int) -> Iterator[Complaint]:
    """Why a register may not be replaced by this. `before`: how many rows it has now."""
    file = sheet.note.file
    for column in FILES[sheet.table].columns:
        if sheet.rows and column not in sheet.rows[0].cells:
            message = f"column {column!r} is missing: {sheet.table} is replaced as a whole"
            yield Complaint(file, sheet.rows[0].line, 0, message)
    missing = [f"# {key}:" for key in NOTES if not getattr(sheet.note, key)]
    if missing:
        message = f"{sheet.table} is replaced as a whole, by a CSV file that says where it comes from: it lacks"
        yield Complaint(file, 1, 0, f"{message} {', '.join(missing)}")
    if len(sheet.rows) < _KEPT * before:
        message = (
            f"has {len(sheet.rows)} rows where there were {before}: it may be truncated; add --fewer if that is right"
        )
        yield Complaint(file, 0, 0, message)


def _by_row(table: Table, sheet: Sheet, complaints: Complaints) -> Table:
    rows = {_key(sheet.table, row): row for row in table.rows}
    seen: dict[tuple[str, ...], int] = {}
    for row in sheet.rows:
        key = _key(sheet.table, row)
        first = seen.setdefault(key, row.line)
        if first != row.line:
            complaints.append(row.complaint(f"{' '.join(filter(None, key))} is already on line {first}"))
            continue
        rows[key] = _laid_on(sheet.table, rows.get(key), row, complaints)
    return Table(table.note, tuple(rows.values()))


def _key(table: str, row: Row) -> tuple[str, ...]:
    return tuple(row.cells.get(column, "") for column in FILES[table].key)


def _laid_on(table: str, old: Row | None, row: Row, complaints: Complaints) -> Row:
    """The old row, or an empty one, with the cells of the new: at the new one's place, where complaints belong."""
    schema = FILES[table]
    cells = dict.fromkeys(schema.columns, "") | (old.cells if old else {}) | row.cells
    fact = schema.fact
    if fact == "number":
        cells["number"] = cells["number"].replace(" ", "")
    if old is None or cells[fact] != old[fact]:
        _check_origin(row, cells[fact], fact, schema.origin, complaints)
        if table == "centres.csv":
            cells |= _of_new_number(row, cells)
    elif cells == old.cells:
        return old
    return replace(row, cells=cells)


def _check_origin(row: Row, value: str, fact: str, origin: Sequence[str], complaints: Complaints) -> None:
    if value.startswith(_STAND_IN):
        return
    missing = [column for column in origin if not row.cells.get(column)]
    if missing:
        complaints.append(row.complaint(f"a new {fact} comes with its origin: {', '.join(missing)} not given", fact))


def _of_new_number(row: Row, cells: Mapping[str, str]) -> dict[str, str]:
    """Nobody has dialled a new number yet; and one that comes with a source is called sourced."""
    new = {} if row.cells.get("last_verified") else {"last_verified": "", "verified_by": ""}
    if "status" not in row.cells and not cells["number"].startswith(_STAND_IN):
        new["status"] = "sourced"
    return new
