"""Every situation that a call can come to, found by playing every event in every state with the engine itself.

A situation is the state of a call, who calls, and what was just said and listened for. Situations are merged where
nothing that follows can tell them apart; `merge.py` says which differences are dropped, and why. Judges nothing.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from ivr.base.errors import EngineError
from ivr.line.directory import Directory
from ivr.line.flow.actions import Action, Dial, HangUp, Listen
from ivr.line.flow.describe import Reads
from ivr.line.flow.engine import Engine, Step
from ivr.line.flow.events import Arrived, Caller, Moment
from ivr.line.flow.facts import Fact, KeyTooEarly, Misunderstood, NodeEntered, RedFlag
from ivr.line.flow.model import Flow
from ivr.line.flow.state import CallState
from ivr.line.languages import Catalogue
from ivr.proof.check.classes import Places
from ivr.proof.check.happenings import NO_KEY, Did, Doing, doings, during_outages
from ivr.proof.check.merge import Merging
from ivr.proof.check.watch import Watch

MOST_SITUATIONS = 50_000


@dataclass(frozen=True, eq=False)
class Move:
    """One step from one situation to another. `spent`: the call's budget of errors was used up before it."""

    doing: Doing
    origin: "Situation"
    to: "Situation"
    facts: tuple[Fact, ...]
    spent: bool = False

    @cached_property
    def misunderstood(self) -> bool:
        """No choice was made: silence, a wrong key, or one that came too early."""
        return any(isinstance(fact, Misunderstood | KeyTooEarly) for fact in self.facts)

    @property
    def unusual(self) -> bool:
        """A usual move of the same kind is beside it: it is what happens in other circumstances."""
        return self.spent or self.doing.outage or self.doing.moment.caller.textable != self.origin.caller.textable

    @property
    def only_in_outage(self) -> bool:
        """The way of `reached_by` to this step's end needs a centre out of service."""
        return self.doing.outage or self.origin.only_in_outage

    @property
    def flagged(self) -> bool:
        """The red flag was raised in this step."""
        return any(isinstance(fact, RedFlag) for fact in self.facts)

    @cached_property
    def passed(self) -> tuple[str, ...]:
        """The ids of the nodes that this step came through, in order."""
        return _passed(self.facts)


