"""What a caller hears of one document, and how long it takes. Reads the simulator's trace; knows no flow.

The pace is that of docs/checks.md: so many seconds a letter, one letter more for the gap behind each word, a digit like
a word of four letters, or six in a number of three digits or more, 0.35 s at a comma, 0.4 s at the end of a sentence.
The simulator's own has 150 words a minute and no rests; what it makes of breaks and slow speech is kept. Pressing a key
takes no time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ivr.simulator.twiml.ssml import spoken_seconds

SIMULATED = 150.0  # words a minute: the simulator's pace
LETTER = {"nb": 0.068, "en": 0.061}  # seconds
COMMA, STOP = 0.35, 0.4
DIGIT, DIGIT_OF_MANY = " four ", " eleven "  # words that are as long
INSTRUCTION = {"nb": "legg på og ring en, en, tre", "en": "hang up and dial one, one, three"}

Event = dict[str, Any]


@dataclass(frozen=True)
class HeardDocument:
    """One document. `deaf`: seconds in which no key is heard; `cut`: seconds of what a key cuts short; `wait`: seconds
    of silence that end the listening. `told`: by language, the second at which the 113 instruction has been said
    where no key can cut it. `texts`: what is said."""

    deaf: float
    cut: float
    wait: float
    told: dict[str, float]
    texts: tuple[str, ...]

    @property
    def all_heard(self) -> float:
        return self.deaf + self.cut


def hear(events: Sequence[Event]) -> HeardDocument:
    """`events`: of one document, played to a caller who presses nothing."""
    deaf = cut = wait = 0.0
    listening = False
    told: dict[str, float] = {}
    texts: list[str] = []
    for event in events:
        if "leg" in event:
            continue  # what the other end hears
        if event["event"] == "listen":
            listening, wait = True, float(event["timeout"])
        elif event["event"] in ("say", "pause"):
            if event["event"] == "say":
                texts.append(event["text"])
                end = _instruction(event)
                if end is not None and not listening:
                    told.setdefault(_language(event), deaf + end)
            deaf, cut = (deaf, cut + length(event)) if listening else (deaf + length(event), cut)
    return HeardDocument(deaf, cut, wait, told, tuple(texts))


def length(event: Event) -> float:
    """Seconds of a say or pause event that was heard to its end."""
    simulated = float(event["until"]) - float(event["t"])
    return simulated + _slower(event, event["text"]) if event["event"] == "say" else simulated


def _slower(event: Event, text: str) -> float:
    """What `text` takes longer than the simulator has it."""
    if _language(event) not in LETTER:
        return 0.0
    words = re.sub(r"\d", DIGIT, re.sub(r"\d{3,}", lambda number: DIGIT_OF_MANY * len(number[0]), text)).split()
    letters = sum(len(re.sub(r"\W", "", word)) + 1 for word in words if re.search(r"\w", word))
    rests = COMMA * text.count(",") + STOP * len(re.findall(r"[.:?!](?=\s|$)", text))
    return letters * LETTER[_language(event)] + rests - spoken_seconds(text, SIMULATED)


def _language(event: Event) -> str:
    return str(event["language"]).partition("-")[0].lower()


def _instruction(event: Event) -> float | None:
    """Seconds into the text until "hang up and dial 113" has been said; None if it is not."""
    text = event["text"]
    words = INSTRUCTION.get(_language(event))
    at = text.lower().find(words) if words else -1
    if at < 0:
        return None
    begun = text[: at + len(words or "")]
    return spoken_seconds(begun, SIMULATED) + _slower(event, begun)
