"""The words by which a text announces keys, in each language that the checker can read.

A language that is not here is an error of its own (V31): what nobody can check is not passed in silence. Must not
know flows or rules.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from ivr.line.flow.events import OutageKind


class Deed(Enum):
    """What a menu's words promise of the key after them."""

    AGAIN = "to be heard again"
    ELSEWHERE = "a different place"
    POSTCODE = "an entry of the postcode"
    MUNICIPALITY_NUMBER = "an entry of the municipality number"
    SPELLING = "a name to be spelled"
    CENTRE_NUMBER = "an entry of a centre's number"
    HEAR_NUMBER = "a number to be heard"
    CONNECTION = "a connection"
    RETRY = "the same centre again"
    DANGER = "the 113 instruction"
    PERSON = "a person"
    TEXT_MESSAGE = "a text message"


@dataclass(frozen=True)
class Words:
    """`per_letter`: seconds that a letter takes. Every pattern is matched without regard to case."""

    per_letter: float
    press: str
    keys: Mapping[str, str]  # spoken key -> key
    hang_up: str
    wait: str
    choices: str  # "you have {word} choices"
    danger: str
    person: str
    sorry: str  # says that something was looked for and not found
    failed: str  # says that a centre was rung and could not be reached
    practice: str  # says, in writing, that a line is for practice, and which one is real
    outages: Mapping[OutageKind, str]  # says that a centre is out of service
    deeds: Mapping[Deed, str]


_ENGLISH = Words(
    per_letter=0.061,
    press=r"\bpress ",
    keys={"star": "*", "hash": "#"},
    hang_up=r"\bhang up and dial\b",
    wait=r"\bjust wait\b",
    choices=r"\byou have (\w+) choices?\b",
    danger=r"\bemergency|\blife-threatening|\bdanger",
    person=r"\bperson\b",
    sorry=r"\bdid not find\b|\bis not in our list\b",
    failed=r"\bdid not answer\b|\bcannot reach\b",
    practice=r"\bpractice line\b.*\b116 117\b",
    outages={OutageKind.FAULT: r"\bline to [^.]* has a fault\b", OutageKind.CLOSED: r"\bcannot take calls\b"},
    deeds={
        Deed.AGAIN: r"\bhear (this|it) again\b",
        Deed.ELSEWHERE: r"\b(different|another) place\b",
        Deed.POSTCODE: r"\bpostcode\b",
        Deed.MUNICIPALITY_NUMBER: r"\bmunicipality number\b",
        Deed.SPELLING: r"\bspell\b",
        Deed.CENTRE_NUMBER: r"\beight-digit number\b|^to enter it again",
        Deed.HEAR_NUMBER: r"\bhear (its|the|a centre's) number\b",
        Deed.CONNECTION: r"\b(be|to be) connected\b|\blocal (out-of-hours )?centre\b",
        Deed.RETRY: r"\btry (the same centre )?again\b",
        Deed.DANGER: r"\bcall one, one, three\b",
        Deed.PERSON: r"\bperson\b",
        Deed.TEXT_MESSAGE: r"\btext message\b",
    },
)

_BOKMAAL = Words(
    per_letter=0.068,
    press=r"\btrykke? ",
    keys={"stjerne": "*", "firkant": "#"},
    hang_up=r"\blegg på og ring\b",
    wait=r"\bbare vent\b",
    choices=r"\bdu har (\w+) valg\b",
    danger=r"\blivsfare",
    person=r"\bmenneske\b",
    sorry=r"\bfant ikke\b|\bstår ikke i\b",
    failed=r"\bsvarte ikke\b|\bfår ikke tak i\b",
    practice=r"\bøvingslinje\b.*\b116 117\b",
    outages={
        OutageKind.FAULT: r"\blinjen til [^.]* har en feil\b",
        OutageKind.CLOSED: r"\bkan ikke ta imot samtaler\b",
    },
    deeds={
        Deed.AGAIN: r"\bhøre (dette|det) igjen\b",
        Deed.ELSEWHERE: r"\bet annet sted\b",
        Deed.POSTCODE: r"\bpostnummer(et)?\b",
        Deed.MUNICIPALITY_NUMBER: r"\bkommunenummer(et)?\b",
        Deed.SPELLING: r"\bstave\b",
        Deed.CENTRE_NUMBER: r"\båttesifrede nummer\b|^for å taste det på nytt",
        Deed.HEAR_NUMBER: r"\bhøre nummeret\b",
        Deed.CONNECTION: r"\bbli koblet til\b|\blokal legevakt\b",
        Deed.RETRY: r"\bprøve (samme legevakt )?på nytt\b",
        Deed.DANGER: r"\bringe en, en, tre\b",
        Deed.PERSON: r"\bmenneske\b",
        Deed.TEXT_MESSAGE: r"\btekstmelding\b",
    },
)

WORDS: Mapping[str, Words] = {"en": _ENGLISH, "nb": _BOKMAAL}


@dataclass(frozen=True)
class Announced:
    """One key as a text announces it: `clause` is what it is for, `or_wait` that waiting does the same, `end` how many
    letters have been heard by then."""

    key: str
    clause: str
    or_wait: bool
    end: int


@lru_cache(maxsize=4096)
def announced(text: str, code: str) -> tuple[Announced, ...]:
    """The keys that `text` announces, in the order in which they are heard. `code`: one of WORDS."""
    words = WORDS[code]
    spoken = "|".join(words.keys)
    found, start = [], 0
    for match in re.finditer(rf"{words.press}([0-9]|{spoken})\b", text, re.IGNORECASE):
        before = text[start : match.start()]
        clause = re.split(r"[.:?!]\s", before)[-1].strip(" ,.")
        tail = re.split(r"[.:?!]", text[match.end() :])[0]
        key = match[1].lower()
        or_wait = bool(re.search(words.wait, tail, re.IGNORECASE))
        found.append(Announced(words.keys.get(key, key), clause, or_wait, match.end()))
        start = match.end()
    return tuple(found)
