"""One request of one call: open the token, take one step, seal the next token, hand the facts on.

The way of a call in four lines is `CallService.answer`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from ivr.base.clock import Clock
from ivr.base.ids import NO_CENTRE, NO_LANGUAGE
from ivr.line.calls.token import CallId, Opened, Tokens
from ivr.line.directory import Directory, Place
from ivr.line.flow.actions import Action, TextMessage
from ivr.line.flow.engine import Engine
from ivr.line.flow.events import Announcement, Arrived, Caller, Event, Lost, Moment, Outage
from ivr.line.flow.facts import (
    CallMarked,
    CallOrigin,
    CallOver,
    CentrePickedUp,
    CentreScreened,
    Fact,
    LegStatus,
    LegTold,
)
from ivr.line.flow.state import CallState

_MOST_STATES = 4096  # that are looked up once: many calls pass through the same ones
LATEST_TOLD = timedelta(hours=1)  # a callback's own time counts if it is no older than this


class Noted(NamedTuple):
    """What one request told of a call. The same request twice differs in `at` alone.

    `step`: how many steps the call had taken before; `edition`: of the flow and the directory.
    """

    call: CallId
    step: int
    at: datetime
    edition: str
    facts: tuple[Fact, ...]


FactSink = Callable[[Noted], None]
Outages = Callable[[], tuple[Outage, ...]]
SwitchedOn = Callable[[], Announcement | None]
# Sends a text message of a call to a phone (E.164). At once, and whatever becomes of it: the call goes on.
TextSink = Callable[[CallId, str, TextMessage], None]


class Reply(NamedTuple):
    """What to do for the caller; `node` and `token` are for the URL of the next request, `edition` tells whose
    words are spoken. `facts` and `message` are handed to their sinks by whoever sends the reply, once it is ready.
    """

    actions: tuple[Action, ...]
    node: str
    token: str
    edition: str
    facts: tuple[Fact, ...] = ()
    step: int = 0
    at: datetime = datetime.min  # noqa: DTZ901 - always given
    message: TextMessage | None = None

    def noted(self, call: CallId) -> Noted:
        return Noted(call, self.step, self.at, self.edition, self.facts)


class CallService:
    """`engines`: the newest first, which takes new calls; a call under way goes on with the one that it began with.

    `former`: finds the engine of another edition, on which calls of a former process or another instance may be.
    `outages`: the centres out of service, and `announced`: the announcement that is on, as far as is known now.
    Both are asked in every step: from memory, at once.
    """

    def __init__(  # noqa: PLR0913 - the last by name
        self,
        engines: Sequence[Engine],
        tokens: Tokens,
        clock: Clock,
        outages: Outages = lambda: (),
        former: Callable[[str], Engine | None] = lambda edition: None,
        *,
        announced: SwitchedOn = lambda: None,
    ) -> None:
        self.engine = engines[0]
        self._engines = {engine.edition: engine for engine in engines}
        self.tokens = tokens
        self._clock = clock
        self._outages = outages
        self._announced = announced
        self._former = former
        self._usable = lru_cache(maxsize=_MOST_STATES)(_usable)  # of one service: it keeps no former engine alive

    def arrive(self, call: CallId, caller: Caller, origin: CallOrigin | None = None) -> Reply:
        """A new call. `origin`: of one that no person makes."""
        reply = self._step(self.engine, Arrived(), None, self._moment(caller), call)
        return reply._replace(facts=(*reply.facts, CallMarked(origin))) if origin else reply

    def answer(self, event: Event, token: str, call: CallId, caller: Caller) -> Reply:
        """Something happened in a call. Raises RequestError 403 if the token belongs to another call."""
        opened = self.tokens.open(token, (call,))
        moment = self._moment(caller)
        if opened is None:
            return self._step(self.engine, Lost(), None, moment, call)
        engine = self._engine(opened.edition)
        state, usable = self._usable(opened.state, opened.edition, engine)
        if state is not opened.state:
            opened = Opened(state, opened.edition, opened.step)
        return self._step(engine, event if usable else Lost(), opened, moment, call)

    def whisper(self, token: str, calls: tuple[CallId, ...]) -> Reply:
        """What the answering person hears. `calls`: the ids of their leg and of the caller's."""
        opened = self.tokens.open(token, calls)
        engine = self._engine(opened.edition) if opened else self.engine
        state = self._usable(opened.state, opened.edition, engine)[0] if opened else CallState(engine.flow.start)
        moment = Moment(self._clock.now())
        return self._whispered(engine, engine.whisper(state, moment), token, opened, CentrePickedUp(state.dialled))

    def after_whisper(self, event: Event, token: str, calls: tuple[CallId, ...]) -> Reply:
        """They pressed a key, or nothing."""
        opened = self.tokens.open(token, calls)
        actions = self.engine.after_whisper(event)
        screened = CentreScreened(opened.state.dialled if opened else NO_CENTRE, accepted=not actions)
        return self._whispered(self.engine, actions, token, opened, screened)

    def _engine(self, edition: str) -> Engine:
        """Of the edition that the call began with; the newest where nobody has it any more."""
        return self._engines.get(edition) or self._former(edition) or self.engine

    def _moment(self, caller: Caller) -> Moment:
        return Moment(self._clock.now(), caller, self._outages(), self._announced())

    def _whispered(
        self, engine: Engine, actions: tuple[Action, ...], token: str, opened: Opened | None, fact: Fact
    ) -> Reply:
        step = opened.step if opened else 0
        return Reply(actions, "whisper/taken", token, engine.edition, (fact,), step, self._clock.now())

    def leg_told(self, status: LegStatus, at: datetime | None, token: str, calls: tuple[CallId, ...]) -> Noted:
        """Twilio told how far the leg to a centre has got, and `at` what time; `calls`: as for `whisper`."""
        opened = self.tokens.open(token, calls)
        facts = (LegTold(opened.state.dialled, status),) if opened else ()
        return self._told(calls[-1], opened.step if opened else 0, at, facts)

    def call_told(self, status: LegStatus, at: datetime | None, seconds: int, call: CallId) -> Noted:
        """Twilio told how far the caller's own leg has got; only its end is worth remembering."""
        return self._told(call, 0, at, (CallOver(status, seconds),) if status.is_final else ())

    def seen(self, fact: Fact, call: CallId) -> Noted:
        """Something happened to a call outside its way through the flow."""
        return self._told(call, 0, None, (fact,))

    def _told(self, call: CallId, step: int, at: datetime | None, facts: tuple[Fact, ...]) -> Noted:
        now = self._clock.now()
        trusted = at is not None and now - LATEST_TOLD <= at <= now
        return Noted(call, step, at if at and trusted else now, self.engine.edition, facts)

    def _step(self, engine: Engine, event: Event, opened: Opened | None, moment: Moment, call: CallId) -> Reply:
        state, number = (opened.state, opened.step) if opened else (None, 0)
        step = engine.step(event, state, moment)
        token = self.tokens.seal(step.state, call, engine.edition, number + 1)
        return Reply(step.actions, step.state.node, token, engine.edition, step.facts, number, moment.now, step.message)


def _usable(state: CallState, edition: str, engine: Engine) -> tuple[CallState, bool]:
    """The state without what this flow and directory do not know, and whether it can be gone on from."""
    flow, directory = engine.flow, engine.directory
    if state.language and state.language not in flow.languages:
        state = state.but(language=NO_LANGUAGE)
    centres = {state.centre, state.other, state.dialled, *state.tried} - {""}
    places = {state.place, *state.candidates} - {""}
    known = (
        edition == engine.edition
        and state.node in flow.nodes
        and (not state.back or state.back in flow.nodes)
        and centres <= directory.centres.keys()
        and all(_is_known(directory, key) for key in places)
    )
    return (state, True) if known else (CallState(state.node, language=state.language), False)


def _is_known(directory: Directory, key: str) -> bool:
    try:
        return directory.knows(Place.from_key(key))
    except ValueError:
        return False
