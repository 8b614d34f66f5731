"""The messages of a Media Stream: those that Twilio sends, and those that it takes. T:media-streams/websocket-messages.

Numbers are texts, as Twilio writes them. Every message but `connected` has the next sequenceNumber, from 1.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ivr.simulator.printable import whole_characters

LONGEST_NAME = 500  # characters of a mark's name that are kept (ours)
MOST_WRONG = 100  # messages of one socket that are passed over; after more the socket is given up (ours)


@dataclass(frozen=True, slots=True)
class AppMedia:
    """Audio to be played: µ-law without a header."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class AppMark:
    """To be sent back when what came before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class AppClear:
    """Everything that waits to be played is dropped."""


AppMessage: TypeAlias = AppMedia | AppMark | AppClear


class MessageError(ValueError):
    """A message that Twilio does not take."""


@dataclass(slots=True)
class StreamMessages:
    """The texts of one stream, in the order in which they are made."""

    stream_sid: str
    call_sid: str
    account_sid: str
    _number: int = 0
    _chunks: dict[str, int] = field(default_factory=dict)

    def connected(self) -> str:
        return _json({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, tracks: tuple[str, ...], parameters: Mapping[str, str]) -> str:
        about = {
            "accountSid": self.account_sid,
            "streamSid": self.stream_sid,
            "callSid": self.call_sid,
            "tracks": list(tracks),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(parameters),
        }
        return self._next("start", {"start": about})

    def media(self, track: str, milliseconds: int, audio: bytes) -> str:
        """`milliseconds`: since the stream began."""
        chunk = self._chunks[track] = self._chunks.get(track, 0) + 1
        payload = base64.b64encode(audio).decode()
        about = {"track": track, "chunk": str(chunk), "timestamp": str(milliseconds), "payload": payload}
        return self._next("media", {"media": about})

    def dtmf(self, digit: str) -> str:
        return self._next("dtmf", {"dtmf": {"track": "inbound_track", "digit": digit}})

    def mark(self, name: str) -> str:
        return self._next("mark", {"mark": {"name": name}})

    def stop(self) -> str:
        return self._next("stop", {"stop": {"accountSid": self.account_sid, "callSid": self.call_sid}})

    def _next(self, event: str, about: Mapping[str, Any]) -> str:
        self._number += 1
        return _json(
            {"event": event, "sequenceNumber": str(self._number), **about, "streamSid": self.stream_sid},
        )


def read_message(text: str, stream_sid: str) -> AppMessage:
    """What the application sends. Raises MessageError."""
    message = read_object(text)
    event = message.get("event")
    if event not in ("media", "mark", "clear"):
        raise MessageError(f"event {event!r:.60} is none of media, mark, clear")
    if message.get("streamSid") != stream_sid:
        raise MessageError(f"streamSid {message.get('streamSid')!r:.60} of {event} is not {stream_sid}")
    match event:
        case "media":
            return AppMedia(_audio(message))
        case "mark":
            return AppMark(_name(message))
        case _:
            return AppClear()


def read_object(text: str) -> dict[str, Any]:
    """A JSON object. Raises MessageError."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise MessageError(f"not JSON: {text[:60]!r}") from None
    if not isinstance(message, dict):
        raise MessageError(f"no JSON object: {text[:60]!r}")
    return message


def _audio(message: Mapping[str, Any]) -> bytes:
    media = message.get("media")
    payload = media.get("payload") if isinstance(media, dict) else None
    if not isinstance(payload, str):
        raise MessageError("media has no payload")
    try:
        audio = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise MessageError("the payload of media is not base64") from None
    if audio.startswith(b"RIFF"):
        raise MessageError("the payload of media begins with a file's header (RIFF): only the audio is sent")
    return audio


def _name(message: Mapping[str, Any]) -> str:
    mark = message.get("mark")
    name = mark.get("name") if isinstance(mark, dict) else None
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise MessageError(f"mark has no name of at most {LONGEST_NAME} characters")
    return whole_characters(name)


def _json(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))
