"""Everything that must hold around a number, one check after the other; a check that cannot run says so as a fault.

Must not know terminals. Asks the line through its public address, with requests signed as Twilio signs them: a status
callback and a fallback request, about a call that does not exist.
"""

import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode, urlsplit

from ivr.errors import AccountError
from ivr.twilio_account.account import Account
from ivr.twilio_account.number import Webhooks, differences

DAYS_LEFT = 21  # of a certificate, below which it is time to worry
_SECONDS = 10.0
_NO_CALL = "CA" + "0" * 32


class State(StrEnum):
    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Check:
    about: str
    state: State
    words: str


Answer = tuple[State, str]


def examine(
    account: Account, number: str, wanted: Webhooks, auth_token: str, *, text_sender: str = ""
) -> Iterator[Check]:
    """Check by check, as they are done. `number`: E.164. `text_sender`: a number or a name; "" if none is sent."""
    line = _Line(wanted.base_url.rstrip("/"), auth_token, account.sid)
    checks: dict[str, Callable[[], Answer]] = {
        "credentials": lambda: _credentials(account),
        "number": lambda: _number(account, number, wanted),
        "fallback": lambda: _fallback(wanted),
        "address": line.address,
        "certificate": line.certificate,
        "unsigned": line.unsigned,
        "signed": line.signed,
        "dialling Norway": lambda: _norway(account),
        "dialling elsewhere": lambda: _elsewhere(account),
    }
    if text_sender:
        checks["text messages"] = lambda: _text_sender(account, text_sender)
    for about, check in checks.items():
        try:
            state, words = check()
        except AccountError as error:
            state, words = State.FAULT, str(error)
        except OSError as error:
            state, words = State.FAULT, f"cannot be reached: {getattr(error, 'reason', error)}"
        yield Check(about, state, words)


def _credentials(account: Account) -> Answer:
    found = account.standing()
    if found.status != "active":
        return State.FAULT, f"the account is {found.status}; Twilio takes no calls for it"
    if str(found.type).lower() == "trial":
        return State.WARNING, "a trial account: callers first hear Twilio's notice, and only verified numbers are rung"
    return State.FINE, "the account is active"


def _number(account: Account, number: str, wanted: Webhooks) -> Answer:
    found = account.number(number)
    if found.trunk_sid:
        return State.FAULT, f"the number belongs to the SIP trunk {found.trunk_sid}, so its voice URLs are not asked"
    if not (found.capabilities or {}).get("voice"):
        return State.FAULT, "the number cannot take voice calls"
    wrong = differences(found, wanted)
    if wrong:
        return State.FAULT, f"`ivr twilio configure` would change {', '.join(each.field for each in wrong)}"
    return State.FINE, "its webhooks are ours"


def _fallback(wanted: Webhooks) -> Answer:
    if wanted.fallback_is_our_own:
        return State.WARNING, "the fallback is on the line's own host and goes down with it: `ivr fallback export`"
    status, document = _asked(wanted.fallback_url, {}, {})
    if status != 200 or b"<Response" not in document:
        return State.FAULT, f"the fallback URL does not give TwiML (status {status})"
    if b"<Say" not in document and b"<Play" not in document:
        return State.FAULT, "the fallback document says nothing"
    return State.FINE, "the fallback is on another host and gives TwiML"


def _norway(account: Account) -> Answer:
    found = account.dialling("NO")
    if not found.low_risk_numbers_enabled:
        return State.FAULT, "calls to Norway are not permitted: Twilio's console, Voice, Geo permissions"
    risky = found.high_risk_special_numbers_enabled or found.high_risk_tollfraud_numbers_enabled
    if risky:
        return State.WARNING, "high-risk numbers of Norway are permitted too; no centre has one: switch them off"
    return State.FINE, "ordinary numbers of Norway, no high-risk ones"


def _elsewhere(account: Account) -> Answer:
    others = [country for country in account.dialled_countries() if country != "NO"]
    if others:
        listed = ", ".join(others[:10]) + (" ..." if len(others) > 10 else "")
        return State.WARNING, f"{len(others)} other countries may be dialled, which only a thief needs: {listed}"
    return State.FINE, "no other country may be dialled"


def _text_sender(account: Account, sender: str) -> Answer:
    if not sender.startswith("+"):
        return State.WARNING, f"{sender} is a name: which networks take it, Twilio cannot be asked; try it once"
    if not (account.number(sender).capabilities or {}).get("sms"):
        return State.FAULT, f"{sender} (IVR_TEXT_SENDER) cannot send text messages: take another number, or a name"
    return State.FINE, f"{sender} can send text messages"


@dataclass(frozen=True)
class _Line:
    """The line, asked through its public address."""

    base: str
    auth_token: str
    account_sid: str

    def address(self) -> Answer:
        status, _ = _asked(f"{self.base}/health/ready")
        if status != 200:
            return State.FAULT, f"{self.base}/health/ready is answered with {status}: is PUBLIC_BASE_URL the line?"
        return State.FINE, f"{self.base} is the line"

    def certificate(self) -> Answer:
        parts = urlsplit(self.base)
        if parts.scheme != "https":
            return State.WARNING, "no TLS: everybody on the way can read what callers key"
        context = ssl.create_default_context()
        address = (str(parts.hostname), parts.port or 443)
        with (
            socket.create_connection(address, _SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=address[0]) as channel,
        ):
            certificate = channel.getpeercert() or {}
        return judged(str(certificate["notAfter"]), time.time())

    def unsigned(self) -> Answer:
        status, _ = _asked(f"{self.base}/voice", self._form(), {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="})
        if status != 403:
            return State.FAULT, f"a request that Twilio did not sign is answered with {status} instead of 403"
        return State.FINE, "a request that Twilio did not sign is refused"

    def signed(self) -> Answer:
        for path, expected in (("/voice/status", 204), ("/voice/fallback", 200)):
            status, document = self._signed(path)
            if status == 403:
                return State.FAULT, (
                    f"{self.base}{path} refuses a request that is signed as Twilio signs: PUBLIC_BASE_URL there, the "
                    "auth token, or a proxy that rewrites the path (docs/operations.md)"
                )
            if status != expected or (expected == 200 and b"<Response" not in document):
                return State.FAULT, f"{self.base}{path} is answered with {status} instead of {expected}"
        return State.FINE, "requests that are signed as Twilio signs are answered"

    def _signed(self, path: str) -> tuple[int, bytes]:
        from twilio.request_validator import RequestValidator  # noqa: PLC0415 - Twilio's own rule, not ours

        form = self._form()
        signature = RequestValidator(self.auth_token).compute_signature(self.base + path, form)
        return _asked(self.base + path, form, {"X-Twilio-Signature": signature})

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
    return (State.FINE if days >= DAYS_LEFT else State.WARNING), words


def _asked(
    url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body; a POST if there is a form. Raises OSError if there is no answer at all."""
    body = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, body, dict(headers or {}))  # noqa: S310 - http(s), by the settings
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return int(answer.status), answer.read(65_536)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(65_536)
