"""The gate of the profile `live`, and what a live line is reminded of.

The first start is refused for every reason there is. After that, a date that passes (a verification, the checklist's)
never takes a line away from its callers: it starts again, and says loudly what has run out. What it remembers of its
first start is an empty file in the state folder; without one every start is the first. Knows settings, checklist and
directory.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from ivr.base.clock import Clock
from ivr.base.errors import SettingsError
from ivr.line.directory import Directory, live_complaints, verified_until
from ivr.line.service.checklist import passed_on, wrong_on
from ivr.line.service.settings import Settings

WARN_DAYS = (60, 30, 7)  # before a number's verification ends
_MOST_NAMED = 5
_log = logging.getLogger("ivr.live")


def must_be_fit(settings: Settings, directory: Directory, flow: str, today: date, *, running: bool = False) -> None:
    """`flow`: the version that is loaded. `running`: this process serves already. Raises SettingsError."""
    passed = live_complaints(directory, today, passed=True)
    reasons = live_complaints(directory, today, passed=False)
    on_list, off_list = _checklist(settings, today, directory.version, flow)
    again = running or _has_been(settings)
    if not again:
        reasons, on_list = reasons + passed, on_list + off_list
    if reasons:
        reasons.insert(0, "the profile live needs every number sourced and verified within 12 months:")
    if reasons or on_list:
        raise SettingsError([*reasons, *(f"IVR_CHECKLIST: {each}" for each in on_list)])
    for each in off_list:  # of the numbers, `Verifications` speaks
        _log.error(
            "this live line goes on; a first start with this checklist would be refused: IVR_CHECKLIST: %s", each
        )
    _remember(settings)


def _checklist(settings: Settings, today: date, directory: str, flow: str) -> tuple[list[str], list[str]]:
    """What was never right, and what held once."""
    if settings.checklist is None:
        return ["there is none"], []
    return wrong_on(settings.checklist, today), passed_on(settings.checklist, today, directory, flow)


def _file(settings: Settings) -> Path | None:
    line = hashlib.sha256(f"{settings.base_url} {settings.account_sid}".encode()).hexdigest()[:16]
    return settings.state / f"live-{line}" if settings.state else None


def _has_been(settings: Settings) -> bool:
    file = _file(settings)
    return file is not None and file.exists()


def _remember(settings: Settings) -> None:
    file = _file(settings)
    if file is None or file.exists():
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        _log.warning("%s cannot be written (%s): the next start counts as the first", file, error.strerror)


class Verifications:
    """When the numbers' verifications run out, by the clock of the moment; said in the log once a day, when asked."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self._until = verified_until(directory)
        self._clock = clock
        self._told: date | None = None

    @property
    def first(self) -> date | None:
        """The first day on which a number counts as verified no longer."""
        return min((day for _, day in self._until), default=None)

    def standing(self) -> dict[str, int | str]:
        """How many run out within so many days, and how many have."""
        today = self._clock.now().date()
        self._tell(today)
        within = {f"within_{days}_days": len(self._ending(today, days)) for days in WARN_DAYS}
        return {"first": str(self.first or ""), "passed": len(self._ending(today, 0)), **within}

    def _ending(self, today: date, days: int) -> list[str]:
        return [f"{centre} on {day}" for centre, day in self._until if day <= today + timedelta(days=days)]

    def _tell(self, today: date) -> None:
        if self._told == today:
            return
        self._told = today
        steps: tuple[tuple[int, Callable[..., None]], ...] = ((0, _log.error), (7, _log.error), (30, _log.warning))
        for days, log in (*steps, (60, _log.warning)):
            if ending := self._ending(today, days):
                when = f"ends within {days} days" if days else "has ended"
                more = f" and {len(ending) - _MOST_NAMED} more" if len(ending) > _MOST_NAMED else ""
                named = ", ".join(ending[:_MOST_NAMED])
                log("the verification of %s numbers %s: %s%s; `ivr directory verify`", len(ending), when, named, more)
                return
