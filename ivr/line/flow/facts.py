"""What to remember of a call. No number, no keyed digits, nothing below the municipality."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ivr.base.ids import CentreId, LanguageCode, MunicipalityNumber, NodeId
from ivr.line.flow.events import LegOutcome, OutageKind


@dataclass(frozen=True)
class CallStarted:
    abroad: bool


class CallOrigin(StrEnum):
    """What made a call that no person made."""

    LOAD = "load"  # `ivr load`
    PROBE = "probe"  # `ivr probe`
    TEST = "test"  # scenarios that say so
    DEMO = "demo"  # made up, to show something


@dataclass(frozen=True)
class CallMarked:
    """No person makes this call: it is in no official figure."""

    origin: CallOrigin


@dataclass(frozen=True)
class NodeEntered:
    node: NodeId
    language: LanguageCode


@dataclass(frozen=True)
class Informed:
    """The caller hears information, or a number, at a node that says of itself that it informs."""

    node: NodeId


class Misunderstanding(StrEnum):
    """Why a call did not go on."""

    SILENCE = "silence"  # nothing was pressed
    WRONG_KEY = "wrong_key"  # a key was pressed that means nothing here
    NOT_FOUND = "not_found"  # what was keyed or spoken names nothing, or too much


@dataclass(frozen=True)
class Misunderstood:
    """What was keyed is not in it."""

    node: NodeId
    misunderstanding: Misunderstanding


@dataclass(frozen=True)
class KeyTooEarly:
    """A key arrived before what has to be heard was over, and did nothing: often one that bounced."""

    node: NodeId


@dataclass(frozen=True)
class RedFlag:
    """Key 9; `node` is where it was pressed."""

    node: NodeId


@dataclass(frozen=True)
class PlaceFound:
    """The caller told where the patient is, or which centre they want. `by`: postcode, municipality_number, spelling,
    spoken, picked (one of several that were meant) or centre_number. What was keyed or spoken is not in it."""

    by: str
    municipality: MunicipalityNumber
    centre: CentreId


class Reason(StrEnum):
    """Why a centre was rung."""

    FOUND = "found"  # it answers the place found, or the caller chose it
    AREA = "area"  # no place was told: it alone serves the area of the caller's number
    DEFAULT = "default"  # nor does the number tell
    BACKUP = "backup"  # next in the ladder behind one that did not answer
    AGAIN = "again"  # the caller wanted it once more
    OUTAGE = "outage"  # it replaces a centre that is out of service


@dataclass(frozen=True)
class CentreDialled:
    centre: CentreId
    municipality: MunicipalityNumber
    red_flag: bool
    reason: Reason


@dataclass(frozen=True)
class CentrePickedUp:
    """Somebody or something answered there, and hears the whisper."""

    centre: CentreId


@dataclass(frozen=True)
class CentreScreened:
    """`accepted`: a person there took the call, by key."""

    centre: CentreId
    accepted: bool


@dataclass(frozen=True)
class CentreEnded:
    centre: CentreId
    outcome: LegOutcome


class LegStatus(StrEnum):
    """Twilio's word for where a leg has got to; the last five are final."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        return self in (LegStatus.COMPLETED, LegStatus.BUSY, LegStatus.NO_ANSWER, LegStatus.FAILED, LegStatus.CANCELED)


@dataclass(frozen=True)
class LegTold:
    """Twilio told of the leg to a centre; in any order, late, twice or never."""

    centre: str
    status: LegStatus


@dataclass(frozen=True)
class CallOver:
    """Twilio told that the caller's own leg is over, after `seconds`."""

    status: LegStatus
    seconds: int


@dataclass(frozen=True)
class CentreOut:
    """`centre` is out of service: `stand_in` was taken in its place."""

    centre: CentreId
    stand_in: str
    kind: OutageKind


@dataclass(frozen=True)
class StateLost:
    """A call had to go on elsewhere than where it was."""


@dataclass(frozen=True)
class FallbackAsked:
    """Twilio could not use an answer of ours; `code`: its error number."""

    code: str


@dataclass(frozen=True)
class RescueEnded:
    """The leg that the fail-safe reply dialled is over."""

    outcome: LegOutcome


Fact: TypeAlias = (
    CallStarted
    | CallMarked
    | NodeEntered
    | Informed
    | Misunderstood
    | KeyTooEarly
    | RedFlag
    | PlaceFound
    | CentreDialled
    | CentrePickedUp
    | CentreScreened
    | CentreEnded
    | CentreOut
    | LegTold
    | CallOver
    | StateLost
    | FallbackAsked
    | RescueEnded
)
