"""A flow: nodes by id, and what holds for all of them. Immutable once loaded.

A node says what happens when a call comes to it (`enter`) and when something happens there (`receive`). Both return
the next place to go, or None when the call now waits for an event.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from ivr.base.ids import LanguageCode, NodeId, PromptKey
from ivr.line.flow.events import Event

if TYPE_CHECKING:
    from ivr.line.flow.describe import Description
    from ivr.line.flow.turn import Turn


class Entry(Enum):
    """How a call comes to a node."""

    FIRST = "first"
    AGAIN = "again"  # after silence: shortened
    WRONG = "wrong"  # after a key that means nothing here: shortened, and said so
    CHOICES = "choices"  # the caller pressed #

    __hash__ = object.__hash__  # that of an Enum is slow


class NodeInput(Enum):
    """What a node listens for while a call waits there."""

    NOTHING = "nothing"
    MENU = "menu"  # one key
    ENTRY = "entry"  # several digits


class Go(NamedTuple):
    node: NodeId
    entry: Entry = Entry.FIRST


class Node(Protocol):
    @property
    def id(self) -> NodeId: ...

    @property
    def hears(self) -> NodeInput: ...

    def enter(self, turn: "Turn", entry: Entry) -> Go | None: ...

    def receive(self, turn: "Turn", event: Event) -> Go | None: ...

    def back(self, turn: "Turn") -> NodeId:
        """Where the key * leads."""
        ...

    def prompts(self) -> Iterable[PromptKey]:
        """The ids of every prompt that this node can speak."""
        ...

    def describe(self) -> "Description":
        """Where it leads, what it reads and how it is drawn: all that any tool knows of it."""
        ...


@runtime_checkable
class OffersTextMessage(Protocol):
    """A node with a choice more for a caller whom a text message can reach."""

    def without_text_message(self) -> Node:
        """The same node, for a line where text messages are off."""
        ...


@runtime_checkable
class HearsSpeech(Protocol):
    """A node that may listen to speech besides keys."""

    def without_speech(self) -> Node:
        """The same node, for a line that listens to keys alone."""
        ...


@dataclass(frozen=True)
class Whisper:
    """Prompt ids of what the answering person hears; `language`: of a caller who does not speak that of the centres;
    `wait`: seconds for the accepting key."""

    place: PromptKey
    no_place: PromptKey
    red_flag: PromptKey
    language: PromptKey
    accept: PromptKey
    wait: int

    def prompts(self) -> tuple[PromptKey, ...]:
        return (self.place, self.no_place, self.red_flag, self.language, self.accept)


@dataclass(frozen=True)
class Ring:
    """`seconds` a centre is rung; `longest_call` seconds bridged; a talk under `shortest_talk` seconds is none."""

    seconds: int
    longest_call: int
    shortest_talk: int


@dataclass(frozen=True)
class Flow:
    name: str
    version: str
    languages: tuple[LanguageCode, ...]  # that can be chosen
    said_to_all: tuple[LanguageCode, ...]  # in which all is said that is said before one is chosen
    start: NodeId
    resume: NodeId
    person: NodeId
    red_flag: NodeId
    key_seconds: int
    digit_seconds: int
    errors: int
    whisper: Whisper
    ring: Ring
    fault: tuple[PromptKey, ...]
    fault_ring: tuple[PromptKey, ...]
    fault_rung: tuple[PromptKey, ...]
    practice: bool
    ringing: frozenset[NodeId]  # ids of the nodes that ring a centre
    nodes: Mapping[NodeId, Node]
    titles: Mapping[LanguageCode, Mapping[NodeId, str]] = field(default_factory=dict)  # for pictures and pages
    speech: bool = False  # names of places may be spoken
    left_out: frozenset[PromptKey] = frozenset()  # texts that are spoken only where speech is on, and it is off

    @cached_property
    def described(self) -> "Mapping[NodeId, Description]":
        """What each node says of itself, by its id."""
        return {name: node.describe() for name, node in self.nodes.items()}

    @cached_property
    def announcements(self) -> "Mapping[str, tuple[PromptKey, ...]]":
        """By name, what is said of each announcement that may be switched on."""
        return {name: keys for each in self.described.values() for name, keys in each.announcements.items()}
