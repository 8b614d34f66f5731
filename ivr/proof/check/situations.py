"""What a walk through a flow consists of: situations of a call, and the moves from one to the next.

A situation is the state of a call, who calls, and what was just said and listened for. Judges nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ivr.base.ids import LanguageCode, NodeId
from ivr.line.flow.actions import Action, DialAction, HangUpAction, ListenAction
from ivr.line.flow.events import Caller, OutageKind
from ivr.line.flow.facts import CentreOut, Fact, KeyTooEarly, Misunderstood, NodeEntered, PlaceFound, RedFlag
from ivr.line.flow.state import CallState
from ivr.proof.check.stimuli import Did, Doing

CHOICES = "12345678"
PERSON_KEY = "0"
_NO_CHOICE = (Misunderstood, KeyTooEarly)  # a union would be made anew for each of ten thousand moves


@dataclass(eq=False, repr=False, slots=True)
class Move:
    """One step from one situation to another. `spent`: the call's budget of errors was used up before it.

    Out of the facts: `passed`, the ids of the nodes that the step came through, in order; `misunderstood`, no choice
    was made (silence, a wrong key, or one that came too early); `flagged`, the red flag was raised; `found`, the place
    or centre that was found; `out`, why a centre was passed over.
    """

    doing: Doing
    origin: "Situation"
    to: "Situation"
    facts: tuple[Fact, ...]
    spent: bool = False
    passed: tuple[NodeId, ...] = field(init=False)
    misunderstood: bool = field(init=False, default=False)
    flagged: bool = field(init=False, default=False)
    found: PlaceFound | None = field(init=False, default=None)
    out: OutageKind | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        nodes = []
        for fact in self.facts:
            if isinstance(fact, NodeEntered):
                nodes.append(fact.node)
            elif isinstance(fact, _NO_CHOICE):
                self.misunderstood = True
            elif isinstance(fact, RedFlag):
                self.flagged = True
            elif isinstance(fact, PlaceFound):
                self.found = fact
            elif isinstance(fact, CentreOut):
                self.out = self.out or fact.kind
        self.passed = tuple(nodes)

    @property
    def unusual(self) -> bool:
        """A usual move of the same kind is beside it: it is what happens in other circumstances."""
        doing = self.doing
        elsewhere = doing.moment.caller.textable != self.origin.caller.textable
        return self.spent or doing.outage or bool(doing.announced) or elsewhere


class Moves(list[Move]):
    """All that can happen next. The situations of one state and caller share it; `nearest` is the one of them to which
    a call comes in the fewest steps."""

    nearest: "Situation"

    @cached_property
    def choices(self) -> str:
        """The keys that are a choice here, in order; 0, 9, `*` and `#` are everywhere and no choices."""
        by_key = {key: self.by_kind.get((Did.KEY, key), ()) for key in CHOICES}
        return "".join(key for key, moves in by_key.items() if any(not move.misunderstood for move in moves))

    def announced(self, usual: Move) -> list[Move]:
        """The same move while each announcement is on, if that makes a difference."""
        if not self.of_announcements or usual.doing.announced:
            return []
        return self.of_announcements.get(_alike(usual), [])

    @cached_property
    def of_announcements(self) -> dict[object, list[Move]]:
        """The moves while an announcement is on, by what they have in common with the usual one."""
        found: dict[object, list[Move]] = {}
        for move in self:
            if move.doing.announced:
                found.setdefault(_alike(move), []).append(move)
        return found

    @cached_property
    def by_kind(self) -> dict[tuple[Did, str], list[Move]]:
        """The usual moves, by what happened and the key, and all of one kind by an empty key."""
        found: dict[tuple[Did, str], list[Move]] = {}
        for move in self:
            if not move.unusual:
                doing = move.doing
                found.setdefault((doing.did, ""), []).append(move)
                if doing.key:
                    found.setdefault((doing.did, doing.key), []).append(move)
        return found


def _alike(move: Move) -> object:
    """The same of two moves that differ in the announcement alone."""
    return move.doing.event, move.doing.moment.caller, move.doing.moment.outages, move.spent


@dataclass(eq=False, repr=False, slots=True)
class Situation:
    """`by_language`: what is done by language, "" while none is chosen. `moves`: all that can happen next.

    `node`: the one that the call waits in. `actions`: what is done in the first of the languages. `wait`: the last
    of it, a `ListenAction` or a `DialAction`, also as `listen` and `dial`. `ends`: the call is hung up on. `first`: the
    situation of this state and caller that was met first; what can happen next is the same in all of them.
    `reached_by`: the move by which a call comes here in the fewest steps, None where a call begins or came at
    another moment, and `steps` how many. `came`: how, at the other moment. `only_in_outage`: no call comes here
    while every centre is in service.
    """

    state: CallState
    caller: Caller
    by_language: dict[LanguageCode, tuple[Action, ...]]
    reached_by: Move | None = None
    moves: Moves = field(default_factory=Moves)
    steps: int = 0
    only_in_outage: bool = False
    came: str = ""
    node: NodeId = field(init=False)
    first: "Situation" = field(init=False)
    actions: tuple[Action, ...] = field(init=False)
    wait: ListenAction | DialAction | None = field(init=False, default=None)
    listen: ListenAction | None = field(init=False, default=None)
    dial: DialAction | None = field(init=False, default=None)
    ends: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.node = self.state.node
        self.first = self
        self.actions = next(iter(self.by_language.values()))
        for action in self.actions:
            if isinstance(action, ListenAction):
                self.wait = self.listen = action
            elif isinstance(action, DialAction):
                self.wait = self.dial = action
            elif isinstance(action, HangUpAction):
                self.ends = True

    def spoken(self, language: LanguageCode) -> tuple[Action, ...]:
        """What is done for a caller of this language."""
        return self.by_language.get(language, self.actions)

    @property
    def said(self) -> tuple[tuple[LanguageCode, int], ...]:
        """What is done by language, by the identity of the actions: a walk has one object of all that are equal."""
        return tuple([(code, id(actions)) for code, actions in self.by_language.items()])

    def on(self, did: Did, key: str = "") -> Iterator[Move]:
        """The moves of one kind (and key), the budget of errors not spent, no centre out of service, and the offer of a
        text message not met."""
        return iter(self.moves.by_kind.get((did, key), ()))

    def path(self) -> str:
        """How a call came here, in few words: `1, 1, 5003, 1`."""
        steps: list[str] = []
        here = self
        while here.reached_by is not None:
            doing = here.reached_by.doing
            steps.append(doing.key or doing.did.value)
            here = here.reached_by.origin.moves.nearest
        return ", ".join((*([here.came] if here.came else ()), *reversed(steps))) or "the call arrives"
