"""The line as Twilio meets it: asked through its public address, with requests signed as Twilio signs them.

They are a status callback and a fallback request, about a call that does not exist.
"""

import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

from ivr.operations.twilio_account.rules import AcceptedSignatures

DAYS_LEFT = 21  # of a certificate, below which it is time to worry
SIGNATURE = "X-Twilio-Signature"
_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
_SECONDS = 10.0
_NO_CALL = "CA" + "0" * 32


class CheckState(StrEnum):
    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Check:
    about: str
    state: CheckState
    words: str


Answer = tuple[CheckState, str]


@dataclass(frozen=True)
class Secrets:
    """What the line takes: the settings of the same names."""

    auth_tokens: tuple[str, ...] = field(default=(), repr=False)
    shared_keys: tuple[str, ...] = field(default=(), repr=False)
    shared_key_ids: tuple[str, ...] = ()
    basic: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    digest: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def taken(self) -> AcceptedSignatures:
        schemes = tuple(name for name, logins in (("BASIC", self.basic), ("DIGEST", self.digest)) if logins)
        return AcceptedSignatures(bool(self.auth_tokens), bool(self.shared_keys), self.shared_key_ids, schemes)

    @property
    def login(self) -> tuple[str, str] | None:
        return next(iter((*self.digest, *self.basic)), None)

    def signers(self) -> Iterator[tuple[str, str, str]]:
        """What it is called, the secret, its algorithm."""
        for place, token in enumerate(self.auth_tokens, 1):
            yield f"auth token {place} of {len(self.auth_tokens)}", token, "HMAC_SHA1"
        for place, key in enumerate(self.shared_keys, 1):
            yield f"shared key {place} of {len(self.shared_keys)}", key, "HMAC_SHA256"


@dataclass(frozen=True)
class PublicLine:
    """The line, asked through its public address."""

    base: str
    secrets: Secrets
    account_sid: str

    def address(self) -> Answer:
        status, body = asked(f"{self.base}/health/ready")
        if status != 200 or not is_ours(body):
            return CheckState.FAULT, f"{self.base}/health/ready is answered with {spoken(status, body)}"
        return CheckState.FINE, f"{self.base} is the line"

    def certificate(self) -> Answer:
        parts = urlsplit(self.base)
        if parts.scheme != "https":
            return CheckState.WARNING, "no TLS: everybody on the way can read the keys of callers"
        context = ssl.create_default_context()
        address = (str(parts.hostname), parts.port or 443)
        with (
            socket.create_connection(address, _SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=address[0]) as channel,
        ):
            certificate = channel.getpeercert() or {}
        return judged(str(certificate["notAfter"]), time.time())

    def unsigned(self) -> Answer:
        """A made-up signature is refused; so is a shared key that signs with the weaker hash, as a thief would try."""
        url, form = f"{self.base}/voice", self._form()
        made_up = {SIGNATURE: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}
        for headers in (made_up, *(_signed_by(key, url, form, "HMAC_SHA1") for key in self.secrets.shared_keys)):
            status, body = asked(url, form, headers)
            if status != 403:
                told = spoken(status, body)
                return CheckState.FAULT, f"a request that Twilio did not sign is answered with {told} instead of 403"
        return CheckState.FINE, "a request that Twilio did not sign is refused"

    def signed(self) -> Answer:
        """Every secret that the line should take signs a status callback and a fallback request."""
        form = self._form()
        for name, secret, algorithm in self.secrets.signers():
            for path, expected in (("/voice/status", 204), ("/voice/fallback", 200)):
                headers = _signed_by(secret, self.base + path, form, algorithm)
                status, document = asked(self.base + path, form, headers, self.secrets.login)
                if status == 403:
                    return CheckState.FAULT, (
                        f"{self.base}{path} refuses a request that is signed as Twilio signs, with {name}: "
                        "PUBLIC_BASE_URL there, the auth token or shared key, or a proxy that rewrites the path "
                        "(docs/operations.md)"
                    )
                if status == 401:
                    return CheckState.FAULT, f"{self.base}{path} asks for another user or password (TWILIO_WEBHOOK_...)"
                if status != expected or (expected == 200 and b"<Response" not in document):
                    told = spoken(status, document)
                    return CheckState.FAULT, f"{self.base}{path} is answered with {told} instead of {expected}"
        return CheckState.FINE, "requests that are signed as Twilio signs are answered"

    def _form(self) -> dict[str, str]:
        return {
            "CallSid": _NO_CALL,
            "AccountSid": self.account_sid,
            "From": "anonymous",
            "To": "anonymous",
            "CallStatus": "completed",
        }


def judged(expires: str, now: float) -> Answer:
    """A certificate by its last moment, in the words of the certificate (`Jan  5 09:34:43 2027 GMT`)."""
    days = int((ssl.cert_time_to_seconds(expires) - now) // 86_400)
    words = f"the certificate is valid for {days} more days"
    return (CheckState.FINE if days >= DAYS_LEFT else CheckState.WARNING), words


def asked(
    url: str,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    login: tuple[str, str] | None = None,
) -> tuple[int, bytes]:
    """Status and body; a POST if there is a form. `login`: for a 401. Raises OSError if there is no answer at all."""
    body = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, body, dict(headers or {}))  # noqa: S310 - http(s), by the settings
    try:
        with _opener(url, login).open(request, timeout=_SECONDS) as answer:
            return int(answer.status), answer.read(65_536)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(65_536)


def _opener(url: str, login: tuple[str, str] | None) -> urllib.request.OpenerDirector:
    known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if login:
        known.add_password(None, url, *login)
    both = urllib.request.HTTPDigestAuthHandler(known), urllib.request.HTTPBasicAuthHandler(known)
    return urllib.request.build_opener(*both) if login else urllib.request.build_opener()


def _signed_by(secret: str, url: str, form: Mapping[str, str], algorithm: str) -> dict[str, str]:
    from twilio.request_validator import RequestValidator  # noqa: PLC0415 - Twilio's own rule, not ours

    headers = {SIGNATURE: str(RequestValidator(secret).compute_signature(url, form, algorithm))}
    return headers if algorithm == "HMAC_SHA1" else headers | {_SETTINGS: f"key=doctor,algorithm={algorithm}"}


def is_ours(body: bytes) -> bool:
    """Is this what /health/ready of a line says?"""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("status") == "ready"


def spoken(status: int, body: bytes) -> str:
    """What was answered, and who that may have been."""
    if status == 200 and not body.strip():
        return "200 with an empty body: a proxy that does not know this name (Caddy), or another host"
    if status == 200:
        return "200, but not by the line: another host or a proxy's page; is PUBLIC_BASE_URL the line?"
    return f"{status}: is PUBLIC_BASE_URL the line?" if status == 404 else str(status)
