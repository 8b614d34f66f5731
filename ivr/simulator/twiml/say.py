"""<Say>: text spoken to the one on the line.

Source T:say: loop 0 means until the call ends, and 1000 is the most; language en-US when none is given; text beyond the
voice's limit (basic 4096, Polly 3000, Google 5000 characters) is 13521, no text at all 13520. A voice that does not
exist is 13511, in a Gather 13321; so is one that does not speak the language (ours), and the text is spoken.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, Union

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.ssml import SsmlSpeech, read_speech
from ivr.simulator.twiml.voices import wrong_voice
from ivr.simulator.twiml.xml import Element

MOST_LOOPS = 1000
_KNOWN = ("voice", "language", "loop", "rate")


# Name, attributes and children of an element, without its place.
Shape: TypeAlias = tuple[str, tuple[tuple[str, str], ...], tuple[Union[str, "Shape"], ...]]


@dataclass(frozen=True, slots=True)
class Say:
    speech: SsmlSpeech
    language: str
    voice: str | None
    loop: int


def read(element: Element, issues: list[Issue], *, in_gather: bool = False) -> Say | None:
    """None when there is nothing that could be spoken."""
    return _faultless(_shape(element)) or _read(element, issues, in_gather)


@lru_cache(maxsize=1024)
def _faultless(shape: Shape) -> Say | None:
    """The same element of another document is the same Say, wherever it stands, unless something is wrong with it and
    has to be told with its line. An application speaks a few hundred prompts; they are all that is kept here."""
    issues: list[Issue] = []
    say = _read(_unplaced(shape), issues, False)
    return None if issues else say


def _shape(element: Element) -> Shape:
    children = element.children
    parts = [child if isinstance(child, str) else _shape(child) for child in children] if children else []
    return element.name, tuple(element.attributes.items()), tuple(parts)


def _unplaced(shape: Shape) -> Element:
    name, attributes, parts = shape
    children = tuple(part if isinstance(part, str) else _unplaced(part) for part in parts)
    return Element(name, dict(attributes), children, 0, 0)


def _read(element: Element, issues: list[Issue], in_gather: bool) -> Say | None:
    loop_code, voice_code = (13322, 13321) if in_gather else (13510, 13511)
    reading = Reading(element, issues, _KNOWN)
    loop = reading.integer("loop", 1, loop_code, high=MOST_LOOPS) or MOST_LOOPS
    language, voice = reading.text("language") or None, reading.text("voice") or None
    if wrong := wrong_voice(voice, language):
        reading.warn(voice_code, wrong)
    speech = read_speech(element, issues)
    if not speech.text:
        reading.warn(13520, "<Say> without text; nothing is spoken")
        return None
    limit = most_characters(voice)
    if len(speech.text) > limit:
        reading.warn(13521, f"{len(speech.text)} characters in one <Say>, the voice takes {limit}; nothing is spoken")
        return None
    return Say(speech, language or "en-US", voice, loop)


def most_characters(voice: str | None) -> int:
    """How long the text of one <Say> may be for a voice."""
    if voice and voice.startswith("Polly."):
        return 3000
    if voice and voice.startswith("Google."):
        return 5000
    return 4096
