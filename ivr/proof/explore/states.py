"""States of a call as the explorer sees them: a document, where it leads, and which documents count as one.

Two documents count as one state if they say the same (names and numbers aside) and the service remembers the same, but
for what it will not read again; `MERGED` lists the differences, and the walk plays samples of each to see that they
make none.
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from ivr.base.ids import NO_CENTRE, NO_NODE, CentreId, LanguageCode
from ivr.line.directory import Directory, Place
from ivr.line.flow.describe import Reads
from ivr.line.flow.events import Outage
from ivr.line.flow.facts import Fact, KeyTooEarly, Misunderstood, NodeEntered
from ivr.line.flow.model import Flow
from ivr.line.flow.state import CallState, Purpose
from ivr.proof.explore.entries import Entries
from ivr.proof.explore.hearing import HeardDocument
from ivr.proof.explore.player import ActKind, CallAct
from ivr.proof.explore.service import TOKEN, ExploredService
from ivr.proof.place_classes import PlaceClass
from ivr.simulator.engine.effects import Response

MERGED = {
    "errors": "how many slips a call has had; each step that counts one is also played when the last is spent",
    "red_flag": "that the red flag was raised: only the whisper tells it",
    "back": "where key 9 was pressed; each way back is played, and not from every state",
    "place": "which of the places of one class",
    "centre": "which of the centres of one class",
    "other": "which of them has duty too",
    "dialled": "which centre was rung last, once it rings no more",
    "tried": "which centres were rung in vain, except how many",
    "candidates": "which places there are to pick from, except how many",
    "caller": "who calls, once a centre has been known",
}


class StateKind(Enum):
    LISTENS = "listens"
    RINGS = "rings"
    PASSES = "goes on by itself"
    OVER = "is over"


class StateName(NamedTuple):
    """What a state is called by the explorer and by whoever wants to compare. `again`: something went wrong in this
    node; `rung`: centres rung in vain; `centre`: one is known; `two`: a second one is offered."""

    node: str
    language: LanguageCode
    again: bool
    rung: int
    purpose: str
    centre: bool
    two: bool

    def __str__(self) -> str:
        marks = ("again" * self.again, "a centre known" * self.centre, "two on duty" * self.two)
        rung = f"{self.rung} rung" if self.rung else ""
        about = ", ".join(filter(None, (self.language or "no language", *marks, rung, f"for a {self.purpose}")))
        return f"{self.node} ({about})"


def name_of(state: CallState, flow: Flow) -> StateName:
    node = flow.described.get(state.node)
    if node and node.ends:  # its document goes nowhere, so it does not tell what is remembered
        return StateName(state.node, state.language, False, 0, Purpose.CONNECTION, True, False)
    two = bool(state.other and node and Reads.PLACE in node.reads)
    purpose = str(state.purpose.value)
    again, centre = state.attempt > 0, bool(state.centre)
    return StateName(state.node, state.language, again, len(state.tried), purpose, centre, two)


@dataclass(frozen=True)
class ExploredMove:
    """`after`: seconds from what is done to the next document, besides what is heard."""

    deed: CallAct
    origin: "ExploredState"
    to: "ExploredState"
    after: float
    facts: tuple[Fact, ...]

    @property
    def is_slip(self) -> bool:
        return any(isinstance(fact, Misunderstood) for fact in self.facts)

    @property
    def is_usual(self) -> bool:
        """It needs neither a call whose slips are spent nor a centre out of service nor an announcement."""
        return not self.deed.last_slip and self.deed.is_usual

    @property
    def presses(self) -> int:
        return len(self.deed.what) if self.deed.did in (ActKind.KEY, ActKind.ENTRY) else 0


@dataclass(eq=False, repr=False)
class ExploredState:
    """`memory`: what the service remembers; None where it remembers nothing. `came_from`, `came_by`: from where, and by
    what, it was first met. `played`: false as long as it was only met, and nothing below is known. `rang`: the numbers
    that are rung. `complaints`: what the simulator said."""

    name: StateName
    caller: str
    url: str
    reply: Response
    memory: CallState | None
    came_from: "ExploredState | None" = None
    came_by: CallAct | None = None
    played: bool = False
    kind: StateKind = StateKind.OVER
    heard: HeardDocument = field(default_factory=lambda: HeardDocument(0.0, 0.0, 0.0, {}, ()))
    rang: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    moves: list[ExploredMove] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<{self.name}>"  # the way to it is a chain of states, each with all its moves

    @property
    def language(self) -> str:
        return self.name.language

    @property
    def hears_out(self) -> bool:
        """Whether keys do nothing until what is said has been heard to its end."""
        return any(isinstance(fact, KeyTooEarly) for move in self.moves for fact in move.facts)

    def on(self, did: ActKind, what: str = "") -> "ExploredMove | None":
        """The usual move of this kind (and keys)."""
        moves = (move for move in self.moves if move.deed.did is did and move.is_usual)
        return next((move for move in moves if what in ("", move.deed.what)), None)

    def met_as(self, other: "ExploredState") -> None:
        """It is the same state, met again in a better way."""
        self.caller, self.url, self.reply, self.memory = other.caller, other.url, other.reply, other.memory
        self.came_from, self.came_by = other.came_from, other.came_by

    def path(self) -> str:
        """How a call came here, in few words: `1, 1, 5003, 1`."""
        return ", ".join(str(deed) for deed in self.deeds()) or "the call arrives"

    def deeds(self) -> list[CallAct]:
        """All that was done on the way here."""
        return [*self.came_from.deeds(), self.came_by] if self.came_from and self.came_by else []


class Sameness:
    """Says which documents count as one."""

    def __init__(self, service: ExploredService, entries: Entries) -> None:
        self._flow = service.flow
        self._directory: Directory = service.directory
        self._entries = entries
        digits = "|".join(re.escape(word) for language in service.languages for word in language.digits)
        self._numbers = re.compile(rf"\+[0-9]+|\b(?:{digits})\b")
        self._names: dict[tuple[str, ...], re.Pattern[str] | None] = {}
        self._said_in: dict[tuple[str, tuple[str, ...]], str] = {}  # by document, and whom it may name

    def key(
        self, caller: str, reply: Response, memory: CallState | None, outages: tuple[Outage, ...] = ()
    ) -> tuple[object, ...]:
        """First whose call it is, where that counts. `outages`: while which the document came; it may name those that
        are out of service."""
        document = TOKEN.sub(b"", reply.body).decode("utf-8", "replace")
        if memory is None:  # it begins anew, for this caller; or it is the end, the same for all
            return caller if "<Redirect" in document else "", document
        heard = self._said(document, memory, tuple(each.centre for each in outages))
        return ("" if memory.centre else caller), self._reduced(memory, rings="<Dial" in document), heard

    def _reduced(self, memory: CallState, *, rings: bool) -> tuple[object, ...]:
        red = memory.node == self._flow.red_flag
        described = self._flow.described
        picks = [described[node] for node in (memory.node, memory.back if red else NO_NODE) if node in described]
        picking = any(Reads.CANDIDATES in node.reads for node in picks)
        candidates = len(memory.candidates) if picking else 0
        heard = memory.heard or not memory.centre
        kept = (memory.node, memory.language, memory.attempt, memory.purpose, bool(memory.place), len(memory.tried))
        rung = self._kind(memory.dialled, NO_CENTRE) if rings else None
        counts = (memory.misheard, memory.unattended, candidates)
        return (*kept, heard, *counts, self._kind(memory.centre, memory.other), rung)

    def _kind(self, centre: CentreId, other: CentreId) -> PlaceClass | None:
        centres = self._directory.centres
        return self._entries.kind(centres[centre], centres.get(other)) if centre in centres else None

    def _said(self, document: str, memory: CallState, out: tuple[CentreId, ...]) -> str:
        """What a document says, names and numbers aside."""
        about = (memory.centre, memory.other, memory.dialled, memory.place, *memory.tried, *memory.candidates, *out)
        asked = document, about
        if asked not in self._said_in:
            if about not in self._names:
                names = sorted(filter(None, self._spoken(memory, out)), key=len, reverse=True)
                self._names[about] = re.compile("|".join(map(re.escape, names))) if names else None
            pattern = self._names[about]
            self._said_in[asked] = self._numbers.sub("", pattern.sub("", document) if pattern else document)
        return self._said_in[asked]

    def _spoken(self, memory: CallState, out: tuple[CentreId, ...]) -> set[str]:
        centres = self._directory.centres
        ids = (memory.centre, memory.other, memory.dialled, *memory.tried, *out)
        known = {centres[each] for each in ids if each in centres}
        known |= {backup for each in list(known) for backup in self._directory.backups(each)}
        known.add(self._directory.default_centre)
        known |= set(self._directory.tables.area_centres.values()) if not memory.centre else set()
        places = filter(None, (memory.place, *memory.candidates))
        return {each.spoken for each in known} | {self._directory.place_name(Place.from_key(key)) for key in places}


def differences(one: ExploredState, caller: str, memory: CallState) -> frozenset[str]:
    """In what a document that counts as this state differs from it."""
    if one.memory is None:
        return frozenset()
    fields = (name for name in CallState._fields if getattr(one.memory, name) != getattr(memory, name))
    return frozenset((*fields, *(["caller"] if caller != one.caller else [])))


def last_node(facts: tuple[Fact, ...]) -> NodeEntered | None:
    return next((fact for fact in reversed(facts) if isinstance(fact, NodeEntered)), None)
