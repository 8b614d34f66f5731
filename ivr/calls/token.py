"""The state of a call as a short token for the URL of the next request, under our own MAC.

Twilio signs the URL that it asks for, but its signature joins names and values without separators and can be
re-split; this lock is ours. A token belongs to one call: it carries a fingerprint of the call's id, keyed, so that
neither the token nor a log tells the id.

    <base64url of JSON>.<base64url of 16 bytes of HMAC-SHA256>
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, fields
from typing import Any, NewType

from ivr.errors import RequestError
from ivr.flow.state import CallState, Purpose

CallId = NewType("CallId", str)  # the keyed fingerprint of a provider's call id: what logs and facts may carry

_MAC_BYTES = 16
_ID_BYTES = 9
_MOST_CHARACTERS = 1000  # far above any real token (about 200), far below what a URL may be
_ENTRY_LIMIT = 1000  # no counter of a real call comes near it


@dataclass(frozen=True)
class Opened:
    """What a token held; `version`: of the flow that it was written for."""

    state: CallState
    version: str


class Tokens:
    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("a token needs a secret")
        self._key = hashlib.sha256(b"ivr token " + secret.encode()).digest()

    def call_id(self, provider_id: str) -> CallId:
        """Twelve characters that stand for the provider's id of a call; not reversible without the secret."""
        return CallId(_encode(self._mac(b"call " + provider_id.encode())[:_ID_BYTES]))

    def seal(self, state: CallState, call: CallId, version: str) -> str:
        """The token; ASCII, safe in a URL, the same for the same input."""
        content = {"v": version, "c": call, **_declared(state)}
        payload = _encode(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode())
        return f"{payload}.{_encode(self._mac(payload.encode())[:_MAC_BYTES])}"

    def open(self, token: str, calls: tuple[CallId, ...]) -> Opened | None:
        """What the token holds; None if it is not one of ours (another secret, damaged, an impossible value).

        `calls` are the ids that the request carries. Raises RequestError 403 for a token of another call.
        """
        content = self._verified(token)
        if content is None:
            return None
        if content.pop("c", None) not in calls:
            raise RequestError(403, "token of another call")
        version = content.pop("v", None)
        state = _state(content)
        return Opened(state, version) if state and isinstance(version, str) else None

    def _verified(self, token: str) -> dict[str, Any] | None:
        payload, _, mac = token.partition(".")
        if len(token) > _MOST_CHARACTERS or not token.isascii():
            return None
        expected = _encode(self._mac(payload.encode())[:_MAC_BYTES])
        if not hmac.compare_digest(expected, mac):
            return None
        content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return content

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, "sha256")


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _declared(state: CallState) -> dict[str, Any]:
    """The fields that differ from their default: most of them do not, and tokens stay short."""
    values = {field.name: (getattr(state, field.name), field.default) for field in fields(CallState)}
    return {name: value for name, (value, default) in values.items() if value != default}


def _state(content: dict[str, Any]) -> CallState | None:
    """The state, if every value is of its field's kind; None otherwise."""
    known = {field.name: field.default for field in fields(CallState)}
    if not content.keys() <= known.keys() or not isinstance(content.get("node"), str):
        return None
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in content.items()
    }
    if not all(name == "node" or _fits(value, known[name]) for name, value in values.items()):
        return None
    values["purpose"] = Purpose(values.get("purpose", Purpose.CONNECTION))
    return CallState(**values)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, Purpose):
        return value in list(Purpose)
    if isinstance(default, int):
        return isinstance(value, int) and 0 <= value < _ENTRY_LIMIT
    if isinstance(default, tuple):
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)
