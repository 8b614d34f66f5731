"""Sees what each node reads of a moment and where it leads, while the engine plays the flow.

The flow that the engine gets is one of watched nodes, and each step gets a watched moment. Nothing of it changes a
step. Must not know rules: what a node says of itself is held against this by `rules/descriptions.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ivr.base.ids import NO_NODE, NodeId, PromptKey
from ivr.line.flow.describe import Description, Reads, Shape
from ivr.line.flow.events import Caller, Event, Moment, Outage
from ivr.line.flow.model import Entry, Flow, Go, Node
from ivr.line.flow.turn import Turn


class Watch:
    """`reads`: by node, what it read. `ways`: from which node to which a step led. `read_now`: what was read in the
    step that was played last."""

    def __init__(self) -> None:
        self.reads: dict[NodeId, set[Reads]] = {}
        self.ways: set[tuple[NodeId, NodeId]] = set()
        self.read_now: set[Reads] = set()
        self.node = NO_NODE  # the one that the engine is in

    def flow(self, flow: Flow) -> Flow:
        """The flow for the engine."""
        nodes = {name: WatchedNode(node, self, flow.described[name].shape) for name, node in flow.nodes.items()}
        return replace(flow, nodes=nodes)

    def begin(self) -> None:
        """The next step."""
        self.node, self.read_now = NO_NODE, set()

    def note(self, what: Reads) -> None:
        self.read_now.add(what)
        self.reads.setdefault(self.node, set()).add(what)


class WatchedNode:
    def __init__(self, node: Node, watch: Watch, shape: Shape) -> None:
        self.id = node.id
        self.hears = node.hears
        self._node = node
        self._watch = watch
        self._goes_back = shape is Shape.DANGER  # to wherever key 9 was pressed: a way that no file names

    def enter(self, turn: Turn, entry: Entry) -> Go | None:
        self._watch.node = self.id
        return self._noted(turn, self._node.enter(turn, entry))

    def receive(self, turn: Turn, event: Event) -> Go | None:
        self._watch.node = self.id
        return self._noted(turn, self._node.receive(turn, event))

    def back(self, turn: Turn) -> NodeId:
        self._watch.node = self.id
        to = self._node.back(turn)
        self._noted(turn, Go(to))
        return to

    def prompts(self) -> Iterable[PromptKey]:
        return self._node.prompts()

    def describe(self) -> Description:
        return self._node.describe()

    def _noted(self, turn: Turn, go: Go | None) -> Go | None:
        """Past the call's budget of errors every node leads to a person."""
        returns = self._goes_back and go and go.node in (turn.state.back, turn.flow.resume)
        if go and go.node not in (self.id, turn.flow.person) and not returns:
            self._watch.ways.add((self.id, go.node))
        return go


class WatchedMoment(Moment):
    """A moment that tells what is read of it."""

    def __init__(self, moment: Moment, watch: Watch) -> None:
        object.__setattr__(self, "_moment", moment)
        object.__setattr__(self, "_watch", watch)
        object.__setattr__(self, "_caller", WatchedCaller(moment.caller, watch))

    _moment: Moment
    _watch: Watch
    _caller: "WatchedCaller"

    @property
    def now(self) -> datetime:
        self._watch.note(Reads.CLOCK)
        return self._moment.now

    @property
    def duty(self) -> datetime:
        self._watch.note(Reads.DUTY)
        return self._moment.now

    @property
    def caller(self) -> Caller:
        return self._caller

    @property
    def outages(self) -> tuple[Outage, ...]:
        self._watch.note(Reads.OUTAGES)
        return self._moment.outages

    @property
    def announcement(self) -> str:
        self._watch.note(Reads.ANNOUNCEMENT)
        return self._moment.announcement

    @property
    def in_force(self) -> tuple[Outage, ...]:
        self._watch.note(Reads.OUTAGES)
        return self._moment.in_force


class WatchedCaller(Caller):
    """A caller who tells what is read of them."""

    _caller: Caller
    _watch: Watch

    def __new__(cls, caller: Caller, watch: Watch) -> "WatchedCaller":
        watched = super().__new__(cls, *caller)
        watched._caller, watched._watch = caller, watch
        return watched

    @property
    def abroad(self) -> bool:
        self._watch.note(Reads.COUNTRY)
        return self._caller.abroad

    @property
    def area(self) -> str:
        self._watch.note(Reads.AREA)
        return self._caller.area

    @property
    def textable(self) -> bool:
        self._watch.note(Reads.TEXTABLE)
        return self._caller.textable
