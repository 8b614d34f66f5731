"""Counted calls in place of the estimate: a CSV file with `place,date,hour,calls`.

`place` is a municipality's number, a centre's id, or `all`; a file has one of the three. An empty hour is a whole day,
spread as on any such day.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from ivr.base.clock import OSLO, is_on_the_wall
from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint, DefinitionError
from ivr.line.directory.hours import parse_date

MOST_BYTES = 100_000_000
COLUMNS = ("place", "date", "hour", "calls")
ALL = "all"
_MOST_CALLS = 100_000  # of a place in an hour
_MOST_COMPLAINTS = 20
_HOURS = 24


@dataclass(frozen=True)
class CountedRow:
    """`hour` None: the whole day."""

    place: str
    day: date
    hour: int | None
    calls: float


@dataclass(frozen=True)
class Counted:
    rows: tuple[CountedRow, ...]

    @property
    def places(self) -> set[str]:
        return {row.place for row in self.rows}


def _is_municipality(place: str) -> bool:
    return place.isdigit()


def read_counted(path: Path, places: Collection[str], first: date, last: date) -> Counted:
    """Rows between two days. Raises DefinitionError with the first complaints."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DefinitionError([Complaint(path.name, 0, 0, f"cannot be read ({error.strerror})")]) from None
    if size > MOST_BYTES:
        message = f"is larger than {MOST_BYTES // 1_000_000} MB: count by hour, one row for a place and an hour"
        raise DefinitionError([Complaint(path.name, 0, 0, message)])
    complaints = Complaints()
    rows = tuple(_rows(path, places, complaints))
    if not complaints and not any(first <= row.day <= last for row in rows):
        complaints.about(path.name, None, f"has no calls between {first} and {last}")
    if len({(row.place == ALL, _is_municipality(row.place)) for row in rows}) > 1:
        message = f"has rows of centres, of municipalities or of {ALL!r} beside each other: count in one way"
        complaints.about(path.name, None, message)
    if complaints:
        raise DefinitionError(complaints[:_MOST_COMPLAINTS])
    return Counted(tuple(row for row in rows if first <= row.day <= last))


def _rows(path: Path, places: Collection[str], complaints: Complaints) -> Iterator[CountedRow]:
    seen: dict[tuple[str, str, str], int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, cells in enumerate(csv.reader(file, strict=True), 1):
                if line == 1 and tuple(cells) != COLUMNS:
                    complaints.append(Complaint(path.name, 1, 1, f"the first line must be {','.join(COLUMNS)}"))
                    return
                if line > 1 and cells:
                    yield from _row(path.name, line, cells, places, complaints, seen)
                if len(complaints) > _MOST_COMPLAINTS:
                    return
    except (UnicodeDecodeError, csv.Error) as error:
        complaints.about(path.name, None, f"is no CSV file in UTF-8 ({error})")


def _is_on_the_wall(day: str, hour: int) -> bool:
    return is_on_the_wall(datetime.combine(date.fromisoformat(day), time(hour), OSLO))


def _row(  # noqa: PLR0913, PLR0917 - a row and where it stands
    name: str,
    line: int,
    cells: list[str],
    places: Collection[str],
    complaints: Complaints,
    seen: dict[tuple[str, str, str], int],
) -> Iterator[CountedRow]:
    if len(cells) != len(COLUMNS):
        complaints.append(Complaint(name, line, 1, f"has {len(cells)} cells; expected {','.join(COLUMNS)}"))
        return
    place, day, hour, calls = (cell.strip() for cell in cells)
    wrong = [
        None if place == ALL or place in places else f"{place!r} is no municipality, no centre and not {ALL!r}",
        None if _is_date(day) else f"{day!r} is not a date like 2027-01-31",
        None if hour == "" or _is_whole(hour, _HOURS - 1) else f"{hour!r} is not an hour from 0 to 23, or empty",
        None if _is_whole(calls, _MOST_CALLS) else f"{calls!r} is not a number of calls from 0 to {_MOST_CALLS}",
    ]
    if not (wrong[1] or wrong[2]) and hour and not _is_on_the_wall(day, int(hour)):
        wrong[2] = f"there is no hour {hour} on {day}: the clocks are put forward that night"
    again = seen.setdefault((place, day, hour), line)
    if again != line:
        wrong[2] = wrong[2] or f"this place and hour again (first on line {again})"
    starts = [1 + sum(len(cell) + 1 for cell in cells[:column]) for column in range(len(cells))]
    found = [Complaint(name, line, start, text) for start, text in zip(starts, wrong, strict=True) if text]
    complaints.extend(found)
    if not found:
        yield CountedRow(place, date.fromisoformat(day), int(hour) if hour else None, float(calls))


def _is_date(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False


def _is_whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most
