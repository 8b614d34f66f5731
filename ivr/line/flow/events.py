"""What can have happened to a call. What a caller does is an event, never an exception."""

from dataclasses import dataclass, field
from datetime import datetime
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
    """A centre (by id) is out of service. From `until` on (aware) it is rung again, without anybody's doing."""

    centre: CentreId
    kind: OutageKind
    until: datetime


@dataclass(frozen=True)
class Moment:
    """The circumstances of a step: when (aware, Europe/Oslo), who, and which centres are marked as out of service."""

    now: datetime
    caller: Caller = UNKNOWN_CALLER
    outages: tuple[Outage, ...] = ()

    @property
    def duty(self) -> datetime:
        """The moment for which the directory is asked who has duty. A node that goes by the clock itself reads `now`:
        the checker tells the two apart."""
        return self.now

    @property
    def in_force(self) -> tuple[Outage, ...]:
        """The outages that are not over."""
        return tuple(each for each in self.outages if self.now < each.until) if self.outages else ()
