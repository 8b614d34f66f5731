"""Places that a call treats alike, each stood for by one of them: the one with the longest names.

357 municipalities, 5122 postcodes and every change of duty in two years come down to a handful of classes, because a
step depends on a place only through its centre, the centre offered beside it, and who stands in. The checker and the
explorer play the same classes; how long anything takes each measures by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ivr.line.directory import Centre, Directory, Place

MANY = 3  # backups: more than this make no difference, no flow rings so many before it offers a choice


@dataclass(frozen=True)
class PlaceClass:
    """`other`: another centre has duty at this hour too. `backups`: how many may stand in, up to MANY. `line`: the
    centre has a number that may be rung."""

    other: bool
    backups: int
    line: bool

    def __str__(self) -> str:
        number = "" if self.line else ", without a number"
        return f"{'two centres' if self.other else 'one centre'} on duty, {self.backups} standing in{number}"


@dataclass(frozen=True)
class Example:
    """The place that stands for a class, and a moment at which it belongs to it."""

    kind: PlaceClass
    place: Place
    centre: Centre
    other: Centre | None
    now: datetime


def class_of(directory: Directory, centre: Centre, other: Centre | None) -> PlaceClass:
    return PlaceClass(other is not None, min(len(directory.backups(centre)), MANY), centre.target is not None)


def example_of(directory: Directory, place: Place, now: datetime) -> Example:
    answer = directory.answering(place, now)
    kind = class_of(directory, answer.centre, answer.alternative)
    return Example(kind, place, answer.centre, answer.alternative, now)


def longest(directory: Directory, looked_at: Iterable[tuple[Place, datetime]]) -> dict[PlaceClass, Example]:
    """Of each class that is met the example of which most letters are spoken: of the place and its centres."""
    best: dict[PlaceClass, tuple[int, Example]] = {}
    of_centres: dict[str, int] = {}
    for place, now in looked_at:
        example = example_of(directory, place, now)
        centre = example.centre
        if centre.id not in of_centres:
            backups = directory.backups(centre)[:MANY]
            of_centres[centre.id] = len(centre.spoken) + max((len(each.spoken) for each in backups), default=0)
        other = len(example.other.spoken) if example.other else 0
        letters = of_centres[centre.id] + other + len(directory.place_name(place))
        if letters > best.get(example.kind, (0, example))[0]:
            best[example.kind] = letters, example
    return {kind: example for kind, (_, example) in best.items()}


def postcode_of(directory: Directory, place: Place) -> str:
    """A postcode that leads to this place; "" for an area without postcodes."""
    if place.postcode:
        return place.postcode
    own = directory.tables.timetables
    codes = directory.tables.postcodes.items()
    return next((c for c, (number, _) in codes if number == place.municipality and f"{number}-{c}" not in own), "")
