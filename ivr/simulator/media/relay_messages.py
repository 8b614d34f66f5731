"""The messages of ConversationRelay: those that Twilio sends, and those that it takes.
T:conversationrelay/websocket-messages.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ivr.simulator.media.stream_messages import MessageError, read_object
from ivr.simulator.printable import whole_characters

_INPUTS = ("none", "dtmf", "speech", "any")
_DIGITS = re.compile(r"[0-9*#wW]+")
LONGEST_TEXT = 100_000  # characters of a token or of handoffData (ours)
MOST_LOOPS = 1000


@dataclass(frozen=True, slots=True)
class RelayText:
    """Words to be spoken. `last`: they end what is said this time. None: as the document has it."""

    token: str
    last: bool
    language: str | None = None
    interruptible: str | None = None
    preemptible: bool | None = None


@dataclass(frozen=True, slots=True)
class RelayPlay:
    source: str
    loop: int = 1
    interruptible: str | None = None
    preemptible: bool | None = None


@dataclass(frozen=True, slots=True)
class RelayDigits:
    digits: str


@dataclass(frozen=True, slots=True)
class RelayLanguage:
    """None: as it was."""

    spoken: str | None
    heard: str | None


@dataclass(frozen=True, slots=True)
class RelayEnd:
    handoff_data: str | None


RelayMessage: TypeAlias = RelayText | RelayPlay | RelayDigits | RelayLanguage | RelayEnd


def setup(about: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    return _json({"type": "setup", **about, "customParameters": dict(parameters)})


def prompt(text: str, language: str) -> str:
    """The caller has said this, all of it."""
    return _json({"type": "prompt", "voicePrompt": text, "lang": language, "last": True})


def dtmf(digit: str) -> str:
    return _json({"type": "dtmf", "digit": digit})


def interrupt(text: str, milliseconds: int) -> str:
    """`text`: what was spoken until the caller interrupted. The number is a text, as on Twilio's page."""
    return _json({"type": "interrupt", "utteranceUntilInterrupt": text, "durationUntilInterruptMs": str(milliseconds)})


def error(received: str) -> str:
    return _json({"type": "error", "description": f"Invalid message received: {received[:500]}"})


def read_relay_message(text: str) -> RelayMessage:
    """What the application sends. Raises MessageError."""
    message = read_object(text)
    match message.get("type"):
        case "text":
            token, last = _text(message, "token"), _flag(message, "last")
            language = None if message.get("lang") is None else _text(message, "lang")
            return RelayText(token, bool(last), language, _input(message), _flag(message, "preemptible"))
        case "play":
            source, loop = _text(message, "source"), _loop(message)
            return RelayPlay(source, loop, _input(message), _flag(message, "preemptible"))
        case "sendDigits":
            digits = _text(message, "digits")
            if not _DIGITS.fullmatch(digits):
                raise MessageError(f"digits {digits[:40]!r} may hold 0-9 * # w W")
            return RelayDigits(digits)
        case "language":
            names = ("ttsLanguage", "transcriptionLanguage")
            spoken, heard = (None if message.get(name) is None else _text(message, name) for name in names)
            return RelayLanguage(spoken, heard)
        case "end":
            return RelayEnd(None if message.get("handoffData") is None else _text(message, "handoffData"))
        case other:
            raise MessageError(f"type {other!r:.60} is none of text, play, sendDigits, language, end")


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise MessageError(f"{name} of {message['type']} must be a text of at most {LONGEST_TEXT} characters")
    return whole_characters(value)


def _flag(message: Mapping[str, Any], name: str) -> bool | None:
    value = message.get(name)
    if value is not None and not isinstance(value, bool):
        raise MessageError(f"{name} of {message['type']} must be true or false")
    return value


def _input(message: Mapping[str, Any]) -> str | None:
    """Which input may interrupt: a word, or true or false as it was written at first."""
    value = message.get("interruptible")
    if value is None or (isinstance(value, str) and value in _INPUTS):
        return value
    if isinstance(value, bool):
        return "any" if value else "none"
    raise MessageError(f"interruptible of {message['type']} must be one of {', '.join(_INPUTS)}, or true or false")


def _loop(message: Mapping[str, Any]) -> int:
    """0 is for ever, which is 1000 times, as for <Play>."""
    value = message.get("loop", 1)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise MessageError("loop of play must be a whole number from 0")
    return min(value or MOST_LOOPS, MOST_LOOPS)


def _json(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