def _passed(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(fact.node for fact in facts if isinstance(fact, NodeEntered))


@dataclass(eq=False)
class Situation:
    """`moves`: all that can happen next. `actions`: what is done by language, "" while none is chosen."""

    state: CallState
    caller: Caller
    by_language: dict[str, tuple[Action, ...]]
    reached_by: Move | None = None
    moves: list[Move] = field(default_factory=list)

    @property
    def node(self) -> str:
        return self.state.node

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        return next(iter(self.by_language.values()))

    def spoken(self, language: str) -> tuple[Action, ...]:
        """What is done for a caller of this language."""
        return self.by_language.get(language, self.actions)

    @cached_property
    def wait(self) -> Listen | Dial | None:
        return next((action for action in self.actions if isinstance(action, Listen | Dial)), None)

    @property
    def listen(self) -> Listen | None:
        return self.wait if isinstance(self.wait, Listen) else None

    @property
    def dial(self) -> Dial | None:
        return self.wait if isinstance(self.wait, Dial) else None

    @property
    def only_in_outage(self) -> bool:
        """No call comes here while every centre is in service."""
        here = self
        while here.reached_by is not None and not here.reached_by.doing.outage:
            here = here.reached_by.origin
        return here.reached_by is not None

    @property
    def ends(self) -> bool:
        return any(isinstance(action, HangUp) for action in self.actions)

    def on(self, did: Did, key: str = "") -> Iterator[Move]:
        """The moves of one kind (and key), the budget of errors not spent, no centre out of service, and the offer of a
        text message not met."""
        return iter(self._by_kind.get((did, key), ()))

    @cached_property
    def _by_kind(self) -> dict[tuple[Did, str], list[Move]]:
        found: dict[tuple[Did, str], list[Move]] = {}
        for move in self.moves:
            if not move.unusual:
                did, key = move.doing.did, move.doing.key
                found.setdefault((did, ""), []).append(move)
                if key:
                    found.setdefault((did, key), []).append(move)
        return found

    def path(self) -> str:
        """How a call came here, in few words: `1, 1, 5003, 1`."""
        steps: list[str] = []
        here: Situation | None = self
        while here is not None and here.reached_by is not None:
            doing = here.reached_by.doing
            steps.append(doing.key or doing.did.value)
            here = here.reached_by.origin
        return ", ".join(reversed(steps)) or "the call arrives"


@dataclass(frozen=True)
class Fault:
    """A step that the engine refused to take: in a call this would be the fail-safe reply."""

    node: str
    doing: Doing
    message: str


@dataclass(eq=False)
class Taken:
    """A step of the engine, what it was taken from, and the situation that it leads to, once that is known."""

    doing: Doing
    before: CallState | None
    step: Step
    to: Situation | None = None

    @property
    def spent(self) -> bool:
        return self.before is not None and self.before.errors > 0


class Walk:
    """The whole of one line. `situations`: in order of the fewest steps from arrival. `passed_on_arrival`: the ids of
    the nodes that arriving calls come through."""

    def __init__(self, flow: Flow, directory: Directory, catalogue: Catalogue, places: Places) -> None:
        self.flow = flow
        self.watch = Watch()
        self.engine = Engine(self.watch.flow(flow), directory, catalogue)
        self.places = places
        self.situations: list[Situation] = []
        self.starts: dict[str, Situation] = {}
        self.passed_on_arrival: set[str] = set()
        self.faults: list[Fault] = []
        self._merging = Merging(self.flow, places, catalogue)
        self._known: dict[tuple[CallState, Caller, tuple[Action, ...]], Situation] = {}
        self._steps: dict[tuple[CallState, Caller], list[Taken]] = {}
        self._same_but_back: dict[tuple[CallState, Caller], CallState] = {}
        self._tried_out: set[tuple[CallState, tuple[Action, ...]]] = set()
        self._waiting: deque[Situation] = deque()
        self._arrivals: set[Situation] = set()  # which a step may lead back to, but no call comes by that
        self._arrive()
        self._explore()

    @cached_property
    def menus(self) -> tuple[Situation, ...]:
        """One situation of all that await one key, say the same, and whose keys lead to the same."""
        alike: dict[object, Situation] = {}
        for situation in self.situations:
            if situation.listen and situation.listen.digits == 1:
                keys = tuple((m.doing.key, m.spent, m.to.node, m.to.state.purpose, m.passed) for m in situation.moves)
                rung = tuple(m.to.dial.target for m in situation.moves if m.to.dial)
                said = tuple(situation.by_language.items())
                centre = situation.state.centre if rung else ""
                alike.setdefault((situation.node, said, keys, rung, centre), situation)
        return tuple(alike.values())

    def take_on(self, others: Iterable[Situation]) -> bool:
        """Go on from situations of the same line at other moments: a call may wait there while the hour comes. Whether
        one was new."""
        known = len(self.situations)
        for each in others:
            key = (each.state, each.caller, each.actions)
            if key not in self._known:
                found = self._known[key] = self._met(replace(each, moves=[]))
                if found.reached_by is None:
                    self._arrivals.add(found)
        self._explore()
        return len(self.situations) > known

    def _arrive(self) -> None:
        for name, caller in self._callers().items():
            doing = Doing(Did.ARRIVED, Arrived(), Moment(self.places.now, caller))
            step = self._step(None, doing)
            if step:
                self.starts[name] = self._situation(Taken(doing, None, step), caller)
                self.passed_on_arrival.update(_passed(step.facts))
        self._arrivals.update(self.starts.values())

    def _explore(self) -> None:
        while self._waiting:
            situation = self._waiting.popleft()
            for taken in self._following(situation):
                target = self._situation(taken, taken.doing.moment.caller)
                move = Move(taken.doing, situation, target, taken.step.facts, taken.spent)
                situation.moves.append(move)
                is_better = target.reached_by is None or (target.only_in_outage and not move.only_in_outage)
                if is_better and target not in self._arrivals:
                    target.reached_by = move

    def _callers(self) -> dict[str, Caller]:
        areas = self.places.directory.tables.area_centres
        area = max(areas, key=lambda prefix: len(areas[prefix].spoken), default="")
        callers = {"home": Caller(), "abroad": Caller(abroad=True)}
        return {**callers, "area": Caller(area=area)} if area else callers

    def _situation(self, taken: Taken, caller: Caller) -> Situation:
        if taken.to is not None:
            return taken.to
        step = taken.step
        state, caller = self._merging.state(step), self._merging.caller(step.state, caller)
        key = (state, caller, step.actions)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._met(Situation(state, caller, self._in_each_language(taken)))
        taken.to = found
        return found

    def _met(self, situation: Situation) -> Situation:
        self.situations.append(situation)
        self._waiting.append(situation)
        if len(self.situations) > MOST_SITUATIONS:
            raise EngineError(f"more than {MOST_SITUATIONS} situations: something in this flow counts without end")
        return situation

    def _in_each_language(self, taken: Taken) -> dict[str, tuple[Action, ...]]:
        """The same step for callers of every language: states are explored in one, and spoken in all."""
        language, done = taken.step.state.language, {taken.step.state.language: taken.step.actions}
        for code in self.flow.languages if language and taken.before else ():
            twin = None if code in done else self._spoken_in(code, taken)
            if twin:
                done[code] = twin.actions
        return done

    def _spoken_in(self, code: str, taken: Taken) -> Step | None:
        """The step of a caller of that language; one who chooses just now chooses that one."""
        before = taken.before
        if before is None or before.language:
            return self._step((before or taken.step.state).but(language=code), taken.doing)
        wanted = taken.step.state.but(language=code)
        caller = taken.doing.moment.caller
        others = self._steps.get((before, caller)) or self._steps[before, replace(caller, textable=False)]
        same = (each.step for each in others if each.step.state == wanted and each.doing.moment.caller == caller)
        return next(same, None)

    def _following(self, situation: Situation) -> list[Taken]:
        """What can happen depends on the state and the caller alone, so it is played once for all that share them."""
        state, caller = key = (situation.state, situation.caller)
        if key not in self._steps:
            # In the red-flag node `back` matters to the keys that lead back and to no other: those are played for
            # each, and the rest once.
            like = self._same_but_back.setdefault((state.but(back=""), caller), state)
            back = {"*", *self.flow.described[state.node].returns}
            known = [] if like == state else [t for t in self._steps[like, caller] if t.doing.key not in back]
            self._steps[key] = known + list(self._played(state, caller, situation.wait, {t.doing for t in known}))
        return self._steps[key]

    def _played(
        self, state: CallState, caller: Caller, wait: Listen | Dial | None, known: set[Doing]
    ) -> Iterator[Taken]:
        for doing in doings(wait, self.flow.described[state.node], self.places, caller):
            if doing in known:
                continue
            step = self._step(state, doing)
            if step:
                asks = Reads.OUTAGES in self.watch.read_now
                yield Taken(doing, state, step)
                yield from self._offered_text(state, doing, step)
                yield from self._during_outages(state, doing, step) if asks else ()
            if doing.did in (Did.SILENCE, Did.UNKNOWN) or doing.key == NO_KEY:
                spent = state.but(errors=self.flow.errors)
                last = self._step(spent, doing)
                if last and step and last.actions != step.actions:
                    yield Taken(doing, spent, last)

    def _offered_text(self, state: CallState, doing: Doing, usual: Step) -> Iterator[Taken]:
        """A step that comes to the offer of a text message, for a caller whom one can reach: what else happens to them
        is the same."""
        caller = doing.moment.caller
        if usual.state.node in self._merging.offers_text and not caller.textable:
            other = replace(doing, moment=replace(doing.moment, caller=replace(caller, textable=True)))
            step = self._step(state, other)
            if step:
                yield Taken(other, state, step)

    def _during_outages(self, state: CallState, doing: Doing, usual: Step) -> Iterator[Taken]:
        """A step that asks for the outages, as it goes while those are out of service that it rings or names. Of all
        steps that come to the same ring one stands for the others."""
        key = (self._merging.state(usual), usual.actions)
        if key not in self._tried_out:
            self._tried_out.add(key)
            done = {usual.actions}
            for each in during_outages(doing, self._ladder(usual.state)):
                step = self._step(state, each)
                if step and step.actions not in done:
                    done.add(step.actions)
                    yield Taken(each, state, self._as_usual(step, usual))

    def _ladder(self, state: CallState) -> list[str]:
        """Whom a call rings or names now, and then."""
        centre = self.engine.directory.centres.get(state.centre, self.engine.directory.default_centre)
        ladder = (centre, *self.engine.directory.backups(centre))
        return [each.id for each in ladder if each.id == state.dialled or each.id not in state.tried]

    def _as_usual(self, step: Step, usual: Step) -> Step:
        """Where a backup out of service is passed over, the call is told apart by the name that it hears and no
        further: a ladder with a gap is a shorter ladder."""
        same = step.state.but(dialled=usual.state.dialled) == usual.state
        return step._replace(state=usual.state) if same else step

    def replay(self, situation: Situation, doing: Doing) -> Step:
        """The step once more."""
        return self.engine.step(doing.event, situation.state, doing.moment)

    def _step(self, state: CallState | None, doing: Doing) -> Step | None:
        try:
            return self.engine.step(doing.event, state, self.watch.moment(doing.moment))
        except (EngineError, LookupError, ValueError) as error:
            self.faults.append(Fault(state.node if state else self.flow.start, doing, str(error)))
            return None


def walk_at_each(flow: Flow, catalogue: Catalogue, places: Iterable[Places]) -> tuple[Walk, ...]:
    """One line at moments of several classes. A call can begin at one and go on at another: what is met at one of them
    is taken on at all others."""
    walks = tuple(Walk(flow, each.directory, catalogue, each) for each in places)
    while any(walk.take_on(_of_others(walk, walks)) for walk in walks):
        pass
    return walks


def _of_others(walk: Walk, walks: Iterable[Walk]) -> list[Situation]:
    return [situation for other in walks if other is not walk for situation in other.situations]
