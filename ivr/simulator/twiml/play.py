"""<Play>: a recording, or telephone tones.

Source T:play: loop as for Say; `digits` plays tones (w half a second of silence, W a whole one) and is not for the
inside of a Gather; a bad tone string is 13430.
"""

import re
from dataclasses import dataclass

from ivr.simulator.twiml.say import MOST_LOOPS
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

_TONES = re.compile(r"[0-9*#A-DwW]+")


@dataclass(frozen=True, slots=True)
class Play:
    """Either `url` (as written) or `digits`. `at_hand`: the recording came as a reply and is not asked for again.

    `listed`: it stands in for a document, as a wait URL may name recordings. `seconds`: how long the recording lasts,
    None as long as nobody has looked.
    """

    url: str | None
    digits: str | None
    loop: int
    at_hand: bool = False
    listed: bool = False
    seconds: float | None = None


def read(element: Element, issues: list[Issue]) -> Play | None:
    reading = Reading(element, issues, ("loop", "digits"))
    loop = reading.integer("loop", 1, 13410, high=MOST_LOOPS) or MOST_LOOPS
    digits = reading.text("digits")
    if digits is not None:
        if _TONES.fullmatch(digits):
            return Play(None, digits, loop)
        reading.warn(13430, f"digits={digits!r} of <Play> may hold 0-9 * # A-D w W; nothing is played")
        return None
    url = element.own_text
    if not url:
        reading.warn(SCHEMA_WARNING, "<Play> names no recording; nothing is played")
        return None
    return Play(url, None, loop)


def tone_seconds(digits: str) -> float:
    """w is half a second and W a whole one (T:number); a tone with its gap takes 0.2 s here."""
    return sum({"w": 0.5, "W": 1.0}.get(character, 0.2) for character in digits)
