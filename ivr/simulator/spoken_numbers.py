"""Numbers in what a caller hears, however they are written or spelled: `116 117`, `1 1 6 1 1 7`, `one one six, ...`.

Which words are digits, the folder of each language says.
"""

import re
from functools import lru_cache

from ivr.simulator.languages import language_of

LONG = 5  # digits from which on a number may be said in groups (116 117, 55 56 87 00); 10 18 is not 1018
_BETWEEN = r"[\s,\-\u2010-\u2015]"  # what may stand between the digits of one number
_WORD = re.compile(r"\w+")
_ONE_BY_ONE = re.compile(rf"(?<!\w)[0-9](?:{_BETWEEN}+[0-9])+(?!\w)")
_ADJACENT = re.compile(r"[0-9][^,0-9]+[0-9]")
_NUMBER = re.compile(rf"[0-9](?:{_BETWEEN}*[0-9])*")


def with_numbers(text: str, language: str) -> str:
    """The text with spelled digits as digits, and digits that are said one by one as one number.

    `one, one, three` and `1 1 3` become `113`. Where blanks and commas both separate digits, the commas separate
    groups: `one one six, one one seven` becomes `116, 117`. The language decides which words are digits: `fire` is 4 in
    Norwegian only.
    """
    spoken = language_of(language)
    if spoken:
        digits = spoken.digits
        text = _WORD.sub(lambda found: digits.get(found[0].lower(), found[0]), text)
        for word, digit in spoken.beside_digits.items():
            text = _beside(word).sub(rf"\g<gap>{digit}", text)
    return _ONE_BY_ONE.sub(lambda found: _together(found[0]), text)


@lru_cache(maxsize=16)
def _beside(word: str) -> re.Pattern[str]:
    """Finds the word where a digit stands beside it: `oh` is 0 in `one oh two`."""
    word = re.escape(word)
    return re.compile(rf"(?<=[0-9])(?P<gap>{_BETWEEN}+){word}\b|\b{word}(?={_BETWEEN}+(?:[0-9]|{word}\b))")


def _together(digits: str) -> str:
    groups = digits.split(",") if _ADJACENT.search(digits) else [digits]
    return ", ".join("".join(filter(str.isdigit, group)) for group in groups)


def is_number(text: str) -> bool:
    """Whether `text` is one number of several digits and nothing else."""
    return len(text) > 1 and _NUMBER.fullmatch(text) is not None


@lru_cache(maxsize=256)
def literal(text: str) -> re.Pattern[str]:
    """Finds the text as it is written. A number at its edge is a whole one: `press 1` is not in `press 12`."""
    return re.compile(_whole(text, re.escape(text)))


@lru_cache(maxsize=256)
def any_spelling(text: str) -> re.Pattern[str]:
    """Finds the text in one of `with_numbers`, whichever way either of them groups the digits of its numbers."""
    parts, end = [], 0
    for number in _NUMBER.finditer(text):
        parts += [re.escape(text[end : number.start()]), _grouped_or_not(number[0])]
        end = number.end()
    return re.compile(_whole(text, "".join(parts) + re.escape(text[end:])))


def _grouped_or_not(number: str) -> str:
    digits = [character for character in number if character.isdigit()]
    in_groups = len(digits) >= LONG or len(digits) < len(number)
    return (rf"{_BETWEEN}*" if in_groups else "").join(digits)


def _whole(text: str, pattern: str) -> str:
    before = "(?<![0-9])" if text[:1].isdigit() else ""
    after = "(?![0-9])" if text[-1:].isdigit() else ""
    return before + pattern + after
