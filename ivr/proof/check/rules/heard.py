"""A place is accepted after its name was spoken to the end, and by no key before: a key may have bounced.

Followed from every step that finds a place, until its name was heard whole or the call is about another place.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ivr.line.directory import Directory, Place
from ivr.line.flow.actions import Action, ListenAction, SayAction
from ivr.line.flow.facts import PlaceFound
from ivr.line.languages import DIGIT_SLOTS
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.situations import CHOICES, Move, Situation
from ivr.proof.check.stimuli import Did
from ivr.proof.check.walk import Walk


class Unheard(NamedTuple):
    """A call at `here` that is about a place or centre of this name, which was not spoken to the end yet."""

    here: Situation
    slot: str
    name: str


class _Names:
    """What is spoken of the directory in each situation. Looked for once in each of its actions, by their identity."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._uses: dict[int, bool] = {}
        self._whole: dict[int, frozenset[tuple[str, str]]] = {}
        self._uncut: dict[int, frozenset[tuple[str, str]]] = {}

    def uses(self, situation: Situation) -> bool:
        """Here the centre is rung, or its number is read out."""
        known = self._uses.get(id(situation.actions))
        if known is None:
            reads_out = any(slot in DIGIT_SLOTS for slot, _ in self._spoken(situation))
            known = self._uses[id(situation.actions)] = reads_out or situation.dial is not None
        return known

    def name(self, at: Unheard, situation: Situation, *, uncut: bool) -> bool:
        """The name is spoken in `situation`, where no key can cut it if `uncut`. A situation stands for all of its
        class: the name may be the one of the place that stands for the others."""
        said = self._spoken_uncut(situation) if uncut else self._spoken(situation)
        return (at.slot, at.name) in said or (bool(said) and (at.slot, self._of_example(at)) in said)

    def _of_example(self, at: Unheard) -> str:
        state = at.here.state
        if at.slot == "municipality" and state.place:
            return self._directory.place_name(Place.from_key(state.place))
        return self._directory.centres[state.centre].spoken if at.slot == "centre" and state.centre else at.name

    def _spoken(self, situation: Situation) -> frozenset[tuple[str, str]]:
        known = self._whole.get(id(situation.actions))
        if known is None:
            known = self._whole[id(situation.actions)] = frozenset(_slots(situation.actions))
        return known

    def _spoken_uncut(self, situation: Situation) -> frozenset[tuple[str, str]]:
        known = self._uncut.get(id(situation.actions))
        if known is None:
            known = self._uncut[id(situation.actions)] = frozenset(_slots(_uncut(situation.actions)))
        return known


def accepted(subject: Subject) -> Iterator[Found]:
    names = _Names(subject.directory)
    for walk in (subject.walk, subject.practice):
        found = list(_found(walk))
        for move, at in found:
            if names.uses(move.to):
                yield Found(("node", move.origin.node), _message(move, at))
        yield from _followed(names, [at for move, at in found if not names.uses(move.to)])


def _followed(names: _Names, found: Iterable[Unheard]) -> Iterator[Found]:
    waiting = deque(dict.fromkeys(at for at in found if not names.name(at, at.here, uncut=True)))
    seen = set(waiting)
    while waiting:
        at = waiting.popleft()
        for move in at.here.moves:
            if _is_heard(names, at, move):
                continue
            named = names.name(at, move.to, uncut=True)
            if names.uses(move.to) and (_is_choice(move) or not named):
                yield Found(("node", at.here.node), _message(move, at))
            elif _is_about(move) and not named:
                after = Unheard(move.to, at.slot, at.name)
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)


def named(subject: Subject) -> Iterator[Found]:
    """Before a centre rings its own name is spoken, where no key can cut it."""
    spoken = {centre.target: centre.spoken for centre in subject.directory.centres.values() if centre.target}
    for situation in subject.walk.situations:
        if situation.dial:
            names = {value for _, value in _slots(_uncut(situation.actions))}
            if spoken[situation.dial.target] not in names:
                yield Found(("node", situation.node, "say"), "a centre is rung and its name is not spoken before")


def _found(walk: Walk) -> Iterator[tuple[Move, Unheard]]:
    """Each step that finds a place, and what its name is."""
    directory = walk.places.directory
    for situation in walk.states:
        for move in situation.moves:
            if move.found:
                yield move, Unheard(move.to, *_name(directory, move.found))


def _name(directory: Directory, fact: PlaceFound) -> tuple[str, str]:
    if fact.municipality:
        return "municipality", directory.place_name(Place(fact.municipality))
    return "centre", directory.centres[fact.centre].spoken


def _is_about(move: Move) -> bool:
    """The call is still about the place."""
    return bool(move.to.state.centre) and not move.found


def _is_heard(names: _Names, at: Unheard, move: Move) -> bool:
    """The name was heard whole before this move: only silence lets what can be cut come to its end."""
    listen = at.here.listen
    silent = listen is not None and move.doing.did is Did.SILENCE
    return silent and names.name(at, at.here, uncut=False)


def _is_choice(move: Move) -> bool:
    return move.doing.did is Did.KEY and move.doing.key in CHOICES and not move.misunderstood


def _uncut(actions: Iterable[Action]) -> list[Action]:
    return [action for action in actions if isinstance(action, SayAction)]


def _slots(actions: Iterable[Action]) -> Iterator[tuple[str, str]]:
    for action in actions:
        for each in action.prompts if isinstance(action, ListenAction) else (action,):
            if isinstance(each, SayAction):
                yield from each.prompt.slots


def _message(move: Move, at: Unheard) -> str:
    what = "rings a centre" if move.to.dial else "reads out a number"
    return f"{move.doing} {what} before the name {at.name!r} was spoken to the end (after {move.origin.path()})"
