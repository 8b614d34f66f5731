"""From the arrival of a call through every document that can follow, each played once for each thing that can happen.

By the fewest slips first, so that no state is played in a call that has made more of them than it takes to come there:
who has made all that a call may make is led to a person from everywhere. Must not judge what it finds.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count

from ivr.base.ids import NO_NODE, NodeId
from ivr.line.flow.describe import Reads
from ivr.line.flow.events import Announcement
from ivr.line.flow.facts import NodeEntered
from ivr.line.flow.state import CallState
from ivr.proof.explore.entries import Entries
from ivr.proof.explore.hearing import Hearing
from ivr.proof.explore.outages import outages
from ivr.proof.explore.player import FAR_ENDS, UNANSWERED, ActKind, CallAct, PlayedDocument, play
from ivr.proof.explore.service import ExploredService
from ivr.proof.explore.states import (
    ExploredMove,
    ExploredState,
    Sameness,
    StateKind,
    StateName,
    differences,
    last_node,
    name_of,
)
from ivr.simulator.engine.effects import Response

KEYS = "1234567890*#"
Progress = Callable[[int, int, int], None]  # states, moves, states that wait to be played


@dataclass
class Exploration:
    """`bound`: at most so many states. `entered`: nodes and languages that calls came through. `samples`: documents
    that count as a state and were played besides; `unlike`: those among them that did something else."""

    service: ExploredService
    entries: Entries
    bound: int
    progress: Progress = lambda *_: None
    states: list[ExploredState] = field(default_factory=list)
    starts: dict[str, ExploredState] = field(default_factory=dict)
    entered: set[tuple[str, str]] = field(default_factory=set)
    moves: int = 0
    merged: int = 0
    samples: int = 0
    unlike: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.same = Sameness(self.service, self.entries)
        self.hearing = Hearing(self.service.languages)
        self._known: dict[object, ExploredState] = {}
        self._waiting: list[tuple[int, int, ExploredState]] = []  # by slips: no state is played with more than it needs
        self._order = count()  # of two with as many slips, the one that was met first
        self._sampled: set[tuple[str, ...]] = set()
        self._doubles: deque[tuple[ExploredState, ExploredState, frozenset[str]]] = deque()

    @property
    def is_complete(self) -> bool:
        return not self._doubles and all(state.played for state in self.states)

    def run(self) -> "Exploration":
        """From the arrival on, or on from where it was."""
        for name, caller in self.entries.callers.items() if not self.starts else ():
            deed = CallAct(ActKind.ARRIVED, "", self.entries.now)
            self.starts[name] = self._arrived_at(play(self.service, caller, deed), caller, None, deed)
        while len(self.states) <= self.bound and (self._waiting or self._doubles):
            if self._doubles and self._doubles[0][0].played:
                self._compare(*self._doubles.popleft())
            else:
                _, _, state = heappop(self._waiting)
                state.moves += () if state.played else self._followed(state)
            self.progress(len(self.states), self.moves, len(self._waiting))
        return self

    def take_on(self, others: Iterable[ExploredState]) -> None:
        """Go on from states that were met at other moments: a call may be there when the hour comes."""
        for other in others:
            key = self._key(other)
            if key not in self._known:
                came = (other.came_from, other.came_by)
                state = ExploredState(other.name, other.caller, other.url, other.reply, other.memory, *came)
                self._known[key] = state
                self.states.append(state)
                self._wait(state)

    def find(self, caller: str, reply: Response) -> ExploredState | None:
        """The state that this document counts as, if it has been met: by this caller, or else by another one."""
        memory = self.service.state(reply.body)
        keys = (self.same.key(each, reply, memory) for each in (caller, *self.entries.callers.values()))
        return next((self._known[key] for key in keys if key in self._known), None)

    def _arrived_at(
        self, played: PlayedDocument, caller: str, origin: ExploredState | None, deed: CallAct
    ) -> ExploredState:
        """The state of the document that came."""
        assert played.reply is not None  # noqa: S101 - narrows the type
        self.entered |= {(fact.node, fact.language) for fact in played.facts if isinstance(fact, NodeEntered)}
        memory = self.service.state(played.reply.body)
        key = self.same.key(caller, played.reply, memory, deed.outages)
        known = self._known.get(key)
        if known is None:
            name = self._name(played, memory, origin)
            known = self._known[key] = ExploredState(name, caller, played.url, played.reply, memory, origin, deed)
            self.states.append(known)
            self._wait(known)
        elif memory is not None:
            self._merge(known, ExploredState(known.name, caller, played.url, played.reply, memory, origin, deed))
        return known

    def _wait(self, state: ExploredState) -> None:
        heappush(self._waiting, (state.memory.errors if state.memory else 0, next(self._order), state))

    def _name(self, played: PlayedDocument, memory: CallState | None, origin: ExploredState | None) -> StateName:
        if memory is not None:
            return name_of(memory, self.service.flow)
        entered = last_node(played.facts)
        before = (origin.memory if origin else None) or CallState(NO_NODE)
        rescued = NodeId("fail-safe reply")
        after = before.at(entered.node).but(language=entered.language) if entered else before.at(rescued)
        return name_of(after, self.service.flow)

    def _merge(self, known: ExploredState, double: ExploredState) -> None:
        """Count it, and set it aside to be played if it is the first to differ in this way."""
        assert double.memory is not None  # noqa: S101 - narrows the type
        if not known.played and known.memory is not None and double.memory.errors < known.memory.errors:
            known.met_as(double)
            self._wait(known)
            return
        unlike = differences(known, double.caller, double.memory)
        self.merged += bool(unlike)
        node = double.memory.node
        ways = {(node, field, double.memory.back if field == "back" else "") for field in unlike}
        if ways - self._sampled and not (unlike == {"back"} and node != self.service.flow.red_flag):
            self._doubles.append((known, double, unlike))
        self._sampled |= ways

    def _compare(self, known: ExploredState, double: ExploredState, unlike: frozenset[str]) -> None:
        """The double must lead where the state does; but the way back from the red flag is one more move of it."""
        self.samples += 1
        back = double.memory.back if double.memory and "back" in unlike else None
        ways = {
            (move.deed.did, move.deed.what, move.deed.last_slip, move.deed.announced): move.to
            for move in known.moves
            if not move.deed.outages
        }
        for move in self._followed(double):
            last = move.is_slip and double.memory is not None and double.memory.errors >= self.service.flow.errors
            way = (move.deed.did, move.deed.what, move.deed.last_slip or last, move.deed.announced)
            if not self._alike(ways.get(way), move.to, unlike):
                if back is not None and move.to.name.node == back:
                    known.moves.append(replace(move, origin=known))
                else:
                    differ = f"{known.name} and one that differs in {', '.join(sorted(unlike))} do not do the same"
                    self.unlike.append(f"{differ}: {move.deed} leads to {move.to.name} (after {known.path()})")

    def _alike(self, one: ExploredState | None, other: ExploredState, unlike: frozenset[str]) -> bool:
        """The same state, or the same of another caller: who refuses a place is again somebody of whom only the number
        is known."""
        if one is None or "caller" not in unlike:
            return one is other
        return self._key(one)[1:] == self._key(other)[1:]

    def _key(self, state: ExploredState) -> tuple[object, ...]:
        outages = state.came_by.outages if state.came_by else ()
        return self.same.key(state.caller, state.reply, state.memory, outages)

    def _followed(self, state: ExploredState) -> Iterator[ExploredMove]:
        """All that can happen next."""
        played = self._play(state, self._deed(ActKind.SILENCE, ""))
        self._listen(state, played)
        rings = state.kind is StateKind.RINGS
        first = self._deed(ActKind.LEG, UNANSWERED) if rings else self._deed(ActKind.SILENCE, "")
        yield from self._moved(state, first, played)
        if rings:
            for end in (each for each in FAR_ENDS if each != UNANSWERED):
                yield from self._move(state, self._deed(ActKind.LEG, end))
        elif state.kind is StateKind.LISTENS:
            listen = next(event for event in played.events if event["event"] == "listen" and "leg" not in event)
            for deed in self._deeds(listen["num_digits"], listen["finish_on_key"]):
                yield from self._move(state, deed)
            if "speech" in listen["input"]:
                for said in self.entries.spoken:
                    yield from self._move(state, CallAct(ActKind.SPEECH, str(said), said.at, speech=said.speech))

    def _listen(self, state: ExploredState, played: PlayedDocument) -> None:
        """What is heard of the document, and what kind of state it is."""
        names = {event["event"] for event in played.events if "leg" not in event}
        state.played, state.heard = True, self.hearing.hear(played.events)
        state.rang = tuple(e["to"] for e in played.events if e["event"] == "leg" and e["status"] == "initiated")
        faults = (event for event in played.events if event["event"] in ("warning", "error"))
        state.complaints = tuple(f"{event['code']}: {event['message']}" for event in faults)
        if "leg" in names:
            state.kind = StateKind.RINGS
        elif "listen" in names:
            state.kind = StateKind.LISTENS
        else:
            state.kind = StateKind.PASSES if played.reply else StateKind.OVER

    def _deeds(self, digits: int | None, finish_on: str) -> Iterator[CallAct]:
        if digits == 1:
            yield from (self._deed(ActKind.KEY, key) for key in KEYS)
        else:
            yield from (
                CallAct(ActKind.ENTRY, entry.keys, entry.at) for entry in self.entries.of(digits or 0, finish_on)
            )

    def _deed(self, did: ActKind, what: str) -> CallAct:
        return CallAct(did, what, self.entries.now)

    def _move(self, state: ExploredState, deed: CallAct) -> Iterator[ExploredMove]:
        yield from self._moved(state, deed, self._play(state, deed))

    def _moved(self, state: ExploredState, deed: CallAct, played: PlayedDocument) -> Iterator[ExploredMove]:
        if played.reply is None:
            return
        move = self._made(state, deed, played)
        yield move
        yield from self._in_other_circumstances(move, state.reply)
        memory, most = state.memory, self.service.flow.errors
        if memory is not None and move.is_slip and memory.errors < most:
            last = state.reply._replace(body=self.service.resealed(state.reply.body, memory.but(errors=most)))
            deed = replace(deed, last_slip=True)
            spent = self._made(state, deed, self._play(state, deed, last))
            yield spent
            yield from self._in_other_circumstances(spent, last)

    def _in_other_circumstances(self, usual: ExploredMove, document: Response) -> Iterator[ExploredMove]:
        yield from self._in_outages(usual, document)
        yield from self._announced(usual, document)

    def _announced(self, usual: ExploredMove, document: Response) -> Iterator[ExploredMove]:
        """The same from a node that asks for the announcement, with each that may be on, where it leads elsewhere."""
        origin, flow = usual.origin, self.service.flow
        node = flow.described.get(origin.memory.node) if origin.memory else None
        for name in flow.announcements if node and Reads.ANNOUNCEMENT in node.reads else ():
            deed = replace(usual.deed, announced=Announcement(name, usual.deed.at + timedelta(hours=1)))
            move = self._made(origin, deed, self._play(origin, deed, document))
            if move.to is not usual.to:
                yield move

    def _in_outages(self, usual: ExploredMove, document: Response) -> Iterator[ExploredMove]:
        """The same while those are out of service that it rings or speaks of: once for each state that it leads to,
        and only where it leads elsewhere then."""
        origin, target = usual.origin, usual.to
        if target.came_from is not origin or target.came_by is not usual.deed or target.memory is None:
            return
        for out in outages(self.service.directory, target.memory, usual.deed.at):
            deed = replace(usual.deed, outages=out)
            move = self._made(origin, deed, self._play(origin, deed, document))
            if move.to is not target:
                yield move

    def _made(self, state: ExploredState, deed: CallAct, played: PlayedDocument) -> ExploredMove:
        target = self._arrived_at(played, state.caller, state, deed)
        waited = played.now - sum(_heard_for(event) for event in played.events)
        return ExploredMove(deed, state, target, max(waited, 0.0), played.facts)

    def _play(self, state: ExploredState, deed: CallAct, document: Response | None = None) -> PlayedDocument:
        """`document`: the one that the call waits in; the state's own if left out."""
        self.moves += 1
        return play(self.service, state.caller, deed, state.url, document or state.reply)


def _heard_for(event: dict[str, object]) -> float:
    """Seconds that the caller listened to this event."""
    if event["event"] not in ("say", "play", "pause") or "leg" in event:
        return 0.0
    return float(str(event["until"])) - float(str(event["t"]))


def walk_at_each(walks: Sequence[Exploration]) -> None:
    """Run walks at moments of several classes. A call can begin at one and go on at another: what is met at one of them
    is taken on at all others."""
    while not all(walk.starts and walk.is_complete for walk in walks):
        before = [len(walk.states) for walk in walks]
        for walk in walks:
            walk.run()
        for walk in walks:
            walk.take_on([state for other in walks if other is not walk for state in other.states])
        if [len(walk.states) for walk in walks] == before:
            return  # at the bound
