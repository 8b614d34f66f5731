"""A map of Norway without a network: a square for each municipality, as near to its place as squares allow.

The points are those of the directory. A square says its share in tenths as a digit, or its change as a sign, so that no
meaning lies in colour alone; colours are of the scale cividis, which colour-blind people tell apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from ivr.planner.answer_text import difference, is_clear, share

KEY = (
    "9 is 90 to 100 of 100 calls within two minutes, 4 is 40 to 49. In the map of differences ▼ is worse and ▲ better "
    "than chance explains, · is alike; an empty square has too few calls."
)
_SIZE = 16
_ACROSS = 30  # squares from west to east
_LIGHTEST_DARK = 3
_CLASSES = (0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class MapSquare:
    """A municipality. `tip`: shown where a mouse rests; `sign`: what stands in the square; `ink`: its class."""

    x: int
    y: int
    tip: str
    css: str
    sign: str
    ink: str


@dataclass(frozen=True)
class TileMap:
    """templates/planner/sections.html draws it as SVG."""

    title: str
    width: int
    height: int
    squares: Sequence[MapSquare]


def tile_map(places: list[dict[str, Any]], what: str, title: str) -> TileMap:
    """`what`: `plan`, or `difference`."""
    squares = _squares(places)
    columns, rows = (max(each[axis] for each in squares) + 1 for axis in (0, 1))
    drawn = [_square(place, square, what) for place, square in zip(places, squares, strict=True)]
    return TileMap(title, columns * _SIZE, rows * _SIZE, drawn)


def _square(place: dict[str, Any], square: tuple[int, int], what: str) -> MapSquare:
    css, sign, ink = _look(place, what)
    said = share(place["plan"]) if what == "plan" else difference(place["difference"], "share")
    return MapSquare(square[0] * _SIZE, square[1] * _SIZE, f"{place['name']}: {said}", css, sign, ink)


def _look(place: dict[str, Any], what: str) -> tuple[str, str, str]:
    """Class, sign and ink of a square."""
    found = place[what]
    if found is None:
        return "none", "", ""
    if what == "plan":
        number = sum(found["mean"] >= bound for bound in _CLASSES)
        return f"s{number}", str(min(int(found["mean"] * 10), 9)), "dark" if number < _LIGHTEST_DARK else "light"
    if not is_clear(found):
        return "alike", "·", "light"
    return ("worse", "▼", "dark") if found["mean"] < 0 else ("better", "▲", "dark")


def _squares(places: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Each place's column and row: the free square that is nearest to its point, the most crowded places first."""
    points = [_projected(each) for each in places]
    west, north = min(x for x, _ in points), max(y for _, y in points)
    step = (max(x for x, _ in points) - west) / _ACROSS
    wanted = [((x - west) / step, (north - y) / step) for x, y in points]
    order = sorted(range(len(wanted)), key=lambda number: (-_crowd(wanted, number), number))
    taken: dict[tuple[int, int], int] = {}
    for number in order:
        taken[_nearest_free(wanted[number], taken)] = number
    found = {number: square for square, number in taken.items()}
    left, top = (min(square[axis] for square in taken) for axis in (0, 1))
    return [(found[number][0] - left, found[number][1] - top) for number in range(len(places))]


def _projected(place: dict[str, Any]) -> tuple[float, float]:
    """Degrees as if the country were flat; a cone keeps Finnmark from reaching too far to the east."""
    latitude, longitude = place["latitude"], place["longitude"] - 15
    return longitude * cos(radians(latitude)), latitude + 0.006 * longitude * longitude * cos(radians(latitude))


def _crowd(points: list[tuple[float, float]], number: int) -> int:
    x, y = points[number]
    return sum(abs(a - x) < 2 and abs(b - y) < 2 for a, b in points)


def _nearest_free(point: tuple[float, float], taken: dict[tuple[int, int], int]) -> tuple[int, int]:
    x, y = point
    for reach in range(1, 60):
        near = [
            (column, row)
            for column in range(round(x) - reach, round(x) + reach + 1)
            for row in range(round(y) - reach, round(y) + reach + 1)
            if (column, row) not in taken
        ]
        best = min(near, key=lambda each: (each[0] - x) ** 2 + (each[1] - y) ** 2, default=None)
        if best is not None and (best[0] - x) ** 2 + (best[1] - y) ** 2 <= reach * reach:
            return best
    raise ValueError("more places than squares")
