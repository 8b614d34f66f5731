"""<Say>: text spoken to the one on the line.

Source T:say: loop 0 means until the call ends, and 1000 is the most; language en-US when none is given; text beyond the
voice's limit (basic 4096, Polly 3000, Google 5000 characters) is 13521, no text at all 13520.
"""

from dataclasses import dataclass

from ivr.simulator.twiml.languages import SPOKEN
from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.ssml import Speech, read_speech
from ivr.simulator.twiml.xml import Element

MOST_LOOPS = 1000
_KNOWN = ("voice", "language", "loop", "rate")


@dataclass(frozen=True, slots=True)
class Say:
    speech: Speech
    language: str
    voice: str | None
    loop: int


def read(element: Element, issues: list[Issue]) -> Say | None:
    """None when there is nothing that could be spoken."""
    reading = Reading(element, issues, _KNOWN)
    loop = reading.integer("loop", 1, 13510, high=MOST_LOOPS) or MOST_LOOPS
    language, voice = reading.text("language") or "en-US", reading.text("voice")
    if language.lower() not in SPOKEN:
        reading.warn(13512, f"Twilio has no voice for language {language!r}")
    speech = read_speech(element, issues)
    if not speech.text:
        reading.warn(13520, "<Say> without text; nothing is spoken")
        return None
    limit = most_characters(voice)
    if len(speech.text) > limit:
        reading.warn(13521, f"{len(speech.text)} characters in one <Say>, the voice takes {limit}; nothing is spoken")
        return None
    return Say(speech, language, voice, loop)


def most_characters(voice: str | None) -> int:
    """How long the text of one <Say> may be for a voice."""
    if voice and voice.startswith("Polly."):
        return 3000
    if voice and voice.startswith("Google."):
        return 5000
    return 4096
