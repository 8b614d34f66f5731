"""A flow's outline as one SVG file, readable on a white or a dark page."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from xml.sax.saxutils import escape

from ivr.line.flow.model import Flow
from ivr.proof.check.picture.layout import BoxPosition, Layout, lay_out, upward
from ivr.proof.check.picture.outline import (
    ENGLISH,
    NO_OVERLAY,
    Box,
    Naming,
    Outline,
    OutlineEdge,
    Overlay,
    Shape,
    outline,
)

SHARES = (0.5, 0.62, 0.38, 0.74, 0.28, 0.84, 0.18)  # of a line: where its label may lie, the best first
LETTER, ROW, MARGIN = 7.2, 16.0, 10.0  # width of a letter, height of a row of text, around the text in a box

_COLOURS: Mapping[Shape, tuple[str, str]] = {
    Shape.SAY: ("#f4f4f5", "#71717a"),
    Shape.MENU: ("#e0ecff", "#2f5fb3"),
    Shape.ENTRY: ("#fff4d6", "#a06a00"),
    Shape.RING: ("#ddf5e3", "#1f7a3d"),
    Shape.DANGER: ("#ffe0e0", "#b3261e"),
    Shape.END: ("#f4f4f5", "#18181b"),
}
_TAKEN = "#0b5cad"  # of the way that a call took
_LEGEND = (
    ("menu: one key", Shape.MENU),
    ("entry of digits", Shape.ENTRY),
    ("rings a centre", Shape.RING),
    ("danger to life", Shape.DANGER),
    ("speaks only", Shape.SAY),
)


def as_svg(flow: Flow, naming: Naming = ENGLISH, overlay: Overlay = NO_OVERLAY) -> str:
    plan = _counted(_folded(outline(flow, naming), naming), overlay)
    layout = lay_out({box.id: _size(box) for box in plan.boxes}, _pairs(plan), plan.start)
    width, height = layout.width, layout.height + 2 * ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(plan.name)}: the flow</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#52525b"/></marker></defs>',
        *(_line(line, layout, taken=(line.start, line.end) in overlay.way) for line in plan.lines),
        *_labels(plan, layout),
        *(_box(box, layout.places[box.id], visited=box.id in overlay.nodes) for box in plan.boxes),
        *_legend(height - ROW, naming),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _folded(plan: Outline, naming: Naming) -> Outline:
    """Ways back, and those of a practice line, are told in the box and not drawn: what is left runs down."""
    back = upward([box.id for box in plan.boxes], _pairs(plan), plan.start)
    folded = [line for line in plan.lines if (line.start, line.end) in back or line.practice]
    notes = {
        box.id: [
            f"{line.label or naming.text('then')}: {naming.title(line.end)}" for line in folded if line.start == box.id
        ]
        for box in plan.boxes
    }
    boxes = tuple(replace(box, notes=(*box.notes, *notes[box.id])) for box in plan.boxes)
    return replace(plan, boxes=boxes, lines=tuple(line for line in plan.lines if line not in folded))


def _counted(plan: Outline, overlay: Overlay) -> Outline:
    """How often each step was taken, on the first of the lines that it may have taken."""
    left = dict(overlay.counts)
    lines = []
    for line in plan.lines:
        count = left.pop((line.start, line.end), None)
        label = line.label if count is None else " · ".join(filter(None, (line.label, str(count))))
        lines.append(replace(line, label=label))
    return replace(plan, lines=tuple(lines))


def _pairs(plan: Outline) -> list[tuple[str, str]]:
    return list(dict.fromkeys((line.start, line.end) for line in plan.lines))


def _size(box: Box) -> tuple[float, float]:
    longest = max(len(text) for text in (box.title, *box.notes))
    return longest * LETTER + 2 * MARGIN, (1 + len(box.notes)) * ROW + MARGIN


def _box(box: Box, place: BoxPosition, *, visited: bool) -> str:
    fill, edge = _COLOURS[box.shape]
    edge, width = (_TAKEN, 4) if visited else (edge, 1.5)
    x, y = place.x - place.width / 2, place.y - place.height / 2
    round_ = 14 if box.shape in (Shape.RING, Shape.END) else 4
    texts = []
    for row, text in enumerate((box.title, *box.notes)):
        style = 'font-weight="bold"' if row == 0 else 'font-size="11" fill="#52525b"'
        height = y + MARGIN / 2 + ROW * (row + 0.75)
        texts.append(f'<text x="{place.x:.1f}" y="{height:.1f}" text-anchor="middle" {style}>{escape(text)}</text>')
    rect = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{place.width:.1f}" height="{place.height:.1f}" rx="{round_}" '
        f'fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'
    )
    return f'<g id="{escape(box.id)}">{rect}{"".join(texts)}</g>'


def _points(line: OutlineEdge, layout: Layout) -> list[tuple[float, float]]:
    """From the edge of one box to the edge of the other."""
    start, end = layout.places[line.start], layout.places[line.end]
    first = (start.x + _aside(line), start.y + start.height / 2)
    last = (end.x + _aside(line), end.y - end.height / 2)
    return [first, *layout.bends.get((line.start, line.end), ()), last]


def _aside(line: OutlineEdge) -> float:
    """A failure leaves a little to the right, so that it is seen beside the way that succeeds."""
    return 9.0 if line.failure else -9.0


def _line(line: OutlineEdge, layout: Layout, *, taken: bool) -> str:
    points = _points(line, layout)
    way = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (y1 + y2) / 2
        way.append(f"C{x1:.1f} {half:.1f} {x2:.1f} {half:.1f} {x2:.1f} {y2:.1f}")
    dash = ' stroke-dasharray="5 4"' if line.failure else ""
    stroke = f'stroke="{_TAKEN}" stroke-width="4"' if taken else 'stroke="#52525b"'
    return f'<path d="{"".join(way)}" fill="none" {stroke}{dash} marker-end="url(#tip)"/>'


def _labels(plan: Outline, layout: Layout) -> Iterator[str]:
    """Each on its line, on a white ground, where it covers no box and no other label."""
    taken = list(layout.places.values())
    for line in plan.lines:
        if line.label:
            spots = [_spot(line, layout, share) for share in SHARES]
            spot = next((each for each in spots if not any(each.overlaps(other) for other in taken)), spots[0])
            taken.append(spot)
            yield (
                f'<rect x="{spot.x - spot.width / 2:.1f}" y="{spot.y - 8:.1f}" width="{spot.width:.1f}" height="15" '
                f'rx="3" fill="#ffffff" fill-opacity="0.9"/><text x="{spot.x:.1f}" y="{spot.y + 3.5:.1f}" '
                f'text-anchor="middle" font-size="11">{escape(line.label)}</text>'
            )


def _spot(line: OutlineEdge, layout: Layout, share: float) -> BoxPosition:
    """Where a label would lie after that share of the first part of its line (the curve that `_line` draws)."""
    (x1, y1), (x2, y2) = _points(line, layout)[:2]
    rest = 1 - share
    x = x1 + (x2 - x1) * share * share * (3 - 2 * share)
    y = y1 * rest**3 + (y1 + y2) * 1.5 * share * rest + y2 * share**3
    return BoxPosition(x, y, len(line.label) * 6.2 + 6, 15.0)


def _legend(y: float, naming: Naming) -> Iterator[str]:
    x = MARGIN
    for english, shape in _LEGEND:
        words = naming.text(english)
        fill, edge = _COLOURS[shape]
        yield f'<rect x="{x:.0f}" y="{y - 11:.0f}" width="14" height="14" rx="3" fill="{fill}" stroke="{edge}"/>'
        yield f'<text x="{x + 20:.0f}" y="{y:.0f}">{escape(words)}</text>'
        x += len(words) * LETTER + 40
    yield f'<text x="{x:.0f}" y="{y:.0f}">{escape(naming.text("dashed: it failed, or practice only"))}</text>'
