"""What each centre's number is worth on a day, how many people depend on it, and what is left to verify.

The lists of `ivr directory todo`, of `ivr golive` and of the console are this one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ivr.base.ids import CentreId, MunicipalityNumber
from ivr.line.directory.model import Centre, NumberStatus, Place

if TYPE_CHECKING:
    from ivr.line.directory.lookup import Directory

VERIFIED_DAYS = 365  # for so long a verification counts
DUE_DAYS = 60  # before its end a verification is due again


class NumberStanding(StrEnum):
    """The worst first. The first four keep a line from going live."""

    NO_CENTRE = "no_centre"  # no centre is known here: a stand-in that reaches nobody
    NO_NUMBER = "no_number"  # the centre is known, its number is not: a stand-in that reaches nobody
    NEVER_VERIFIED = "never_verified"
    STALE = "stale"  # verified more than 12 months ago
    DUE = "due"  # verified, and to be verified again within 60 days
    VERIFIED = "verified"

    @property
    def reaches_nobody(self) -> bool:
        return self in (NumberStanding.NO_CENTRE, NumberStanding.NO_NUMBER)

    @property
    def is_open(self) -> bool:
        """Whether there is something to do."""
        return self is not NumberStanding.VERIFIED

    @property
    def is_fit(self) -> bool:
        """Whether a line may go live with it."""
        return self in (NumberStanding.DUE, NumberStanding.VERIFIED)


@dataclass(frozen=True)
class WorkItem:
    """A centre, what its number is worth, and who depends on it: the municipalities for which it answers at noon, and
    their population."""

    centre: Centre
    standing: NumberStanding
    municipalities: tuple[MunicipalityNumber, ...]
    population: int


def verification_ends(centre: Centre) -> date | None:
    """The first day on which its number counts as verified no longer; None if it never was."""
    verified = centre.number_provenance.last_verified
    return verified + timedelta(days=VERIFIED_DAYS + 1) if verified else None


def number_standing(centre: Centre, today: date) -> NumberStanding:
    until = verification_ends(centre)
    if centre.status is NumberStatus.ASSUMED:
        return NumberStanding.NO_CENTRE
    if centre.status is not NumberStatus.SOURCED:
        return NumberStanding.NO_NUMBER
    if until is None:
        return NumberStanding.NEVER_VERIFIED
    if until <= today:
        return NumberStanding.STALE
    return NumberStanding.DUE if until <= today + timedelta(days=DUE_DAYS) else NumberStanding.VERIFIED


def live_complaints(directory: "Directory", today: date, *, stale: Collection[Centre] | None = None) -> list[str]:
    """Why this directory may not serve people: a number not sourced, or not dialled within a year. `stale`: only these
    of the numbers that a year has passed for; all of them if left out."""
    reasons, by_time = [], []
    for centre in directory.centres.values():
        verified = centre.number_provenance.last_verified
        number = f"{centre.id}: its number {centre.number.national}"
        standing = number_standing(centre, today)
        if standing.reaches_nobody:
            reasons.append(f"{number} is {centre.status}, not sourced")
        elif standing is NumberStanding.NEVER_VERIFIED:
            reasons.append(f"{number} was never verified")
        elif verified is not None and verified > today:
            reasons.append(f"{number} was verified on {verified}, not within a year")
        elif standing is NumberStanding.STALE and (stale is None or centre in stale):
            by_time.append(f"{number} was verified on {verified}, not within a year")
    return reasons + by_time


def work_list(directory: "Directory", now: datetime) -> tuple[WorkItem, ...]:
    """Every centre; those on which most people depend first."""
    noon = now.replace(hour=12, minute=0)
    served: dict[CentreId, list[MunicipalityNumber]] = {centre: [] for centre in directory.centres}
    for number in directory.municipalities:
        served[directory.answering(Place(number), noon).centre.id].append(number)
    items = [
        WorkItem(
            centre,
            number_standing(centre, now.date()),
            tuple(served[centre.id]),
            sum(directory.municipalities[number].population for number in served[centre.id]),
        )
        for centre in directory.centres.values()
    ]
    return tuple(sorted(items, key=lambda item: (-item.population, item.centre.id)))
