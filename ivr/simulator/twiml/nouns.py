"""Who a <Dial> rings: <Number>, <Sip>, <Client>, and the first in a <Queue>.

Sources: T:number (sendDigits, url, statusCallback: `completed` by default), T:sip (a URI of at most 255 characters, its
`sip:` may be left out, its headers after `?` of at most 1024, each `x-...` or one of four), T:client (the identity as
text or in <Identity>, of at most 256 characters), T:queue (url, name of at most 64).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl

from ivr.simulator.twiml.schema import NOT_SIMULATED, SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

EVENTS = ("initiated", "ringing", "answered", "completed")
Kind: TypeAlias = Literal["Number", "Sip", "Client", "Queue", "Conference"]
LONGEST_QUEUE_NAME = 64
_WHISPER = ("url", "method")
_STATUS = ("statusCallback", "statusCallbackEvent", "statusCallbackMethod")
_MACHINES = (
    "machineDetection",
    "machineDetectionTimeout",
    "machineDetectionSpeechThreshold",
    "machineDetectionSpeechEndThreshold",
    "machineDetectionSilenceTimeout",
    "amdStatusCallback",
    "amdStatusCallbackMethod",
)
_URI = re.compile(r"(?:sips?:[^\s@;?<>]+|[^\s@:;?<>]+)@[^\s@;?<>]+((?:;[^\s;?<>]+)*)", re.IGNORECASE)
_HEADER = re.compile(r"[A-Za-z0-9\-_.!%*+`'~]+")
_STANDARD_HEADERS = ("user-to-user", "remote-party-id", "p-preferred-identity", "p-called-party-id")
LONGEST_IDENTITY = 256
_TRANSPORTS = ("udp", "tcp", "tls")


@dataclass(frozen=True, slots=True)
class Noun:
    """`address`: a number as written, a SIP URI without its headers, `client:NAME` or `queue:NAME`.

    A conference's is made by the engine. `url`: the document that the one there hears before the two are connected.
    `fault`: why Twilio would refuse it, "" when it would not, and the error's code. `headers`: a SIP endpoint's X-...
    """

    kind: Kind
    address: str
    line: int = 0
    column: int = 0
    send_digits: str = ""
    url: str | None = None
    method: str = "POST"
    status_callback: str | None = None
    status_events: tuple[str, ...] = ("completed",)
    status_method: str = "POST"
    fault: str = ""
    code: int = 0
    headers: tuple[tuple[str, str], ...] = ()


def plain_number(element: Element) -> Noun:
    """The number that stands in <Dial> itself."""
    return Noun("Number", element.own_text, element.line, element.column)


def _number(element: Element, issues: list[Issue]) -> Noun:
    known = ("sendDigits", "phoneNumberSid", *_WHISPER, *_STATUS)
    reading = Reading(element, issues, known, ("byoc", *_MACHINES))
    digits = reading.text("sendDigits") or ""
    if any(character not in "0123456789*#ABCDwW" for character in digits):
        reading.warn(13222, f"sendDigits={digits!r} may hold 0-9 * # A-D w W; nothing is sent")
        digits = ""
    return replace(_noun(reading, "Number", element.own_text, 13221), send_digits=digits)


def _sip(element: Element, issues: list[Issue]) -> Noun:
    reading = Reading(element, issues, ("username", "password", "callerDisplayName", *_WHISPER, *_STATUS), _MACHINES)
    check_display_name(reading)
    for child in element.elements:
        message = f"<{child.name}> inside <Sip> is not simulated; it is passed over"
        issues.append(Issue(NOT_SIMULATED, message, child.line, child.column, "error"))
    if (reading.text("username") is None) != (reading.text("password") is None):
        reading.warn(13249, "username and password of <Sip> go together; the call goes out without them")
    uri, _, headers = element.own_text.partition("?")
    fault, code = _sip_fault(uri, headers)
    own = tuple((name, value) for name, value in parse_qsl(headers) if name.lower().startswith("x-"))
    address = uri if fault or uri.lower().startswith(("sip:", "sips:")) else f"sip:{uri}"
    return replace(_noun(reading, "Sip", address, 13241), fault=fault, code=code, headers=own)


def check_display_name(reading: Reading) -> None:
    """The name that the callee sees: 2 to 255 printable characters (T:13259)."""
    name = reading.text("callerDisplayName")
    if name is not None and not (2 <= len(name.strip()) <= 255 and name.strip().isprintable()):
        reading.warn(13259, "callerDisplayName has 2 to 255 printable characters; it is ignored")


def _sip_fault(uri: str, headers: str) -> tuple[str, int]:
    """Why Twilio would not send an INVITE there, and its code."""
    match = _URI.fullmatch(uri)
    if match is None or len(uri) > 255:
        return f"{uri[:80]!r} is no SIP URI of at most 255 characters, e.g. sip:alice@example.com", 13243
    for parameter in match[1].split(";"):
        name, _, value = parameter.partition("=")
        if name.lower() == "transport" and value.lower() not in _TRANSPORTS:
            return f"transport={value!r} of a SIP URI must be one of {', '.join(_TRANSPORTS)}", 13243
    if len(headers) > 1024:
        return f"{len(headers)} characters of SIP headers, 1024 are the most", 13253
    for header in filter(None, headers.split("&")):
        name = header.partition("=")[0]
        if not _HEADER.fullmatch(name):
            return f"{name!r} is no name of a SIP header", 13252
        if not name.lower().startswith("x-") and name.lower() not in _STANDARD_HEADERS:
            return (
                f"{name!r}: a SIP header of your own is named x-..., others are {', '.join(_STANDARD_HEADERS)}",
                13252,
            )
    return "", 0


def _client(element: Element, issues: list[Issue]) -> Noun:
    reading = Reading(element, issues, (*_WHISPER, *_STATUS), ("clientNotificationUrl",))
    identity = element.own_text
    for child in element.elements:
        if child.name == "Identity":
            Reading(child, issues, ())
            identity = child.own_text
        elif child.name == "Parameter":
            _parameter(child, issues)
        else:
            message = f"<{child.name}> cannot stand inside <Client>; it is ignored"
            issues.append(Issue(SCHEMA_WARNING, message, child.line, child.column))
    name = identity.removeprefix("client:")
    fault, code = ("", 0) if name else ("<Client> names nobody", 13224)
    if len(name) > LONGEST_IDENTITY:
        fault, code = f"the name of a client has at most {LONGEST_IDENTITY} characters", 13224
    return replace(_noun(reading, "Client", f"client:{name}", SCHEMA_WARNING), fault=fault, code=code)


def _parameter(element: Element, issues: list[Issue]) -> None:
    """What is told to the client's own program; no webhook ever sees it."""
    reading = Reading(element, issues, ("name", "value"))
    if not reading.text("name"):
        reading.warn(SCHEMA_WARNING, "<Parameter> without a name; it is ignored")


def _queue(element: Element, issues: list[Issue]) -> Noun:
    reading = Reading(element, issues, _WHISPER, ("reservationSid", "postWorkActivitySid"))
    name, fault, code = element.own_text, "", 0
    if not name:
        fault, code = "<Queue> without a name", 14212
    elif len(name) > LONGEST_QUEUE_NAME:
        fault, code = f"the name of a queue has at most {LONGEST_QUEUE_NAME} characters", 14213
    return replace(_noun(reading, "Queue", f"queue:{name}", 14210), fault=fault, code=code)


def _noun(reading: Reading, kind: Kind, address: str, method_code: int) -> Noun:
    """What all nouns share."""
    return Noun(
        kind=kind,
        address=address,
        line=reading.element.line,
        column=reading.element.column,
        url=reading.text("url"),
        method=reading.method("method", method_code),
        status_callback=reading.text("statusCallback"),
        status_events=reading.words("statusCallbackEvent", ("completed",), EVENTS, SCHEMA_WARNING),
        status_method=reading.method("statusCallbackMethod", SCHEMA_WARNING),
    )


READERS: dict[str, Callable[[Element, list[Issue]], Noun]] = {
    "Number": _number,
    "Sip": _sip,
    "Client": _client,
    "Queue": _queue,
}
