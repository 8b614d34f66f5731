"""Plots as SVG text to stand inside a page: drawn by hand, no script, nothing fetched, black on white when printed.

Every plot has a title and a description for those who do not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 720


@dataclass(frozen=True)
class Bar:
    """`parts`: how long each of its pieces is, in the order of the plot's colours; `text`: what stands behind it."""

    label: str
    parts: tuple[float, ...]
    text: str


def bars(title: str, told: Sequence[Bar], classes: Sequence[str]) -> str:
    """Lying bars, one under the other; `classes`: the CSS class of each piece."""
    left, right, step = 230, 80, 24
    longest = max((sum(bar.parts) for bar in told), default=0) or 1
    drawn = []
    for row, bar in enumerate(told):
        y, x = row * step + 4, float(left)
        drawn.append(_text(left - 8, y + 13, bar.label, "end"))
        for length, css in zip(bar.parts, classes, strict=True):
            width = length / longest * (_WIDTH - left - right)
            if width:
                drawn.append(f'<rect class="{css}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="16"/>')
            x += width
        drawn.append(_text(x + 6, y + 13, bar.text, "start"))
    return _svg(title, _described(told), len(told) * step + 6, drawn)


def columns(title: str, told: Sequence[Bar], axis: str) -> str:
    """Standing bars, side by side, such as one for each hour."""
    left, top, bottom, height = 46.0, 10.0, 40.0, 220
    tallest = max((sum(bar.parts) for bar in told), default=0) or 1
    room = (_WIDTH - left) / max(1, len(told))
    drawn = [_grid(left, top, height - bottom, tallest)]
    for column, bar in enumerate(told):
        tall = sum(bar.parts) / tallest * (height - bottom - top)
        x = left + column * room
        y, wide = height - bottom - tall, room * 0.8
        drawn.append(f'<rect class="one" x="{x + room * 0.1:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>')
        drawn.append(_text(x + room / 2, height - bottom + 16, bar.label, "middle"))
    drawn.append(_text(left + (_WIDTH - left) / 2, height - 6, axis, "middle"))
    return _svg(title, _described(told), height, drawn)


@dataclass(frozen=True)
class Curve:
    """`points`: seconds, and the share that is no slower; rising."""

    label: str
    points: tuple[tuple[float, float], ...]
    css: str


def curves(title: str, told: Sequence[Curve], until: int, axis: str, described: str) -> str:
    """How many were served after how long: the share from 0 to 1 over seconds from 0 to `until`."""
    left, top, bottom, height = 46.0, 10.0, 56.0, 260
    wide, tall = _WIDTH - left - 10, height - bottom - top
    drawn = [_grid(left, top, height - bottom, 100, " %")]
    for mark in range(0, until + 1, max(1, until // 6)):
        drawn.append(_text(left + mark / until * wide, height - bottom + 16, str(mark), "middle"))
    for number, curve in enumerate(told):
        x, y, path = 0.0, 0.0, [f"M{left} {top + tall}"]
        for second, share in curve.points:
            x, y = min(second, until), share if second <= until else y
            path.append(f"H{left + x / until * wide:.1f}V{top + (1 - y) * tall:.1f}")
        path.append(f"H{left + wide}")
        drawn.append(f'<path class="{curve.css}" d="{"".join(path)}"/>')
        drawn.append(f'<path class="{curve.css}" d="M{left + number * 240} {height - 10}h28"/>')
        drawn.append(_text(left + number * 240 + 34, height - 6, curve.label, "start"))
    drawn.append(_text(left + wide / 2, height - bottom + 32, axis, "middle"))
    return _svg(title, described, height, drawn)


def _grid(left: float, top: float, bottom: float, highest: float, unit: str = "") -> str:
    lines = []
    for quarter in range(5):
        y = bottom - quarter / 4 * (bottom - top)
        lines.append(f'<path class="grid" d="M{left} {y:.1f}H{_WIDTH}"/>')
        lines.append(_text(left - 6, y + 4, f"{highest * quarter / 4:.0f}{unit}", "end"))
    return "".join(lines)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _described(told: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.text}" for bar in told)


def _svg(title: str, description: str, height: int, drawn: Sequence[str]) -> str:
    about = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">{about}{"".join(drawn)}</svg>'
