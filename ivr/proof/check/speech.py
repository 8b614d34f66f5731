"""What is heard, and how long it takes: prompts as text and seconds.

The model: letters at the language's pace, and one more for the gap behind each word, so that a long compound takes as
long as its parts; a digit is a word of four letters, of six in a number of three digits or more. Besides 0.35 s at a
comma, 0.4 s at the end of a sentence, half a second at a [pause], more in proportion where a prompt is slow. Fitted to
espeak-ng 1.51 (docs/checks.md). A prompt that is recorded takes as long as its clips.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ivr.base.ids import NO_LANGUAGE, NO_PROMPT, LanguageCode, PromptKey
from ivr.line.flow.actions import Action, ListenAction, PauseAction, Prompt, SayAction
from ivr.line.languages import NAME_SLOTS, Catalogue, HeardWords, Slot, SpokenName, Words

COMMA, STOP, PAUSE = 0.35, 0.4, 0.5  # seconds
SLOW = 1 / 0.85
DIGIT, DIGIT_OF_MANY = 4, 6  # letters of a digit, and of one in a number of three digits or more
_WORD = re.compile(r"\d+|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"[.:?!](?=\s|$)")  # of a sentence
_NAME = "Municipality"  # stands for a name whose length is not known


class HeardSpeech(NamedTuple):
    """One prompt or pause, from `start` on. `uncut`: nothing listens, so no key can cut it."""

    language: LanguageCode
    key: PromptKey
    text: str
    start: float
    seconds: float
    uncut: bool

    @property
    def end(self) -> float:
        return self.start + self.seconds


@dataclass(eq=False)
class Spoken:
    """What is said by some actions. `actions` are kept so that their identity is taken by no others. `told`: by
    language and whether it has to be uncut, the second at which the 113 instruction has been said."""

    actions: tuple[Action, ...]
    heard: tuple[HeardSpeech, ...]
    prompts: tuple[Prompt | None, ...]
    seconds: float
    uncut_seconds: float
    told: dict[tuple[str, bool], float | None] = field(default_factory=dict)


class SpeechLengths:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._texts: dict[Prompt, str] = {}
        self._times: dict[Prompt, float] = {}
        self._known: dict[int, Spoken] = {}  # by the identity of the actions

    def text(self, prompt: Prompt) -> str:
        if prompt not in self._texts:
            self._texts[prompt] = "".join(text for _, text in self._pieces(prompt, dict(prompt.slots)))
        return self._texts[prompt]

    def seconds(self, prompt: Prompt) -> float:
        if prompt not in self._times:
            self._times[prompt] = self._seconds(prompt)
        return self._times[prompt]

    def length(self, key: PromptKey, language: LanguageCode) -> float:
        """Seconds of a text by itself, each slot counted as a name of usual length."""
        names = ((name, _NAME) for name in self._catalogue.slots(key))
        return self._seconds(Prompt(key, language, tuple(names)))

    def _pieces(self, prompt: Prompt, slots: Mapping[str, str]) -> Iterator[tuple[LanguageCode, str]]:
        """Pieces of the text, each with the language of the voice that speaks it. `…` is a [pause]."""
        for piece in self._catalogue.languages[prompt.language].texts[prompt.key]:
            if isinstance(piece, Words):
                yield prompt.language, piece.text
            elif isinstance(piece, Slot):
                voice = self._catalogue.names_in if piece.name in NAME_SLOTS else prompt.language
                yield voice, slots[piece.name]
            else:
                yield prompt.language, "…"

    def _seconds(self, prompt: Prompt, end: int | None = None) -> float:
        """Seconds of the first `end` characters, or of all."""
        recorded = self._recorded_seconds(prompt, end)
        if recorded is not None:
            return recorded
        total, left = 0.0, end
        for language, text in self._pieces(prompt, dict(prompt.slots)):
            total += spoken_seconds(text[:left], self._catalogue.languages[language].pace)
            left = None if left is None else max(left - len(text), 0)
        return total * (SLOW if prompt.key in self._catalogue.languages[prompt.language].slow else 1)

    def _recorded_seconds(self, prompt: Prompt, end: int | None) -> float | None:
        """The same of a prompt that is recorded, to the end of the clip that holds the last of the characters; None of
        one that is not."""
        parts = self._catalogue.recorded.parts(prompt.key, prompt.language, dict(prompt.slots))
        if parts is None:
            return None
        total, letters = 0.0, 0
        for part in parts:
            match part:
                case HeardWords():
                    total += part.clip.seconds
                    letters += len(part.text)
                case SpokenName():
                    total += spoken_seconds(part.text, self._catalogue.languages[self._catalogue.names_in].pace)
                    letters += len(part.text)
                case _:
                    total += PAUSE
            if end is not None and letters >= end:
                break
        return total

    def heard(self, actions: tuple[Action, ...]) -> tuple[HeardSpeech, ...]:
        """Everything that is said, with the second at which it begins."""
        return self._spoken(actions).heard

    def total(self, actions: tuple[Action, ...], *, uncut_only: bool = False) -> float:
        spoken = self._spoken(actions)
        return spoken.uncut_seconds if uncut_only else spoken.seconds

    def danger_told(self, actions: tuple[Action, ...], language: LanguageCode, *, uncut: bool = True) -> float | None:
        """The second at which "hang up and dial 113" has been said in this language; None if it is not said."""
        told = self._spoken(actions).told
        if (language, uncut) not in told:
            told[language, uncut] = self._danger_told(actions, language, uncut=uncut)
        return told[language, uncut]

    def _danger_told(self, actions: tuple[Action, ...], language: LanguageCode, *, uncut: bool) -> float | None:
        spoken = self._spoken(actions)
        for each, prompt in zip(spoken.heard, spoken.prompts, strict=True):
            if prompt is None or each.language != language or (uncut and not each.uncut):
                continue
            end = self.instruction_end(each.text, language)
            if end is not None:
                return each.start + self._seconds(prompt, end)
        return None

    def _spoken(self, actions: tuple[Action, ...]) -> Spoken:
        """Once for each tuple, which is known by its identity: a walk has one object of all that are equal."""
        known = self._known.get(id(actions))
        if known is None:
            timed = list(self._timed(actions))
            known = self._known[id(actions)] = Spoken(
                actions,
                heard=tuple([heard for heard, _ in timed]),
                prompts=tuple([prompt for _, prompt in timed]),
                seconds=sum(each.seconds for each, _ in timed),
                uncut_seconds=sum(each.seconds for each, _ in timed if each.uncut),
            )
        return known

    def _timed(self, actions: Iterable[Action]) -> Iterator[tuple[HeardSpeech, Prompt | None]]:
        now = 0.0
        for each, uncut in _said(actions):
            if isinstance(each, PauseAction):
                prompt, heard = None, HeardSpeech(NO_LANGUAGE, NO_PROMPT, "", now, float(each.seconds), uncut)
            else:
                prompt = each.prompt
                heard = HeardSpeech(prompt.language, prompt.key, self.text(prompt), now, self.seconds(prompt), uncut)
            yield heard, prompt
            now = heard.end

    def instruction_end(self, text: str, language: LanguageCode) -> int | None:
        """How far into `text` the words "hang up and dial 113" have been said. `language`: one that has such words."""
        spoken = self._catalogue.languages[language]
        hang_up, code = re.escape(spoken.hang_up), spoken.emergency_number
        match = re.search(rf"\b{hang_up}\b[^.]*?\b{code}\b", text, re.IGNORECASE)
        return match.end() if match else None


def spoken_seconds(text: str, pace: float) -> float:
    """How long a voice takes to say `text`. `pace`: seconds that a letter takes."""
    letters = sum(map(_letters, _WORD.findall(text)))
    rests = COMMA * text.count(",") + STOP * len(_END.findall(text)) + PAUSE * text.count("…")
    return letters * pace + rests


@lru_cache(maxsize=4096)
def _letters(word: str) -> int:
    """With one for each gap between words."""
    if word.isdigit():
        return len(word) * (1 + (DIGIT if len(word) < 3 else DIGIT_OF_MANY))
    return 1 + sum(character.isalpha() for character in word)


def _said(actions: Iterable[Action]) -> Iterator[tuple[SayAction | PauseAction, bool]]:
    for action in actions:
        if isinstance(action, ListenAction):
            yield from ((each, False) for each in action.prompts)
        elif isinstance(action, SayAction | PauseAction):
            yield action, True
