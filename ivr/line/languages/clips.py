"""Texts that are recorded: the clips of a language, and what is played for a prompt.

A clip has an id, which the speaker's sheet and `recordings.yaml` share:

    MAIN                     a text without slots
    READ_NUM.1, READ_NUM.2   the words of a text before, between and behind its slots and pauses, in their order
    digit:4                  a digit, spoken by itself
    name:Bodø legevakt       a name, spoken in the language of the centres

A prompt is played whole or spoken whole. Only a name may differ: beside another language it is spoken by another voice
in any case.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ivr.base.ids import LanguageCode, PromptKey
from ivr.line.languages.text import NAME_SLOTS, PauseMark, Piece, Slot, Words

PAUSE_FILE = "pause.wav"  # the half second of a [pause]
# Behind the name stand twelve hex digits of the content, so that a file never changes and may be kept for ever.
FILE = re.compile(r"[A-Za-z0-9_.-]{1,100}-[0-9a-f]{12}\.wav")
LONGEST = 120.0  # seconds of a clip
_SPOKEN = re.compile(r"\w")


@dataclass(frozen=True)
class Clip:
    """`file`: its name in the folder `sound` of the language `language`."""

    file: str
    seconds: float
    language: LanguageCode


class SpokenName(NamedTuple):
    """A name that the voice of the centres' language speaks, between two clips."""

    text: str


class HeardWords(NamedTuple):
    """A clip, and the words of the text that it speaks."""

    clip: Clip
    text: str


Part: TypeAlias = HeardWords | SpokenName | PauseMark


def runs(key: PromptKey, pieces: tuple[Piece, ...]) -> Iterator[tuple[str, Piece]]:
    """Each piece of a text with the id of its clip: "" for a slot, a pause and words that are only punctuation."""
    spoken = [piece for piece in pieces if isinstance(piece, Words) and _SPOKEN.search(piece.text)]
    alone = len(spoken) == 1
    number = 0
    for piece in pieces:
        if isinstance(piece, Words) and _SPOKEN.search(piece.text):
            number += 1
            yield (str(key) if alone else f"{key}.{number}"), piece
        else:
            yield "", piece


def digit_clip(digit: int | str) -> str:
    return f"digit:{digit}"


def name_clip(name: str) -> str:
    return f"name:{name}"


class RecordedTexts:
    """What is recorded of all languages. `clips`: of each language, by their ids. `spoken`: languages that have a
    voice. `digits`: of each language, the digit of each of its words."""

    def __init__(
        self,
        texts: Mapping[LanguageCode, Mapping[PromptKey, tuple[Piece, ...]]],
        clips: Mapping[LanguageCode, Mapping[str, Clip]],
        digits: Mapping[LanguageCode, Mapping[str, str]],
        names_in: LanguageCode,
    ) -> None:
        self._texts, self._clips, self._digits, self._names_in = texts, clips, digits, names_in
        self.is_empty = not any(clips.values())

    def parts(self, key: PromptKey, code: LanguageCode, slots: Mapping[str, str]) -> tuple[Part, ...] | None:
        """What is played for this prompt; None if a clip is lacking, and the voice speaks all of it."""
        clips = self._clips[code]
        if not clips:
            return None
        found: list[Part] = []
        for clip_id, piece in runs(key, self._texts[code][key]):
            if isinstance(piece, PauseMark):
                found.append(piece)
            elif isinstance(piece, Slot):
                parts = self._slot(piece, code, slots[piece.name])
                if parts is None:
                    return None
                found += parts
            elif clip_id:
                if clip_id not in clips:
                    return None
                found.append(HeardWords(clips[clip_id], piece.text))
        return tuple(found)

    def _slot(self, slot: Slot, code: LanguageCode, value: str) -> list[Part] | None:
        if slot.name in NAME_SLOTS:
            clip = self._clips[self._names_in].get(name_clip(value))
            if clip is None:
                return None if code == self._names_in else [SpokenName(value)]
            return [HeardWords(clip, value)]
        spoken = [(word, self._clips[code].get(digit_clip(self._digits[code].get(word, "")))) for word in value.split()]
        if not all(clip for _, clip in spoken):
            return None
        return [HeardWords(clip, word) for word, clip in spoken if clip]
