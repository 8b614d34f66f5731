"""What can have happened to a call. What a caller does is an event, never an exception."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from ivr.base.ids import CentreId


@dataclass(frozen=True)
class Arrived:
    """A call has come in."""


@dataclass(frozen=True)
class Keys:
    """Keys were pressed: `digits` as received, unchecked. `star` if a `*` ended a digit entry."""

    digits: str
    star: bool = False


@dataclass(frozen=True)
class SpokenWords:
    """Words were spoken. `words`: what a recogniser made of them, unchecked; they are matched and forgotten, so that
    nothing prints or keeps them. `confidence`: how sure the recogniser is, from 0 to 1."""

    words: str = field(repr=False)
    confidence: float = 1.0


@dataclass(frozen=True)
class Silence:
    """We listened and nothing was pressed."""


class LegOutcome(StrEnum):
    TALKED = "talked"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


@dataclass(frozen=True)
class LegEnded:
    """The leg that we dialled is over."""

    outcome: LegOutcome


@dataclass(frozen=True)
class Lost:
    """A request came whose state cannot be used (an old flow, an unknown node): go on where it is safe."""


Event: TypeAlias = Arrived | Keys | SpokenWords | Silence | LegEnded | Lost


class Caller(NamedTuple):
    """What the caller's number tells, and nothing that could identify them.

    `abroad`: it is a foreign number. `area`: the first two digits of a Norwegian number, "" if withheld or foreign.
    `textable`: text messages are on, and one may reach it.
    """

    abroad: bool = False
    area: str = ""
    textable: bool = False


UNKNOWN_CALLER = Caller()


class OutageKind(StrEnum):
    """What a caller is told of a centre that is out of service: a closed set, because a text that is spoken is
    translated and proved first."""

    FAULT = "fault"  # its line does not work
    CLOSED = "closed"  # nobody is there to take calls


@dataclass(frozen=True)
class Outage:
    """A centre (by id) is out of service. From `until` on (aware) it is rung again, without anybody's doing. `since`
    (aware): it is planned, and begins then."""

    centre: CentreId
    kind: OutageKind
    until: datetime
    since: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        """`now` in UTC: two moments of one zone compare as a clock on the wall shows them, which is wrong in the night
        when the clocks are put back."""
        return now < self.until and (self.since is None or self.since <= now)


@dataclass(frozen=True)
class Announcement:
    """Callers hear the announcement of this name, one of the flow's, until then (aware)."""

    name: str
    until: datetime


@dataclass(frozen=True)
class Moment:
    """The circumstances of a step: when (aware, Europe/Oslo), who, which centres are marked as out of service, now or
    from a later moment on, and which announcement is switched on."""

    now: datetime
    caller: Caller = UNKNOWN_CALLER
    outages: tuple[Outage, ...] = ()
    switched_on: Announcement | None = None

    @property
    def duty(self) -> datetime:
        """The moment for which the directory is asked who has duty. A node that goes by the clock itself reads `now`:
        the checker tells the two apart."""
        return self.now

    @property
    def in_force(self) -> tuple[Outage, ...]:
        """The outages that have begun and are not over."""
        if not self.outages:
            return ()
        now = self.now.astimezone(UTC)
        return tuple(each for each in self.outages if each.is_on(now))

    @property
    def announcement(self) -> str:
        """The name of the announcement that is on; "" for none."""
        announced = self.switched_on
        return announced.name if announced and self.now.astimezone(UTC) < announced.until else ""
