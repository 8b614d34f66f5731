"""What a <Say> sounds like: the words spoken, how many there are, and the breaks between. No clock, no voices.

SSML tags are those of Twilio's list for <Say>. An unknown tag is Twilio's 12200; the text in it is spoken all the same.
"""

import re
from dataclasses import dataclass

from ivr.base.complaints import suggestion
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue
from ivr.simulator.twiml.xml import Element

_TAGS = {
    "break": {"strength", "time"},
    "emphasis": {"level"},
    "lang": {"xml:lang"},
    "p": set[str](),
    "phoneme": {"alphabet", "ph"},
    "prosody": {"volume", "rate", "pitch", "amazon:max-duration"},
    "s": set[str](),
    "say-as": {"interpret-as", "role", "format"},
    "sub": {"alias"},
    "w": {"role"},
    "speak": {"xml:lang", "version"},
    "mark": {"name"},
    "amazon:effect": {"name", "phonation", "vocal-tract-length"},
    "amazon:domain": {"name"},
    "amazon:emotion": {"name", "intensity"},
    "amazon:auto-breaths": {"volume", "frequency", "duration"},
}
# Nobody documents how long a strength lasts on the telephone; these are ours (docs/simulator.md).
_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.0}
_RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5, "default": 1.0}
_SPELT = {"digits", "digit", "characters", "spell-out", "telephone", "verbatim"}
_LONGEST_BREAK = 10.0
_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s)")
_PERCENT = re.compile(r"([+-]?)(\d+(?:\.\d+)?)%")
_WRONG_RATE = 13513


@dataclass(frozen=True, slots=True)
class SsmlSpeech:
    """`words`: spoken words, a digit counting as one, slow speech as more. `breaks`: seconds of silence between."""

    text: str
    words: float
    breaks: float

    def seconds(self, words_a_minute: float) -> float:
        return self.words * 60 / words_a_minute + self.breaks


def read_speech(element: Element, issues: list[Issue]) -> SsmlSpeech:
    """The speech of a <Say> element."""
    parts: list[str] = []
    words, breaks = _collect(element, issues, parts, 1.0, spelt=False)
    return SsmlSpeech(" ".join("".join(parts).split()), words, breaks)


def count_words(text: str, *, spelt: bool = False) -> int:
    """Words as they are spoken: a digit is a word; in spelt text every letter is one too."""
    if spelt:
        return sum(character.isalnum() for character in text)
    return sum(_in_token(token) for token in text.split())


def spoken_seconds(text: str, rate: float) -> float:
    """How long somebody takes to say `text`, at `rate` words a minute."""
    return count_words(text) * 60 / rate


def _in_token(token: str) -> int:
    digits = sum(character.isdigit() for character in token)
    letters = any(character.isalpha() for character in token)
    return digits + letters


def _collect(
    element: Element, issues: list[Issue], parts: list[str], rate: float, *, spelt: bool
) -> tuple[float, float]:
    words = breaks = 0.0
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
            words += count_words(child, spelt=spelt) / rate
            continue
        _check(child, issues)
        if child.name == "break":
            parts.append(" ")
            breaks += _break_seconds(child, issues)
        elif child.name == "sub" and "alias" in child.attributes:
            alias = child.attributes["alias"]
            parts.append(alias)
            words += count_words(alias) / rate
        else:
            block = child.name in ("p", "s")
            parts.append(" " if block else "")
            spelt_out = spelt or (child.name == "say-as" and child.attributes.get("interpret-as") in _SPELT)
            inner = _collect(child, issues, parts, rate * _rate(child, issues), spelt=spelt_out)
            parts.append(" " if block else "")
            words, breaks = words + inner[0], breaks + inner[1]
    return words, breaks


def _check(tag: Element, issues: list[Issue]) -> None:
    def warn(message: str) -> None:
        issues.append(Issue(SCHEMA_WARNING, message, tag.line, tag.column))

    if tag.name not in _TAGS:
        warn(f"<{tag.name}> inside <Say> is no SSML tag of Twilio{suggestion(tag.name, _TAGS)}; its text is spoken")
        return
    for name in tag.attributes:
        if name not in _TAGS[tag.name]:
            warn(f"<{tag.name}> has no attribute {name!r}{suggestion(name, _TAGS[tag.name])}; it is ignored")


def _break_seconds(tag: Element, issues: list[Issue]) -> float:
    time = tag.attributes.get("time")
    if time is None:
        strength = tag.attributes.get("strength", "medium")
        if strength in _STRENGTHS:
            return _STRENGTHS[strength]
    elif match := _TIME.fullmatch(time.strip()):
        return min(float(match[1]) / (1000 if match[2] == "ms" else 1), _LONGEST_BREAK)
    wrong = f"time={time!r}" if time is not None else f"strength={tag.attributes.get('strength')!r}"
    issues.append(Issue(SCHEMA_WARNING, f"{wrong} of <break> is not a length of time", tag.line, tag.column))
    return 0.0


def _rate(tag: Element, issues: list[Issue]) -> float:
    """How fast a <prosody> is spoken. A rate that is none is reported and changes nothing (T:13513)."""
    raw = tag.attributes.get("rate") if tag.name == "prosody" else None
    if raw is None:
        return 1.0
    rate = raw.strip()
    if match := _PERCENT.fullmatch(rate):
        share = float(match[2]) / 100
        share = 1 + share if match[1] == "+" else 1 - share if match[1] == "-" else share
        return min(max(share, 0.2), 2.0)  # Polly's limits
    if rate not in _RATES:
        message = f"rate={raw!r} of <prosody> is no rate ({', '.join(_RATES)}, or a percentage); the usual one is used"
        issues.append(Issue(_WRONG_RATE, message, tag.line, tag.column))
    return _RATES.get(rate, 1.0)
