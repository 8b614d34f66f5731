"""Telephone numbers as <Dial> takes them: which can be dialled, and which may be shown as callerId. Pure.

T:13223 (not E.164: too long, or a character that has no place there), T:13224 (digits without a country, or a country
that does not exist), T:number (an American number may be written as Americans do). Area codes and exchanges are not
judged: tests use numbers that are nobody's (ours).
"""

import re

from ivr.simulator.countries import country_of

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_AMERICAN = re.compile(r"(?:\+?1)?([2-9][0-9]{9})")
_PUNCTUATION = re.compile(r"[\s().\-]")
_NOWHERE = ("+800", "+808", "+870", "+878", "+881", "+882", "+883", "+888", "+979")  # numbers of no country
BAD_FORMAT, NOT_DIALLABLE = 13223, 13224


def normal(number: str) -> str:
    """A number without punctuation, in E.164 where that is clear."""
    plain = _PUNCTUATION.sub("", number)
    american = _AMERICAN.fullmatch(plain)
    return f"+1{american[1]}" if american else plain


def is_e164(number: str) -> bool:
    return _E164.fullmatch(number) is not None


def wrong_number(number: str) -> tuple[int, str]:
    """Twilio's code and a sentence for a number that cannot be dialled; 0 and "" for one that can."""
    if _AMERICAN.fullmatch(_PUNCTUATION.sub("", number)):
        return 0, ""
    if number.isascii() and number.isdigit():
        return NOT_DIALLABLE, f"{number!r} cannot be dialled: not a number in E.164, e.g. +4755568700"
    if not is_e164(number):
        message = (
            f"{number[:40]!r} is not in E.164: a plus and at most 15 digits, without blanks, hyphens or parentheses"
        )
        return BAD_FORMAT, message
    if country_of(number) is None and not number.startswith(_NOWHERE):
        return NOT_DIALLABLE, f"{number!r} cannot be dialled: no country has this code"
    return 0, ""
