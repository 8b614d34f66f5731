"""The opening of a WebSocket to the application: which URL, whether it may be asked, and the signed handshake.

Loopback may be asked always, another origin when the user has named it. T:stream: wss only; ws is for loopback (ours).
The handshake has the headers of a webhook request, and X-Twilio-Signature over the URL with its scheme ws or wss.
"""

import ipaddress
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Failed, FailureKind, OpenSocket, SocketOpened, Steps
from ivr.simulator.public_urls import connected_to, forwarded
from ivr.simulator.signature import signed_text
from ivr.simulator.urls import UrlError, checked, origin, without_fragment

WRONG_SCHEME, MALFORMED = 31922, 31923
NOT_NAMED = 11200
HANDSHAKE_SECONDS = 10.0  # of real time, for the connection and the handshake together (ours)
CODES: dict[FailureKind, int] = {
    "refused": 31902,
    "unreachable": 31901,
    "read-timeout": 31901,
    "host": 31901,
    "tls": 31910,
    "tls-name": 31910,
    "tls-expired": 31910,
    "tls-untrusted": 31910,
    "handshake": 31920,
    "missing": 0,
}
_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


class SocketProblem(NamedTuple):
    """Why a socket is not open. `code`: of a Media Stream."""

    code: int
    message: str


def open_socket(call: RunningCall, key: str, base: str, reference: str) -> Steps[SocketProblem | None]:
    """None when it is open. `reference`: seen from the document at `base`; `key`: what it is called from now on."""
    try:
        url = socket_url(base, reference)
    except UrlError as error:
        return SocketProblem(error.code, str(error))
    if not (is_loopback(url) or origin(as_http(url)) in call.origins):
        named = origin(as_http(url))
        return SocketProblem(
            NOT_NAMED, f"{url} is not asked: it is not loopback, and was not named (--allow-origin {named})"
        )
    delivery = call.plan.delivery
    signature = delivery.signature(call.plan.auth_token, signed_text(url))
    headers = (("User-Agent", "TwilioProxy/1.1"), ("X-Twilio-Signature", signature), *delivery.headers)
    server = connected_to(as_http(url), call.plan.delivery.public_urls)
    answer = yield OpenSocket(key, url, headers + forwarded(as_http(url), server), HANDSHAKE_SECONDS, server)
    if isinstance(answer, Failed):
        return SocketProblem(CODES.get(answer.kind, 31924), f"{url}: {answer.message}")
    assert isinstance(answer, SocketOpened)  # noqa: S101 - the driver's side of the protocol
    return None


def socket_url(base: str, reference: str) -> str:
    """The URL with its scheme ws or wss. Raises UrlError with the code of a Media Stream."""
    if not reference.strip():
        raise UrlError("no URL", MALFORMED)
    try:
        joined = reference if "://" in reference else urljoin(base, reference)
        parts = urlsplit(joined)
        good = without_fragment(checked(as_http(joined)))
        if parts.username is not None:
            raise UrlError("a user name and password have no place in it")
    except ValueError as error:
        raise UrlError(f"not a URL for a WebSocket: {reference!r} ({error})", MALFORMED) from None
    absolute = "://" in reference
    if parts.scheme not in _SCHEMES or (absolute and parts.scheme in ("http", "https")):
        raise UrlError(f"the scheme of {reference!r} is not wss", WRONG_SCHEME)
    url = f"{_SCHEMES[parts.scheme]}://{good.partition('://')[2]}"
    if url.startswith("ws://") and not is_loopback(url):
        raise UrlError(f"the scheme of {reference!r} is not wss (ws is for loopback)", WRONG_SCHEME)
    return url


def as_http(url: str) -> str:
    """The same place as an http or https URL, which the rules for origins are about."""
    scheme, mark, rest = url.partition("://")
    return f"{'https' if scheme == 'wss' else 'http' if scheme == 'ws' else scheme}{mark}{rest}"


def is_loopback(url: str) -> bool:
    """An address of this machine, written as one, or the name localhost."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
