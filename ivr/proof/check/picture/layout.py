"""Boxes in layers, lines running down: a small layered layout. Knows boxes' sizes and lines' ends, nothing of flows.

Lines that would run up are turned round for the placing only. A line over several layers gets a bend in each, so
that it goes past the boxes and not through them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP_X, GAP_Y = 34.0, 64.0
BEND = 14.0  # width of a bend
ROUNDS = 24

Size = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class BoxPosition:
    """The middle of a box."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "BoxPosition") -> bool:
        across = abs(self.x - other.x) < (self.width + other.width) / 2
        return across and abs(self.y - other.y) < (self.height + other.height) / 2


@dataclass(frozen=True)
class Layout:
    """`bends`: for each line the points between its ends, in the order of the line."""

    places: Mapping[str, BoxPosition]
    bends: Mapping[Pair, tuple[tuple[float, float], ...]]
    width: float
    height: float


def lay_out(sizes: Mapping[str, Size], lines: Sequence[Pair], start: str) -> Layout:
    """Each pair of `lines` once."""
    back = upward(list(sizes), lines, start)
    down = {pair: pair[::-1] if pair in back else pair for pair in lines if pair[0] != pair[1]}
    layer = _layers(sizes, list(down.values()))
    widths = {**{name: size[0] for name, size in sizes.items()}}
    chains: dict[Pair, list[str]] = {}
    hops: list[Pair] = []
    for pair, (top, bottom) in down.items():
        inner = [f"{pair[0]}>{pair[1]}#{level}" for level in range(layer[top] + 1, layer[bottom])]
        for level, name in enumerate(inner, start=layer[top] + 1):
            layer[name], widths[name] = level, BEND
        chain = [top, *inner, bottom]
        hops += pairwise(chain)
        chains[pair] = inner if pair[0] == top else inner[::-1]
    rows = _ordered(layer, hops)
    x = _across(rows, widths, hops)
    return _placed(rows, x, sizes, chains)


def upward(names: Sequence[str], lines: Sequence[Pair], start: str) -> set[Pair]:
    """The lines that lead back, towards the start, to a box that comes before or beside theirs."""
    following: dict[str, list[str]] = defaultdict(list)
    for first, second in lines:
        following[first].append(second)
    order: dict[str, int] = {}
    for root in (start, *names):
        waiting = [root]
        for name in waiting:
            if name not in order:
                order[name] = len(order)
                waiting += following[name]
    return {(first, second) for first, second in lines if order[second] <= order[first]}


def _layers(sizes: Mapping[str, Size], down: Sequence[tuple[str, ...]]) -> dict[str, int]:
    """Each box one below the lowest of those that lead to it."""
    before: dict[str, list[str]] = defaultdict(list)
    for top, bottom in down:
        before[bottom].append(top)
    found: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in found:
            found[name] = max((level(other) + 1 for other in before[name]), default=0)
        return found[name]

    for name in sizes:
        level(name)
    return found


def _ordered(layer: Mapping[str, int], hops: Sequence[Pair]) -> list[list[str]]:
    """Each layer from left to right: what belongs together stands together."""
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name, level in layer.items():
        rows[level].append(name)
    above, below = _neighbours(hops)
    best, fewest = [list(row) for row in rows], _crossings(rows, below)
    for count in range(ROUNDS):
        down = count % 2 == 0
        for row in rows if down else rows[::-1]:
            _sort(row, rows, above if down else below, layer)
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _neighbours(hops: Sequence[Pair]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for top, bottom in hops:
        above[bottom].append(top)
        below[top].append(bottom)
    return above, below


def _sort(row: list[str], rows: list[list[str]], beside: Mapping[str, list[str]], layer: Mapping[str, int]) -> None:
    places = {name: index for other in rows for index, name in enumerate(other)}
    weight = {
        name: sum(places[other] for other in beside[name]) / len(beside[name]) if beside.get(name) else places[name]
        for name in row
    }
    row.sort(key=lambda name: weight[name])


def _crossings(rows: Sequence[Sequence[str]], below: Mapping[str, list[str]]) -> int:
    count = 0
    for upper, lower in pairwise(rows):
        places = {name: index for index, name in enumerate(lower)}
        ends = [places[other] for name in upper for other in sorted(below.get(name, ()), key=places.__getitem__)]
        count += sum(left > right for index, left in enumerate(ends) for right in ends[index + 1 :])
    return count


def _across(rows: Sequence[Sequence[str]], widths: Mapping[str, float], hops: Sequence[Pair]) -> dict[str, float]:
    """The middle of everything from left to right: near what it is joined to, and never over its neighbour."""
    x: dict[str, float] = {}
    for row in rows:
        left = 0.0
        for name in row:
            x[name] = left + widths[name] / 2
            left += widths[name] + GAP_X
    above, below = _neighbours(hops)
    for count in range(ROUNDS):
        for row in rows if count % 2 == 0 else rows[::-1]:
            _pull(row, x, widths, (above, below))
    return x


def _pull(
    row: Sequence[str],
    x: dict[str, float],
    widths: Mapping[str, float],
    beside: tuple[Mapping[str, list[str]], Mapping[str, list[str]]],
) -> None:
    wanted = {}
    for name in row:
        others = [x[other] for side in beside for other in side.get(name, ())]
        wanted[name] = sum(others) / len(others) if others else x[name]
    left = [wanted[name] for name in row]
    right = list(left)
    for index in range(1, len(row)):
        left[index] = max(left[index], left[index - 1] + _apart(row, index, widths))
    for index in range(len(row) - 2, -1, -1):
        right[index] = min(right[index], right[index + 1] - _apart(row, index + 1, widths))
    for index, name in enumerate(row):
        x[name] = (left[index] + right[index]) / 2


def _apart(row: Sequence[str], index: int, widths: Mapping[str, float]) -> float:
    return (widths[row[index - 1]] + widths[row[index]]) / 2 + GAP_X


def _placed(
    rows: Sequence[Sequence[str]],
    x: Mapping[str, float],
    sizes: Mapping[str, Size],
    chains: Mapping[Pair, Sequence[str]],
) -> Layout:
    edge = min((x[name] - sizes.get(name, (BEND, 0.0))[0] / 2 for row in rows for name in row), default=0.0) - GAP_X
    y, now = {}, GAP_Y / 2
    for row in rows:
        height = max((sizes[name][1] for name in row if name in sizes), default=BEND)
        for name in row:
            y[name] = now + height / 2
        now += height + GAP_Y
    places = {name: BoxPosition(x[name] - edge, y[name], *sizes[name]) for name in sizes}
    bends = {pair: tuple((x[name] - edge, y[name]) for name in chain) for pair, chain in chains.items()}
    right = [place.x + place.width / 2 for place in places.values()]
    right += [point[0] for points in bends.values() for point in points]
    return Layout(places, bends, max(right, default=0.0) + GAP_X, now)
