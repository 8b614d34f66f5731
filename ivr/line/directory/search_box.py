"""What an operator types into a search box → places and centres.

Names need not be whole nor have their Norwegian letters: ae, oe and aa are æ, ø and å, and so are a and o. Every name
that is shown of a place or a centre finds it. Numbers are municipality numbers in use or old, postcodes, place keys
(4601-5003), or a part of a telephone number.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TypeVar

from ivr.base.ids import MunicipalityNumber, Postcode
from ivr.line.directory.lookup import Directory
from ivr.line.directory.model import Centre, Place

_FEWEST_DIGITS = 3  # of a telephone number: fewer would find half the list
_LETTERS = str.maketrans({"ø": "o", "æ": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})
_TWO_FOR_ONE = (("aa", "a"), ("ae", "a"), ("oe", "o"))
_HALVES = re.compile(r"/|\s[-–]\s")  # between the names of one place: Kåfjord - Gáivuotna
_T = TypeVar("_T")


class _Fit(IntEnum):
    """How well a name fits, best first."""

    AS_TYPED = 0
    WHOLE = 1
    OTHER_WHOLE = 2
    START = 3
    START_OF_A_WORD = 4
    INSIDE = 5
    ALL_WORDS = 6
    NOT = 7


@dataclass
class _Names:
    """What a place or a centre is called. `whole`: postal places or an id, found as a whole. `others`: county, clinics,
    number; their words, together with those of the names, are what is looked at if nothing else is found."""

    own: tuple[str, ...]
    whole: dict[str, None]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchResult:
    places: tuple[Place, ...]
    centres: tuple[Centre, ...]


def search(directory: Directory, text: str) -> SearchResult:
    """Everything that `text` may mean: a name that is just this first, then names that begin so, then others; of equals
    the larger population first. Empty for an empty text."""
    digits = re.sub(r"[\s()]", "", text).removeprefix("+47").removeprefix("0047")
    if digits.isascii() and digits.isdigit():
        return _by_digits(directory, digits)
    if place := _by_key(directory, digits):
        return SearchResult((place,), ())
    wanted = [half for half in _HALVES.split(text) if _plain(half)]
    if not wanted:
        return SearchResult((), ())
    places = _best(_places(directory), wanted, lambda place: -directory.place(place).population)
    return SearchResult(places, _best(_centres(directory), wanted, lambda _: 0))


def _by_digits(directory: Directory, digits: str) -> SearchResult:
    postcode = directory.by_postcode(Postcode(digits))
    places = (*directory.by_municipality(MunicipalityNumber(digits)), *((postcode,) if postcode else ()))
    if len(digits) < _FEWEST_DIGITS:
        return SearchResult(places, ())
    centres = (c for c in directory.centres.values() if any(digits in n.national for n in (c.number, *c.other_numbers)))
    return SearchResult(places, tuple(centres))


def _by_key(directory: Directory, text: str) -> Place | None:
    try:
        place = Place.from_key(text)
    except ValueError:
        return None
    return place if place.postcode and directory.by_postcode(place.postcode) == place else None


def _places(directory: Directory) -> Iterator[tuple[Place, _Names]]:
    """Each municipality and area, and each postcode that a centre of its own answers for."""
    found: dict[Place, _Names] = {}
    for number, place in {**directory.municipalities, **directory.areas}.items():
        county = directory.counties.get(place.county)
        others = (county.name, county.sami_name, county.kven_name) if county else ()
        clinics = (treatment.clinic for treatment in directory.treatments(Place(number)))
        found[Place(number)] = _Names((*place.names, place.spoken), {}, (*others, *clinics, number))
    for code, (number, postal) in directory.tables.postcodes.items():
        divided = f"{number}-{code}" in directory.tables.timetables
        place_of_code = Place(number, code) if divided else Place(number)
        names = found.setdefault(place_of_code, _Names((), {}, (directory.place_name(Place(number)), code)))
        names.whole[postal] = None
    yield from found.items()


def _centres(directory: Directory) -> Iterator[tuple[Centre, _Names]]:
    for centre in directory.centres.values():
        yield centre, _Names((centre.spoken, centre.name), {centre.id: None})


def _best(named: Iterable[tuple[_T, _Names]], wanted: list[str], order: Callable[[_T], int]) -> tuple[_T, ...]:
    """What has a name for each half that is wanted. Of equals those come first that have the very letters."""
    found: list[tuple[_Fit, bool, int, _T]] = []
    for thing, names in named:
        fit = max(_fit(half, names) for half in wanted)
        if fit is not _Fit.NOT:
            other_letters = not any(wanted[0].strip().casefold() in name.casefold() for name in names.own)
            found.append((fit, other_letters, order(thing), thing))
    found.sort(key=lambda each: each[:3])
    by_words = bool(found) and found[0][0] is _Fit.ALL_WORDS
    return tuple(thing for fit, *_, thing in found if by_words or fit is not _Fit.ALL_WORDS)


def _fit(wanted: str, names: _Names) -> _Fit:
    best = min((_fit_of_name(wanted, name) for name in names.own), default=_Fit.NOT)
    plain = _plain(wanted)
    if best > _Fit.OTHER_WHOLE and any(_plain(name) == plain for name in names.whole):
        return _Fit.OTHER_WHOLE
    if best is _Fit.NOT:
        words = set(_plain(" ".join((*names.own, *names.whole, *names.others))).split())
        return _Fit.ALL_WORDS if words.issuperset(plain.split()) else _Fit.NOT
    return best


def _fit_of_name(wanted: str, name: str) -> _Fit:
    plain, whole = _plain(wanted), _plain(name)
    if wanted.strip().casefold() == name.casefold():
        fit = _Fit.AS_TYPED
    elif plain == whole:
        fit = _Fit.WHOLE
    elif whole.startswith(plain):
        fit = _Fit.START
    elif f" {plain}" in whole:
        fit = _Fit.START_OF_A_WORD
    else:
        fit = _Fit.INSIDE if plain in whole else _Fit.NOT
    return fit


@lru_cache(maxsize=16_384)
def _plain(text: str) -> str:
    """Without case, accents and signs: `Tromsø`, `TROMSOE` and `tromso` are the same."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    plain = " ".join(re.findall(r"[^\W_]+", "".join(each for each in letters if not unicodedata.combining(each))))
    for two, one in _TWO_FOR_ONE:
        plain = plain.replace(two, one)
    return plain
