"""Callers whose keys bounce: what becomes of a call in which one key counts twice.

The surplus key comes at once, while the line speaks, or in the silence after; the caller knows nothing of it, goes on
as if the key had counted once, and then waits. A centre that is rung for a place, or whose number is read out, must
have been named to its end before. Played from one state of each node, language and purpose, and no rest of a call
twice. Must not look at how the service prevents it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ivr.line.directory import Place
from ivr.line.flow.facts import Informed
from ivr.line.flow.state import CallState
from ivr.proof.explore.hearing import Event
from ivr.proof.explore.player import ActKind, CallAct, KeyTiming, PlayedDocument, play
from ivr.proof.explore.states import ExploredMove, ExploredState, StateKind
from ivr.proof.explore.walk import KEYS, Exploration

MOST_DOCUMENTS = 60  # of a rest of a call: by then silence has led to a ringing centre, or never does


@dataclass(frozen=True)
class Bounce:
    """`keys`: all that arrives, the surplus key among them; `used`: so many of them the state takes."""

    state: ExploredState
    deed: CallAct
    keys: str
    used: int


@dataclass
class Doubled:
    """`bounces`: in how many ways a key was doubled; `calls`: rests of calls that were played for it; `unheard`: the
    problems."""

    bounces: int = 0
    calls: int = 0
    unheard: list[str] = field(default_factory=list)


def doubled(walk: Exploration) -> Doubled:
    found, seen = Doubled(), set[object]()
    for bounce in _bounces(walk):
        found.bounces += 1
        landed = _landed(walk, bounce)
        if landed.reply is None:
            continue
        memory = walk.service.state(landed.reply.body)
        key = walk.same.key(bounce.state.caller, landed.reply, memory, bounce.deed.outages)
        for when in KeyTiming:
            if (key, bounce.keys[bounce.used :], when) not in seen:
                seen.add((key, bounce.keys[bounce.used :], when))
                found.calls += 1
                found.unheard += _unheard(walk, bounce, landed, when)
    return found


def _bounces(walk: Exploration) -> Iterator[Bounce]:
    for state in _stand_ins(walk):
        for move in (each for each in state.moves if each.is_usual):
            if move.deed.did is ActKind.KEY:
                yield Bounce(state, move.deed, move.deed.what * 2, 1)
                yield from _before_an_entry(move)
            elif move.deed.did is ActKind.ENTRY:
                yield from _in_an_entry(state, move.deed)


def _stand_ins(walk: Exploration) -> list[ExploredState]:
    """Of each node, language and purpose the state that was met with the fewest slips."""
    found: dict[tuple[str, str, str], ExploredState] = {}
    for state in walk.states:
        if state.kind is StateKind.LISTENS:
            found.setdefault((state.name.node, state.name.language, state.name.purpose), state)
    return list(found.values())


def _before_an_entry(move: ExploredMove) -> Iterator[Bounce]:
    """The key that led to an entry is also its first digit."""
    for entry in (each.deed for each in move.to.moves if each.deed.did is ActKind.ENTRY and each.is_usual):
        yield Bounce(move.to, entry, move.deed.what + entry.what, len(entry.what))


def _in_an_entry(state: ExploredState, deed: CallAct) -> Iterator[Bounce]:
    """Each of its keys doubled; and, since other entries of the same kind end in other digits, any key too many."""
    for at, key in enumerate(deed.what):
        yield Bounce(state, deed, deed.what[:at] + key + deed.what[at:], len(deed.what))
    for key in KEYS:
        yield Bounce(state, deed, deed.what + key, len(deed.what))


def _landed(walk: Exploration, bounce: Bounce) -> PlayedDocument:
    """The document after as many keys as the state takes."""
    deed = CallAct(bounce.deed.did, bounce.keys[: bounce.used], bounce.deed.at, outages=bounce.deed.outages)
    return play(walk.service, bounce.state.caller, deed, bounce.state.url, bounce.state.reply)


def _unheard(walk: Exploration, bounce: Bounce, landed: PlayedDocument, when: KeyTiming) -> Iterator[str]:
    events, memory = _rest(walk, bounce, landed, when)
    before = bounce.state.memory
    if memory is None or not memory.centre or (before and _place(before) == _place(memory)):
        return
    directory = walk.service.directory
    name = (
        directory.place_name(Place.from_key(memory.place)) if memory.place else directory.centres[memory.centre].spoken
    )
    whole = (event for event in events if event["event"] in ("say", "play") and "leg" not in event and not event["cut"])
    if not any(name in text for event in whole for text in walk.hearing.words(event)):
        said = f"{bounce.state.name.node} (after {bounce.state.path()}): with the keys {bounce.keys}"
        yield f"{said}, the surplus one {when.value}, a centre is reached before {name!r} was heard to its end"


def _place(memory: CallState) -> tuple[str, str]:
    return memory.place, memory.centre


def _rest(
    walk: Exploration, bounce: Bounce, landed: PlayedDocument, when: KeyTiming
) -> tuple[list[Event], CallState | None]:
    """What happens from the document on until a centre rings or its number has been read out, and what the service
    remembers then; None if neither comes."""
    service, deed = walk.service, bounce.deed
    surplus = CallAct(ActKind.ENTRY, bounce.keys[bounce.used :], deed.at, outages=deed.outages, when=when)
    silence = CallAct(ActKind.SILENCE, "", deed.at, outages=deed.outages)
    heard: list[Event] = []
    here, memory, pressed = landed, None, False
    for _ in range(MOST_DOCUMENTS):
        if here.reply is None:
            break
        memory = service.state(here.reply.body) or memory
        there = play(service, bounce.state.caller, silence if pressed else surplus, here.url, here.reply)
        heard += there.events
        if any(event["event"] == "leg" for event in there.events) or _informs(there):
            return heard, memory
        pressed |= any(event["event"] == "key" for event in there.events)
        here = there
    return heard, None


def _informs(played: PlayedDocument) -> bool:
    return any(isinstance(fact, Informed) for fact in played.facts)
