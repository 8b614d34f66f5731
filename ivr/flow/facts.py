"""What to remember of a call. No number, no keyed digits, nothing below the municipality."""

from dataclasses import dataclass
from typing import TypeAlias

from ivr.flow.events import LegOutcome


@dataclass(frozen=True)
class CallStarted:
    abroad: bool


@dataclass(frozen=True)
class NodeEntered:
    node: str
    language: str


@dataclass(frozen=True)
class Misunderstood:
    """Silence, or a key that means nothing here."""

    node: str
    silence: bool


@dataclass(frozen=True)
class RedFlag:
    """Key 9; `node` is where it was pressed."""

    node: str


@dataclass(frozen=True)
class CentreDialled:
    centre: str
    municipality: str
    red_flag: bool


@dataclass(frozen=True)
class CentreEnded:
    centre: str
    outcome: LegOutcome


@dataclass(frozen=True)
class StateLost:
    """A call had to go on elsewhere than where it was."""


Fact: TypeAlias = CallStarted | NodeEntered | Misunderstood | RedFlag | CentreDialled | CentreEnded | StateLost
