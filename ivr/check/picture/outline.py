"""What a picture of a flow shows: boxes and the lines between them. Knows node types; knows no shape or place.

The global keys are drawn nowhere: 0 and 9 lead from every box to the two that are marked. Where silence ends at a
person, the box says so instead of a line. Languages are folded: one box stands for all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from ivr.flow.model import Flow, Node
from ivr.flow.nodes.after_failure import AfterFailure
from ivr.flow.nodes.ask_place import AskPlace
from ivr.flow.nodes.by_caller import ByCaller
from ivr.flow.nodes.choose_language import ChooseLanguage
from ivr.flow.nodes.confirm_place import ConfirmPlace
from ivr.flow.nodes.connect import Connect
from ivr.flow.nodes.end import End
from ivr.flow.nodes.menu import Menu
from ivr.flow.nodes.pick_place import PickPlace
from ivr.flow.nodes.red_flag import RedFlagNode
from ivr.flow.nodes.say import SayNode
from ivr.flow.turn import AGAIN

PRACTICE = "practice"


class Shape(Enum):
    SAY = "say"
    MENU = "menu"
    ENTRY = "entry"
    RING = "ring"
    DANGER = "danger"
    END = "end"


@dataclass(frozen=True)
class Box:
    id: str
    shape: Shape
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """`failure`: taken when something did not succeed (drawn dashed)."""

    start: str
    end: str
    label: str
    failure: bool = False


@dataclass(frozen=True)
class Outline:
    name: str
    start: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


_SHAPES: tuple[tuple[type, Shape], ...] = (
    (AskPlace, Shape.ENTRY),
    (Connect, Shape.RING),
    (RedFlagNode, Shape.DANGER),
    (End, Shape.END),
    (SayNode, Shape.SAY),
    (ByCaller, Shape.SAY),
)


def outline(flow: Flow) -> Outline:
    boxes: list[Box] = []
    lines: list[Line] = []
    for node in flow.nodes.values():
        ways = list(_ways(node))
        drawn = [way for way in ways if way.end not in (flow.person, node.id) or "silence" not in way.label]
        notes = [_note(way, node) for way in ways if way not in drawn]
        boxes.append(Box(node.id, _shape(node), (*_titles(node, flow), *notes)))
        lines += _joined(drawn)
    return Outline(flow.name, flow.start, tuple(boxes), tuple(lines))


def _note(way: Line, node: Node) -> str:
    return f"{way.label}: {'again' if way.end == node.id else way.end}"


def _shape(node: Node) -> Shape:
    return next((shape for kind, shape in _SHAPES if isinstance(node, kind)), Shape.MENU)


def _titles(node: Node, flow: Flow) -> Iterator[str]:
    if node.id == flow.red_flag:
        yield "key 9, from everywhere"
    if node.id == flow.person:
        yield "key 0, from everywhere"
    if isinstance(node, ChooseLanguage):
        yield ", ".join(flow.languages)
    if isinstance(node, AskPlace):
        yield node.by.replace("_", " ")


def _joined(ways: Iterable[Line]) -> Iterator[Line]:
    """Several keys to the same box are one line."""
    found: dict[tuple[str, str, bool], list[str]] = {}
    for way in ways:
        found.setdefault((way.start, way.end, way.failure), []).append(way.label)
    for (start, end, failure), labels in found.items():
        yield Line(start, end, ", ".join(filter(None, dict.fromkeys(labels))), failure)


def _ways(node: Node) -> Iterator[Line]:
    for label, end, failure in _labelled(node):
        if end:
            yield Line(node.id, end, label, failure)


_Way = tuple[str, str, bool]


def _labelled(node: Node) -> Iterator[_Way]:
    match node:
        case SayNode():
            yield "", node.next, False
        case ByCaller():
            yield from (("from abroad", node.abroad, False), ("others", node.otherwise, False))
        case ChooseLanguage():
            yield f"{', '.join(node.choices)} or silence", node.next, False
        case Menu():
            yield from ((key, choice.to, False) for key, choice in node.choices.items())
            yield from _silence(node.silence, node.id)
            if isinstance(node, AfterFailure):
                yield "none left", node.none_left, True
        case _:
            yield from _about_places(node)


def _about_places(node: Node) -> Iterator[_Way]:
    match node:
        case AskPlace():
            yield from (("found", node.found, False), ("several", node.several, False), ("*", node.star, False))
            yield from (("not found", node.unknown, True), ("silence", node.silence, True))
        case PickPlace():
            yield "1–3", node.found, False
            yield from _silence(node.silence, node.id)
        case ConfirmPlace():
            yield from (("1 or silence", node.connect, False), ("1 (number)", node.read, False))
            yield "other place", node.elsewhere, False
        case Connect():
            yield from (("no answer", node.failed, True), ("talked", node.ended, False))
            yield from (("none left", node.none_left, True), (PRACTICE, node.no_line, True))
        case RedFlagNode():
            yield "silence", node.silence, False


def _silence(ladder: tuple[str, ...], node: str) -> Iterator[_Way]:
    times = {AGAIN: node}
    steps = [times.get(step, step) for step in ladder]
    last = steps[-1]
    yield ("silence" if len(steps) == 1 else f"silence {len(steps)}×"), last, False
