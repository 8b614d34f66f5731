"""Callers whose keys bounce: what becomes of a call in which one key counts twice.

The surplus key comes at once, while the line speaks, or in the silence after; the caller knows nothing of it, goes on
as if the key had counted once, and then waits. A centre that is rung for a place, or whose number is read out, must
have been named to its end before. Played from one state of each node, language and purpose, and no rest of a call
twice. Must not look at how the service prevents it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from ivr.line.directory import Place
from ivr.line.flow.facts import Informed
from ivr.line.flow.state import CallState
from ivr.proof.explore.ear import Event
from ivr.proof.explore.player import FAR_ENDS, TALKED, Deed, Did, Played, play
from ivr.proof.explore.states import Kind, Move, Sameness, State
from ivr.proof.explore.walk import KEYS, Walk
from ivr.simulator import Session
from ivr.simulator.engine.effects import Happened, Key, Pass, Response

MOST_PASSES = 400  # of a rest of a call: by then silence has led to a ringing centre, or never does


class Surplus(Enum):
    """When the surplus key comes."""

    AT_ONCE = "at once"
    MIDWAY = "while the line speaks"
    AFTER = "in the silence after"


@dataclass(frozen=True)
class Bounce:
    """`keys`: all that arrives, the surplus key among them; `used`: so many of them the state takes."""

    state: State
    deed: Deed
    keys: str
    used: int


@dataclass
class Doubled:
    """`bounces`: in how many ways a key was doubled; `calls`: rests of calls that were played for it; `unheard`: the
    problems."""

    bounces: int = 0
    calls: int = 0
    unheard: list[str] = field(default_factory=list)


def doubled(walk: Walk) -> Doubled:
    found, seen = Doubled(), set[object]()
    same = Sameness(walk.service, walk.entries)
    for bounce in _bounces(walk):
        found.bounces += 1
        landed = _landed(walk, bounce)
        if landed.reply is None:
            continue
        memory = walk.service.state(landed.reply.body)
        key = same.key(bounce.state.caller, landed.reply, memory, bounce.deed.outages)
        for when in Surplus:
            if (key, bounce.keys[bounce.used :], when) not in seen:
                seen.add((key, bounce.keys[bounce.used :], when))
                found.calls += 1
                found.unheard += _unheard(walk, bounce, landed, when)
    return found


def _bounces(walk: Walk) -> Iterator[Bounce]:
    for state in _stand_ins(walk):
        for move in (each for each in state.moves if each.is_usual):
            if move.deed.did is Did.KEY:
                yield Bounce(state, move.deed, move.deed.what * 2, 1)
                yield from _before_an_entry(move)
            elif move.deed.did is Did.ENTRY:
                yield from _in_an_entry(state, move.deed)


def _stand_ins(walk: Walk) -> list[State]:
    """Of each node, language and purpose the state that was met with the fewest slips."""
    found: dict[tuple[str, str, str], State] = {}
    for state in walk.states:
        if state.kind is Kind.LISTENS:
            found.setdefault((state.name.node, state.name.language, state.name.purpose), state)
    return list(found.values())


def _before_an_entry(move: Move) -> Iterator[Bounce]:
    """The key that led to an entry is also its first digit."""
    for entry in (each.deed for each in move.to.moves if each.deed.did is Did.ENTRY and each.is_usual):
        yield Bounce(move.to, entry, move.deed.what + entry.what, len(entry.what))


def _in_an_entry(state: State, deed: Deed) -> Iterator[Bounce]:
    """Each of its keys doubled; and, since other entries of the same kind end in other digits, any key too many."""
    for at, key in enumerate(deed.what):
        yield Bounce(state, deed, deed.what[:at] + key + deed.what[at:], len(deed.what))
    for key in KEYS:
        yield Bounce(state, deed, deed.what + key, len(deed.what))


def _landed(walk: Walk, bounce: Bounce) -> Played:
    """The document after as many keys as the state takes."""
    deed = Deed(bounce.deed.did, bounce.keys[: bounce.used], bounce.deed.at, outages=bounce.deed.outages)
    return play(walk.service, bounce.state.caller, deed, bounce.state.url, bounce.state.reply)


def _unheard(walk: Walk, bounce: Bounce, landed: Played, when: Surplus) -> Iterator[str]:
    events, memory = _rest(walk, bounce, landed, when)
    before = bounce.state.memory
    if memory is None or not memory.centre or (before and _place(before) == _place(memory)):
        return
    directory = walk.service.directory
    name = (
        directory.place_name(Place.from_key(memory.place)) if memory.place else directory.centres[memory.centre].spoken
    )
    whole = (event["text"] for event in events if event["event"] == "say" and "leg" not in event and not event["cut"])
    if not any(name in text for text in whole):
        said = f"{bounce.state.name.node} (after {bounce.state.path()}): with the keys {bounce.keys}"
        yield f"{said}, the surplus one {when.value}, a centre is reached before {name!r} was heard to its end"


def _place(memory: CallState) -> tuple[str, str]:
    return memory.place, memory.centre


def _rest(walk: Walk, bounce: Bounce, landed: Played, when: Surplus) -> tuple[list[Event], CallState | None]:
    """What happens from the document on until a centre rings or its number has been read out, and what the service
    remembers then; None if neither comes."""
    service, surplus = walk.service, list(bounce.keys[bounce.used :])
    session = Session(service.plan(bounce.state.caller, {"*": FAR_ENDS[TALKED]}, landed.url))
    document, memory = landed.reply, None
    for _ in range(MOST_PASSES):
        events, effect = session.trace.events, session.effect
        if effect is None:
            return events, None
        if isinstance(effect, Pass):
            if any(event["event"] == "leg" for event in events[-3:]):
                return events, memory
            session.answer(_lived(effect, session, surplus, when))
            continue
        reply = document or service.send(effect, bounce.deed.at, bounce.deed.outages)
        if document is None and any(isinstance(fact, Informed) for fact in service.facts):
            return events, memory
        document = None
        if isinstance(reply, Response):
            memory = service.state(reply.body) or memory
        session.answer(reply)
    return session.trace.events, None


def _lived(effect: Pass, session: Session, surplus: list[str], when: Surplus) -> Happened:
    if not surplus or not effect.keys:
        return Happened(effect.until)
    now, last = session.now, session.trace.events[-1]
    speaking = last["event"] in ("say", "pause") and last.get("until") is None  # it has no end yet
    if when is Surplus.AFTER and speaking:
        return Happened(effect.until)
    at = (now + effect.until) / 2 if when is Surplus.MIDWAY and speaking else now
    return Happened(at, Key(surplus.pop(0)))
