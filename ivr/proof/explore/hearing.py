"""What a caller hears of one document, and how long it takes. Reads the simulator's trace; knows no flow.

The pace is that of docs/checks.md: so many seconds a letter, one letter more for the gap behind each word, a digit like
a word of four letters, or six in a number of three digits or more, 0.35 s at a comma, 0.4 s at the end of a sentence.
The simulator's own has 150 words a minute and no rests; what it makes of breaks and slow speech is kept. Pressing a key
takes no time.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.line.languages import Language
from ivr.simulator.twiml.ssml import spoken_seconds

SIMULATED = 150.0  # words a minute: the simulator's pace
COMMA, STOP = 0.35, 0.4
DIGIT, DIGIT_OF_MANY = " four ", " eleven "  # words that are as long

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


class Hearing:
    """Hears with the languages of a line: what a letter takes in each, and how it says "hang up and dial 113"."""

    def __init__(self, languages: Iterable[Language]) -> None:
        self._spoken: dict[str, list[Language]] = {}  # by the tag of their voice
        self._recorded: dict[str, tuple[Language, str]] = {}  # by the end of a clip's URL, with its words
        for language in languages:
            self._spoken.setdefault(language.tag.lower(), []).append(language)
            words = language.recorded_words()
            self._recorded |= {f"/{language.code}/{file}": (language, text) for file, text in words.items()}

    def hear(self, events: Sequence[Event]) -> HeardDocument:
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
            elif event["event"] in ("say", "play", "pause"):
                texts += self.words(event)
                if event["event"] != "pause" and not listening:
                    for code, end in self._instructions(event):
                        told.setdefault(code, deaf + end)
                seconds = self.length(event)
                deaf, cut = (deaf, cut + seconds) if listening else (deaf + seconds, cut)
        return HeardDocument(deaf, cut, wait, told, tuple(texts))

    def length(self, event: Event) -> float:
        """Seconds of a say, play or pause event that was heard to its end."""
        simulated = float(event["until"]) - float(event["t"])
        return simulated + self._slower(event, event["text"]) if event["event"] == "say" else simulated

    def _clip(self, event: Event) -> tuple[Language, str] | None:
        """The recording that a play event is of, and its words; None of other events, and of tones."""
        if event["event"] != "play" or "url" not in event:
            return None
        return self._recorded.get("/" + "/".join(str(event["url"]).rsplit("/", 2)[1:]))

    def words(self, event: Event) -> tuple[str, ...]:
        """The words that are spoken or played; none of other events."""
        if event["event"] == "say":
            return (event["text"],)
        clip = self._clip(event)
        return (clip[1],) if clip else ()

    def _slower(self, event: Event, text: str) -> float:
        """What `text` takes longer than the simulator has it."""
        spoken = self._languages(event)
        if not spoken:
            return 0.0
        words = re.sub(r"\d", DIGIT, re.sub(r"\d{3,}", lambda number: DIGIT_OF_MANY * len(number[0]), text)).split()
        letters = sum(len(re.sub(r"\W", "", word)) + 1 for word in words if re.search(r"\w", word))
        rests = COMMA * text.count(",") + STOP * len(re.findall(r"[.:?!](?=\s|$)", text))
        return letters * spoken[0].pace + rests - spoken_seconds(text, SIMULATED)

    def _languages(self, event: Event) -> list[Language]:
        """Those that this voice speaks: more than one where a voice lends itself to a language without its own."""
        return self._spoken.get(str(event["language"]).lower(), [])

    def _instructions(self, event: Event) -> Iterator[tuple[str, float]]:
        """By language, the seconds into the text until "hang up and dial 113" has been said; of a recording, all of
        them."""
        if (clip := self._clip(event)) is not None:
            language, text = clip
            if _instruction_end(text, language):
                yield language.code, self.length(event)
            return
        for language in self._languages(event) if event["event"] == "say" else ():
            if end := _instruction_end(event["text"], language):
                begun = event["text"][:end]
                yield language.code, spoken_seconds(begun, SIMULATED) + self._slower(event, begun)


def _instruction_end(text: str, language: Language) -> int:
    """How far into `text` "hang up and dial 113" has been said; 0 if it is not."""
    words = f"{language.hang_up} {language.emergency_number}".lower()
    at = text.lower().find(words) if language.hang_up else -1
    return at + len(words) if at >= 0 else 0
