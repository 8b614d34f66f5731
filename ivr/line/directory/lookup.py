"""The directory itself: look-ups in tables that were made once, when it was loaded. Immutable.

Places, postcodes, old numbers, spelled names, numbers, the answering centre at a moment, and who stands in for whom.
What it does not know it answers with None or ().
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ivr.base.clock import OSLO
from ivr.base.ids import CentreId, CentreNumber, MunicipalityNumber, PlaceKey, Postcode, Spelling
from ivr.line.directory.coverage import Timetable, alternative
from ivr.line.directory.duty_changes import duty_changes, next_change
from ivr.line.directory.model import Answer, Centre, County, FileNote, Municipality, Place, Treatment

if TYPE_CHECKING:
    from ivr.line.directory.spoken_names import SpokenNames


@dataclass(frozen=True)
class Tables:
    """What the loader has made; the mappings are not changed any more."""

    postcodes: Mapping[Postcode, tuple[MunicipalityNumber, str]]  # → (municipality, postal place)
    merged: Mapping[MunicipalityNumber, tuple[MunicipalityNumber, ...]]  # old number → successors
    numbers: Mapping[CentreNumber, Centre]  # eight digits →
    spelling: Mapping[Spelling, tuple[Place, ...]]  # keys →
    timetables: Mapping[PlaceKey, Timetable]  # place key →
    ladders: Mapping[CentreId, tuple[Centre, ...]]  # centre →
    area_centres: Mapping[str, Centre]  # two digits →
    treatments: Mapping[MunicipalityNumber, tuple[Treatment, ...]]
    all_day: frozenset[CentreId]  # centres that answer round the clock


@dataclass(frozen=True, eq=False)
class Directory:
    """Made by `load_directory` alone."""

    municipalities: Mapping[MunicipalityNumber, Municipality]
    areas: Mapping[MunicipalityNumber, Municipality]  # Svalbard and Jan Mayen
    counties: Mapping[str, County]
    centres: Mapping[CentreId, Centre]
    default_centre: Centre
    sources: Mapping[str, FileNote]
    version: str
    tables: Tables

    def by_postcode(self, digits: Postcode) -> Place | None:
        found = self.tables.postcodes.get(digits)
        return Place(found[0], digits) if found else None

    def by_municipality(self, digits: MunicipalityNumber) -> tuple[Place, ...]:
        """One place for a number in use (or an area), the successors for an old number, () for any other."""
        if digits in self.municipalities or digits in self.areas:
            return (Place(digits),)
        return tuple(Place(number) for number in self.tables.merged.get(digits, ()))

    def by_number(self, digits: CentreNumber) -> Centre | None:
        """The centre whose number this is, all eight digits."""
        return self.tables.numbers.get(digits)

    def by_spelling(self, keys: Spelling) -> tuple[Place, ...]:
        """Places whose name starts with these keypad digits, best first (see `spelling.py`)."""
        return self.tables.spelling.get(keys, ())

    def by_spoken(self, words: str) -> tuple[Place, ...]:
        """Places that a caller may mean who says so, best first; () if nothing is like it, or too much."""
        return self.spoken_names.heard(words).places

    @cached_property
    def spoken_names(self) -> "SpokenNames":
        """Made when it is first asked for."""
        # RapidFuzz takes six megabytes, and most lines listen to keys alone.
        from ivr.line.directory.spoken_names import SpokenNames  # noqa: PLC0415

        return SpokenNames(self)

    def knows(self, place: Place) -> bool:
        """False for a place of another version of the directory."""
        return place.municipality in self.municipalities or place.municipality in self.areas

    def answering(self, place: Place, at: datetime) -> Answer:
        """Exactly one centre, at every moment. `at` is aware. Raises LookupError if not `knows(place)`."""
        if at.tzinfo is None:
            raise ValueError("the moment must have a time zone")
        wall = at.astimezone(OSLO)
        day = wall.date()
        table = self.timetable(place, day)
        chosen = table.at(day, wall.hour * 60 + wall.minute)
        other = alternative(table, chosen, day, self.tables.all_day)
        return Answer(self.centres[chosen.centre], self.centres[other] if other else None)

    def timetable(self, place: Place, day: date) -> Timetable:
        """The rows that answer for a place that day: those of its postcode, if some are in force, or of its
        municipality. Raises LookupError if not `knows(place)`."""
        own = self.tables.timetables.get(place.key) if place.postcode else None
        if own and own.on(day):
            return own
        whole = self.tables.timetables.get(PlaceKey(place.municipality))
        if whole is None:
            raise LookupError(f"no such place in this directory: {place.key}")
        return whole

    def answers_until(self, place: Place, at: datetime) -> datetime | None:
        """When another centre begins to answer for a place than at `at`; None if that is not within two years."""
        wall = at.astimezone(OSLO)
        whole = self.timetable(Place(place.municipality), wall.date())
        return next_change(self.tables.timetables.get(place.key, whole), whole, wall)

    def duty_changes(self, first: date, last: date) -> tuple[datetime, ...]:
        """Every moment from the start of `first` to the end of `last` at which who answers for some place changes: the
        first moment (aware, Oslo time) of a new answer, in order of time, each once. Hours, days, public holidays,
        dates of validity and the nights when the clocks change are in it; outages are not."""
        return duty_changes(self.tables.timetables, self.tables.all_day, first, last)

    def backups(self, centre: Centre) -> tuple[Centre, ...]:
        """Whom to try when `centre` does not answer, in order (see `backups.py`)."""
        return self.tables.ladders.get(centre.id, ())

    def area_centre(self, prefix: str) -> Centre | None:
        """The desk for a caller whose fixed line starts with these two digits; None for any other line."""
        return self.tables.area_centres.get(prefix)

    def treatments(self, place: Place) -> tuple[Treatment, ...]:
        """Where one is treated, as far as that is known to differ from the answering centre."""
        return self.tables.treatments.get(place.municipality, ())

    def place(self, place: Place) -> Municipality:
        """The municipality or area. Raises LookupError if not `knows(place)`."""
        found = self.municipalities.get(place.municipality) or self.areas.get(place.municipality)
        if found is None:
            raise LookupError(f"no such place in this directory: {place.key}")
        return found

    def place_name(self, place: Place) -> str:
        """The name to say. Raises LookupError if not `knows(place)`."""
        return self.place(place).spoken

    def postal_place(self, place: Place) -> str | None:
        """The postal place of the postcode, as the register writes it: `MOELV`."""
        found = self.tables.postcodes.get(place.postcode) if place.postcode else None
        return found[1] if found else None
