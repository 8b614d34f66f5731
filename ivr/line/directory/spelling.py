"""Municipality names on a telephone keypad.

A letter is the key that carries it: Å and Á are A (2), Ø is O (6), Æ is A (2), Đ is D (3), Ŋ is N (6).
Spaces and hyphens are skipped. The order of the answers, best first: a name that is spelled out whole,
the start of a Norwegian name, the start of a Sámi or Kven name; then the larger population, then the
number. A whole name stands alone (`67` is Os, not Oslo), except that with five keys or more a longer name
that begins alike is given too: the line asks for five letters, so SANDE may be Sande or Sandefjord.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from ivr.base.ids import MunicipalityNumber, Spelling
from ivr.line.directory.model import Municipality, Place

ASKED_LETTERS = 5

_PAD = {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"}
_KEYS = {letter: key for key, letters in _PAD.items() for letter in letters}
# These do not decompose into a letter and an accent.
_KEYS |= {"æ": "2", "ø": "6", "đ": "3", "ŋ": "6", "ŧ": "8"}


def keys_of(name: str) -> Spelling:
    """The keys one presses to spell `name`: `keys_of("Nore og Uvdal")` is `66736488325`."""
    plain = unicodedata.normalize("NFD", name.lower())
    return Spelling("".join(_KEYS[letter] for letter in plain if letter in _KEYS))


def spelling_index(municipalities: Iterable[Municipality]) -> Mapping[Spelling, tuple[Place, ...]]:
    """From every start of every name to the places it may mean, in the order given above."""
    found: dict[Spelling, dict[MunicipalityNumber, tuple[int, int, MunicipalityNumber]]] = {}
    for municipality in municipalities:
        for rank, name in enumerate(municipality.names):
            keys = keys_of(name)
            for length in range(1, len(keys) + 1):
                order = 0 if length == len(keys) else 1 if rank == 0 else 2
                mark = (order, -municipality.population, municipality.number)
                bucket = found.setdefault(Spelling(keys[:length]), {})
                bucket[municipality.number] = min(mark, bucket.get(municipality.number, mark))
    return {keys: _answer(keys, bucket.values()) for keys, bucket in found.items()}


def _answer(keys: str, marks: Iterable[tuple[int, int, MunicipalityNumber]]) -> tuple[Place, ...]:
    ordered = sorted(marks)
    if len(keys) < ASKED_LETTERS and ordered[0][0] == 0:
        ordered = [mark for mark in ordered if mark[0] == 0]
    return tuple(Place(number) for _, _, number in ordered)
