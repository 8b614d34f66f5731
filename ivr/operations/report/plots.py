"""Where the shapes of a plot lie. templates/report/plots.html writes it as SVG, for the report and for the console.

A plot has a title and a description for those who do not see it. The page's style sheet gives the classes their
colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PARTS = 4  # of a scale
_WIDTH = 720


@dataclass(frozen=True)
class PlotText:
    """`anchor`: which end of the words is at x, as SVG calls it."""

    x: float
    y: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class PlotRect:
    css: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PlotPath:
    """`way`: the `d` of SVG."""

    css: str
    way: str


@dataclass(frozen=True)
class Plot:
    """`description`: "" where the page says the same in a table."""

    title: str
    width: int
    height: int
    texts: Sequence[PlotText]
    rects: Sequence[PlotRect] = ()
    paths: Sequence[PlotPath] = ()
    description: str = ""


@dataclass(frozen=True)
class PlotFrame:
    """The size of a plot with a scale, and the room around what is drawn. Shares run from 0 to 1."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    def x(self, share: float) -> float:
        return self.left + share * (self.width - self.left - self.right)

    def y(self, share: float) -> float:
        return self.height - self.bottom - share * (self.height - self.bottom - self.top)

    def middle(self, number: int, count: int) -> float:
        """Where the column of that number stands, of so many."""
        return self.x((number + 0.5) / count)

    def across(self, share: float, css: str) -> PlotPath:
        """A line from side to side."""
        return PlotPath(css, f"M{self.left} {self.y(share):.1f}H{self.width}")

    def scale(self, labels: Sequence[str]) -> tuple[list[PlotPath], list[PlotText]]:
        """Its lines and labels, from the lowest to the highest."""
        shares = [number / (len(labels) - 1) for number in range(len(labels))]
        texts = [
            PlotText(self.left - 6, self.y(share) + 4, label, "end")
            for share, label in zip(shares, labels, strict=True)
        ]
        return [self.across(share, "grid") for share in shares], texts

    def columns(self, shares: Sequence[float]) -> list[PlotRect]:
        room = (self.width - self.left - self.right) / max(1, len(shares))
        return [
            PlotRect("one", self.left + (number + 0.1) * room, self.y(share), room * 0.8, self.y(0) - self.y(share))
            for number, share in enumerate(shares)
        ]


_HOURS = PlotFrame(_WIDTH, 220, left=46, right=0, top=10, bottom=40)
_CURVES = PlotFrame(_WIDTH, 260, left=46, right=10, top=10, bottom=56)


def marks(highest: float) -> list[float]:
    """The values at the lines of a scale from 0."""
    return [highest * number / PARTS for number in range(PARTS + 1)]


@dataclass(frozen=True)
class Bar:
    """`parts`: how long each of its pieces is, in the order of the plot's colours; `text`: what stands behind it."""

    label: str
    parts: tuple[float, ...]
    text: str


def bars(title: str, told: Sequence[Bar], classes: Sequence[str]) -> Plot:
    """Lying bars, one under the other; `classes`: the CSS class of each piece."""
    left, right, step = 230, 80, 24
    longest = max((sum(bar.parts) for bar in told), default=0) or 1
    rects, texts = [], []
    for row, bar in enumerate(told):
        y, x = row * step + 4, float(left)
        texts.append(PlotText(left - 8, y + 13, bar.label, "end"))
        for length, css in zip(bar.parts, classes, strict=True):
            width = length / longest * (_WIDTH - left - right)
            if width:
                rects.append(PlotRect(css, x, y, width, 16))
            x += width
        texts.append(PlotText(x + 6, y + 13, bar.text, "start"))
    return Plot(title, _WIDTH, len(told) * step + 6, texts, rects, description=_described(told))


def columns(title: str, told: Sequence[Bar], axis: str) -> Plot:
    """Standing bars, side by side, such as one for each hour."""
    tallest = max((sum(bar.parts) for bar in told), default=0) or 1
    paths, texts = _HOURS.scale([f"{value:.0f}" for value in marks(tallest)])
    rects = _HOURS.columns([sum(bar.parts) / tallest for bar in told])
    below = _HOURS.y(0) + 16
    texts += [PlotText(_HOURS.middle(number, len(told)), below, bar.label) for number, bar in enumerate(told)]
    texts.append(PlotText(_HOURS.x(0.5), _HOURS.height - 6, axis))
    return Plot(title, _HOURS.width, _HOURS.height, texts, rects, paths, _described(told))


@dataclass(frozen=True)
class Curve:
    """`points`: seconds, and the share that is no slower; rising."""

    label: str
    points: tuple[tuple[float, float], ...]
    css: str


def curves(title: str, told: Sequence[Curve], until: int, axis: str, described: str) -> Plot:
    """How many were served after how long: the share from 0 to 1 over seconds from 0 to `until`."""
    paths, texts = _CURVES.scale([f"{value:.0f} %" for value in marks(100)])
    below, bottom = _CURVES.y(0), _CURVES.height
    texts += [PlotText(_CURVES.x(mark / until), below + 16, str(mark)) for mark in range(0, until + 1, until // 6)]
    for number, curve in enumerate(told):
        x = _CURVES.left + number * 240
        paths += [PlotPath(curve.css, _steps(curve, until)), PlotPath(curve.css, f"M{x} {bottom - 10}h28")]
        texts.append(PlotText(x + 34, bottom - 6, curve.label, "start"))
    texts.append(PlotText(_CURVES.x(0.5), below + 32, axis))
    return Plot(title, _CURVES.width, _CURVES.height, texts, paths=paths, description=described)


def _steps(curve: Curve, until: int) -> str:
    """What is slower than `until` runs to the edge at the height before."""
    shown = [(second, share) for second, share in curve.points if second <= until]
    steps = (f"H{_CURVES.x(second / until):.1f}V{_CURVES.y(share):.1f}" for second, share in shown)
    return f"M{_CURVES.x(0):.1f} {_CURVES.y(0):.1f}{''.join(steps)}H{_CURVES.x(1):.1f}"


def _described(told: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.text}" for bar in told)
