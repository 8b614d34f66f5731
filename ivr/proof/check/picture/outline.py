"""What a picture of a flow shows: boxes and the lines between them, as the nodes describe themselves. Knows no place.

The global keys are drawn nowhere: 0 and 9 lead from every box to the two that are marked; nor is the way back, by `*`.
Where silence ends at a person, or in the same node, the box says so instead of a line. Languages are folded: one box
stands for all of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from ivr.line.flow.describe import Description, Edge, Kind, Shape
from ivr.line.flow.model import Flow

__all__ = ["Box", "Naming", "Outline", "OutlineEdge", "Overlay", "Shape", "outline"]


@dataclass(frozen=True)
class Naming:
    """How a picture names things in one language. `titles`: of nodes by id; a node without one is called by its id.
    `words`: what the picture writes at its lines, by the English word."""

    titles: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def title(self, node: str) -> str:
        return self.titles.get(node, node)

    def text(self, english: str) -> str:
        """The longest words first: "not found" before "found"."""
        words = sorted(self.words, key=len, reverse=True)
        found = "|".join(re.escape(word) for word in words)
        return re.sub(rf"\b(?:{found})\b", lambda match: self.words[match[0]], english) if found else english


ENGLISH = Naming()


@dataclass(frozen=True)
class Overlay:
    """What is drawn over a picture. `way`: steps from node to node, drawn thick. `counts`: how often a step was taken,
    written at its line. `nodes`: those that the way comes to."""

    way: frozenset[tuple[str, str]] = frozenset()
    nodes: frozenset[str] = frozenset()
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of_way(cls, nodes: tuple[str, ...]) -> "Overlay":
        return cls(frozenset(pairwise(nodes)), frozenset(nodes))


NO_OVERLAY = Overlay()


@dataclass(frozen=True)
class Box:
    id: str
    shape: Shape
    notes: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class OutlineEdge:
    """`failure`: taken when something did not succeed (drawn dashed). `practice`: only a practice line has it."""

    start: str
    end: str
    label: str
    failure: bool = False
    practice: bool = False


@dataclass(frozen=True)
class Outline:
    name: str
    start: str
    boxes: tuple[Box, ...]
    lines: tuple[OutlineEdge, ...]


def outline(flow: Flow, naming: Naming = ENGLISH) -> Outline:
    boxes: list[Box] = []
    lines: list[OutlineEdge] = []
    for name, node in flow.described.items():
        drawn = [edge for edge in node.edges if edge.kind is not Kind.BACK]
        noted = [edge for edge in drawn if _is_noted(edge, name, flow)]
        notes = [(edge.label, naming.text("again") if edge.to == name else naming.title(edge.to)) for edge in noted]
        written = [*map(naming.text, _notes(name, node, flow)), *(f"{naming.text(by)}: {to}" for by, to in notes)]
        boxes.append(Box(name, node.shape, tuple(written), naming.title(name)))
        lines += _joined(name, (edge for edge in drawn if edge not in noted), naming)
    return Outline(flow.name, flow.start, tuple(boxes), tuple(lines))


def _is_noted(edge: Edge, node: str, flow: Flow) -> bool:
    return edge.kind in (Kind.SILENCE, Kind.REPEAT) and edge.to in (flow.person, node)


def _notes(name: str, node: Description, flow: Flow) -> Iterator[str]:
    if name == flow.red_flag:
        yield "key 9, from everywhere"
    if name == flow.person:
        yield "key 0, from everywhere"
    yield from node.notes


def _joined(start: str, edges: Iterable[Edge], naming: Naming) -> Iterator[OutlineEdge]:
    """Several keys to the same box are one line."""
    found: dict[tuple[str, bool, bool], list[str]] = {}
    for edge in edges:
        found.setdefault((edge.to, edge.failure, edge.kind is Kind.NO_LINE), []).append(edge.label)
    for (end, failure, practice), labels in found.items():
        label = ", ".join(filter(None, dict.fromkeys(labels)))
        yield OutlineEdge(start, end, naming.text(label), failure, practice)
