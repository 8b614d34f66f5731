"""What of a live line runs out on a day: each number's verification, and the dates of the checklist.

It is said 60, 30 and 7 days before: in the log once a day, in health, in the metrics, in the console, by `ivr golive`.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from ivr.base.clock import Clock
from ivr.base.short_list import short_list
from ivr.line.directory import Directory
from ivr.line.directory.standing import verification_ends
from ivr.line.service.checklist import MOST_AGE, Checklist

WARN_DAYS = (60, 30, 7)  # before something runs out
NUMBER, CHECKLIST = "number", "checklist"
_MOST_NAMED = 5
_WHAT = {
    NUMBER: "the verification of %s numbers %s: %s; `ivr directory todo`",
    CHECKLIST: "the validity of %s dates of the checklist %s: %s; do the work again, and sign with `ivr golive`",
}
_log = logging.getLogger("ivr.live")


class Expiry(NamedTuple):
    """`what`: a centre, or a name of the checklist. `day`: the first on which it counts no longer."""

    kind: str
    what: str
    day: date


def expiries(directory: Directory, checklist: Checklist | None) -> list[Expiry]:
    """The earliest first."""
    numbers = ((centre.id, verification_ends(centre)) for centre in directory.centres.values())
    found = [Expiry(NUMBER, centre, day) for centre, day in numbers if day]
    dates = checklist.dates if checklist else ()
    found += [Expiry(CHECKLIST, name, day + MOST_AGE + timedelta(days=1)) for name, day in dates]
    return sorted(found, key=lambda each: (each.day, each.kind, each.what))


def ending(found: Iterable[Expiry], kind: str, today: date) -> tuple[int, list[Expiry]]:
    """What has run out (0), else what does so within 7 days, else within 30, else within 60; the last with () if there
    is none."""
    mine = [each for each in found if each.kind == kind]
    for days in (0, *sorted(WARN_DAYS)):
        if near := [each for each in mine if each.day <= today + timedelta(days=days)]:
            return days, near
    return max(WARN_DAYS), []


class Reminders:
    """The expiries of a running line, by the clock of the moment."""

    def __init__(self, directory: Directory, checklist: Checklist | None, clock: Clock) -> None:
        self._all = expiries(directory, checklist)
        self._clock = clock
        self._told: date | None = None

    def first(self) -> dict[str, date]:
        """By kind, the first day on which something has run out."""
        return {each.kind: each.day for each in reversed(self._all)}

    def standing(self) -> dict[str, dict[str, int | str]]:
        """By kind: the first day, how many have run out, and how many do so within so many days."""
        self.tell()
        today, first = self._clock.now().date(), self.first()
        found: dict[str, dict[str, int | str]] = {}
        for kind in (NUMBER, CHECKLIST):
            found[kind] = {"first": str(first.get(kind, "")), "passed": self._within(kind, today, 0)}
            found[kind] |= {f"within_{days}_days": self._within(kind, today, days) for days in WARN_DAYS}
        return found

    def tell(self) -> None:
        """In the log, once a day."""
        today = self._clock.now().date()
        if self._told == today:
            return
        self._told = today
        for kind, words in _WHAT.items():
            days, near = ending(self._all, kind, today)
            if near:
                log: Callable[..., None] = _log.error if days <= min(WARN_DAYS) else _log.warning
                when = f"ends within {days} days" if days else "has ended"
                log(words, len(near), when, short_list((f"{each.what} on {each.day}" for each in near), _MOST_NAMED))

    def _within(self, kind: str, today: date, days: int) -> int:
        return sum(each.kind == kind and each.day <= today + timedelta(days=days) for each in self._all)
