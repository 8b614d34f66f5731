"""What an exploration must show of a flow; what it does not is a problem, told with the keys that lead to it.

The bounds are those of docs/checks.md, written down once more: the two must not share a mistake.
"""

from collections.abc import Iterator

from ivr.proof.explore.figures import (
    endless,
    first_words,
    listening,
    longest_announcement,
    plain,
    silent,
    spoken_in,
    stuck,
    to_danger,
)
from ivr.proof.explore.player import TALKED, ActKind
from ivr.proof.explore.states import ExploredMove, ExploredState, StateKind
from ivr.proof.explore.walk import Exploration

FIRST_SECONDS = 6.0  # to the first 113 words, in the first language
DANGER_SECONDS = 15.0  # from key 9 to the 113 words
SILENT_SECONDS = 90.0  # from the answer to a ringing centre, with no key pressed
MOST_CHOICES, MOST_ENTRIES = 3, 1  # of the plain case
MOST_RINGS = 30  # centres that are rung in the longest call of whoever presses nothing


def problems(walk: Exploration) -> Iterator[str]:
    yield from _broken(walk)
    yield from _danger(walk)
    yield from _lost(walk)
    yield from _endings(walk)
    yield from walk.unlike


def _broken(walk: Exploration) -> Iterator[str]:
    """Documents that the simulator complains of, the service's own faults, and numbers that nobody vouches for."""
    numbers = {centre.target.number.e164 for centre in walk.service.directory.centres.values() if centre.target}
    for state in walk.states:
        if state.complaints:
            yield f"{_after(state)}: {state.complaints[0]}"
        if state.name.node not in walk.service.flow.nodes:
            yield f"{_after(state)}: the service meets a fault of its own and answers with the fail-safe reply"
        for number in state.rang:
            if number not in numbers:
                yield f"{_after(state)}: {number} is rung, which is not in the directory"
        if any("{" in text for text in state.heard.texts):
            yield f"{_after(state)}: a text with an unfilled slot is spoken"


def _danger(walk: Exploration) -> Iterator[str]:
    for index, code in enumerate(walk.service.flow.said_to_all):
        for cost in first_words(walk, code):
            if cost is None:
                yield f"a call does not begin with the 113 words in {code!r}, before a key is heard"
            elif index == 0 and cost.seconds > FIRST_SECONDS:
                yield f"the first 113 words are over after {cost.seconds:.1f} s; at most {FIRST_SECONDS:.0f}"
    for code in walk.service.flow.languages:
        for state in filter(_nines_played, listening(walk, code)):
            yield from _far_from_danger(state, code)
            yield from _speaking(state, code)
        for state in walk.states:
            if state.kind is StateKind.RINGS and spoken_in(walk, state, code) and code not in state.heard.told:
                yield f"{_after(state)}: a centre is rung without the 113 words in {code!r}"


def _far_from_danger(state: ExploredState, code: str) -> Iterator[str]:
    cost = to_danger(state, code)
    most = 1 if state.on(ActKind.KEY) else 2
    if cost is None or cost.keys > most:
        yield f"{_after(state)}: no 113 words in {code!r} within {most} key{'s'[: most - 1]}"
    elif cost.seconds > DANGER_SECONDS:
        told = f"113 is said {cost.seconds:.1f} s after key 9 in {code!r}"
        yield f"{_after(state)}: {told}; at most {DANGER_SECONDS:.0f}"


def _speaking(state: ExploredState, code: str) -> Iterator[str]:
    """Whoever presses 9 when a sound has just begun presses it once more when that is over."""
    for move in state.moves:
        said = move.deed.did is ActKind.SPEECH and move.is_usual
        if said and move.to.kind is StateKind.LISTENS and _nines_played(move.to):
            cost = to_danger(move.to, code)
            seconds = move.after + move.to.heard.deaf + cost.seconds if cost else None
            if seconds is None or seconds > DANGER_SECONDS:
                told = f"after {seconds:.1f} s" if seconds is not None else "never"
                message = f"113 is said {told} in {code!r} to who presses 9 while there is {move.deed}"
                yield f"{_after(state)}: {message}; at most {DANGER_SECONDS:.0f}"


def _nines_played(state: ExploredState) -> bool:
    """Whether it is known where 9 leads: at the bound it may not be."""
    nines = [move.to for move in state.moves if move.deed.what in ("9", "*", "*9")]
    return all(to.played and all(move.to.played for move in to.moves if move.deed.what == "9") for to in nines)


def _lost(walk: Exploration) -> Iterator[str]:
    """Callers who are stuck, and whom silence brings to nobody."""
    if walk.service.flow.practice and not any(state.rang for state in walk.states):
        return  # a practice line without a number rings nobody
    for state in stuck(walk) if walk.is_complete else ():
        yield f"{_after(state)}: no way leads from here to a ringing centre"
    for state in walk.states:
        if state.kind is StateKind.LISTENS and _silence_played(state) and silent(state) is None:
            yield f"{_after(state)}: silence never leads to a ringing centre"
    yield from _long(walk)


def _long(walk: Exploration) -> Iterator[str]:
    """Callers for whom it is a long way."""
    announced = longest_announcement(walk)
    for caller, start in walk.starts.items():
        way = silent(start)
        if way is not None and way.heard + announced > SILENT_SECONDS:
            took = f"silence takes {way.heard + announced:.1f} s to a ringing centre"
            yield f"a call from {caller}: {took}; at most {SILENT_SECONDS:.0f}"
    for each in endless(walk):
        if each.all_legs > MOST_RINGS:
            rung = f"{each.all_legs} centres are rung in four hours with no key pressed and every centre {each.far_end}"
            yield f"{rung}; at most {MOST_RINGS}"
    for code in walk.service.flow.languages:
        way = plain(walk, code)
        if way is None and walk.is_complete:
            yield f"no plain way leads to a ringing centre in {code!r}"
        elif way is not None and (way.choices > MOST_CHOICES or way.entries > MOST_ENTRIES):
            yield f"the plain case in {code!r} takes {way.choices} choices and {way.entries} entries"


def _silence_played(state: ExploredState) -> bool:
    """Whether it is known where silence leads."""
    seen: set[ExploredState] = set()
    here: ExploredState | None = state
    while here is not None and here.played and here not in seen:
        seen.add(here)
        move = here.on(ActKind.SILENCE)
        here = move.to if move else None
    return here is None or here.played


def _endings(walk: Exploration) -> Iterator[str]:
    """A call is over after a conversation, and never else."""
    for state in walk.states:
        for move in state.moves:
            if move.to.played and move.to.kind is StateKind.OVER and not _talked(move):
                yield f"{_after(state)}: after {move.deed} the call is hung up on"


def _talked(move: ExploredMove) -> bool:
    return move.deed.did is ActKind.LEG and move.deed.what == TALKED


def unreached(walk: Exploration) -> list[str]:
    """The nodes of the flow that no call came through. `resume` is for a call whose token cannot be used, which no
    call of this exploration has. No problem by itself: the line that rings has no use for what only practice needs."""
    entered = {node for node, _ in walk.entered} | {walk.service.flow.resume}
    return [node for node in walk.service.flow.nodes if node not in entered]


def _after(state: ExploredState) -> str:
    return f"{state.name.node} (after {state.path()})"
