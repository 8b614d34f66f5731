"""What a caller said → the places it may mean.

A name that was heard letter for letter is taken first: the longest in the sentence, so that "jeg er i Bø i Vesterålen"
is not Bø. Where none was, names that sound or are written like it are found by RapidFuzz's Levenshtein distance, over
foldings of our own (`norwegian_sounds.py`). One place is offered, to be confirmed by name as always. Of two or three
the caller is asked. Of more, or of none, keys help on.

Only names of the directory are known: municipalities with their Sámi and Kven names, and postal places.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ivr.base.ids import MunicipalityNumber, Postcode
from ivr.line.directory.lookup import Directory
from ivr.line.directory.model import Place
from ivr.line.directory.norwegian_sounds import plain_of, short_stem_of, sound_of, spelling_of, stem_of

MOST_OFFERED = 3
MOST_HINTS, LONGEST_HINT = 500, 100  # twilio.com/docs/voice/twiml/gather#hints: phrases, and characters of each
_MOST_WORDS = 12  # of a sentence; what comes later is not looked at
_LIKE = 0.76  # of 1, letter by letter: less is another name
_GOOD = 0.8  # like enough for some words of a sentence, and so that no part of them is another name
_CLEARLY = 0.10  # nearer than the next name: the caller is not asked which
# What is compared, and how far its likeness counts: without endings more names are one.
_FOLDINGS: tuple[tuple[Callable[[str], str], float], ...] = (
    *((str, 1), (sound_of, 1), (plain_of, 1)),
    *((stem_of, 0.95), (short_stem_of, 0.86)),
)
_JOINS = {"i", "på", "og", "ved"}  # words inside a name: Bø i Telemark


@dataclass(frozen=True)
class HeardPlaces:
    """`places`: what it may mean, best first, at most three; none if nothing is like it or too much is. `exactly`: the
    name was heard as it is written."""

    places: tuple[Place, ...] = ()
    exactly: bool = False


class SpokenNames:
    """Made once for a directory: some two thousand names."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._by_spelling = _names(directory)
        self._longest = max(len(name.split()) for name in self._by_spelling)
        self._indexes = tuple(_Index(folding, counts, self._by_spelling) for folding, counts in _FOLDINGS)

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """Names for a recogniser to expect: municipalities by each of their names, then towns, the largest first."""
        towns = _towns(self._directory)
        largest = sorted(towns, key=lambda town: (-sum(map(len, towns[town].values())), town))
        known = {**self._directory.municipalities, **self._directory.areas}.values()
        names = [name for each in known for name in each.names]
        names += [town.title().replace(" I ", " i ") for town in largest]
        halves = (half.strip() for name in names for half in name.replace("/", " - ").split(" - "))
        fit = (half for half in halves if "," not in half and len(half) <= LONGEST_HINT)
        return tuple(dict.fromkeys(fit))[:MOST_HINTS]

    @property
    def homonyms(self) -> Mapping[str, tuple[Place, ...]]:
        """Names that several places have, as they are compared, with these places."""
        return {name: places for name, places in self._by_spelling.items() if len(places) > 1}

    def heard(self, said: str) -> HeardPlaces:
        """`said`: what a speech recogniser made of the caller's words; a name, or a sentence with one."""
        words = spelling_of(said).split()[:_MOST_WORDS]
        runs = self._runs(words)
        exact = self._exactly(words, runs)
        if not exact:
            return HeardPlaces(self._offered(self._alike(words, runs)))
        longer = self._alike(words, (run for run in runs if any(_is_longer(run, name) for name in exact)))
        names = [_text(words, name) for name in exact]
        return HeardPlaces(self._offered([*longer, *names]), exactly=not longer)

    def _offered(self, names: Iterable[str]) -> tuple[Place, ...]:
        """The places of these names, each once; none if they are too many to be asked about."""
        found = dict.fromkeys(place for name in names for place in self._by_spelling[name])
        return tuple(found) if len(found) <= MOST_OFFERED else ()

    def _runs(self, words: list[str]) -> list[range]:
        """Runs of words that may be a name, the longest first; none begins or ends with a joining word."""
        longest = min(self._longest, len(words))
        runs = (range(at, at + length) for length in range(longest, 0, -1) for at in range(len(words) - length + 1))
        return [run for run in runs if not _JOINS & {words[run.start], words[run.stop - 1]}]

    def _exactly(self, words: list[str], runs: list[range]) -> list[range]:
        """Where names stand in the sentence, none of which is part of another there."""
        found: list[range] = []
        for run in runs:
            if _text(words, run) in self._by_spelling and not any(_is_longer(longer, run) for longer in found):
                found.append(run)
        return sorted(found, key=lambda run: run.start)

    def _alike(self, words: list[str], runs: Iterable[range]) -> list[str]:
        """The names that are most like one of the runs, which come the longest first: one, or several about as near."""
        near: dict[str, float] = {}
        explained: list[range] = []
        for run in runs:
            if any(_is_longer(longer, run) for longer in explained):
                continue
            least = _LIKE if len(run) == len(words) else _GOOD  # words of a sentence are not all names
            found = {name: like for name, like in self._near(_text(words, run)).items() if like >= least}
            if max(found.values(), default=0.0) >= _GOOD:
                explained.append(run)
            near |= {name: max(like, near.get(name, 0.0)) for name, like in found.items()}
        best = max(near.values(), default=0.0)
        ranked = sorted(near, key=lambda name: (-near[name], name))
        return [name for name in ranked if near[name] > best - _CLEARLY]

    def _near(self, part: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for index in self._indexes:
            for name, like in index.alike(part):
                found[name] = max(found.get(name, 0.0), like)
        return found


class _Index:
    """Names under one folding, by the length of what it makes of them: others cannot be like."""

    def __init__(self, folding: Callable[[str], str], counts: float, spellings: Iterable[str]) -> None:
        self._folding = folding
        self._counts = counts
        by_length = sorted(((folding(spelling), spelling) for spelling in spellings), key=lambda pair: len(pair[0]))
        self._folded = [folded for folded, _ in by_length]
        self._names = [name for _, name in by_length]

    def alike(self, part: str) -> Iterator[tuple[str, float]]:
        wanted = self._folding(part)
        first = bisect_left(self._folded, ceil(len(wanted) * _LIKE), key=len)
        last = bisect_right(self._folded, int(len(wanted) / _LIKE), key=len)
        for _, like, number in process.extract(
            wanted, self._folded[first:last], scorer=Levenshtein.normalized_similarity, score_cutoff=_LIKE, limit=None
        ):
            yield self._names[first + number], like * self._counts


def _text(words: list[str], run: range) -> str:
    return " ".join(words[run.start : run.stop])


def _is_longer(run: range, name: range) -> bool:
    return run != name and run.start <= name.start and name.stop <= run.stop


def _names(directory: Directory) -> Mapping[str, tuple[Place, ...]]:
    """By spelling: the places of that name, one in a municipality, the one with most people first."""
    known = {**directory.municipalities, **directory.areas}
    found: dict[str, dict[MunicipalityNumber, Place]] = {}
    for number, municipality in known.items():
        for name in (*municipality.names, municipality.spoken):
            for each in _forms(name):
                found.setdefault(each, {})[number] = Place(number)
    named = {name: frozenset(places) for name, places in found.items()}
    for postal, codes in _towns(directory).items():
        for each in _forms(postal):
            # A town that reaches into a municipality around the one of its name is that one.
            own = named.get(each, frozenset()) & codes.keys()
            places = {} if own else {number: _place(directory, number, codes[number]) for number in codes}
            found.setdefault(each, {}).update({number: place for number, place in places.items() if place})
    return {
        name: tuple(sorted(places.values(), key=lambda place: (-known[place.municipality].population, place.key)))
        for name, places in found.items()
    }


def _towns(directory: Directory) -> Mapping[str, Mapping[MunicipalityNumber, list[Postcode]]]:
    """Postal places with their postcodes, by municipality."""
    found: dict[str, dict[MunicipalityNumber, list[Postcode]]] = {}
    for code, (number, postal) in directory.tables.postcodes.items():
        found.setdefault(postal, {}).setdefault(number, []).append(code)
    return found


def _place(directory: Directory, number: MunicipalityNumber, codes: list[Postcode]) -> Place | None:
    """One place for all of a town in a municipality; None where its postcodes have centres of their own that differ, so
    that the postcode must be asked for."""
    tables = [directory.tables.timetables.get(Place(number, code).key) for code in codes]
    if any(each != tables[0] for each in tables):
        return None
    return Place(number, codes[0]) if tables[0] else Place(number)


def _forms(name: str) -> Iterator[str]:
    """What is said of a name: the whole of it, each half of two, and the part before " i ": Bø of Bø i Telemark."""
    for half in (name, *name.replace("/", " - ").split(" - ")):
        spelling = spelling_of(half)
        yield spelling
        before, joined, _ = spelling.partition(" i ")
        if joined:
            yield before
