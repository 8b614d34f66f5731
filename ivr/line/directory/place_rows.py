"""Rows of the files about places → counties, municipalities, areas, postcodes, neighbours, old numbers.

Every fault of a row is a complaint, and the row is left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import ParamSpec, TypeVar

from ivr.base.complaints import Complaints, suggestion
from ivr.base.ids import MunicipalityNumber, Postcode
from ivr.line.directory.hours import parse_date
from ivr.line.directory.model import County, Municipality
from ivr.line.directory.rows import Row

P = ParamSpec("P")
T = TypeVar("T")

_KINDS = ("land", "corner", "water")
_FORMS = ("bokmål", "nynorsk", "neutral")
_HINTS = 50  # so many complaints name the nearest id; a search for one takes a millisecond
_LONGEST_NAME = 60
_FOUR = re.compile(r"[0-9]{4}")
_TWO = re.compile(r"[0-9]{2}")


class Once:
    """Remembers what was seen on which line, and says so when it comes again."""

    def __init__(self, complaints: Complaints, what: str) -> None:
        self._complaints = complaints
        self._what = what
        self._lines: dict[str, int] = {}

    def seen(self, row: Row, key: str) -> bool:
        """True, with a complaint, if `key` was on an earlier line."""
        first = self._lines.setdefault(key, row.line)
        if first == row.line:
            return False
        self._complaints.append(row.complaint(f"{self._what} {key} is already on line {first}"))
        return True


def known(row: Row, column: str, ids: Collection[str], what: str, complaints: Complaints) -> bool:
    """Whether the cell names something that exists; a complaint, with the nearest name, if not."""
    value = row[column]
    if value in ids:
        return True
    hint = nearest(value, ids) if len(complaints) < _HINTS else ""
    complaints.append(row.complaint(f"{column} {value!r}: no such {what}{hint}", column))
    return False


def nearest(value: str, names: Collection[str]) -> str:
    """` (did you mean 'bergen'?)`, or an empty text. A code is never taken for another: both may exist."""
    if value[:1].isdigit() or len(value) > _LONGEST_NAME:
        return ""
    return suggestion(value, names, 0.75)


def parse_cell(row: Row, column: str, complaints: Complaints, parse: Callable[[str], T]) -> T | None:
    """What `parse` makes of a cell, or None and a complaint with the words of its ValueError."""
    try:
        return parse(row[column])
    except ValueError as error:
        complaints.append(row.complaint(str(error), column))
        return None


def attempt(row: Row, complaints: Complaints, parse: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What `parse` returns, or None and a complaint with the words of its ValueError."""
    try:
        return parse(*args, **kwargs)
    except ValueError as error:
        complaints.append(row.complaint(str(error)))
        return None


def read_counties(rows: Iterable[Row], complaints: Complaints) -> dict[str, County]:
    once = Once(complaints, "county")
    counties: dict[str, County] = {}
    for row in rows:
        if not _TWO.fullmatch(row["number"]) or not row["name"]:
            complaints.append(row.complaint("a county has a number of two digits and a name"))
        elif not once.seen(row, row["number"]):
            counties[row["number"]] = County(row["number"], row["name"], row["sami_name"], row["kven_name"])
    return counties


def read_municipalities(
    rows: Iterable[Row], counties: Mapping[str, County], complaints: Complaints
) -> dict[MunicipalityNumber, Municipality]:
    once = Once(complaints, "municipality")
    found: dict[MunicipalityNumber, Municipality] = {}
    for row in rows:
        if not known(row, "county", counties, "county", complaints) or not _is_place(row, complaints):
            continue
        place = attempt(row, complaints, _municipality, row)
        if place is not None and not once.seen(row, place.number):
            found[place.number] = place
    shared = Counter(place.name for place in found.values())
    for number, place in found.items():
        if shared[place.name] > 1:  # two Herøy and two Våler: a name alone is never enough
            found[number] = replace(place, spoken=f"{place.name} i {counties[place.county].name}")
    return found


def read_areas(
    rows: Iterable[Row], municipalities: Collection[str], complaints: Complaints
) -> dict[MunicipalityNumber, Municipality]:
    once = Once(complaints, "area")
    found: dict[MunicipalityNumber, Municipality] = {}
    for row in rows:
        if not _is_place(row, complaints):
            continue
        if row["number"] in municipalities:
            complaints.append(row.complaint(f"{row['number']} is a municipality already"))
            continue
        point = attempt(row, complaints, _point, row)
        if point is not None and not once.seen(row, row["number"]):
            number = MunicipalityNumber(row["number"])
            found[number] = Municipality(number, row["name"], row["name"], "", (), (), 0, "", *point, "")
    return found


