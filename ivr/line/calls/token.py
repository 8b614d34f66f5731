"""The state of a call as a short token for the URL of the next request, under our own MAC.

Twilio signs the URL that it asks for, but its signature joins names and values without separators and can be
re-split; this lock is ours. A token belongs to one call: it carries a fingerprint of the call's id, keyed, so that
neither the token nor a log tells the id.

    <base64url of JSON>.<base64url of 16 bytes of keyed BLAKE2b, which is a MAC (RFC 7693)>
"""

import hashlib
import hmac
import json
import re
from binascii import a2b_base64, b2a_base64
from functools import lru_cache
from typing import Any, NamedTuple, NewType

from ivr.base.errors import RequestError
from ivr.line.flow.state import CallState, Purpose

CallId = NewType("CallId", str)  # the keyed fingerprint of a provider's call id: what logs and facts may carry

_MAC_BYTES = 16
_ID_BYTES = 9
_MOST_CHARACTERS = 1000  # far above any real token (about 200), far below what a URL may be
_DEFAULTS: dict[str, Any] = {"node": None} | CallState._field_defaults
_NAMES, _VALUES = tuple(_DEFAULTS), tuple(_DEFAULTS.values())
_to_json = json.JSONEncoder(separators=(",", ":")).encode
_from_json = json.JSONDecoder().raw_decode
# Call and step, as `seal` writes them: inside a JSON string these quotes would be escaped.
_OWN = re.compile(r',"c":"([A-Za-z0-9_-]+)","n":([0-9]{1,9})(?=,)')
_URL_SAFE, _PLAIN = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
_ENTRY_LIMIT = 1000  # no counter of a real call comes near it


class Opened(NamedTuple):
    """What a token held; `edition`: of the flow and the directory that it was written for; `step`: how many steps the
    call had taken."""

    state: CallState
    edition: str
    step: int = 0


class Tokens:
    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("a token needs a secret")
        key = hashlib.sha256(b"ivr token " + secret.encode()).digest()
        # With the key worked in already.
        self._macs = {size: hashlib.blake2b(key=key, digest_size=size) for size in (_MAC_BYTES, _ID_BYTES)}

    def call_id(self, provider_id: str) -> CallId:
        """Twelve characters that stand for the provider's id of a call; not reversible without the secret."""
        return CallId(_encode(self._mac(b"call " + provider_id.encode(), _ID_BYTES)))

    def seal(self, state: CallState, call: CallId, edition: str, step: int = 0) -> str:
        """The token; ASCII, safe in a URL, the same for the same input."""
        payload = _encode(f'{{"v":{_text(edition)},"c":"{call}","n":{step},{_rest(state)}'.encode())
        return f"{payload}.{_encode(self._mac(payload.encode(), _MAC_BYTES))}"

    def open(self, token: str, calls: tuple[CallId, ...]) -> Opened | None:
        """What the token holds; None if it is not one of ours (another secret, damaged, an impossible value).

        `calls` are the ids that the request carries. Raises RequestError 403 for a token of another call.
        """
        text = self._verified(token)
        if text is None:
            return None
        own = _OWN.search(text)
        if own is not None:
            call, step = own[1], int(own[2])
            shared = _shared(text[: own.start()] + text[own.end() :])
        else:
            content = _from_json(text)[0]
            call, step = content.pop("c", None), content.pop("n", 0)
            shared = _read(content)
        if call not in calls:
            raise RequestError(403, "token of another call")
        return Opened(*shared, step) if shared and type(step) is int else None

    def _verified(self, token: str) -> str | None:
        """The JSON of a token under our MAC."""
        payload, _, mac = token.partition(".")
        if len(token) > _MOST_CHARACTERS or not token.isascii():
            return None
        expected = _encode(self._mac(payload.encode(), _MAC_BYTES))
        if not hmac.compare_digest(expected, mac):
            return None
        return _decode(payload)

    def _mac(self, content: bytes, size: int) -> bytes:
        mac = self._macs[size].copy()
        mac.update(content)
        return mac.digest()


def _encode(raw: bytes) -> str:
    """Base64 for URLs without padding (RFC 4648, section 5)."""
    return b2a_base64(raw, newline=False).rstrip(b"=").translate(_URL_SAFE).decode()


def _decode(text: str) -> str:
    return a2b_base64((text + "=" * (-len(text) % 4)).encode().translate(_PLAIN)).decode()


@lru_cache(maxsize=64)
def _text(edition: str) -> str:
    return _to_json(edition)


@lru_cache(maxsize=4096)  # many calls pass through the same states, which hold nothing of a caller but the place
def _rest(state: CallState) -> str:
    """The fields that differ from their default, as the rest of a JSON object: most do not, and tokens stay short."""
    fields = zip(_NAMES, state, _VALUES, strict=True)
    return _to_json({name: value for name, value, default in fields if value != default})[1:]


@lru_cache(maxsize=4096)  # as with `_rest`
def _shared(text: str) -> tuple[CallState, str] | None:
    """What many calls have in the same words: a token's JSON without what is one call's own."""
    return _read(_from_json(text)[0])


def _read(content: dict[str, Any]) -> tuple[CallState, str] | None:
    """State and edition; None if a value is not of its field's kind."""
    edition = content.pop("v", None)
    state = _state(content)
    return (state, edition) if state and isinstance(edition, str) else None


def _state(content: dict[str, Any]) -> CallState | None:
    """The state, if every value is of its field's kind; None otherwise."""
    if not isinstance(content.get("node"), str):
        return None
    for name, written in content.items():
        value = content[name] = tuple(written) if type(written) is list else written
        if name not in _DEFAULTS or (name != "node" and not _fits(value, _DEFAULTS[name])):
            return None
    if "purpose" in content:
        content["purpose"] = Purpose(content["purpose"])
    return CallState(**content)


def _fits(value: object, default: object) -> bool:
    if type(default) is Purpose:
        return value in list(Purpose)
    if type(value) is not type(default):
        return False
    if type(value) is int:
        return 0 <= value < _ENTRY_LIMIT
    return type(value) is not tuple or all(type(item) is str for item in value)
