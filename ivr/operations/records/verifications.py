"""Centres' numbers that were rung: what one person found, and what a second one said of it.

Rows are only added, each with who and when, so they are the trail too. A number counts as verified when one account has
reached the centre and another account has confirmed that. The directory's files do not change here: `ivr directory
confirmed` writes there what was confirmed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select

from ivr.base.errors import IvrError
from ivr.base.ids import CentreId
from ivr.line.service.console_accounts import name_key
from ivr.operations.records.changes import ChangedBy, Outdated, changing, moment_of
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import verifications


class VerificationStep(StrEnum):
    """The first three are what somebody found who rang; the others are the second person's."""

    REACHED = "reached"
    WRONG_NUMBER = "wrong_number"
    NO_ANSWER = "no_answer"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


FOUND = (VerificationStep.REACHED, VerificationStep.WRONG_NUMBER, VerificationStep.NO_ANSWER)


class SamePerson(IvrError):  # noqa: N818 - it is what the two are
    """Whoever rang the number may not confirm what they found."""


@dataclass(frozen=True)
class RungNumber:
    """What somebody found. `number`: eight digits, as dialled. `answered_by`: how the centre answered."""

    number: str
    found: VerificationStep
    rung_on: date
    answered_by: str = ""
    note: str = ""


@dataclass(frozen=True)
class VerificationEntry:
    """A row. One that confirms or rejects repeats what was found by the row `about`."""

    id: int
    at: datetime
    who: str
    centre: CentreId
    number: str
    step: VerificationStep
    rung_on: date
    answered_by: str
    note: str
    about: int | None

    @property
    def waits(self) -> bool:
        """Whether a second person has to look at it."""
        return self.step is VerificationStep.REACHED


@dataclass(frozen=True)
class ConfirmedNumber:
    """`by`: both people, the one who rang first."""

    centre: CentreId
    number: str
    rung_on: date
    by: str


def latest_step(connection: Connection, centre: CentreId) -> int:
    """The id of the newest row of a centre; 0 if there is none."""
    query = select(func.max(verifications.c.id)).where(verifications.c.centre == centre)
    return int(connection.scalar(query) or 0)


def record_ring(engine: Engine, centre: CentreId, rung: RungNumber, seen: int, by: ChangedBy) -> None:
    """Write down what was found. `seen`: the centre's newest row when the page was made. Raises Outdated."""
    with changing(engine) as connection:
        if latest_step(connection, centre) != seen:
            raise Outdated
        told = {"rung_on": rung.rung_on.isoformat(), "answered_by": rung.answered_by, "note": rung.note}
        _add(connection, by, {"centre": centre, "number": rung.number, "step": rung.found, **told})


def confirm(engine: Engine, entry_id: int, by: ChangedBy) -> CentreId:
    """The second person agrees; the centre. Raises LookupError, Outdated, SamePerson."""
    return _decide(engine, entry_id, VerificationStep.CONFIRMED, by, "")


def reject(engine: Engine, entry_id: int, note: str, by: ChangedBy) -> CentreId:
    """The number has to be rung again; the centre. `note`: why. Raises LookupError, Outdated."""
    return _decide(engine, entry_id, VerificationStep.REJECTED, by, note)


def standing_entries(connection: Connection) -> dict[CentreId, VerificationEntry]:
    """The newest row of each centre that has one."""
    newest = select(func.max(verifications.c.id)).group_by(verifications.c.centre)
    rows = connection.execute(select(verifications).where(verifications.c.id.in_(newest))).mappings()
    return {CentreId(row["centre"]): _entry(row) for row in rows}


def verification_trail(
    connection: Connection, *, below: int | None = None, centre: str = "", most: int = 50
) -> list[VerificationEntry]:
    """The newest first; `below`: those before this one; `centre`: of this one only."""
    query = select(verifications).order_by(verifications.c.id.desc()).limit(most)
    if below is not None:
        query = query.where(verifications.c.id < below)
    if centre:
        query = query.where(verifications.c.centre == centre)
    return [_entry(row) for row in connection.execute(query).mappings()]


def confirmed_numbers(connection: Connection) -> list[ConfirmedNumber]:
    """The newest confirmation of each centre, unless somebody has found since that the number is wrong."""
    counts = (VerificationStep.CONFIRMED, VerificationStep.WRONG_NUMBER)
    columns = verifications.c
    newest = select(func.max(columns.id)).where(columns.step.in_(counts)).group_by(columns.centre)
    finding = verifications.alias("finding")
    query = (
        select(verifications, finding.c.who.label("finder"))
        .join(finding, finding.c.id == columns.about)
        .where(columns.id.in_(newest), columns.step == VerificationStep.CONFIRMED)
        .order_by(columns.centre)
    )
    return [
        ConfirmedNumber(
            CentreId(row["centre"]),
            row["number"],
            date.fromisoformat(row["rung_on"]),
            f"{row['finder']}, {row['who']}",
        )
        for row in connection.execute(query).mappings()
    ]


def _decide(engine: Engine, entry_id: int, step: VerificationStep, by: ChangedBy, note: str) -> CentreId:
    with changing(engine) as connection:
        row = connection.execute(select(verifications).where(verifications.c.id == entry_id)).mappings().first()
        if row is None or row["step"] != VerificationStep.REACHED:
            raise LookupError(entry_id)
        centre = CentreId(row["centre"])
        if latest_step(connection, centre) != entry_id:
            raise Outdated
        if step is VerificationStep.CONFIRMED and name_key(row["who"]) == name_key(by.who):
            raise SamePerson
        same = {name: row[name] for name in ("centre", "number", "rung_on", "answered_by")}
        _add(connection, by, {**same, "step": step, "note": note, "about": entry_id})
        return centre


def _add(connection: Connection, by: ChangedBy, row: dict[str, object]) -> None:
    connection.execute(insert(verifications).values({"at": milliseconds(by.now), "who": by.who, **row}))


def _entry(row: RowMapping) -> VerificationEntry:
    return VerificationEntry(
        row["id"],
        moment_of(row["at"]),
        row["who"],
        CentreId(row["centre"]),
        row["number"],
        VerificationStep(row["step"]),
        date.fromisoformat(row["rung_on"]),
        row["answered_by"],
        row["note"],
        row["about"],
    )
