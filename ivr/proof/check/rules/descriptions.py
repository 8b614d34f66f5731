"""What a node says of itself, held against what it was seen to read and where it was seen to lead.

The walk merges situations and chooses moments by what nodes say. A node that does not say all would be proved for some
callers and hours, and believed for the others.
"""

from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, timedelta

from ivr.base.clock import OSLO
from ivr.base.errors import EngineError
from ivr.base.ids import NodeId
from ivr.line.flow.describe import ClockReading, Reads
from ivr.line.flow.events import Keys, Moment, Silence
from ivr.line.flow.model import Entry
from ivr.line.flow.moments import in_words
from ivr.line.flow.state import CallState
from ivr.line.flow.turn import Turn
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.situations import Move

LOOKED_AT = 8  # days that are looked through minute by minute
SAMPLES = 50  # moments of each class at which a node is tried
WHILE = timedelta(minutes=47)  # after such a moment it is tried once more
_BY_SLOT = {  # what a text reads to fill its slot: said by the text, not by the node that speaks it
    "backup": {Reads.OUTAGES, Reads.AREA},
    **{slot: {Reads.AREA} for slot in ("centre", "d1", "d2", "d3", "d4")},
}


def reads(subject: Subject) -> Iterator[Found]:
    """A node says what it reads of the moment: the clock, the caller, who is out of service."""
    for walk in (subject.walk, subject.practice):
        for name, seen in sorted(walk.watch.reads.items()):
            node = walk.flow.described.get(name)
            if node is None:
                continue
            said = node.reads | ({Reads.CLOCK} if node.clock else set())
            for key in walk.flow.nodes[name].prompts():
                said = said.union(*(_BY_SLOT.get(slot, set()) for slot in subject.catalogue.slots(key)))
            for what in sorted(each.value for each in seen - said):
                yield Found(("node", name), f"{_named(subject, name)} reads {what} and does not say so")


def ways(subject: Subject) -> Iterator[Found]:
    """A node leads where it says, and nowhere else."""
    for walk in (subject.walk, subject.practice):
        for name, to in sorted(walk.watch.ways):
            if to not in walk.flow.described[name].targets:
                yield Found(("node", name), f"{_named(subject, name)} leads to {to!r} and does not say so")


def _named(subject: Subject, name: NodeId) -> str:
    return f"node {name!r} of the type {subject.marks.text(('node', name, 'type'))!r}"


def clocks(subject: Subject) -> Iterator[Found]:
    """A node that goes by the clock names the times of day at which it changes, and does the same in between."""
    for name, node in subject.flow.described.items():
        if node.clock:
            unsaid = _unsaid_change(node.clock, subject.now)
            if unsaid:
                message = f"{_named(subject, name)} changes at {in_words(unsaid)} and does not name that time of day"
                yield Found(("node", name), message)
            yield from _different(subject, name, node.clock)


def _unsaid_change(clock: ClockReading, now: datetime) -> datetime | None:
    """A minute at which the node makes something else of the clock than before, and has not said so."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(LOOKED_AT):
        before = None
        for minute in range(24 * 60):
            moment = (day + number * timedelta(days=1)).replace(hour=minute // 60, minute=minute % 60)
            meaning = (clock.meaning(moment),)
            if before not in (None, meaning) and minute not in clock.minutes:
                return moment
            before = meaning
    return None


def _different(subject: Subject, name: NodeId, clock: ClockReading) -> Iterator[Found]:
    """What the node does at one moment of each meaning, and at others of the same."""
    alone = CallState(name, subject.flow.languages[0])
    state = next((move.origin.state for move in _through(subject, name)), alone)
    first: dict[Hashable, tuple[datetime, list[object]]] = {}
    for moment in _samples(subject):
        does = _does(subject, state.at(name), moment)
        before, usual = first.setdefault(clock.meaning(moment), (moment, does))
        if does != usual:
            message = f"does not do the same at {in_words(before)} and at {in_words(moment)}, and says that it does"
            yield Found(("node", name), f"{_named(subject, name)} {message}")
            return


def _through(subject: Subject, name: NodeId) -> Iterator[Move]:
    return (
        move
        for each in subject.each
        for situation in each.walk.states
        for move in situation.moves
        if name in move.passed
    )


def _samples(subject: Subject) -> Iterator[datetime]:
    """Some of the moments of each class, and a while after them."""
    for each in subject.definition.moments:
        for moment in each.moments[:: max(1, len(each.moments) // SAMPLES)]:
            yield moment
            yield (moment.astimezone(UTC) + WHILE).astimezone(OSLO)


def _does(subject: Subject, state: CallState, moment: datetime) -> list[object]:
    """What the node of the state does on the way in, at silence and at keys."""
    node = subject.flow.nodes[state.node]
    found: list[object] = []
    for event in (None, Silence(), *(Keys(key) for key in "123")):
        turn = Turn(subject.flow, subject.directory, subject.catalogue, state, Moment(moment))
        try:
            go = node.receive(turn, event) if event else node.enter(turn, Entry.FIRST)
        except (EngineError, LookupError, ValueError) as error:
            found.append(str(error))
        else:
            found.append((go, turn.actions, turn.state))
    return found
