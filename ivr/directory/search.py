"""What an operator types into a search box → places and centres. Must not know callers: they press keys instead.

Names need not be whole nor have their Norwegian letters; numbers are municipality numbers in use or old, postcodes, or
a part of a telephone number.
"""

import unicodedata
from dataclasses import dataclass

from ivr.directory.index import Directory
from ivr.directory.model import Centre, Place

_FEWEST_DIGITS = 3  # of a telephone number: fewer would find half the list
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ŋ": "n", "ŧ": "t"})


@dataclass(frozen=True)
class Found:
    places: tuple[Place, ...]
    centres: tuple[Centre, ...]


def search(directory: Directory, text: str) -> Found:
    """Everything that `text` may mean, in the directory's order; empty for an empty text."""
    wanted = _plain(text)
    digits = "".join(wanted.split()).removeprefix("+47")
    if digits.isascii() and digits.isdigit():
        return _by_digits(directory, digits)
    if not wanted:
        return Found((), ())
    everywhere = {**directory.municipalities, **directory.areas}
    places = (Place(n) for n, m in everywhere.items() if any(wanted in _plain(name) for name in m.names))
    centres = (c for c in directory.centres.values() if wanted in _plain(f"{c.id} {c.name} {c.spoken}"))
    return Found(tuple(places), tuple(centres))


def _by_digits(directory: Directory, digits: str) -> Found:
    postcode = directory.by_postcode(digits)
    places = (*directory.by_municipality(digits), *((postcode,) if postcode else ()))
    if len(digits) < _FEWEST_DIGITS:
        return Found(places, ())
    centres = (c for c in directory.centres.values() if any(digits in n.national for n in (c.number, *c.other_numbers)))
    return Found(places, tuple(centres))


def _plain(text: str) -> str:
    """Without case and accents: `Tromsø`, `TROMSØ` and `tromso` are the same."""
    letters = unicodedata.normalize("NFKD", text.casefold().strip().translate(_LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
