"""What callers are made to key and say where a place is asked for: places that stand for all others, and slips."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ivr.line.directory import Centre, Directory, Place
from ivr.line.flow.moments import MomentClass
from ivr.proof.place_classes import PlaceClass, class_of, longest, postcode_of
from ivr.simulator.engine.effects import Speech


@dataclass(frozen=True)
class KeyedEntry:
    """Keys, and the moment at which they are pressed: the hour decides who has duty."""

    keys: str
    at: datetime


@dataclass(frozen=True)
class SpokenEntry:
    """What is said, and the moment."""

    speech: Speech
    at: datetime

    def __str__(self) -> str:
        sound = "noise" if self.speech.noise else "speech"
        return f'{sound} heard as "{self.speech.result}" ({self.speech.confidence:g})'


NO_NAME = "xqzw"  # like no name of any directory
NOISE = 60.0  # seconds: longer than anybody listens
UNSURE = 0.05  # of a recogniser, from 0 to 1


class Entries:
    """`moments`: of the calls; every change of duty among them is looked at. `classes`: of each class its place and a
    moment. `callers`: their numbers."""

    def __init__(self, directory: Directory, moments: MomentClass) -> None:
        self.directory = directory
        self.now = moments.example
        self.changes = len(moments.moments) - 1
        changing = self._changing()
        keys = [(directory.tables.timetables, moments.moments[0]), *((changing, at) for at in moments.moments[1:])]
        self.classes = longest(directory, ((Place.from_key(key), at) for every, at in keys for key in every))
        self.callers = dict(_callers(directory))
        self._made: dict[tuple[int, str], tuple[KeyedEntry, ...]] = {}

    def _changing(self) -> list[str]:
        """The places that are answered by several rows: all others are answered alike at all times."""
        tables = self.directory.tables.timetables
        return [key for key, table in tables.items() if len(table.rules) > 1 or "-" in key]

    def kind(self, centre: Centre, other: Centre | None) -> PlaceClass:
        return class_of(self.directory, centre, other)

    def of(self, digits: int, finish_on: str) -> tuple[KeyedEntry, ...]:
        """What is keyed into an entry of so many digits, which `finish_on` ends early."""
        shape = (digits, finish_on)
        if shape not in self._made:
            made = [*self._named(digits), *(KeyedEntry(keys, self.now) for keys in _slips(digits, finish_on))]
            ended = (self._ended(entry, digits, finish_on) for entry in made)
            self._made[shape] = tuple(dict.fromkeys(ended))
        return self._made[shape]

    @cached_property
    def spoken(self) -> tuple[SpokenEntry, ...]:
        """Names that lead to a place of each class, and to two and three; one that the recogniser is not sure of, one
        that is none, and noise: not understood, or taken for a name. Asked for where speech is listened to."""
        named = list(self._named_alone())
        homonyms = (SpokenEntry(Speech(name), self.now) for name in self._homonyms())
        name = named[0].speech.text if named else NO_NAME
        slips = (Speech(name, confidence=UNSURE), Speech(NO_NAME), Speech("", "", noise=NOISE))
        taken = (Speech("", name, noise=NOISE), Speech("", NO_NAME, noise=NOISE))
        return (*named, *homonyms, *(SpokenEntry(each, self.now) for each in (*slips, *taken)))

    def _named_alone(self) -> Iterator[SpokenEntry]:
        for each in self.classes.values():
            name = self.directory.place_name(each.place)
            if self.directory.by_spoken(name) == (each.place,):
                yield SpokenEntry(Speech(name), each.now)

    def _homonyms(self) -> Iterator[str]:
        shared = self.directory.spoken_names.homonyms
        for many in (2, 3):
            alike = [name for name, places in shared.items() if len(places) == many]
            yield from sorted(alike, key=lambda name: self._said(shared[name]))[-1:]

    def _ended(self, entry: KeyedEntry, digits: int, finish_on: str) -> KeyedEntry:
        """A short name is ended by its key; a number never is."""
        short = finish_on == "#" and len(entry.keys) < digits and entry.keys.isdigit()
        return KeyedEntry(entry.keys + finish_on, entry.at) if short else entry

    def _named(self, digits: int) -> Iterator[KeyedEntry]:
        match digits:
            case 4:
                yield from (KeyedEntry(self._postcode(each.place), each.now) for each in self.classes.values())
                yield from (KeyedEntry(each.place.municipality, each.now) for each in self.classes.values())
                merged = self.directory.tables.merged
                for many in (2, 3):
                    yield from [KeyedEntry(old, self.now) for old, new in merged.items() if len(new) == many][:1]
            case 5:
                yield from self._spelled(digits)
            case 8:
                numbers = self.directory.tables.numbers
                yield KeyedEntry(max(numbers, key=lambda number: len(numbers[number].spoken)), self.now)

    def _postcode(self, place: Place) -> str:
        """A postcode of this place; one of an area without postcodes is its number, which is as good as unknown."""
        return postcode_of(self.directory, place) or place.municipality

    def _spelled(self, most: int) -> Iterator[KeyedEntry]:
        """Names that one, two, three or more places may have: of each the longest; and one of each class."""
        names = {keys: found for keys, found in self.directory.tables.spelling.items() if len(keys) <= most}
        wanted = {each.place.municipality: each.now for each in self.classes.values()}
        for keys, found in names.items():
            if len(found) == 1 and found[0].municipality in wanted:
                yield KeyedEntry(keys, wanted.pop(found[0].municipality))
        for many in (1, 2, 3, 4):
            alike = [keys for keys, found in names.items() if min(len(found), 4) == many]
            yield from [KeyedEntry(keys, self.now) for keys in sorted(alike, key=lambda k: self._said(names[k]))[-1:]]

    def _said(self, places: tuple[Place, ...]) -> int:
        return sum(len(self.directory.place_name(place)) for place in places)


def _callers(directory: Directory) -> Iterator[tuple[str, str]]:
    """Whom the line can tell apart by their number, and a number for each; of fixed lines the one whose centre has the
    longest name."""
    yield "a mobile phone", "+4791234567"
    yield "abroad", "+46701234567"
    areas = directory.tables.area_centres
    if areas:
        yield "a fixed line", f"+47{max(areas, key=lambda prefix: len(areas[prefix].spoken))}123456"


def _slips(digits: int, finish_on: str) -> tuple[str, ...]:
    """Unknown digits, too few of them, a 9 or 0 without its star, star at once and too late, hash where it means
    nothing or is all that is pressed."""
    unknown = "0" * digits if finish_on == "*" else "1" * digits
    common = (unknown, "1", "9", "0", "*", "1*", "*9", "*0")
    return (*common, "#", "*#") if finish_on == "#" else (*common[:-2], "1#" + "0" * (digits - 2))
