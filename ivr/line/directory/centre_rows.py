"""Rows of the files about centres → centres, coverage rules, places of treatment, number prefixes.

Every fault of a row is a complaint, and the row is left out. What can be seen only when all files are read (a
municipality without a centre, a loop of backups) is in `checks.py`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Literal

from ivr.base.complaints import Complaints
from ivr.base.ids import CentreId, MunicipalityNumber, Postcode
from ivr.base.phone_number import PhoneNumber
from ivr.line.directory.coverage import CoverageRow
from ivr.line.directory.days import parse_days
from ivr.line.directory.hours import Validity, parse_date, parse_hours
from ivr.line.directory.model import LOADER, Centre, DialTarget, NumberStatus, Provenance, Treatment
from ivr.line.directory.numbers import Prefix, parse_number, parse_ranges, refusal
from ivr.line.directory.place_rows import Once, attempt, known, parse_cell
from ivr.line.directory.rows import Row

Dial = Literal["directory", "practice", "none"]

_ID = re.compile(r"[a-z0-9_]+")
_SPOKEN = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")  # words a voice reads without stumbling
_CONFIDENCE = ("high", "medium", "low", "none")
_POLICIES = ("allow", "svalbard", "stand_in", "never")
_YES = ("", "yes")


def read_prefixes(rows: Iterable[Row], complaints: Complaints) -> list[Prefix]:
    once = Once(complaints, "prefix")
    prefixes = []
    for row in rows:
        ranges = parse_cell(row, "prefix", complaints, parse_ranges)
        if row["policy"] not in _POLICIES:
            complaints.append(row.complaint(f"policy {row['policy']!r} is not one of {', '.join(_POLICIES)}", "policy"))
        elif ranges is not None and not once.seen(row, row["prefix"]):
            centre = CentreId(row["person_centre"])
            prefixes.append(Prefix(row["prefix"], row["kind"], row["region"], row["policy"], centre, ranges))
    return prefixes


def read_superseded(rows: Iterable[Row], complaints: Complaints) -> dict[str, str]:
    """Number → why it is not used."""
    once = Once(complaints, "number")
    for row in rows:
        if not (row["number"].isascii() and row["number"].isdigit()):
            complaints.append(row.complaint(f"number {row['number']!r} is not digits", "number"))
        once.seen(row, row["number"])
    return {row["number"]: row["reason"] for row in rows}


class CentreReader:
    """Turns rows of centres.csv into centres; the numbers are judged by the prefixes of area_codes.csv."""

    def __init__(
        self,
        prefixes: Iterable[Prefix],
        superseded: Mapping[str, str],
        make_target: Callable[[PhoneNumber, NumberStatus], DialTarget | None],
        complaints: Complaints,
    ) -> None:
        self._prefixes = tuple(prefixes)
        self._superseded = superseded
        self._make_target = make_target
        self._complaints = complaints
        self._once = Once(complaints, "centre")

    def read(self, rows: Iterable[Row]) -> dict[CentreId, tuple[Centre, Row]]:
        found: dict[CentreId, tuple[Centre, Row]] = {}
        for row in rows:
            centre = self._centre(row)
            if centre is not None and not self._once.seen(row, centre.id):
                found[centre.id] = (centre, row)
        return found

    def _centre(self, row: Row) -> Centre | None:
        before = len(self._complaints)
        self._check_words(row)
        number = self._number(row, "number", row["number"])
        others = tuple(self._number(row, "other_numbers", text) for text in row["other_numbers"].split())
        valid = read_period(row, self._complaints)
        verified = parse_cell(row, "last_verified", self._complaints, parse_date)
        if len(self._complaints) > before or number is None:
            return None
        status = NumberStatus(row["status"])
        return Centre(
            id=CentreId(row["id"]),
            name=row["name"],
            spoken=row["spoken"],
            number=number,
            other_numbers=tuple(other for other in others if other),
            status=status,
            target=self._make_target(number, status),
            number_provenance=_provenance(row, "number", verified),
            structure_provenance=_provenance(row, "structure", None),
            backup=CentreId(row["backup"]) if row["backup"] else None,
            same_desk=CentreId(row["same_desk"]) if row["same_desk"] else None,
            valid=valid,
            note=row["note"],
        )

    def _check_words(self, row: Row) -> None:
        say = self._complaints.append
        if not _ID.fullmatch(row["id"]):
            say(row.complaint(f"id {row['id']!r} may hold only a-z, 0-9 and _", "id"))
        if not row["name"]:
            say(row.complaint("the name is missing", "name"))
        if not _SPOKEN.fullmatch(row["spoken"]):
            message = f"spoken {row['spoken']!r} must be words alone, without brackets or commas: a voice reads it"
            say(row.complaint(message, "spoken"))
        if row["status"] not in set(NumberStatus):
            say(row.complaint(f"status {row['status']!r} is not one of {', '.join(NumberStatus)}", "status"))
        if bool(row["last_verified"]) != bool(row["verified_by"]):
            say(row.complaint("a verified number needs both last_verified and verified_by", "last_verified"))
        if row["status"] == "sourced" and not row["number_source"]:
            say(row.complaint("a sourced number needs its number_source", "number_source"))
        for column in ("number_confidence", "structure_confidence"):
            check_confidence(row, column, self._complaints)
        for column in ("default", "svalbard_number"):
            if row[column] not in _YES:
                say(row.complaint(f"{column} {row[column]!r} is neither empty nor 'yes'", column))

    def _number(self, row: Row, column: str, digits: str) -> PhoneNumber | None:
        try:
            number = parse_number(digits)
        except ValueError as error:
            self._complaints.append(row.complaint(str(error), column))
            return None
        if row["status"] not in set(NumberStatus):
            return number
        svalbard = row["svalbard_number"] == "yes"
        wrong = refusal(number, NumberStatus(row["status"]), self._prefixes, svalbard=svalbard)
        if wrong is None and number.national in self._superseded:
            wrong = f"{number.national} is in superseded.csv: {self._superseded[number.national]}"
        if wrong:
            self._complaints.append(row.complaint(wrong, column))
        return number


def target_maker(
    dial: Dial, practice_number: PhoneNumber | None
) -> Callable[[PhoneNumber, NumberStatus], DialTarget | None]:
    """What a centre's own number becomes: itself, the operator's practice number, or nothing at all."""
    if (dial == "practice") != (practice_number is not None):
        raise ValueError("a practice number needs dial='practice'")

    def make(number: PhoneNumber, status: NumberStatus) -> DialTarget | None:
        if dial == "none":
            return None
        if practice_number is not None:
            return DialTarget(practice_number, NumberStatus.SYNTHETIC, LOADER)
        return DialTarget(number, status, LOADER)

    return make


def read_rules(
    rows: Iterable[Row],
    places: Collection[str],
    postcodes: Mapping[Postcode, tuple[MunicipalityNumber, str]],
    centres: Collection[str],
    complaints: Complaints,
) -> list[CoverageRow]:
    rules = []
    for row in rows:
        before = len(complaints)
        known(row, "municipality", places, "municipality or area", complaints)
        known(row, "centre", centres, "centre", complaints)
        check_confidence(row, "confidence", complaints)
        codes = tuple(Postcode(code) for code in row["postcodes"].split())
        for code in codes:
            if postcodes.get(code, ("", ""))[0] != row["municipality"]:
                complaints.append(row.complaint(f"postcode {code} is not in {row['municipality']}", "postcodes"))
        if len(set(codes)) < len(codes):
            complaints.append(row.complaint("a postcode is twice in the row", "postcodes"))
        days = parse_cell(row, "days", complaints, parse_days)
        hours = attempt(row, complaints, parse_hours, row["from"], row["until"], of_some_days=bool(row["days"]))
        if days and days.otherwise and hours:
            complaints.append(row.complaint("a row of 'otherwise' has no hours: it answers whenever no other row does"))
        valid = read_period(row, complaints)
        if len(complaints) == before:
            municipality, centre = MunicipalityNumber(row["municipality"]), CentreId(row["centre"])
            rules.append(CoverageRow(municipality, codes, days, hours, centre, valid, row))
    return rules


def read_treatments(
    rows: Iterable[Row], places: Collection[str], complaints: Complaints
) -> dict[MunicipalityNumber, tuple[Treatment, ...]]:
    once = Once(complaints, "the clinic")
    found: dict[MunicipalityNumber, tuple[Treatment, ...]] = {}
    for row in rows:
        number = MunicipalityNumber(row["municipality"])
        fits = known(row, "municipality", places, "municipality or area", complaints)
        check_confidence(row, "confidence", complaints)
        if not row["clinic"]:
            complaints.append(row.complaint("the clinic is missing", "clinic"))
        elif fits and not once.seen(row, f"{number} {row['clinic']} {row['when']}".strip()):
            origin = Provenance(row["source"], row["date"], row["confidence"])
            treatment = Treatment(number, row["clinic"], row["when"], origin, row["note"])
            found[number] = (*found.get(number, ()), treatment)
    return found


def read_period(row: Row, complaints: Complaints) -> Validity:
    start = parse_cell(row, "valid_from", complaints, parse_date)
    end = parse_cell(row, "valid_to", complaints, parse_date)
    if start and end and end < start:
        complaints.append(row.complaint(f"valid_to {end} lies before valid_from {start}", "valid_to"))
        return Validity()
    return Validity(start, end)


def check_confidence(row: Row, column: str, complaints: Complaints) -> None:
    if row[column] not in _CONFIDENCE:
        complaints.append(row.complaint(f"{column} {row[column]!r} is not one of {', '.join(_CONFIDENCE)}", column))


def _provenance(row: Row, what: str, verified: date | None) -> Provenance:
    by = row["verified_by"] if verified else ""
    return Provenance(row[f"{what}_source"], row[f"{what}_date"], row[f"{what}_confidence"], verified, by)
