"""What a node says of itself: where it leads, what it reads, how it is drawn. Every tool learns a node from this alone.

The checker, the explorer, the picture and the page of the phone ask no node for its class. `ivr check` holds each
description against what the node does (V46).
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from ivr.base.ids import LanguageCode, NodeId, PromptKey
from ivr.line.flow.events import OutageKind
from ivr.line.flow.turn import AGAIN


class Kind(Enum):
    """What makes a call take an edge."""

    NEXT = "the node has said its part"
    CASE = "the node tells calls apart"
    KEY = "a key"
    TEXT_MESSAGE = "the key that asks for a text message"
    FOUND = "a place or a centre is settled"
    SEVERAL = "several places could be meant"
    UNKNOWN = "what was entered names nothing"
    STAR = "`*` leaves the entry"
    SILENCE = "nothing is pressed"
    REPEAT = "nothing is pressed, and the node is heard again"
    BACK = "the key `*`"
    ENDED = "the conversation is over"
    FAILED = "the centre was not reached"
    NONE_LEFT = "no centre is left to ring"
    NO_LINE = "there is no number to ring"


SETTLING = frozenset({Kind.FOUND, Kind.SEVERAL})  # the place, or what to pick it from, is set anew on the way


@dataclass(frozen=True)
class Edge:
    """A way from a node to another one.

    `label`: what the picture writes at it. `field`: the field of the flow file that names `to`. `failure`: something
    did not succeed (drawn dashed). `times`: after how many silences.
    """

    to: NodeId
    kind: Kind
    label: str = ""
    field: str = ""
    failure: bool = False
    times: int = 1


class Shape(Enum):
    """What kind of place a node is, as the picture shows it."""

    SAY = "say"
    MENU = "menu"
    ENTRY = "entry"
    RING = "ring"
    DANGER = "danger"
    END = "end"


class Reads(Enum):
    """What a step of a node depends on, besides the event and what the node itself keeps in the state."""

    CLOCK = "the clock"  # said by `Description.clock`, which also says how
    DUTY = "who has duty"  # the clock too, by way of the directory
    COUNTRY = "the country of the caller's number"
    AREA = "the area of the caller's number"
    TEXTABLE = "whether a text message can reach the caller"
    OUTAGES = "the outages"
    ANNOUNCEMENT = "the announcement"
    PLACE = "the place"
    CANDIDATES = "the places to pick from"

    __hash__ = object.__hash__  # that of an Enum is slow


@dataclass(frozen=True)
class ClockReading:
    """How a node goes by the clock.

    `meaning`: what the node makes of a moment (aware); at two moments of one meaning it does the same. `minutes`: after
    midnight, by the clock on the wall in Oslo: the times of a day at which the meaning may change, besides midnight.
    """

    meaning: Callable[[datetime], Hashable]
    minutes: frozenset[int]


@dataclass(frozen=True)
class Description:
    """`clock`: how the node goes by the clock; None if it does not. `notes`: further lines of its box. `entry`: how an
    entry of digits names a place here; "" where none is taken. `speech`: the name of a place may be spoken instead.
    `languages`: by key, the language that it chooses.
    `messages`: by field, the ids of the text message that is sent. `returns`: keys other than `*` that lead back to
    where the call came from, which no field names. `outages`: by kind, what is said of a centre out of service.
    `announcements`: by name, what is said of those that may be switched on. `most_centres`: how many are rung before it
    is said that none answers; 0 if nothing counts them here.
    """

    shape: Shape
    edges: tuple[Edge, ...] = ()
    reads: frozenset[Reads] = frozenset()
    clock: ClockReading | None = None
    notes: tuple[str, ...] = ()
    entry: str = ""
    speech: bool = False
    languages: Mapping[str, LanguageCode] = field(default_factory=lambda: MappingProxyType({}))
    messages: Mapping[str, tuple[PromptKey, ...]] = field(default_factory=lambda: MappingProxyType({}))
    returns: frozenset[str] = frozenset()
    outages: Mapping[OutageKind, tuple[PromptKey, ...]] = field(default_factory=lambda: MappingProxyType({}))
    announcements: Mapping[str, tuple[PromptKey, ...]] = field(default_factory=lambda: MappingProxyType({}))
    most_centres: int = 0

    @property
    def rings(self) -> bool:
        """A centre is rung here."""
        return self.shape is Shape.RING

    @property
    def ends(self) -> bool:
        """The call is hung up on here."""
        return self.shape is Shape.END

    def on(self, *kinds: Kind) -> Iterator[Edge]:
        """The edges of these kinds."""
        return (edge for edge in self.edges if edge.kind in kinds)

    @property
    def targets(self) -> tuple[NodeId, ...]:
        """The ids of every node that this one can lead to. To be heard again leads nowhere, and the global keys are not
        counted."""
        return tuple(edge.to for edge in self.edges if edge.kind is not Kind.REPEAT)


def edges(*found: Edge) -> tuple[Edge, ...]:
    """Those that lead somewhere: a field that may be left out gives none."""
    return tuple(edge for edge in found if edge.to)


def silence(ladder: tuple[NodeId, ...], node: NodeId) -> Iterator[Edge]:
    """The ways of a ladder: each node that it leads to, and whether it ends in the node itself."""
    for times, step in enumerate(ladder, start=1):
        label = "silence" if times == 1 else f"silence {times}×"
        if step != AGAIN:
            yield Edge(step, Kind.SILENCE, label, "silence", times=times)
        elif times == len(ladder):
            yield Edge(node, Kind.REPEAT, label, "silence", times=times)
