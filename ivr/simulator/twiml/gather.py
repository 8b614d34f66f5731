"""<Gather>: keys or speech from the one on the line.

Source T:gather: action defaults to the current document, POST; finishOnKey `#`, and an empty one means no key ends it;
timeout 5 s, counted from the end of the nested prompts and anew from each key; only Say, Play and Pause inside; at most
500 hints of 100 characters, 60 s of speech; profanityFilter true, partialResultCallback none and POST. A language that
the model does not know makes the Gather fail (T:13331); what the models know stands in `recognition`.
"""

from functools import lru_cache
from typing import NamedTuple

from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.recognition import is_filtered, is_language, is_model, knows
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import Issue, Reading
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
KEYS = "0123456789*#"


class Gather(NamedTuple):
    """`num_digits`, `speech_timeout`: None for no limit, and for "as timeout". Times in seconds.

    `partial_callback`: who is told while somebody speaks, None for nobody. `fails`: the language and the model do not
    go together, so nothing is gathered. `masks`: profane words of speech are masked.
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
    fails: bool
    masks: bool

    def leading_to(self, prompts: tuple[Say | Play | Pause, ...], action: str | None) -> "Gather":
        """The same with these prompts and this action."""
        return tuple.__new__(Gather, (prompts, action, *self[2:]))


def read(element: Element, prompts: tuple[Say | Play | Pause, ...], issues: list[Issue]) -> Gather:
    known = _faultless(tuple([each for each in element.attributes.items() if each[0] != "action"]))
    if known is None:
        return _read(element, prompts, issues)
    return known.leading_to(prompts, element.attributes.get("action"))


@lru_cache(maxsize=256)
def _faultless(attributes: tuple[tuple[str, str], ...]) -> Gather | None:
    """What such attributes mean, unless something is wrong with them and has to be told with its line. An application
    has a few kinds of Gather; only where each leads is different in every call."""
    issues: list[Issue] = []
    gather = _read(Element("Gather", dict(attributes), (), 0, 0), (), issues)
    return None if issues else gather


def _read(element: Element, prompts: tuple[Say | Play | Pause, ...], issues: list[Issue]) -> Gather:
    reading = Reading(element, issues, _KNOWN)
    inputs = reading.words("input", ("dtmf",), ("dtmf", "speech"), 13326)
    model, language = _recognition(reading), reading.text("language") or "en-US"
    filters = reading.flag("profanityFilter", True, 13333)
    num_digits = reading.integer("numDigits", 0, 13314, low=1, means="no limit")
    timeout = 5 if reading.text("timeout") == "auto" else reading.integer("timeout", 5, 13313, low=1)
    return Gather(
        prompts=prompts,
        action=reading.text("action"),
        method=reading.method("method", 13312),
        input=inputs,
        finish_on_key=keys_of(reading, "#", 13310),
        num_digits=num_digits or None,
        timeout=timeout,
        speech_timeout=_speech_timeout(reading),
        action_on_empty=reading.flag("actionOnEmptyResult", False, 13338),
        barge_in=reading.flag("bargeIn", True, 13332),
        language=language,
        max_speech=reading.integer("maxSpeechTime", LONGEST_SPEECH, 13328, low=1, high=LONGEST_SPEECH),
        partial_callback=reading.text("partialResultCallback"),
        partial_method=reading.method("partialResultCallbackMethod", 13329),
        fails=_language_fails(reading, "speech" in inputs, model, language),
        masks=filters and is_filtered(model, language),
    )


def _recognition(reading: Reading) -> str | None:
    """The model, None when none is named or it does not exist."""
    hints = (reading.text("hints") or "").split(",")
    if len(hints) > MOST_HINTS or any(len(hint.strip()) > LONGEST_HINT for hint in hints):
        reading.warn(13330, f"hints of <Gather> are at most {MOST_HINTS}, of {LONGEST_HINT} characters each")
    reading.flag("enhanced", False, 13339)
    model = reading.text("speechModel") or None
    if model is not None and not is_model(model):
        reading.warn(13334, f"speechModel={model!r} of <Gather> is no model of Twilio's; the default is used")
        model = None
    if model is not None and reading.text("speechTimeout") == "auto":
        message = f"speechTimeout='auto' of <Gather> does not go together with speechModel={model!r}; name the seconds"
        reading.warn(13335, message)
    return model


def _language_fails(reading: Reading, speech: bool, model: str | None, language: str) -> bool:
    """True when speech is asked for in a language that the model does not know."""
    if speech and not knows(model, language):
        used = f"speechModel={model!r}" if model else "the default model"
        message = f"language={language!r} of <Gather> is not known to {used}; the Gather fails and hears nothing"
        reading.warn(13331, message)
        return True
    if not speech and not is_language(language):
        reading.warn(13512, f"language={language!r} of <Gather> is no language that Twilio recognises, e.g. 'en-US'")
    return False


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
