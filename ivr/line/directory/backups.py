"""The ladder of centres to try when one does not answer.

First the backups that the files name, one after the other; then the nearest centres over a land border,
then those that touch in a point or over water, then the nearest of all. Distance is between the
representative points of two municipalities: a fair order, not a travel time.
"""

from collections.abc import Collection, Iterable, Mapping
from math import asin, cos, dist, inf, radians, sin

from ivr.base.ids import CentreId, MunicipalityNumber
from ivr.line.directory.model import Centre, Municipality

LADDER = 6
_EARTH_KM = 6371.0

Point = tuple[float, float, float]


def distance_km(a: Municipality, b: Municipality) -> float:
    """Between the representative points of two municipalities, along the earth."""
    return 2 * _EARTH_KM * asin(min(1.0, dist(_point(a), _point(b)) / 2))


def ladders(
    centres: Mapping[CentreId, Centre],
    homes: Mapping[CentreId, Collection[MunicipalityNumber]],
    usable: Collection[CentreId],
    places: Mapping[MunicipalityNumber, Municipality],
    neighbours: Iterable[tuple[MunicipalityNumber, MunicipalityNumber, str]],
) -> dict[CentreId, tuple[Centre, ...]]:
    """For each centre its ladder. `homes`: the places a centre serves; `usable`: who may stand in."""
    points = {number: _point(place) for number, place in places.items()}
    desks: dict[MunicipalityNumber, list[CentreId]] = {}
    for desk in sorted(usable):
        for home in homes[desk]:
            desks.setdefault(home, []).append(desk)
    borders = _borders(neighbours)
    result = {}
    for identifier, centre in centres.items():
        here = homes.get(identifier, ())
        ladder = [named for named in explicit_chain(centre, centres) if named in usable]
        for kinds in (("land",), ("corner", "water")):
            across = ((a, b) for a in here for kind in kinds for b in borders.get((a, kind), ()))
            _extend(ladder, identifier, across, points, desks)
        if len(ladder) < LADDER:
            _extend(ladder, identifier, ((a, b) for a in here for b in desks), points, desks)
        result[identifier] = tuple(centres[step] for step in ladder[:LADDER])
    return result


def explicit_chain(centre: Centre, centres: Mapping[CentreId, Centre]) -> list[CentreId]:
    """The backups the files name, in order; stops at a loop or at an unknown name."""
    chain: list[CentreId] = []
    following = centre.backup
    while following and following in centres and following not in chain and following != centre.id:
        chain.append(following)
        following = centres[following].backup
    return chain


def _extend(
    ladder: list[CentreId],
    own: CentreId,
    pairs: Iterable[tuple[MunicipalityNumber, MunicipalityNumber]],
    points: Mapping[MunicipalityNumber, Point],
    desks: Mapping[MunicipalityNumber, Collection[CentreId]],
) -> None:
    """Append the desks at the far end of `pairs` of places, nearest first."""
    nearest: dict[CentreId, float] = {}
    for a, b in pairs:
        if b not in desks:
            continue
        distance = dist(points[a], points[b])  # through the earth: in the same order as the kilometres along it
        for desk in desks[b]:
            if desk != own and distance < nearest.get(desk, inf):
                nearest[desk] = distance
    ladder += [desk for desk in sorted(nearest, key=lambda d: (nearest[d], d)) if desk not in ladder]


def _borders(
    neighbours: Iterable[tuple[MunicipalityNumber, MunicipalityNumber, str]],
) -> dict[tuple[MunicipalityNumber, str], list[MunicipalityNumber]]:
    borders: dict[tuple[MunicipalityNumber, str], list[MunicipalityNumber]] = {}
    for a, b, kind in neighbours:
        borders.setdefault((a, kind), []).append(b)
        borders.setdefault((b, kind), []).append(a)
    return borders


def _point(place: Municipality) -> Point:
    """On an earth of radius 1."""
    latitude, longitude = radians(place.latitude), radians(place.longitude)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)
