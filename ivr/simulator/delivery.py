"""How requests reach an application, besides what their URLs say: public addresses, the key that signs them, times.

An account at Twilio sets the latter two with webhook settings and rules (twilio.com/docs/usage/webhooks).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.base.errors import SimulatorError
from ivr.simulator.public_urls import PublicUrl, public_url
from ivr.simulator.signature import sign_text
from ivr.simulator.urls import Overrides, UrlError, overrides

SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_SETTING = r"(ct|rt|tt|rc)=[0-9]+|(rp|e)=[^&#\s=]+"
_CONNECTION = re.compile(rf"({_SETTING})(&({_SETTING}))*")


@dataclass(frozen=True, slots=True)
class SharedKey:
    """`name`: its id at Twilio, such as webhooks_sharedkey_1."""

    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """`shared_key`: signs in place of the auth token. `connection`: settings such as `rc=2&rt=3000`, which go before
    those of a URL's fragment."""

    public_urls: tuple[PublicUrl, ...] = ()
    shared_key: SharedKey | None = None
    connection: str = ""

    def limits(self, url: str) -> Overrides:
        """Raises UrlError."""
        return overrides(f"#{self.connection}" if self.connection else url)

    def signature(self, auth_token: str, text: str) -> str:
        """The X-Twilio-Signature header for a text that is signed."""
        if self.shared_key is None:
            return sign_text(auth_token, text)
        return sign_text(self.shared_key.secret, text, "sha256")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What says how a request is signed."""
        key = self.shared_key
        return () if key is None else ((SETTINGS_HEADER, f"key={key.name},algorithm=HMAC_SHA256"),)


def shared_key(text: str) -> SharedKey:
    """`NAME=KEY`. Raises ValueError."""
    name, equals, secret = text.partition("=")
    if not equals or not secret or not _NAME.fullmatch(name):
        raise ValueError("expected NAME=KEY: the key's id, such as webhooks_sharedkey_1, and its secret")
    return SharedKey(name, secret)


def connection(text: str) -> str:
    """Settings as a URL's fragment has them. Raises ValueError."""
    if text and not _CONNECTION.fullmatch(text):
        raise ValueError(f"expected ct, rt, tt or rc with a number, or rp or e, such as rc=2&rt=3000, not {text!r}")
    try:
        overrides(f"#{text}")
    except UrlError as error:
        raise ValueError(str(error)) from None
    return text


def delivery_of(public_urls: Mapping[str, str] | None, key: str, settings: str) -> Delivery:
    """As a test names them. Raises SimulatorError."""
    try:
        known = tuple(public_url(public, local) for public, local in (public_urls or {}).items())
        return Delivery(known, shared_key(key) if key else None, connection(settings))
    except ValueError as error:  # UrlError is one
        raise SimulatorError(str(error)) from None
