"""What was found in the states, in seconds and keys: to the 113 words, to a ringing centre, and how a call can last.

Must not judge: what is too long stands in `verdict.py`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median_low

from ivr.proof.explore.player import FAR_ENDS, ActKind
from ivr.proof.explore.states import ExploredMove, ExploredState, StateKind
from ivr.proof.explore.walk import Exploration

LONGEST_CALL = 14_400  # seconds: the provider ends every call after four hours


@dataclass(frozen=True)
class Cost:
    """`keys` that are pressed, and `seconds` until it is done. `where`: the state from which."""

    seconds: float
    keys: int
    where: ExploredState


@dataclass(frozen=True)
class CostSummary:
    """The worst of some costs, by seconds, and the middle; `most_keys` of any; how `many` there are."""

    worst: Cost
    seconds: float
    keys: int
    most_keys: int
    many: int


def spread(costs: Iterable[Cost]) -> CostSummary | None:
    found = list(costs)
    if not found:
        return None
    worst = max(found, key=lambda cost: cost.seconds)
    keys = [cost.keys for cost in found]
    return CostSummary(worst, median_low(cost.seconds for cost in found), median_low(keys), max(keys), len(found))


def spoken_in(walk: Exploration, state: ExploredState, code: str) -> bool:
    """A caller of this language hears their own here: it was chosen, or none was and this one is said to all."""
    return state.language == code or (not state.language and code in walk.service.flow.said_to_all)


def listening(walk: Exploration, code: str) -> Iterator[ExploredState]:
    """The states in which keys are heard by a caller who hears this language."""
    return (state for state in walk.states if state.kind is StateKind.LISTENS and spoken_in(walk, state, code))


def first_words(walk: Exploration, code: str) -> list[Cost | None]:
    """From the answer to the 113 words, for each kind of caller; None where they do not come before a key is heard."""
    told = ((state, state.heard.told.get(code)) for state in walk.starts.values() if state.played)
    return [None if seconds is None else Cost(seconds, 0, state) for state, seconds in told]


def to_danger(state: ExploredState, code: str) -> Cost | None:
    """Key 9 at once, or `*` and then 9: until the words have been said that no key can cut, and nobody is rung."""
    found: list[Cost] = []
    for move in state.moves:
        if move.is_usual and move.deed.what in ("9", "*9"):
            found += _told(move, code, Cost(move.after, move.presses, state))
        if move.is_usual and move.deed.what == "*":
            nine = move.to.on(ActKind.KEY, "9")
            before = move.after + move.to.heard.deaf
            found += _told(nine, code, Cost(before + nine.after, 2, state)) if nine else []
    return min(found, key=lambda cost: (cost.keys, cost.seconds), default=None)


def _told(move: ExploredMove, code: str, cost: Cost) -> list[Cost]:
    seconds = move.to.heard.told.get(code) if move.to.kind is StateKind.LISTENS else None
    return [] if seconds is None else [Cost(cost.seconds + seconds, cost.keys, cost.where)]


@dataclass(frozen=True)
class RingingRoute:
    """A way to a ringing centre, until it rings: `heard` seconds if everything is listened to, `quick` if each key is
    pressed at once, and only what must be heard out is. `entries`: digits of places, `keys`: all that is pressed."""

    heard: float
    quick: float
    keys: int
    moves: tuple[ExploredMove, ...]

    @property
    def choices(self) -> int:
        return sum(move.deed.did is ActKind.KEY for move in self.moves)

    @property
    def entries(self) -> int:
        return sum(move.deed.did is ActKind.ENTRY for move in self.moves)

    @property
    def pressed(self) -> tuple[str, ...]:
        return tuple(move.deed.what for move in self.moves if move.deed.what)


def _way(start: ExploredState, moves: tuple[ExploredMove, ...]) -> RingingRoute:
    states = [start, *(move.to for move in moves)]
    waits = sum(move.after for move in moves)
    heard = sum(state.heard.all_heard for state in states) + waits
    quick = sum(state.heard.all_heard if state.hears_out else state.heard.deaf for state in states) + waits
    return RingingRoute(heard, quick, sum(move.presses for move in moves), moves)


def silent(state: ExploredState) -> RingingRoute | None:
    """Nothing is pressed until a centre rings; None if that never comes."""
    here, moves, seen = state, [], {state}
    while here.kind is not StateKind.RINGS:
        move = here.on(ActKind.SILENCE)
        if move is None or move.to in seen:
            return None
        moves.append(move)
        here = move.to
        seen.add(here)
    return _way(state, tuple(moves))


def longest_announcement(walk: Exploration) -> float:
    """Seconds by which it makes longer what is heard next, where keys can cut it."""
    moves = [move for state in walk.states for move in state.moves if move.deed.announced and not move.deed.last_slip]
    usual = ((move, move.origin.on(move.deed.did, move.deed.what)) for move in moves)
    longer = (move.to.heard.cut - same.to.heard.cut for move, same in usual if same)
    return max(longer, default=0.0)


def plain(walk: Exploration, code: str) -> RingingRoute | None:
    """From the arrival, by the fewest entries, to the ringing centre of a place that was asked for. No key with a
    meaning of its own (0, 9, `*`, `#`) and no slip."""
    start = next(iter(walk.starts.values()))
    waiting: deque[tuple[ExploredState, tuple[ExploredMove, ...]]] = deque([(start, ())])
    seen = {start}
    while waiting:
        here, moves = waiting.popleft()
        if here.kind is StateKind.RINGS and any(move.deed.did is ActKind.ENTRY for move in moves):
            return _way(start, moves)
        for move in _plain_moves(here):
            if move.to.language == code and move.to not in seen:
                seen.add(move.to)
                waiting.append((move.to, (*moves, move)))
    return None


def _plain_moves(state: ExploredState) -> Iterator[ExploredMove]:
    if state.hears_out:
        yield from (move for move in state.moves if move.deed.did is ActKind.SILENCE and move.is_usual)
    else:
        yield from filter(_is_plain, state.moves)


def _is_plain(move: ExploredMove) -> bool:
    what = move.deed.what
    return bool(move.presses) and move.deed.is_usual and not move.is_slip and what.isdigit() and what not in ("0", "9")


def to_ring(walk: Exploration, code: str) -> list[Cost]:
    """From every state that listens, the quickest keys to a ringing centre."""
    cost: dict[ExploredState, tuple[float, int]] = {
        state: (0.0, 0) for state in walk.states if state.kind is StateKind.RINGS
    }
    before = _before(move for state in walk.states for move in state.moves if move.is_usual)
    waiting = deque(cost)
    while waiting:
        here = waiting.popleft()
        seconds, keys = cost[here]
        for move in before.get(here, ()):
            if move.presses or move.origin.kind is StateKind.PASSES:
                new = (seconds + here.heard.deaf + move.after, keys + move.presses)
                if new < cost.get(move.origin, (float("inf"), 0)):
                    cost[move.origin] = new
                    waiting.append(move.origin)
    return [Cost(*cost[state], state) for state in listening(walk, code) if state in cost]


def _before(moves: Iterable[ExploredMove]) -> Mapping[ExploredState, list[ExploredMove]]:
    found: dict[ExploredState, list[ExploredMove]] = {}
    for move in moves:
        found.setdefault(move.to, []).append(move)
    return found


def stuck(walk: Exploration) -> list[ExploredState]:
    """The states from which, with every centre in service, no way at all leads to a ringing centre, or to the end of a
    call that reached one."""
    before = _before(move for state in walk.states for move in state.moves if move.deed.is_usual)
    saved = {state for state in walk.states if state.kind in (StateKind.RINGS, StateKind.OVER)}
    waiting = list(saved)
    while waiting:
        for move in before.get(waiting.pop(), ()):
            if move.origin not in saved:
                saved.add(move.origin)
                waiting.append(move.origin)
    return [state for state in walk.states if state not in saved]


@dataclass(frozen=True)
class Endless:
    """What becomes of a caller who presses nothing when every centre takes the call in the same way: after `before`
    seconds it goes in a circle of `seconds`, in which `legs` centres are rung; `all_legs` until the provider ends the
    call. `nodes`: of the circle."""

    far_end: str
    before: float
    seconds: float
    legs: int
    all_legs: int
    nodes: tuple[str, ...]


def endless(walk: Exploration) -> list[Endless]:
    start = next(iter(walk.starts.values()))
    return [each for end in FAR_ENDS if (each := _circle(start, end)) is not None]


def _circle(start: ExploredState, end: str) -> Endless | None:
    """None if the call comes to its end by itself."""
    trail: list[tuple[ExploredState, float, int]] = []  # state, when the call came there, legs before it
    seen: dict[ExploredState, int] = {}
    here, now, legs = start, 0.0, 0
    while here not in seen:
        seen[here] = len(trail)
        trail.append((here, now, legs))
        move = here.on(ActKind.LEG, end) if here.kind is StateKind.RINGS else here.on(ActKind.SILENCE)
        if move is None:
            return None
        now += here.heard.all_heard + move.after
        legs += here.kind is StateKind.RINGS
        here = move.to
    circle = trail[seen[here] :]
    _, before, rung = circle[0]
    turn, in_turn = now - before, legs - rung
    turns = int((LONGEST_CALL - before) // turn) if turn > 0 else 0
    rest = LONGEST_CALL - before - turns * turn
    last = sum(state.kind is StateKind.RINGS and at - before + state.heard.all_heard <= rest for state, at, _ in circle)
    nodes = tuple(dict.fromkeys(state.name.node for state, _, _ in circle))
    return Endless(end, before, turn, in_turn, rung + turns * in_turn + last, nodes)
