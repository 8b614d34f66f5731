"""The ladder of centres to try when one does not answer.

First the backups that the files name, one after the other; then the nearest centres over a land border,
then those that touch in a point or over water, then the nearest of all. Distance is between the
representative points of two municipalities: a fair order, not a travel time.
"""

from bisect import bisect
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import asin, cos, dist, inf, radians, sin

from ivr.base.ids import CentreId, MunicipalityNumber
from ivr.line.directory.model import Centre, Municipality

LADDER = 6
_EARTH_KM = 6371.0
_FIRST_REACH, _DIAMETER = 0.01, 2.0  # on an earth of radius 1

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
    from_south = sorted((points[home][2], points[home], desk) for desk in usable for home in homes[desk])
    borders = _borders(neighbours)
    result = {}
    for identifier, centre in centres.items():
        here = homes.get(identifier, ())
        ladder = [named for named in explicit_chain(centre, centres) if named in usable]
        for kinds in (("land",), ("corner", "water")):
            across = ((a, b) for a in here for kind in kinds for b in borders.get((a, kind), ()))
            _extend(ladder, identifier, _across(across, points, desks))
        if len(ladder) < LADDER:
            _extend(ladder, identifier, _anywhere([points[a] for a in here], from_south))
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


def _extend(ladder: list[CentreId], own: CentreId, distances: Mapping[CentreId, float]) -> None:
    """Append the desks, nearest first."""
    nearest = sorted((distance, desk) for desk, distance in distances.items() if desk != own)
    ladder += [desk for _, desk in nearest if desk not in ladder]


def _across(
    pairs: Iterable[tuple[MunicipalityNumber, MunicipalityNumber]],
    points: Mapping[MunicipalityNumber, Point],
    desks: Mapping[MunicipalityNumber, Collection[CentreId]],
) -> dict[CentreId, float]:
    """How near the desks at the far end of `pairs` of places are: through the earth, which is in the same order as
    along it."""
    nearest: dict[CentreId, float] = {}
    for a, b in pairs:
        for desk in desks.get(b, ()):
            nearest[desk] = min(dist(points[a], points[b]), nearest.get(desk, inf))
    return nearest


def _anywhere(here: Sequence[Point], from_south: Sequence[tuple[float, Point, CentreId]]) -> dict[CentreId, float]:
    """How near the desks are, with all of the nearest ones; empty for a centre without a place.

    Two points are never nearer to each other than their heights above the equator are. So only a band around each place
    is looked at, and a wider one until it holds enough desks for certain: the own one, and a whole ladder of others.
    """
    nearest: dict[CentreId, float] = {}
    reach = _FIRST_REACH
    while here and reach < _DIAMETER and sum(distance < reach for distance in nearest.values()) <= LADDER:
        reach *= 2
        for point in here:
            band = slice(bisect(from_south, (point[2] - reach,)), bisect(from_south, (point[2] + reach,)))
            for _, other, desk in from_south[band]:
                nearest[desk] = min(dist(point, other), nearest.get(desk, inf))
    return nearest


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
