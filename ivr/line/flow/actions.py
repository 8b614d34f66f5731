"""What to do for the caller. The provider's adapter turns these into its own language.

A prompt is an id, a language and the values of its slots. Text appears nowhere here but in a text message. Most of
these are tuples, because the checker makes and compares many thousands of them.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ivr.base.errors import EngineError
from ivr.base.ids import NO_LANGUAGE, CentreId, LanguageCode, PromptKey
from ivr.line.directory import DialTarget

LONGEST_SPEECH = 6  # seconds of speech that are listened to: no key acts meanwhile, and a place is named in less
SPEECH_PAUSE = 2  # seconds of silence after which speech is over: "Bø ... i Vesterålen" has a pause in it


class _PromptFields(NamedTuple):
    key: PromptKey
    language: LanguageCode
    slots: tuple[tuple[str, str], ...] = ()


class Prompt(_PromptFields):
    """`slots` are (name, value) pairs. An empty value is refused: a caller never hears a sentence with a hole."""

    __slots__ = ()

    def __new__(cls, key: PromptKey, language: LanguageCode, slots: tuple[tuple[str, str], ...] = ()) -> "Prompt":
        empty = [name for name, value in slots if not value.strip()]
        if empty:
            raise EngineError(f"prompt {key}: slot {', '.join(empty)} is empty")
        return super().__new__(cls, key, language, slots)


class SayAction(NamedTuple):
    """Speak; nothing listens meanwhile, so no key can cut it."""

    prompt: Prompt


class PauseAction(NamedTuple):
    seconds: int


class ListenAction(NamedTuple):
    """Speak and listen; a key, or speech where it is listened to, cuts what is said. `digits`: how many end the entry;
    `finish_on`: the key that ends it early, "" for none; `seconds`: how long to wait after the last word or key.
    `to_the_end`: the words have to be heard whole, so no key is a choice yet; the choices follow when this wait is
    over. `speech`: the language in which speech is listened to besides; "" for keys alone."""

    prompts: tuple[SayAction | PauseAction, ...]
    digits: int
    finish_on: str
    seconds: int
    to_the_end: bool = False
    speech: LanguageCode = NO_LANGUAGE


class DialAction(NamedTuple):
    """Ring a centre and bridge the caller to it, once a person there has accepted the call."""

    target: DialTarget
    ring_seconds: int
    longest_seconds: int


@dataclass(frozen=True)
class HangUpAction:
    """End the call: only after a conversation has taken place."""


Action: TypeAlias = SayAction | PauseAction | ListenAction | DialAction | HangUpAction


@dataclass(frozen=True)
class TextMessage:
    """A text message to the caller's own phone, about a centre (its id). No action: the call goes on beside it.
    `text`: whole and in the caller's language, out of the prompts and the directory alone."""

    centre: CentreId
    text: str
