"""What a caller can key, by the classes of places."""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from operator import attrgetter

from ivr.base.ids import NO_CENTRE, NO_PLACE, CentreId, PlaceKey, Spelling
from ivr.line.directory import Centre, Directory, Place
from ivr.line.directory.spelling import ASKED_LETTERS
from ivr.line.flow.moments import MomentClass, moment_classes
from ivr.proof.check.rosters import Rosters
from ivr.proof.place_classes import Example, PlaceClass, class_of, longest, postcode_of


@dataclass(frozen=True)
class EntryExample:
    """Digits that a caller may key, and what they come to."""

    digits: str
    found: str  # "one", "two", "three", "many", "none"
    now: datetime


@dataclass(frozen=True)
class SpeechExample:
    """Words that a caller may say, how sure the recogniser is of them, and whether they name a place or several to pick
    from."""

    words: str
    now: datetime
    understood: bool = True
    confidence: float = 1.0


MOST_PICKED = 3  # places that a caller picks from
NO_NAME = "zxqv"  # like no name of any directory


class Places:
    """What a caller can key, class by class. `now`: the moment of the check. `moments`: it, and every change of duty in
    the coming two years. `examples`: of each class the one that stands for it. `keyed`: of each class that there is at
    the hours in question, one that is keyed then."""

    def __init__(self, directory: Directory, now: datetime, rosters: Rosters | None = None) -> None:
        self.directory = directory
        self.now = now
        self.rosters = rosters or Rosters(directory, moment_classes((), directory.duty_changes, now)[0].moments)
        self.moments = self.rosters.all_moments
        self.examples = self._longest()
        self.keyed = self.examples
        self._entries: dict[str, tuple[EntryExample, ...]] = {}
        self._spoken: tuple[SpeechExample, ...] = ()
        self._like: dict[object, tuple[PlaceKey, CentreId, CentreId]] = {}
        by_length = sorted(directory.centres.values(), key=lambda centre: len(centre.spoken))
        self._alone = {self._kind(centre, None): centre.id for centre in by_length}

    def at(self, moments: MomentClass) -> "Places":
        """The same places, keyed at the moments of one class only."""
        places = copy.copy(self)
        places.now, places.moments = moments.example, moments.moments
        places.rosters = Rosters(self.directory, moments.moments)
        places.keyed = places._longest()
        places._entries, places._spoken = {}, ()
        return places

    def everywhere(self) -> Iterator[Place]:
        """Every place that can be answered differently from another: all municipalities, and the postcodes with
        rules of their own."""
        for key in self.directory.tables.timetables:
            yield Place.from_key(key)

    def _kind(self, centre: Centre, other: Centre | None) -> PlaceClass:
        return class_of(self.directory, centre, other)

    def _longest(self) -> dict[PlaceClass, Example]:
        return longest(
            self.directory, ((place, now) for place in self.everywhere() for now in self.rosters.moments(place))
        )

    def like(self, place: PlaceKey, centre: CentreId, other: CentreId) -> tuple[PlaceKey, CentreId, CentreId]:
        """Place, centre and other centre of the example that stands for these."""
        asked = place, centre, other
        if asked not in self._like:
            self._like[asked] = self._example(*asked)
        return self._like[asked]

    def _example(self, place: PlaceKey, centre: CentreId, other: CentreId) -> tuple[PlaceKey, CentreId, CentreId]:
        centres = self.directory.centres
        if not place:
            return NO_PLACE, self._alone.get(self._kind(centres[centre], None), centre), NO_CENTRE
        example = self.examples.get(self._kind(centres[centre], centres.get(other)))
        if example is None:
            return place, centre, other
        return example.place.key, example.centre.id, example.other.id if example.other else NO_CENTRE

    def candidates(self, keys: tuple[PlaceKey, ...]) -> tuple[PlaceKey, ...]:
        """The candidates with the longest names, as many as these."""
        found = {"two": 2, "three": 3}
        for entry in self._several:
            if found.get(entry.found) == len(keys):
                return tuple(place.key for place in self.directory.by_spelling(Spelling(entry.digits)))
        return keys

    # What is keyed

    def entries(self, by: str) -> Sequence[EntryExample]:
        """One entry of each outcome that an entry of this kind can have."""
        if by not in self._entries:
            self._entries[by] = tuple(self._made(by))
        return self._entries[by]

    def spoken(self) -> Sequence[SpeechExample]:
        """Names of each outcome: one of every class that has one, two and three places of one name, more than these, a
        name that is none, and one of which the recogniser is not sure. Only a line that listens to speech asks."""
        if not self._spoken:
            one = tuple(self._named_alone())
            unsure = (SpeechExample(each.words, each.now, understood=False, confidence=0.0) for each in one[:1])
            nothing = SpeechExample(NO_NAME, self.now, understood=False)
            self._spoken = (*one, *self._homonyms, nothing, *unsure)
        return self._spoken

    def _named_alone(self) -> Iterator[SpeechExample]:
        """Examples that their name finds; the other classes are reached by the entries."""
        named = ((self.directory.place_name(each.place), each) for each in self.keyed.values())
        yield from (SpeechExample(name, e.now) for name, e in named if self.directory.by_spoken(name) == (e.place,))

    @cached_property
    def _homonyms(self) -> tuple[SpeechExample, ...]:
        """The longest that two and three places, and more than a menu can hold, have between them."""
        longest: dict[int, tuple[int, str]] = {}
        for name, places in self.directory.spoken_names.homonyms.items():
            many = min(len(places), MOST_PICKED + 1)
            length = sum(len(self.directory.place_name(place)) for place in places)
            longest[many] = max(longest.get(many, (0, "")), (length, name))
        return tuple(SpeechExample(name, self.now, many <= MOST_PICKED) for many, (_, name) in sorted(longest.items()))

    def _made(self, by: str) -> Sequence[EntryExample]:
        match by:
            case "postcode":
                return (*self._classes(partial(postcode_of, self.directory)), EntryExample("0000", "none", self.now))
            case "municipality_number":
                return (
                    *self._classes(attrgetter("municipality")),
                    *self._several_old(),
                    EntryExample("0000", "none", self.now),
                )
            case "spelling":
                return (*self._spelled(), *self._several, EntryExample("1", "none", self.now))
        longest = max(self.directory.tables.numbers.items(), key=lambda item: len(item[1].spoken), default=None)
        named = (EntryExample(longest[0], "one", self.now),) if longest else ()
        return (*named, EntryExample("00000000", "none", self.now))

    def _classes(self, digits_of: Callable[[Place], str]) -> Iterator[EntryExample]:
        for example in self.keyed.values():
            digits = digits_of(example.place)
            if digits:
                yield EntryExample(digits, "one", example.now)

    def _spelled(self) -> Iterator[EntryExample]:
        """Examples whose name is found by its keys alone; the other classes are reached by the other entries."""
        wanted = {example.place.municipality: example for example in self.keyed.values()}
        for digits, found in self._spellable:
            if len(found) == 1 and found[0].municipality in wanted:
                yield EntryExample(digits, "one", wanted.pop(found[0].municipality).now)

    def _several_old(self) -> Iterator[EntryExample]:
        for name, count in (("two", 2), ("three", 3)):
            old = (digits for digits, now in self.directory.tables.merged.items() if len(now) == count)
            yield from (EntryExample(digits, name, self.now) for digits in list(old)[:1])

    @cached_property
    def _spellable(self) -> tuple[tuple[str, tuple[Place, ...]], ...]:
        """What can be keyed: the entry of a name is over at its fifth key, however long the name."""
        spelling = self.directory.tables.spelling.items()
        return tuple((digits, places) for digits, places in spelling if len(digits) <= ASKED_LETTERS)

    @cached_property
    def _several(self) -> tuple[EntryExample, ...]:
        """The longest names that two and three places, and more than a menu can hold, may have between them. Spelled
        names stand for old numbers too: what is picked from does not remember how it was found."""
        longest: dict[str, tuple[int, str]] = {}
        for digits, places in self._spellable:
            name = {0: "", 1: "", 2: "two", 3: "three"}.get(len(places), "many")
            length = sum(len(self.directory.place_name(place)) for place in places)
            if name and (length, digits) > longest.get(name, (0, "")):
                longest[name] = (length, digits)
        return tuple(EntryExample(digits, name, self.now) for name, (_, digits) in sorted(longest.items()))