def _is_place(row: Row, complaints: Complaints) -> bool:
    fits = _FOUR.fullmatch(row["number"]) is not None and bool(row["name"])
    if not fits:
        complaints.append(row.complaint("a place has a number of four digits (0301, not 301) and a name", "number"))
    return fits


def _municipality(row: Row) -> Municipality:
    if not (row["population"].isascii() and row["population"].isdigit()):
        raise ValueError(f"population {row['population']!r} is not a whole number")
    if row["written_form"] not in _FORMS:
        raise ValueError(f"written_form {row['written_form']!r} is not one of {', '.join(_FORMS)}")
    latitude, longitude = _point(row)
    return Municipality(
        number=MunicipalityNumber(row["number"]),
        name=row["name"],
        spoken=row["name"],
        county=row["county"],
        sami_names=tuple(filter(None, (row["sami_name"],))),
        kven_names=tuple(filter(None, (row["kven_name"],))),
        population=int(row["population"]),
        written_form=row["written_form"],
        latitude=latitude,
        longitude=longitude,
        website=row["website"],
    )


def _point(row: Row) -> tuple[float, float]:
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        raise ValueError("latitude and longitude are degrees with a point: 59.9724, 10.7757") from None
    if not (57 < latitude < 82 and -10 < longitude < 35):
        raise ValueError(f"{latitude}, {longitude} is not in Norway; are latitude and longitude exchanged?")
    return latitude, longitude


def read_postcodes(
    rows: Iterable[Row], places: Collection[str], complaints: Complaints
) -> dict[Postcode, tuple[MunicipalityNumber, str]]:
    """Postcode → (municipality or area, postal place)."""
    once = Once(complaints, "postcode")
    postcodes: dict[Postcode, tuple[MunicipalityNumber, str]] = {}
    for row in rows:
        code = Postcode(row["postcode"])
        if not _FOUR.fullmatch(code):
            complaints.append(
                row.complaint(f"postcode {code!r} is not four digits (keep the leading zeros)", "postcode")
            )
        elif row["municipality"] not in places:
            known(row, "municipality", places, "municipality or area", complaints)
        elif not once.seen(row, code):
            postcodes[code] = (MunicipalityNumber(row["municipality"]), row["place"])
    return postcodes


def read_neighbours(
    rows: Iterable[Row], places: Collection[str], complaints: Complaints
) -> list[tuple[MunicipalityNumber, MunicipalityNumber, str]]:
    once = Once(complaints, "pair")
    pairs = []
    for row in rows:
        a, b, kind = MunicipalityNumber(row["municipality"]), MunicipalityNumber(row["neighbour"]), row["kind"]
        known_a = known(row, "municipality", places, "municipality", complaints)
        known_b = known(row, "neighbour", places, "municipality", complaints)
        if not (known_a and known_b):
            continue
        if a == b:
            complaints.append(row.complaint(f"{a} is not its own neighbour"))
        elif kind not in _KINDS:
            complaints.append(row.complaint(f"kind {kind!r} is not one of {', '.join(_KINDS)}", "kind"))
        elif not once.seen(row, "–".join(sorted((a, b)))):
            pairs.append((a, b, kind))
    return pairs


def read_merged(
    rows: Iterable[Row], places: Collection[str], complaints: Complaints
) -> dict[MunicipalityNumber, tuple[MunicipalityNumber, ...]]:
    """Old number → its successors, in the order of the file."""
    once = Once(complaints, "the pair")
    merged: dict[MunicipalityNumber, tuple[MunicipalityNumber, ...]] = {}
    for row in rows:
        old, successor = MunicipalityNumber(row["old_number"]), MunicipalityNumber(row["successor"])
        if not _FOUR.fullmatch(old):
            complaints.append(row.complaint(f"old_number {old!r} is not four digits", "old_number"))
        elif old in places:
            complaints.append(row.complaint(f"{old} is in use today, so it is not an old number"))
        elif not known(row, "successor", places, "municipality", complaints) or not _has_date(row, complaints):
            continue
        elif not once.seen(row, f"{old} → {successor}"):
            merged[old] = (*merged.get(old, ()), successor)
    return merged


def _has_date(row: Row, complaints: Complaints) -> date | None:
    day = parse_cell(row, "date", complaints, parse_date)
    if day is None and not row["date"]:
        complaints.append(row.complaint("the date on which the number went out of use is missing", "date"))
    return day
