"""Every situation that a call can come to, found by playing every event in every state with the engine itself.

Situations are merged where nothing that follows can tell them apart; `merge.py` says which differences are dropped, and
why. Judges nothing.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from ivr.base.errors import EngineError
from ivr.base.ids import NO_NODE, CentreId, LanguageCode, NodeId
from ivr.line.directory import Directory
from ivr.line.flow.actions import Action, DialAction, ListenAction
from ivr.line.flow.describe import Reads
from ivr.line.flow.engine import Step
from ivr.line.flow.events import Arrived, Caller, Moment
from ivr.line.flow.facts import NodeEntered
from ivr.line.flow.model import Flow
from ivr.line.flow.state import CallState
from ivr.line.languages import Catalogue
from ivr.proof.check.classes import Places
from ivr.proof.check.merge import Merging
from ivr.proof.check.remember import RememberingEngine
from ivr.proof.check.situations import Move, Situation
from ivr.proof.check.stimuli import NO_KEY, Did, Doing, doings, during_outages, with_announcements
from ivr.proof.check.watch import Watch

MOST_SITUATIONS = 50_000
Done: TypeAlias = tuple[Action, ...]  # what one step does


@dataclass(frozen=True)
class RefusedStep:
    """A step that the engine refused to take: in a call this would be the fail-safe reply."""

    node: NodeId
    doing: Doing
    message: str


@dataclass(eq=False, repr=False, slots=True)
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
    """The whole of one line. `said`: one object of all actions that are equal, in every walk of the flow.

    `situations`: in the order in which they were met. `states`: of each state and caller the situation that was met
    first. `passed_on_arrival`: the ids of the nodes that arriving calls come through.
    """

    def __init__(
        self, flow: Flow, directory: Directory, catalogue: Catalogue, places: Places, said: dict[Done, Done]
    ) -> None:
        self.flow = flow
        self.watch = Watch()
        self.engine = RememberingEngine(flow, directory, catalogue, self.watch)
        self.places = places
        self.situations: list[Situation] = []
        self.states: list[Situation] = []
        self.starts: dict[str, Situation] = {}
        self.passed_on_arrival: set[NodeId] = set()
        self.faults: list[RefusedStep] = []
        self._merging = Merging(self.flow, places, catalogue)
        self._firsts: dict[tuple[CallState, Caller], Situation] = {}
        self._known: dict[tuple[Situation, int], Situation] = {}  # by the first of its state, and what is done
        self._said = said
        self._steps: dict[tuple[CallState, Caller], list[Taken]] = {}
        self._same_but_back: dict[tuple[CallState, Caller], CallState] = {}
        self._tried_out: set[tuple[CallState, Done]] = set()
        self._led_to: dict[object, tuple[Step, Situation]] = {}  # by the identity of what a step consists of
        self._can_happen: dict[object, tuple[Doing, ...]] = {}
        self._waiting: deque[Situation] = deque()
        self._begin: list[Situation] = []  # where calls begin, or come from another moment
        self._arrive()
        self._explore()

    @cached_property
    def menus(self) -> tuple[Situation, ...]:
        """One situation of all that await one key, say the same, and whose keys lead to the same."""
        alike: dict[object, Situation] = {}
        numbers: dict[object, int] = {}  # of the ways that keys lead
        followed: dict[Situation, int] = {}
        for situation in self.situations:
            if situation.listen and situation.listen.digits == 1:
                first = situation.first
                if first not in followed:
                    followed[first] = numbers.setdefault(_followed(first), len(numbers))
                alike.setdefault((situation.node, situation.said, followed[first]), situation)
        return tuple(alike.values())

    def take_on(self, others: Iterable[Situation]) -> bool:
        """Go on from situations of the same line at other moments: a call may wait there while the hour comes. Whether
        one was new."""
        known = len(self.situations)
        for each in others:
            first = self._firsts.get((each.state, each.caller))
            if first is None or (first, id(self._one(each.actions))) not in self._known:
                self._begin.append(self._met(replace(each, came=each.path())))
        self._explore()
        return len(self.situations) > known

    def _arrive(self) -> None:
        for name, caller in self._callers().items():
            doing = Doing(Did.ARRIVED, Arrived(), Moment(self.places.now, caller))
            step = self._step(None, doing)
            if step:
                self.starts[name] = self._situation(Taken(doing, None, step), caller)
                self.passed_on_arrival.update(fact.node for fact in step.facts if isinstance(fact, NodeEntered))
        self._begin += dict.fromkeys(self.starts.values())

    def _explore(self) -> None:
        while self._waiting:
            here = self._waiting.popleft()
            for taken in self._following(here):
                target = self._situation(taken, taken.doing.moment.caller)
                here.moves.append(Move(taken.doing, here, target, taken.step.facts, taken.spent))
        self._lay_ways()

    def _lay_ways(self) -> None:
        """How a call comes to each situation: with every centre in service if it can, and then in the fewest steps."""
        reached = dict.fromkeys(each for each in self._begin if not each.only_in_outage)
        self._follow(reached, outages=False)
        reached |= dict.fromkeys(self._begin)
        self._follow(reached, outages=True)

    def _follow(self, reached: dict[Situation, None], *, outages: bool) -> None:
        """Add to `reached` what comes after it. `outages`: by moves that need a centre out of service, too."""
        nearest = {each.first: each for each in reversed(reached)}
        waiting = deque(reversed(nearest))
        while waiting:
            here = waiting.popleft()
            for move in here.moves:
                to = move.to
                if to not in reached and (outages or not move.doing.outage):
                    reached[to] = None
                    to.reached_by, to.steps, to.only_in_outage = move, nearest[here].steps + 1, outages
                    if to.first not in nearest:
                        nearest[to.first] = to
                        waiting.append(to.first)
        for first, each in nearest.items():
            first.moves.nearest = each

    def _callers(self) -> dict[str, Caller]:
        areas = self.places.directory.tables.area_centres
        area = max(areas, key=lambda prefix: len(areas[prefix].spoken), default="")
        callers = {"home": Caller(), "abroad": Caller(abroad=True)}
        return {**callers, "area": Caller(area=area)} if area else callers

    def _situation(self, taken: Taken, caller: Caller) -> Situation:
        if taken.to is None:
            step = taken.step
            key = (id(step.state), caller, *map(id, step.actions))  # the engine remembers what it made
            known = self._led_to.get(key)
            if known is None:
                known = self._led_to[key] = (step, self._merged(taken, caller))
            taken.to = known[1]
        return taken.to

    def _merged(self, taken: Taken, caller: Caller) -> Situation:
        step = taken.step
        state, caller = self._merging.state(step), self._merging.caller(step.state, caller)
        first = self._firsts.get((state, caller))
        known = self._known.get((first, id(self._one(step.actions)))) if first else None
        return known or self._met(Situation(state, caller, self._in_each_language(taken)))

    def _one(self, actions: Done) -> Done:
        return self._said.setdefault(actions, actions)

    def _met(self, like: Situation) -> Situation:
        """A new situation, of a new state or of one that is known."""
        done = {code: self._one(actions) for code, actions in like.by_language.items()}
        situation = Situation(like.state, like.caller, done, only_in_outage=like.only_in_outage, came=like.came)
        situation.first = self._firsts.setdefault((like.state, like.caller), situation)
        situation.moves = situation.first.moves
        self._known[situation.first, id(situation.actions)] = situation
        self.situations.append(situation)
        if situation.first is situation:
            self.states.append(situation)
            self._waiting.append(situation)
        if len(self.situations) > MOST_SITUATIONS:
            raise EngineError(f"more than {MOST_SITUATIONS} situations: something in this flow counts without end")
        return situation

    def _in_each_language(self, taken: Taken) -> dict[LanguageCode, Done]:
        """The same step for callers of every language: states are explored in one, and spoken in all."""
        language, done = taken.step.state.language, {taken.step.state.language: taken.step.actions}
        for code in self.flow.languages if language and taken.before else ():
            twin = None if code in done else self._spoken_in(code, taken)
            if twin:
                done[code] = twin.actions
        return done

    def _spoken_in(self, code: LanguageCode, taken: Taken) -> Step | None:
        """The step of a caller of that language; one who chooses just now chooses that one."""
        before = taken.before
        if before is None or before.language:
            return self._step((before or taken.step.state).but(language=code), taken.doing)
        wanted = taken.step.state.but(language=code)
        caller = taken.doing.moment.caller
        others = self._steps.get((before, caller)) or self._steps[before, caller._replace(textable=False)]
        said = taken.doing.announced
        alike = (each for each in others if each.doing.moment.caller == caller and each.doing.announced == said)
        return next((each.step for each in alike if each.step.state == wanted), None)

    def _following(self, situation: Situation) -> list[Taken]:
        """What can happen depends on the state and the caller alone, so it is played once for all that share them."""
        state, caller = key = (situation.state, situation.caller)
        # In the red-flag node `back` matters to the keys that lead back and to no other: those are played for
        # each, and the rest once.
        like = self._same_but_back.setdefault((state.but(back=NO_NODE), caller), state)
        doings = self._doings(state, caller, situation.wait)
        known: list[Taken] = []
        if like != state:
            back = {"*", *self.flow.described[state.node].returns}
            known = [taken for taken in self._steps[like, caller] if taken.doing.key not in back]
            doings = [doing for doing in doings if doing.key in back]
        self._steps[key] = known + list(self._played(state, doings))
        return self._steps[key]

    def _played(self, state: CallState, doings: Iterable[Doing]) -> Iterator[Taken]:
        for doing in doings:
            step = self._step(state, doing)
            if step:
                asks = self.watch.read_now
                yield Taken(doing, state, step)
                if step.state.node in self._merging.offers_text:
                    yield from self._offered_text(state, doing)
                yield from self._during_outages(state, doing, step) if Reads.OUTAGES in asks else ()
                yield from self._announced(state, doing) if Reads.ANNOUNCEMENT in asks else ()
            if doing.did in (Did.SILENCE, Did.UNKNOWN, Did.MISHEARD) or doing.key == NO_KEY:
                spent = state.but(errors=self.flow.errors)
                last = self._step(spent, doing)
                asks = self.watch.read_now
                if last and step and last.actions != step.actions:
                    yield Taken(doing, spent, last)
                    yield from self._announced(spent, doing) if Reads.ANNOUNCEMENT in asks else ()

    def _announced(self, state: CallState, doing: Doing) -> Iterator[Taken]:
        """A step that asks for the announcement, with each that may be on. What else happens then is the same (V49)."""
        steps = ((each, self._step(state, each)) for each in with_announcements(doing, self.flow.announcements))
        yield from (Taken(each, state, step) for each, step in steps if step)

    def _doings(self, state: CallState, caller: Caller, wait: ListenAction | DialAction | None) -> Sequence[Doing]:
        """All that can happen here, made once for all that wait alike."""
        node = self.flow.described[state.node]
        listens = (wait.finish_on, wait.speech) if isinstance(wait, ListenAction) else ()
        key = (type(wait), listens, node.entry, caller)
        if key not in self._can_happen:
            self._can_happen[key] = tuple(doings(wait, node, self.places, caller))
        return self._can_happen[key]

    def _offered_text(self, state: CallState, doing: Doing) -> Iterator[Taken]:
        """A step that comes to the offer of a text message, for a caller whom one can reach: what else happens to them
        is the same."""
        caller = doing.moment.caller
        if not caller.textable:
            other = replace(doing, moment=replace(doing.moment, caller=caller._replace(textable=True)))
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

    def _ladder(self, state: CallState) -> list[CentreId]:
        """Whom a call rings or names now, and then."""
        centre = self.engine.directory.centres.get(state.centre, self.engine.directory.default_centre)
        ladder = (centre, *self.engine.directory.backups(centre))
        return [each.id for each in ladder if each.id == state.dialled or each.id not in state.tried]

    def _as_usual(self, step: Step, usual: Step) -> Step:
        """Where a backup out of service is passed over, the call is told apart by the name that it hears and no
        further: a ladder with a gap is a shorter ladder."""
        same = step.state.but(dialled=usual.state.dialled) == usual.state
        return step._replace(state=usual.state) if same else step

    def replay(self, situation: Situation, doing: Doing, *, remembering: bool) -> Step:
        """The step once more, with what the engine remembers or without."""
        play = self.engine.step if remembering else self.engine.replay
        return play(doing.event, situation.state, doing.moment)

    def _step(self, state: CallState | None, doing: Doing) -> Step | None:
        try:
            return self.engine.step(doing.event, state, doing.moment)
        except (EngineError, LookupError, ValueError) as error:
            self.faults.append(RefusedStep(state.node if state else self.flow.start, doing, str(error)))
            return None


def _followed(situation: Situation) -> object:
    """Where the keys lead."""
    keys = tuple([(m.doing.key, m.spent, m.to.node, m.to.state.purpose, m.passed) for m in situation.moves])
    rung = tuple([m.to.dial.target.number.e164 for m in situation.moves if m.to.dial])
    return keys, rung, situation.state.centre if rung else ""


def walk_at_each(
    flow: Flow, catalogue: Catalogue, places: Iterable[Places], said: dict[Done, Done]
) -> tuple[Walk, ...]:
    """One line at moments of several classes. A call can begin at one and go on at another: what is met at one of them
    is taken on at all others."""
    walks = tuple(Walk(flow, each.directory, catalogue, each, said) for each in places)
    while any(walk.take_on(_of_others(walk, walks)) for walk in walks):
        pass
    return walks


def _of_others(walk: Walk, walks: Iterable[Walk]) -> list[Situation]:
    return [situation for other in walks if other is not walk for situation in other.situations]
