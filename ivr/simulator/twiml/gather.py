"""<Gather>: keys or speech from the one on the line.

Source T:gather: action defaults to the current document, POST; finishOnKey `#`, and an empty one means no key ends it;
timeout 5 s, counted from the end of the nested prompts and anew from each key; only Say, Play and Pause inside; at most
500 hints of 100 characters, 60 s of speech; profanityFilter true, partialResultCallback none and POST. The models of
speech recognition are accepted and change nothing here.
"""

from functools import lru_cache
from typing import NamedTuple

from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

_KNOWN = (
    "action",
    "actionOnEmptyResult",
    "bargeIn",
    "debug",
    "enhanced",
    "finishOnKey",
    "hints",
    "input",
    "language",
    "maxSpeechTime",
    "method",
    "numDigits",
    "partialResultCallback",
    "partialResultCallbackMethod",
    "profanityFilter",
    "speechModel",
    "speechTimeout",
    "timeout",
)
MOST_HINTS, LONGEST_HINT = 500, 100
LONGEST_SPEECH = 60
_MODELS = (
    "default",
    "numbers_and_commands",
    "phone_call",
    "experimental_conversations",
    "experimental_utterances",
    "googlev2_long",
    "googlev2_short",
    "googlev2_telephony",
    "googlev2_telephony_short",
    "deepgram_nova-2",
    "deepgram_nova-3",
)
KEYS = "0123456789*#"


class Gather(NamedTuple):
    """`num_digits`, `speech_timeout`: None for no limit, and for "as timeout". Times in seconds.

    `partial_callback`: who is told while somebody speaks, None for nobody.
    """

    prompts: tuple[Say | Play | Pause, ...]
    action: str | None
    method: str
    input: tuple[str, ...]
    finish_on_key: str
    num_digits: int | None
    timeout: int
    speech_timeout: float | None
    action_on_empty: bool
    barge_in: bool
    language: str
    max_speech: int
    partial_callback: str | None
    partial_method: str


def read(element: Element, prompts: tuple[Say | Play | Pause, ...], issues: list[Issue]) -> Gather:
    known = _faultless(tuple([each for each in element.attributes.items() if each[0] != "action"]))
    if known is None:
        return _read(element, prompts, issues)
    return known._replace(prompts=prompts, action=element.attributes.get("action"))


@lru_cache(maxsize=256)
def _faultless(attributes: tuple[tuple[str, str], ...]) -> Gather | None:
    """What such attributes mean, unless something is wrong with them and has to be told with its line. An application
    has a few kinds of Gather; only where each leads is different in every call."""
    issues: list[Issue] = []
    gather = _read(Element("Gather", dict(attributes), (), 0, 0), (), issues)
    return None if issues else gather


def _read(element: Element, prompts: tuple[Say | Play | Pause, ...], issues: list[Issue]) -> Gather:
    reading = Reading(element, issues, _KNOWN)
    _check_recognition(reading)
    num_digits = reading.integer("numDigits", 0, 13314, low=1, means="no limit")
    timeout = 5 if reading.text("timeout") == "auto" else reading.integer("timeout", 5, 13313, low=1)
    return Gather(
        prompts=prompts,
        action=reading.text("action"),
        method=reading.method("method", 13312),
        input=reading.words("input", ("dtmf",), ("dtmf", "speech"), 13326),
        finish_on_key=keys_of(reading, "#", 13310),
        num_digits=num_digits or None,
        timeout=timeout,
        speech_timeout=_speech_timeout(reading),
        action_on_empty=reading.flag("actionOnEmptyResult", False, 13338),
        barge_in=reading.flag("bargeIn", True, 13332),
        language=reading.text("language") or "en-US",
        max_speech=reading.integer("maxSpeechTime", LONGEST_SPEECH, 13328, low=1, high=LONGEST_SPEECH),
        partial_callback=reading.text("partialResultCallback"),
        partial_method=reading.method("partialResultCallbackMethod", 13329),
    )


def _check_recognition(reading: Reading) -> None:
    """What only a recogniser would use: looked at, and without effect here."""
    hints = (reading.text("hints") or "").split(",")
    if len(hints) > MOST_HINTS or any(len(hint.strip()) > LONGEST_HINT for hint in hints):
        reading.warn(13330, f"hints of <Gather> are at most {MOST_HINTS}, of {LONGEST_HINT} characters each")
    reading.flag("profanityFilter", True, 13333)
    model = reading.choice("speechModel", "", _MODELS, 13334)
    if model == "default" and reading.text("speechTimeout") == "auto":
        reading.warn(13335, "speechTimeout='auto' of <Gather> does not go together with speechModel='default'")
    reading.flag("enhanced", False, SCHEMA_WARNING)


def keys_of(reading: Reading, default: str, code: int) -> str:
    """The keys that end the input; an empty attribute means none."""
    raw = reading.text("finishOnKey")
    if raw is None:
        return default
    if any(key not in KEYS for key in raw):
        reading.warn(code, f"finishOnKey={raw!r} may hold 0-9, * and #; {default!r} is used")
        return default
    return raw


def _speech_timeout(reading: Reading) -> float | None:
    """`auto` is a pause in speech as a recogniser notices it: one second here."""
    raw = reading.text("speechTimeout")
    if raw == "auto":
        return 1.0
    return float(reading.integer("speechTimeout", 0, 13327, low=1, means="the value of timeout")) or None
