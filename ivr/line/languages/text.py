"""One text of one prompt, taken apart: words, {slots} and [pause]s."""

import re
from dataclasses import dataclass
from typing import TypeAlias

# Filled with the name of a place, a centre or the caller's language: all in the language of the centres, so always
# spoken by its voice.
NAME_SLOTS = frozenset({"centre", "backup", "other", "municipality", "name1", "name2", "name3", "language"})
# Filled with two digits, spoken one by one in the caller's language.
DIGIT_SLOTS = frozenset({"d1", "d2", "d3", "d4"})
# Of a text that is written and not spoken: a name, and a number with its country code.
WRITTEN_SLOTS = frozenset({"centre", "number"})

PAUSE_MILLISECONDS = 500  # two pairs of digits need at least half a second between them
MAX_LENGTH = 3000  # characters; Twilio's limit for a <Say> with an Amazon Polly voice (error 13521)

KEY_MARK = re.compile(r"\[([0-9*#])\]")  # of a choice in a text chat, which becomes a button
_TOKEN = re.compile(r"\{(?P<slot>[a-z0-9_]+)\}|(?P<pause>\[pause\])")
# Not allowed in XML 1.0, or invisible (zero width, direction marks): nobody can review what cannot be seen.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff\ue000-\uf8ff]"
)


@dataclass(frozen=True)
class Words:
    text: str


@dataclass(frozen=True)
class Slot:
    name: str


@dataclass(frozen=True)
class PauseMark:
    """Half a second of silence (PAUSE_MILLISECONDS)."""


Piece: TypeAlias = Words | Slot | PauseMark


def parse(text: str, *, slots: frozenset[str] = NAME_SLOTS | DIGIT_SLOTS, written: bool = False) -> tuple[Piece, ...]:
    """Take `text` apart. `slots`: those it may have. `written`: spaces between slots count, and a key may stand in
    brackets (KEY_MARK). Raises ValueError with what is wrong, for the file's author."""
    if not text.strip():
        raise ValueError("is empty")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"is longer than {MAX_LENGTH} characters")
    unseen = _UNSEEN.search(text)
    if unseen:
        raise ValueError(f"holds the character U+{ord(unseen.group()):04X}, which cannot be spoken or seen")
    pieces: list[Piece] = []
    end = 0
    for token in _TOKEN.finditer(text):
        pieces += _words(text[end : token.start()], written=written)
        pieces.append(_slot(token.group("slot"), slots) if token.group("slot") else PauseMark())
        end = token.end()
    return (*pieces, *_words(text[end:], written=written))


def _slot(name: str, slots: frozenset[str]) -> Slot:
    if name not in slots:
        known = ", ".join(sorted(slots))
        raise ValueError(f"has the unknown slot {{{name}}}; slots are {known}")
    return Slot(name)


def parse_written(text: str, *, slots: frozenset[str] = WRITTEN_SLOTS) -> tuple[Piece, ...]:
    """The same of a text that is read on a screen, so it cannot pause."""
    pieces = parse(text, slots=slots, written=True)
    if PauseMark() in pieces:
        raise ValueError("has a [pause], but no voice speaks this text")
    return pieces


def parse_for_chat(text: str) -> tuple[Piece, ...]:
    """The written form of a text that is else spoken: it has the slots of one, and a mark at each key to choose."""
    return parse_written(text, slots=NAME_SLOTS | DIGIT_SLOTS)


def _words(text: str, *, written: bool) -> list[Piece]:
    if set("{}[]") & set(KEY_MARK.sub("", text) if written else text):
        raise ValueError("has a stray bracket: slots are written {centre}, a pause [pause]")
    return [Words(text)] if text.strip() or (written and text) else []
