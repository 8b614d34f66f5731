"""One step of a call: an event and the state so far, to a new state, what to do, and what to remember.

PURE: the same event, state and moment give the same step. The two global keys live here, once: 9 leads to the
113 instruction and 0 to a person, from every node that listens (in an entry of digits after a `*`).
"""

from functools import lru_cache
from typing import NamedTuple

from ivr.base.errors import EngineError
from ivr.base.ids import LanguageCode, NodeId, PromptKey
from ivr.line.directory import Centre, Directory
from ivr.line.flow.actions import Action, DialAction, HangUpAction, ListenAction, Prompt, SayAction, TextMessage
from ivr.line.flow.events import Arrived, Event, Keys, Lost, Moment
from ivr.line.flow.facts import CallStarted, Fact, NodeEntered, RedFlag, StateLost
from ivr.line.flow.model import Entry, Flow, Go, Node, NodeInput
from ivr.line.flow.state import CallState
from ivr.line.flow.turn import Turn
from ivr.line.languages import Catalogue

MOST_HOPS = 20  # nodes that one step may pass through; a flow that needs more is turning in a circle
ACCEPT_KEY = "1"  # the key by which the answering person takes the call


@lru_cache(maxsize=32_768)  # ids out of files, nothing of a call; more than any flow has
def _entered(node: NodeId, language: LanguageCode) -> NodeEntered:
    """The same for every call, so made once."""
    return NodeEntered(node, language)


class Step(NamedTuple):
    state: CallState
    actions: tuple[Action, ...]
    facts: tuple[Fact, ...]
    message: TextMessage | None = None


class Engine:
    def __init__(self, flow: Flow, directory: Directory, catalogue: Catalogue) -> None:
        self.flow = flow
        self.directory = directory
        self.edition = f"{flow.version}-{directory.version}"  # of what is said, done and rung
        self._catalogue = catalogue
        if flow.speech:
            directory.by_spoken("")  # makes the names ready, so that no caller waits for that
        self._global_keys = {"9": Go(flow.red_flag), "0": Go(flow.person)}

    def step(self, event: Event, state: CallState | None, moment: Moment) -> Step:
        """`state` is None when the call arrives, or when its state could not be read."""
        turn = Turn(self.flow, self.directory, self._catalogue, state or CallState(self.flow.start), moment)
        go = self._react(turn, event, known=state is not None)
        for _ in range(MOST_HOPS):
            if go is None:
                return Step(turn.state, turn.all_actions(), tuple(turn.facts), turn.message)
            go = self.enter(turn, go)
        raise EngineError(f"more than {MOST_HOPS} nodes without waiting, last {turn.state.node}")

    def _react(self, turn: Turn, event: Event, *, known: bool) -> Go | None:
        if isinstance(event, Arrived):
            turn.facts.append(CallStarted(turn.moment.caller.abroad))
            return Go(self.flow.start)
        node = self.flow.nodes.get(turn.state.node)
        if isinstance(event, Keys) and turn.state.unattended:
            turn.change(unattended=0, tried=())  # somebody is there
        if isinstance(event, Lost) or node is None:
            turn.facts.append(StateLost())
            return Go(self.flow.resume if known else self.flow.start)
        return self._global_key(turn, node, event) or node.receive(turn, event)

    def _global_key(self, turn: Turn, node: Node, event: Event) -> Go | None:
        if not isinstance(event, Keys) or node.hears is NodeInput.NOTHING:
            return None
        key = event.digits
        if node.hears is NodeInput.ENTRY:
            key = key.rpartition("*")[2][:1] if "*" in key else ""
        elif key == "*":
            return Go(node.back(turn))
        elif key == "#":
            return Go(node.id, Entry.CHOICES)
        return self._global_keys.get(key)

    def enter(self, turn: Turn, go: Go) -> Go | None:
        """Go to a node. Returns where to go next; None if the call waits there."""
        came_from = turn.state.node
        if go.entry is Entry.FIRST:
            turn.state = turn.state.at(go.node)
            if go.node == self.flow.red_flag and came_from != go.node:
                turn.facts.append(RedFlag(came_from))
                turn.change(back=came_from, red_flag=True)
        turn.facts.append(_entered(go.node, turn.state.language))
        return self.flow.nodes[go.node].enter(turn, go.entry)

    def whisper(self, state: CallState, moment: Moment) -> tuple[Action, ...]:
        """What the person at the centre hears, before they take the call with ACCEPT_KEY."""
        turn = Turn(self.flow, self.directory, self._catalogue, state, moment)
        whisper = self.flow.whisper
        keys = [whisper.place if state.place else whisper.no_place]
        if state.red_flag:
            keys.insert(0, whisper.red_flag)
        if state.language not in ("", self._catalogue.names_in):
            keys.append(whisper.language)
        said = turn.say((*keys, whisper.accept), (self._catalogue.names_in,))
        return (ListenAction((*said, *said), digits=1, finish_on="", seconds=whisper.wait),)

    def after_whisper(self, event: Event) -> tuple[Action, ...]:
        """Nothing more to say to a person who took the call; a machine that did not press is hung up on, and the
        caller goes on to the next centre."""
        accepted = isinstance(event, Keys) and event.digits == ACCEPT_KEY
        return () if accepted else (HangUpAction(),)

    def fault(self) -> tuple[Action, ...]:
        """When something of ours breaks: the 113 words in every language, then the default centre, if one may be
        rung at all."""
        centre = self.directory.default_centre
        ringing = self._ring_unasked(centre)
        return (*self._say_in_all(self.flow.fault + (self.flow.fault_ring if ringing else ())), *ringing)

    def fallback(self) -> tuple[Action, ...]:
        """For a document that another host plays when this service cannot be reached: the same words, the default
        centre, then the one behind it. It must be played without us, so nothing in it asks or names a place."""
        actions = list(self.fault())
        default = self.directory.default_centre
        for centre in (None, *self.directory.backups(default)[:1]):
            actions += self._ring_unasked(centre) if centre else ()
            actions += self._say_in_all(self.flow.fault_rung)
        return tuple(actions)

    def _ring_unasked(self, centre: Centre) -> tuple[DialAction, ...]:
        ring = self.flow.ring
        return (DialAction(centre.target, ring.seconds, ring.longest_call),) if centre.target else ()

    def _say_in_all(self, keys: tuple[PromptKey, ...]) -> tuple[SayAction, ...]:
        return tuple(SayAction(Prompt(key, code)) for key in keys for code in self.flow.said_to_all)
