"""Two questions about the states of a call: which can reach a goal, and which lie on a circle."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.proof.check.situations import Situation


def reaching(situations: Iterable["Situation"], goal: Callable[["Situation"], bool]) -> set["Situation"]:
    """Those from which some way leads to a goal."""
    before: dict[Situation, list[Situation]] = {}
    waiting: list[Situation] = []
    for each in situations:
        for move in each.moves:
            before.setdefault(move.to.first, []).append(each)
        if goal(each):
            waiting.append(each)
    found = set(waiting)
    while waiting:
        for each in before.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def circles(
    situations: Sequence["Situation"], following: Callable[["Situation"], Iterable["Situation"]]
) -> list[list["Situation"]]:
    """What is left when everything has been taken away, again and again, that leads nowhere else: the circles, and
    what leads into them. Each is told once, from its first situation on."""
    left = {each: set(following(each)) for each in situations}
    while True:
        done = {each for each, ways in left.items() if not ways & left.keys()}
        if not done:
            break
        left = {each: ways for each, ways in left.items() if each not in done}
    found: list[list[Situation]] = []
    told: set[str] = set()
    for each in left:
        way = _round(each, left)
        if not told & {step.node for step in way}:
            told |= {step.node for step in way}
            found.append(way)
    return found


def _round(start: "Situation", left: dict["Situation", set["Situation"]]) -> list["Situation"]:
    """One circle that `start` leads into."""
    way = [start]
    while True:
        here = next(to for to in left[way[-1]] if to in left)
        if here in way:
            return way[way.index(here) :]
        way.append(here)
