"""What is heard, and how long it takes: prompts as text and seconds. Must not know flows, nodes or rules.

The model: words at the language's pace, 0.15 s at a comma, 0.4 s at the end of a sentence, half a second at a
[pause], more in proportion where a prompt is slow. An estimate: real voices have not been measured.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ivr.check.words import WORDS
from ivr.flow.actions import Action, Listen, Pause, Prompt, Say
from ivr.prompts import Catalogue, Slot
from ivr.prompts import Words as WordsInText

COMMA, STOP, PAUSE = 0.15, 0.4, 0.5
SLOW = 1 / 0.85
USUAL_PACE = 150


@dataclass(frozen=True)
class Heard:
    """One prompt or pause, from `start` on. `uncut`: nothing listens, so no key can cut it."""

    language: str
    key: str
    text: str
    start: float
    seconds: float
    uncut: bool

    @property
    def end(self) -> float:
        return self.start + self.seconds


class Speech:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._texts: dict[Prompt, str] = {}
        self._times: dict[Prompt, float] = {}

    def text(self, prompt: Prompt) -> str:
        if prompt not in self._texts:
            slots = dict(prompt.slots)
            pieces = self._catalogue.languages[prompt.language].texts[prompt.key]
            self._texts[prompt] = "".join(
                piece.text if isinstance(piece, WordsInText) else slots[piece.name] if isinstance(piece, Slot) else "…"
                for piece in pieces
            )
        return self._texts[prompt]

    def seconds(self, prompt: Prompt) -> float:
        if prompt not in self._times:
            self._times[prompt] = self._seconds(prompt, self.text(prompt))
        return self._times[prompt]

    def length(self, key: str, language: str) -> float:
        """Seconds of a text by itself, each slot counted as one word."""
        pieces = self._catalogue.languages[language].texts[key]
        text = "".join(piece.text if isinstance(piece, WordsInText) else " x " for piece in pieces)
        return self._seconds(Prompt(key, language), text)

    def _seconds(self, prompt: Prompt, text: str) -> float:
        words = WORDS.get(prompt.language)
        count = sum(len(word) if word.isdigit() else 1 for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text))
        spoken = count * 60 / (words.per_minute if words else USUAL_PACE)
        rests = COMMA * text.count(",") + STOP * len(re.findall(r"[.:?!](?=\s|$)", text)) + PAUSE * text.count("…")
        slow = prompt.key in self._catalogue.languages[prompt.language].slow
        return (spoken + rests) * (SLOW if slow else 1)

    def heard(self, actions: Iterable[Action]) -> list[Heard]:
        """Everything that is said, with the second at which it begins."""
        found: list[Heard] = []
        now = 0.0
        for each, uncut in _said(actions):
            if isinstance(each, Pause):
                heard = Heard("", "", "", now, float(each.seconds), uncut)
            else:
                prompt = each.prompt
                heard = Heard(prompt.language, prompt.key, self.text(prompt), now, self.seconds(prompt), uncut)
            found.append(heard)
            now = heard.end
        return found

    def total(self, actions: Iterable[Action], *, uncut_only: bool = False) -> float:
        return sum(each.seconds for each in self.heard(actions) if each.uncut or not uncut_only)

    def danger_told(self, actions: Iterable[Action], language: str, *, uncut: bool = True) -> float | None:
        """The second at which "hang up and dial 113" has been said in this language; None if it is not said."""
        for each in self.heard(actions):
            if each.language != language or (uncut and not each.uncut):
                continue
            end = self.instruction_end(each.text, language)
            if end is not None:
                prompt = Prompt(each.key, language)
                return each.start + self._seconds(prompt, each.text[:end])
        return None

    def instruction_end(self, text: str, language: str) -> int | None:
        """How far into `text` the words "hang up and dial 113" have been said. `language`: one of WORDS."""
        code = self.emergency_number(language)
        match = re.search(rf"{WORDS[language].hang_up}[^.]*?\b{code}\b", text, re.IGNORECASE)
        return match.end() if match else None

    def emergency_number(self, language: str) -> str:
        """113 in words, as all texts have it: `one, one, three`."""
        digits = self._catalogue.languages[language].digits
        return ", ".join((digits[1], digits[1], digits[3]))


def _said(actions: Iterable[Action]) -> Iterator[tuple[Say | Pause, bool]]:
    for action in actions:
        if isinstance(action, Listen):
            yield from ((each, False) for each in action.prompts)
        elif isinstance(action, Say | Pause):
            yield action, True
