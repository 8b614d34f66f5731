"""What can be seen wrong only when all files of a directory have been read.

Each check yields complaints with the file and line of the row to mend. A directory may be sound and still not fit to
serve people: see `standing.py`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint
from ivr.base.ids import CentreId, MunicipalityNumber
from ivr.line.directory.coverage import CoverageRow, timetables
from ivr.line.directory.coverage_proof import faults
from ivr.line.directory.model import Centre, Municipality
from ivr.line.directory.numbers import one_digit_apart
from ivr.line.directory.place_rows import known
from ivr.line.directory.rows import Row


@dataclass(frozen=True)
class Draft:
    """All rows of a directory, read one by one but not yet compared with each other."""

    places: Mapping[MunicipalityNumber, Municipality]
    place_rows: Mapping[str, Row]
    centres: Mapping[CentreId, tuple[Centre, Row]]
    rules: Sequence[CoverageRow]
    prefix_rows: Sequence[Row]
    today: date | None


def check(draft: Draft, faulty: Collection[str]) -> list[Complaint]:
    """Everything that is wrong between the rows.

    `faulty` names the files of which rows had to be left out: a check that would take such a gap for a fault of
    its own is skipped.
    """
    return [complaint for each, needs in _CHECKS if not needs & set(faulty) for complaint in each(draft)]


def _orphan_places(draft: Draft) -> Iterator[Complaint]:
    answered = {rule.municipality for rule in draft.rules if not rule.postcodes}
    for number, place in draft.places.items():
        if number not in answered:
            row = draft.place_rows[number]
            yield row.complaint(f"{number} {place.spoken}: no row of coverage.csv names a centre for it")


def _not_yet(draft: Draft) -> Iterator[Complaint]:
    """A first row that lies in the future: it would hold before its day, for want of another."""
    if draft.today is None:
        return
    for key, table in timetables(draft.rules).items():
        starts = [rule.valid.start for rule in table.rules if rule.valid.start]
        if "-" not in key and len(starts) == len(table.rules) and min(starts) > draft.today:
            yield table.rules[0].row.complaint(f"{key}: no centre answers before {min(starts)}")


def _orphan_centres(draft: Draft) -> Iterator[Complaint]:
    covering = {rule.centre for rule in draft.rules}
    for centre, row in draft.centres.values():
        reason = row["no_coverage_reason"]
        if centre.id not in covering and not reason:
            yield row.complaint(f"{centre.id} answers for no place; say why in no_coverage_reason or remove it")
        if centre.id in covering and reason:
            yield row.complaint(f"{centre.id} has a no_coverage_reason, but coverage.csv gives it a place")


def _rules_outside_validity(draft: Draft) -> Iterator[Complaint]:
    for rule in draft.rules:
        valid = draft.centres[rule.centre][0].valid
        early = valid.start is not None and (rule.valid.start is None or rule.valid.start < valid.start)
        late = valid.end is not None and (rule.valid.end is None or rule.valid.end > valid.end)
        if early or late:
            yield rule.row.complaint(f"the row is valid longer than its centre {rule.centre}")


def _shared_numbers(draft: Draft) -> Iterator[Complaint]:
    owners: dict[str, tuple[Centre, Row]] = {}
    for centre, row in draft.centres.values():
        for number in (centre.number, *centre.other_numbers):
            first, first_row = owners.setdefault(number.national, (centre, row))
            if first is not centre:
                message = f"{number.national} is the number of {first.id} too (line {first_row.line})"
                yield row.complaint(message, "number" if number is centre.number else "other_numbers")


def _twins(draft: Draft) -> Iterator[Complaint]:
    for centre, row in draft.centres.values():
        for a, b in combinations((centre.number, *centre.other_numbers), 2):
            if a == b:
                yield row.complaint(f"{a.national} stands twice")
            elif one_digit_apart(a, b):
                message = f"{a.national} and {b.national} differ in one digit: one is wrong (see superseded.csv)"
                yield row.complaint(message)


def _links(draft: Draft) -> Iterator[Complaint]:
    complaints = Complaints()
    for centre, row in draft.centres.values():
        for column in ("backup", "same_desk"):
            if row[column] == centre.id:
                complaints.append(row.complaint(f"{centre.id} is its own {column}", column))
            elif row[column]:
                known(row, column, draft.centres, "centre", complaints)
    yield from complaints


def _loops(draft: Draft) -> Iterator[Complaint]:
    """Each loop once, at its first row."""
    said: set[str] = set()
    for identifier, (_, row) in draft.centres.items():
        path = [identifier]
        while (following := draft.centres[path[-1]][0].backup) and following in draft.centres:
            if following in path:
                loop = path[path.index(following) :]
                if following == identifier and len(loop) > 1 and not said & set(loop):
                    said |= set(loop)
                    yield row.complaint(f"the backups run in a circle: {' → '.join([*loop, following])}")
                break
            path.append(following)


def _default(draft: Draft) -> Iterator[Complaint]:
    marked = [row for _, row in draft.centres.values() if row["default"] == "yes"]
    if not marked:
        yield Complaint("centres.csv", 0, 0, "no centre is marked 'yes' in default (the desk when nothing is known)")
    for row in marked:
        if row["valid_from"] or row["valid_to"]:
            yield row.complaint("the default centre must not have an end of validity")
    for row in marked[1:]:
        yield row.complaint(f"a second default; the first is on line {marked[0].line}")


def _person_centres(draft: Draft) -> Iterator[Complaint]:
    complaints = Complaints()
    for row in draft.prefix_rows:
        if row["person_centre"]:
            known(row, "person_centre", draft.centres, "centre", complaints)
    yield from complaints


def _future_dates(draft: Draft) -> Iterator[Complaint]:
    if draft.today is None:
        return
    for centre, row in draft.centres.values():
        verified = centre.number_provenance.last_verified
        if verified is not None and verified > draft.today:
            yield row.complaint(f"last_verified {verified} lies in the future", "last_verified")
        # Of words with a year in them the first one: "2020 or later".
        year = re.match(r"[0-9]{4}(-[0-9]{2}){0,2}", centre.number_provenance.date)
        if year and year[0] > draft.today.isoformat():
            yield row.complaint(f"number_date {year[0]} lies in the future", "number_date")


def _faults(draft: Draft) -> Iterator[Complaint]:
    yield from faults(timetables(draft.rules), draft.today)


# Each check and the files whose rows it needs without a gap.
_PLACES = {"municipalities.csv", "areas.csv"}
_CHECKS: tuple[tuple[Callable[[Draft], Iterable[Complaint]], set[str]], ...] = (
    (_orphan_places, {"coverage.csv", *_PLACES}),
    (_faults, {"coverage.csv"}),
    (_not_yet, {"coverage.csv"}),
    (_orphan_centres, {"coverage.csv", "centres.csv"}),
    (_rules_outside_validity, {"centres.csv"}),
    (_shared_numbers, set()),
    (_twins, set()),
    (_links, {"centres.csv"}),
    (_loops, set()),
    (_default, {"centres.csv"}),
    (_person_centres, {"centres.csv"}),
    (_future_dates, set()),
)
