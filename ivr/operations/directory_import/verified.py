"""Somebody dialled a centre's number and the centre answered: who, and when.

The one who dialled says which number it was: a number that was typed over from a list proves nothing about the one
in the directory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ivr.base.errors import Complaint, DefinitionError
from ivr.line.directory.files import Table


@dataclass(frozen=True)
class Verification:
    """`number`: the eight digits that were dialled. `source`: where the number stands, if that is to be replaced."""

    centre: str
    number: str
    by: str
    on: date
    source: str = ""


def verified(tables: Mapping[str, Table], found: Verification) -> dict[str, Table]:
    """The tables with the verification in its centre's row. Raises DefinitionError if it cannot be one."""
    table = tables["centres.csv"]
    row = next((row for row in table.rows if row["id"] == found.centre), None)
    if row is None:
        raise DefinitionError([Complaint("centres.csv", 0, 0, f"no centre has the id {found.centre!r}")])
    if row["status"] != "sourced":
        message = f"{found.centre}: {row['number']} is a stand-in that reaches nobody; import its sourced number first"
        raise DefinitionError([row.complaint(message, "status")])
    if found.number.replace(" ", "").removeprefix("+47") != row["number"]:
        message = f"{found.centre}: the number here is not the one that was dialled; nothing was verified"
        raise DefinitionError([row.complaint(message, "number")])
    cells = row.cells | {"last_verified": found.on.isoformat(), "verified_by": found.by}
    if found.source:
        cells |= {"number_source": found.source, "number_date": found.on.isoformat()}
    new = replace(row, cells=cells)
    rows = tuple(new if each is row else each for each in table.rows)
    return dict(tables) | {"centres.csv": Table(table.note, rows)}


def all_verified(
    tables: Mapping[str, Table], found: Iterable[Verification]
) -> tuple[dict[str, Table], tuple[Complaint, ...]]:
    """The tables with each verification that fits them, and why the others are left out. One that is not newer than
    what stands there is neither."""
    new, left_out = dict(tables), list[Complaint]()
    for each in found:
        known = next((row["last_verified"] for row in new["centres.csv"].rows if row["id"] == each.centre), "")
        if known >= each.on.isoformat():
            continue
        try:
            new = verified(new, each)
        except DefinitionError as error:
            left_out += error.complaints
    return new, tuple(left_out)
