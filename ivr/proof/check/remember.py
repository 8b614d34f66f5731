"""The engine of a walk: it enters a node once for each state that a call brings there, and remembers what came of it.

What a node does on the way in depends on the state, the entry and the moment, and not on the node that the call comes
from. Only the red-flag node leads back there, and a node may ask whether the call comes from that one. V27 plays
one move of each state without memory.
"""

from typing import NamedTuple

from ivr.line.directory import Directory
from ivr.line.flow.actions import Action, TextMessage
from ivr.line.flow.describe import Reads
from ivr.line.flow.engine import Engine, Step
from ivr.line.flow.events import Event, Moment
from ivr.line.flow.facts import Fact
from ivr.line.flow.model import Entry, Flow, Go
from ivr.line.flow.state import CallState
from ivr.line.flow.turn import Turn
from ivr.line.languages import Catalogue
from ivr.proof.check.watch import Watch, WatchedMoment

_OTHERS = CallState._fields.index("attempt") + 1  # the first of those that every node may ask for


class Entered(NamedTuple):
    """What came of entering a node."""

    go: Go | None
    state: CallState
    actions: list[Action]
    facts: list[Fact]
    message: TextMessage | None
    reads: set[Reads]


class RememberingEngine(Engine):
    def __init__(self, flow: Flow, directory: Directory, catalogue: Catalogue, watch: Watch) -> None:
        super().__init__(watch.flow(flow), directory, catalogue)
        self._watch = watch
        self._known: dict[object, Entered] = {}
        self._moments: dict[Moment, int] = {}
        self._numbers: dict[int, tuple[Moment, int, Moment]] = {}  # of those moments, by identity; and as it is watched
        self._number = 0  # of the one that is played

    def step(self, event: Event, state: CallState | None, moment: Moment) -> Step:
        known = self._numbers.get(id(moment))
        if known is None:
            number = self._moments.setdefault(moment, len(self._moments))
            known = self._numbers[id(moment)] = moment, number, WatchedMoment(moment, self._watch)
        self._number = known[1]
        self._watch.begin()
        return super().step(event, state, known[2])

    def enter(self, turn: Turn, go: Go) -> Go | None:
        state = turn.state
        again = go.entry is not Entry.FIRST or go.node == self.flow.red_flag
        came_from = (state.node, state.attempt) if again else None
        key = (go, came_from, turn.from_red_flag, state.language, state[_OTHERS:], self._number)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._entered(turn, go)
        else:
            turn.state, turn.message = known.state, known.message
            turn.actions += known.actions
            turn.facts += known.facts
        self._watch.read_now |= known.reads
        return known.go

    def _entered(self, turn: Turn, go: Go) -> Entered:
        actions, facts, read = len(turn.actions), len(turn.facts), self._watch.read_now
        self._watch.read_now = set()
        following = super().enter(turn, go)
        reads, self._watch.read_now = self._watch.read_now, read
        return Entered(following, turn.state, turn.actions[actions:], turn.facts[facts:], turn.message, reads)

    def replay(self, event: Event, state: CallState, moment: Moment) -> Step:
        """A step without memory."""
        known, self._known = self._known, {}
        try:
            return self.step(event, state, moment)
        finally:
            self._known = known
