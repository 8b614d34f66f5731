"""The moments that stand for all others at a place: one for each way in which the directory may answer for it.

Two years hold thousands of changes of duty. Places whose rows name the same times change together, so each such roster
is looked through once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ivr.line.directory import Directory, Place

Roster = tuple[object, ...]


class Rosters:
    """`all_moments`: all that are looked at; the first one stands for the places that are always answered alike."""

    def __init__(self, directory: Directory, moments: Sequence[datetime]) -> None:
        self._directory = directory
        self.all_moments = tuple(moments)
        self._known: dict[Roster, tuple[datetime, ...]] = {}

    def moments(self, place: Place) -> tuple[datetime, ...]:
        """One for each pair of centre and alternative."""
        roster = self._roster(place)
        if len(roster) == 1:
            return self.all_moments[:1]
        if roster not in self._known:
            self._known[roster] = tuple(self._different(place))
        return self._known[roster]

    def _roster(self, place: Place) -> Roster:
        """What tells the rows of a place apart: two places with the same roster change at the same moments."""
        tables = self._directory.tables
        names: dict[str, int] = {}
        found: list[object] = []
        for key in dict.fromkeys((place.key, Place(place.municipality).key)):
            for rule in tables.timetables[key].rules:
                centre = (names.setdefault(rule.centre, len(names)), rule.centre in tables.all_day)
                found.append((str(key) == place.municipality, rule.days, rule.hours, rule.valid, centre))
        return tuple(found)

    def _different(self, place: Place) -> Iterator[datetime]:
        seen = set()
        for moment in self.all_moments:
            answer = self._directory.answering(place, moment)
            who = (answer.centre.id, answer.alternative and answer.alternative.id)
            if who not in seen:
                seen.add(who)
                yield moment
