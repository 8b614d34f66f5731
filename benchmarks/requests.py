"""Requests as Twilio makes them: twenty fields, signed by Twilio's own library; and a WSGI call with one."""

import io
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN

BASE = "http://127.0.0.1:5000"
CALL_SID = "CA" + "a" * 32
FIELDS = {
    "AccountSid": ACCOUNT_SID,
    "ApiVersion": "2010-04-01",
    "CallSid": CALL_SID,
    "CallStatus": "in-progress",
    "Called": "+4739000000",
    "CalledCity": "",
    "CalledCountry": "NO",
    "CalledState": "",
    "CalledZip": "",
    "Caller": "+4791234567",
    "CallerCity": "",
    "CallerCountry": "NO",
    "CallerState": "",
    "Digits": "1",
    "Direction": "inbound",
    "FinishedOnKey": "",
    "From": "+4791234567",
    "FromCountry": "NO",
    "To": "+4739000000",
    "ToCountry": "NO",
}
App = Callable[..., Iterable[bytes]]


def signature(target: str, fields: Mapping[str, str], base: str = BASE) -> str:
    return str(RequestValidator(AUTH_TOKEN).compute_signature(base + target, fields))


def environ(target: str, fields: Mapping[str, str] = FIELDS) -> tuple[dict[str, Any], bytes]:
    """What a server hands to a WSGI application, and the body."""
    body = urlencode(fields).encode()
    path, _, query = target.partition("?")
    made = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "RAW_URI": target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded; charset=UTF-8",
        "HTTP_HOST": "127.0.0.1:5000",
        "HTTP_USER_AGENT": "TwilioProxy/1.1",
        "HTTP_ACCEPT": "*/*",
        "HTTP_X_TWILIO_SIGNATURE": signature(target, fields),
        "HTTP_I_TWILIO_IDEMPOTENCY_TOKEN": "d5f1a0a2-7a34-4f0e-9d0f-0a1b2c3d4e5f",
    }
    return made, body


def ask(app: App, target: str, fields: Mapping[str, str] = FIELDS) -> Callable[[], bytes]:
    """One request to `app`, as often as it is called; it must be answered with 200, and is read to its end."""
    made, body = environ(target, fields)

    def once() -> bytes:
        statuses: list[str] = []
        reply = app({**made, "wsgi.input": io.BytesIO(body)}, lambda status, *_: statuses.append(status))
        document = b"".join(reply)
        close = getattr(reply, "close", None)
        if close is not None:
            close()
        if statuses != ["200 OK"]:
            raise RuntimeError(f"{target} was answered {statuses}")
        return document

    return once


def next_target(document: bytes) -> str:
    """Where a document sends the next request; a fragment is for Twilio alone and not sent."""
    root = ET.fromstring(document)  # noqa: S314 - our own bytes
    return next(str(verb.get("action")) for verb in root if verb.get("action")).partition("#")[0]


def main_menu(app: App) -> str:
    """The target of a key in the main menu: a call that has arrived, with Norwegian chosen."""
    document = ask(app, "/voice", FIELDS | {"CallStatus": "ringing"})()
    return next_target(ask(app, next_target(document))())
