"""Reads a folder of CSV files into a `Directory`, or says all that is wrong with them in one DefinitionError.

First the form of all files, then every row and what holds between them. The only module that hands out `DialTarget`s.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from ivr.base.bundled import bundled
from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint, DefinitionError
from ivr.base.folder_lock import is_locked
from ivr.base.ids import CentreId, MunicipalityNumber, Postcode
from ivr.base.phone_number import PhoneNumber
from ivr.line.directory import centre_rows, place_rows
from ivr.line.directory.backups import ladders
from ivr.line.directory.centre_rows import Dial, target_maker
from ivr.line.directory.checks import Draft, check
from ivr.line.directory.coverage import CoverageRow, round_the_clock, timetables
from ivr.line.directory.files import Table, read_table
from ivr.line.directory.lookup import Directory, Tables
from ivr.line.directory.model import Centre, County, Municipality, Treatment
from ivr.line.directory.numbers import Prefix
from ivr.line.directory.rows import Row
from ivr.line.directory.schema import FILES
from ivr.line.directory.spelling import spelling_index

INTERRUPTED = "before-change"  # a folder of the old files, there only while several files are being changed
_RESTORE = (
    "a change of several files was interrupted here: run `ivr directory import --restore` to restore the old files"
)
CUT_OFF = Complaint(INTERRUPTED, 0, 0, _RESTORE)

K = TypeVar("K")
V = TypeVar("V")


class _Read(NamedTuple):
    """All rows, each right by itself."""

    counties: dict[str, County]
    municipalities: dict[MunicipalityNumber, Municipality]
    areas: dict[MunicipalityNumber, Municipality]
    postcodes: dict[Postcode, tuple[MunicipalityNumber, str]]
    neighbours: list[tuple[MunicipalityNumber, MunicipalityNumber, str]]
    merged: dict[MunicipalityNumber, tuple[MunicipalityNumber, ...]]
    prefixes: list[Prefix]
    centres: dict[CentreId, tuple[Centre, Row]]
    rules: list[CoverageRow]
    treatments: dict[MunicipalityNumber, tuple[Treatment, ...]]


def load_directory(
    folder: Path | None = None,
    *,
    dial: Dial = "directory",
    practice_number: PhoneNumber | None = None,
    today: date | None = None,
) -> Directory:
    """Load `folder` (the bundled directory if None).

    `dial` says what a centre's `target` is: its own number, the `practice_number` for all of them, or None.
    With `today`, centres no longer (or not yet) valid are not found by number and stand in for nobody, and a
    date of verification in the future is refused. Raises DefinitionError with every complaint.
    """
    folder = bundled("municipalities") if folder is None else folder
    tables = read_tables(folder)
    return assemble(tables, _version(folder), dial=dial, practice_number=practice_number, today=today)


def read_tables(folder: Path) -> dict[str, Table]:
    """All files as they are written. Raises DefinitionError if the form of one is wrong."""
    if (folder / INTERRUPTED).exists() and is_locked(folder):
        raise DefinitionError([Complaint(INTERRUPTED, 0, 0, "the files are changing at this moment: try again")])
    if cut_off(folder):
        raise DefinitionError([CUT_OFF])
    complaints = Complaints()
    tables = {
        name: read_table(folder, name, schema.columns, complaints, schema.optional) for name, schema in FILES.items()
    }
    complaints.done()
    return tables


def cut_off(folder: Path) -> bool:
    """Whether a change of several files came to some of them and nobody goes on with it. The old files may lie there
    from before the first was replaced: then nothing was."""
    kept = folder / INTERRUPTED
    return any((kept / name).exists() and not _alike(kept / name, folder / name) for name in FILES)


def _alike(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def assemble(
    tables: Mapping[str, Table],
    version: str,
    *,
    dial: Dial = "directory",
    practice_number: PhoneNumber | None = None,
    today: date | None = None,
) -> Directory:
    """The directory that these tables make, as `load_directory` says it."""
    complaints = Complaints()
    read = _read(tables, dial, practice_number, complaints)
    wrong = {complaint.file for complaint in complaints}
    faulty = {name for name, table in tables.items() if wrong & {row.file for row in table.rows}}
    complaints += check(_draft(tables, read, today), faulty)
    complaints.done()
    return _directory(tables, read, today, version)


def without_targets(directory: Directory) -> Directory:
    """The same directory with nobody in it who may be rung, as `dial="none"` loads it."""
    centres = {identifier: replace(centre, target=None) for identifier, centre in directory.centres.items()}
    tables = directory.tables
    return replace(
        directory,
        centres=_frozen(centres),
        default_centre=centres[directory.default_centre.id],
        tables=replace(
            tables,
            numbers=_frozen({number: centres[centre.id] for number, centre in tables.numbers.items()}),
            ladders=_frozen({of: tuple(centres[step.id] for step in ladder) for of, ladder in tables.ladders.items()}),
            area_centres=_frozen({prefix: centres[centre.id] for prefix, centre in tables.area_centres.items()}),
        ),
    )


def _read(tables: Mapping[str, Table], dial: Dial, practice_number: PhoneNumber | None, say: Complaints) -> _Read:
    rows = {name: table.rows for name, table in tables.items()}
    counties = place_rows.read_counties(rows["counties.csv"], say)
    municipalities = place_rows.read_municipalities(rows["municipalities.csv"], counties, say)
    areas = place_rows.read_areas(rows["areas.csv"], municipalities, say)
    # What a faulty row names counts as known, so that one slip is one complaint and not one at each mention.
    own = {row["number"] for row in rows["municipalities.csv"]}
    everywhere = own | {row["number"] for row in rows["areas.csv"]}
    named = {row["id"] for row in rows["centres.csv"]}
    postcodes = place_rows.read_postcodes(rows["postcodes.csv"], everywhere, say)
    prefixes = centre_rows.read_prefixes(rows["area_codes.csv"], say)
    superseded = centre_rows.read_superseded(rows["superseded.csv"], say)
    make_target = target_maker(dial, practice_number)
    centres = centre_rows.CentreReader(prefixes, superseded, make_target, say).read(rows["centres.csv"])
    return _Read(
        counties,
        municipalities,
        areas,
        postcodes,
        place_rows.read_neighbours(rows["neighbours.csv"], own, say),
        place_rows.read_merged(rows["merged_codes.csv"], everywhere, say),
        prefixes,
        centres,
        centre_rows.read_rules(rows["coverage.csv"], everywhere, postcodes, named, say),
        centre_rows.read_treatments(rows["treatment.csv"], everywhere, say),
    )


def _draft(tables: Mapping[str, Table], read: _Read, today: date | None) -> Draft:
    rows = (*tables["municipalities.csv"].rows, *tables["areas.csv"].rows)
    return Draft(
        places=read.municipalities | read.areas,
        place_rows={row["number"]: row for row in rows},
        centres=read.centres,
        rules=read.rules,
        prefix_rows=tables["area_codes.csv"].rows,
        today=today,
    )


def _directory(tables: Mapping[str, Table], read: _Read, today: date | None, version: str) -> Directory:
    centres = {identifier: centre for identifier, (centre, _) in read.centres.items()}
    everywhere = read.municipalities | read.areas
    all_day = round_the_clock(read.rules)
    valid = {c.id for c in centres.values() if _is_valid(c, today)}
    homes = _homes(read.rules, centres)
    usable = {i for i in valid & all_day if centres[i].same_desk is None and i in homes}
    numbers = {n.national: c for c in centres.values() if c.id in valid for n in (c.number, *c.other_numbers)}
    default = next(centre for centre, row in read.centres.values() if row["default"])
    return Directory(
        municipalities=_frozen(read.municipalities),
        areas=_frozen(read.areas),
        counties=_frozen(read.counties),
        centres=_frozen(centres),
        default_centre=default,
        sources=_frozen({name: table.note for name, table in tables.items()}),
        version=version,
        tables=Tables(
            postcodes=_frozen(read.postcodes),
            merged=_frozen(read.merged),
            numbers=_frozen(numbers),
            spelling=spelling_index(everywhere.values()),
            timetables=_frozen(timetables(read.rules)),
            ladders=_frozen(ladders(centres, homes, usable, everywhere, read.neighbours)),
            area_centres=_frozen(_area_centres(read.prefixes, centres)),
            treatments=_frozen(read.treatments),
            all_day=all_day,
        ),
    )


def _is_valid(centre: Centre, today: date | None) -> bool:
    return centre.valid.contains(today) if today else centre.valid.end is None


def _homes(rules: list[CoverageRow], centres: Mapping[CentreId, Centre]) -> dict[CentreId, set[MunicipalityNumber]]:
    """The municipalities a centre serves as a whole, also by a local number of its; else those of its postcodes."""
    homes: dict[CentreId, set[MunicipalityNumber]] = {}
    for rule in sorted(rules, key=lambda rule: bool(rule.postcodes)):
        if not rule.postcodes or rule.centre not in homes:
            homes.setdefault(rule.centre, set()).add(rule.municipality)
    for centre in centres.values():
        if centre.same_desk:
            homes.setdefault(centre.same_desk, set()).update(homes.get(centre.id, ()))
    return homes


def _area_centres(prefixes: list[Prefix], centres: Mapping[CentreId, Centre]) -> dict[str, Centre]:
    return {
        first: centres[prefix.person_centre]
        for prefix in prefixes
        if prefix.person_centre
        for first, last in prefix.ranges
        if first == last and len(first) == 2
    }


def _version(folder: Path) -> str:
    """Eight hex digits that change when any file of the directory does."""
    digest = hashlib.sha256()
    for name in sorted(FILES):
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return digest.hexdigest()[:8]


def _frozen(mapping: dict[K, V]) -> Mapping[K, V]:
    return MappingProxyType(mapping)
