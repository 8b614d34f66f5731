"""One request of one call: open the token, take one step, seal the next token, hand the facts on.

The way of a call in four lines is `CallService.answer`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ivr.calls.token import CallId, Opened, Tokens
from ivr.clock import Clock
from ivr.directory import Directory, Place
from ivr.flow.actions import Action
from ivr.flow.engine import Engine
from ivr.flow.events import Arrived, Caller, Event, Lost, Moment
from ivr.flow.facts import Fact
from ivr.flow.state import CallState

FactSink = Callable[[CallId, tuple[Fact, ...]], None]


@dataclass(frozen=True)
class Reply:
    """What to do for the caller; `node` and `token` are for the URL of the next request.

    `facts` are handed to the sink by whoever sends the reply, once it is ready.
    """

    actions: tuple[Action, ...]
    node: str
    token: str
    facts: tuple[Fact, ...] = ()


class CallService:
    def __init__(self, engine: Engine, tokens: Tokens, clock: Clock) -> None:
        self.engine = engine
        self.tokens = tokens
        self._clock = clock

    def arrive(self, call: CallId, caller: Caller) -> Reply:
        """A new call."""
        return self._step(Arrived(), None, call, caller)

    def answer(self, event: Event, token: str, call: CallId, caller: Caller) -> Reply:
        """Something happened in a call. Raises RequestError 403 if the token belongs to another call."""
        opened = self.tokens.open(token, (call,))
        if opened is None:
            return self._step(Lost(), None, call, caller)
        state, usable = self._usable(opened)
        return self._step(event if usable else Lost(), state, call, caller)

    def whisper(self, token: str, calls: tuple[CallId, ...]) -> Reply:
        """What the answering person hears. `calls`: the ids of their leg and of the caller's."""
        opened = self.tokens.open(token, calls)
        state = self._usable(opened)[0] if opened else CallState(self.engine.flow.start)
        actions = self.engine.whisper(state, Moment(self._clock.now()))
        return Reply(actions, "whisper/taken", token)

    def after_whisper(self, event: Event, token: str, calls: tuple[CallId, ...]) -> Reply:
        """They pressed a key, or nothing."""
        self.tokens.open(token, calls)
        return Reply(self.engine.after_whisper(event), "whisper/taken", token)

    def _step(self, event: Event, state: CallState | None, call: CallId, caller: Caller) -> Reply:
        step = self.engine.step(event, state, Moment(self._clock.now(), caller))
        token = self.tokens.seal(step.state, call, self.engine.flow.version)
        return Reply(step.actions, step.state.node, token, step.facts)

    def _usable(self, opened: Opened) -> tuple[CallState, bool]:
        """The state without what this flow and directory do not know, and whether it can be gone on from."""
        state, flow, directory = opened.state, self.engine.flow, self.engine.directory
        if state.language not in ("", *flow.languages):
            state = replace(state, language="")
        centres = filter(None, (state.centre, state.other, state.dialled, *state.tried))
        places = filter(None, (state.place, *state.candidates))
        known = (
            opened.version == flow.version
            and state.node in flow.nodes
            and state.back in ("", *flow.nodes)
            and all(centre in directory.centres for centre in centres)
            and all(_is_known(directory, key) for key in places)
        )
        return (state, True) if known else (CallState(state.node, language=state.language), False)


def _is_known(directory: Directory, key: str) -> bool:
    try:
        return directory.knows(Place.from_key(key))
    except ValueError:
        return False
