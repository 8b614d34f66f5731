"""<Gather>: keys or speech from the one on the line.

Source T:gather: action defaults to the current document, POST; finishOnKey `#`, and an empty one means no key ends it;
timeout 5 s, counted from the end of the nested prompts and anew from each key; only Say, Play and Pause inside.
"""

from dataclasses import dataclass

from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
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
    "profanityFilter",
    "speechModel",
    "speechTimeout",
    "timeout",
)
_IGNORED = ("partialResultCallback", "partialResultCallbackMethod")
KEYS = "0123456789*#"


@dataclass(frozen=True, slots=True)
class Gather:
    """`num_digits`, `speech_timeout`: None for no limit, and for "as timeout". Times in seconds."""

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


def read(element: Element, prompts: tuple[Say | Play | Pause, ...], issues: list[Issue]) -> Gather:
    reading = Reading(element, issues, _KNOWN, _IGNORED)
    num_digits = reading.integer("numDigits", 0, 13314, low=1)
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
    )


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
    return float(reading.integer("speechTimeout", 0, 13327, low=1)) or None
