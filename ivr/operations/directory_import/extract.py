"""The part of a directory that is about some municipalities, as tables that load by themselves.

Pure: tables in, tables out. What would point out of the part is left out: neighbours, backups, desks of other areas.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from ivr.base.errors import Complaint, DefinitionError
from ivr.line.directory import Directory
from ivr.line.directory.files import Table
from ivr.line.directory.rows import Row
from ivr.line.directory.schema import FILES

_MAIN_DESK = "the main desk of a local number; its own places are outside this extract"


@dataclass(frozen=True)
class DirectoryExtract:
    """`default`: the centre for callers about whom nothing is known. `backups`: how many named backups lie outside."""

    tables: dict[str, Table]
    municipalities: frozenset[str]
    default: str
    backups: int


def places_of(directory: Directory, region: str) -> frozenset[str]:
    """Municipalities and areas of a county, a municipality (each by number or name) or a centre (by id or spoken name).
    Raises DefinitionError if there is no such region."""
    asked = region.strip().casefold()
    counties = [number for number, county in directory.counties.items() if asked in (number, *_names(county.name))]
    found: set[str] = {number for number, place in directory.municipalities.items() if place.county in counties}
    places = {**directory.municipalities, **directory.areas}
    found |= {number for number, place in places.items() if asked in (number, place.name.casefold())}
    centres = {c.id for c in directory.centres.values() if asked in (c.id, c.spoken.casefold())}
    tables = directory.tables.timetables.items()
    found |= {key[:4] for key, table in tables if any(rule.centre in centres for rule in table.rules)}
    if not found:
        message = (
            f"no county, municipality or centre is called {region!r}: `ivr directory search`, `ivr directory list`"
        )
        raise DefinitionError([Complaint("directory", 0, 0, message)])
    return frozenset(found)


def _names(county: str) -> tuple[str, ...]:
    """A name in two languages, as a whole and each by itself."""
    return (county.casefold(), *(part.strip().casefold() for part in county.split(" - ")))


def extract(tables: Mapping[str, Table], directory: Directory, municipalities: frozenset[str]) -> DirectoryExtract:
    """`tables`: those that `directory` was made of."""

    def only(name: str, is_kept: Callable[[Row], bool]) -> Table:
        return Table(tables[name].note, tuple(row for row in tables[name].rows if is_kept(row)))

    def here(*columns: str) -> Callable[[Row], bool]:
        return lambda row: all(row[column] in municipalities for column in columns)

    new = dict(tables)
    for name, columns in _PLACES_OF.items():
        new[name] = only(name, here(*columns))
    in_use = {row["county"] for row in new["municipalities.csv"].rows}
    new["counties.csv"] = only("counties.csv", lambda row: row["number"] in in_use)
    answering = {row["centre"] for row in new["coverage.csv"].rows}
    desks = {row["same_desk"] for row in tables["centres.csv"].rows if row["id"] in answering} - {""}
    kept = answering | desks
    default = _default(directory, answering, municipalities)
    centres = [row for row in tables["centres.csv"].rows if row["id"] in kept]
    rows = tuple(_centre(row, kept, default, desks - answering) for row in centres)
    new["centres.csv"] = Table(tables["centres.csv"].note, rows)
    new["area_codes.csv"] = _without_others(tables["area_codes.csv"], "person_centre", kept)
    lost = sum(bool(row["backup"]) and row["backup"] not in kept for row in centres)
    return DirectoryExtract(new, municipalities, default, lost)


_PLACES_OF: Mapping[str, tuple[str, ...]] = {
    "municipalities.csv": ("number",),
    "areas.csv": ("number",),
    "postcodes.csv": ("municipality",),
    "neighbours.csv": FILES["neighbours.csv"].key,
    "merged_codes.csv": ("successor",),
    "coverage.csv": ("municipality",),
    "treatment.csv": ("municipality",),
}


def _default(directory: Directory, answering: set[str], municipalities: Collection[str]) -> str:
    """The default centre if it is in the part; else the one that answers for most people and never ends."""
    if directory.default_centre.id in answering:
        return directory.default_centre.id
    lasting = {c.id for c in directory.centres.values() if c.valid.start is None and c.valid.end is None}
    people: Counter[str] = Counter()
    for key, table in directory.tables.timetables.items():
        for rule in table.rules if key in municipalities else ():
            if rule.centre in lasting & directory.tables.all_day & answering:
                place = directory.municipalities.get(rule.municipality)
                people[rule.centre] += 1 + (place.population if place else 0)
    if not people:
        message = "no centre of this part is open round the clock for ever: it cannot stand alone"
        raise DefinitionError([Complaint("centres.csv", 0, 0, message)])
    return people.most_common(1)[0][0]


def _centre(row: Row, kept: Collection[str], default: str, only_desks: Collection[str]) -> Row:
    cells = dict(row.cells)
    cells["default"] = "yes" if row["id"] == default else ""
    if row["id"] in only_desks:
        cells["no_coverage_reason"] = _MAIN_DESK
    for column in ("backup", "same_desk"):
        if cells[column] not in kept:
            cells[column] = ""
    return replace(row, cells=cells)


def _without_others(table: Table, column: str, kept: Collection[str]) -> Table:
    rows = (row if row[column] in kept else replace(row, cells=row.cells | {column: ""}) for row in table.rows)
    return Table(table.note, tuple(rows))
