"""The whole service in process, and requests signed by Twilio's own library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from ivr.base.clock import ManualClock
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.line.calls import Noted
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings

SID = "CA" + "a" * 32
BASE = "http://127.0.0.1:5000"


@dataclass
class SignedLine:
    app: Flask
    facts: list[Noted] = field(default_factory=list)
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client(use_cookies=False)

    def fields(self, **more: str) -> dict[str, str]:
        return {
            "CallSid": SID,
            "AccountSid": ACCOUNT_SID,
            "From": "+4791234567",
            "To": "+4739000000",
            "CallStatus": "in-progress",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
        } | more

    def post(self, target: str, fields: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        """A signed request; `signature`, `data` and `headers` may be given instead. `raw`: the server hands on the
        target as it was asked, as gunicorn does."""
        fields = self.fields() if fields is None else fields
        signature = options.pop("signature", RequestValidator(AUTH_TOKEN).compute_signature(BASE + target, fields))
        headers = {"X-Twilio-Signature": signature} | options.pop("headers", {})
        data = options.pop("data", fields)
        path, _, query = target.partition("?")
        handed_on = target if options.pop("raw", True) else ""
        environ = {"RAW_URI": handed_on, "REQUEST_URI": handed_on}
        return self.client.post(
            path, query_string=query, data=data, headers=headers, environ_overrides=environ, **options
        )

    def play(self, *inputs: dict[str, str]) -> TestResponse:
        """A call: the arrival, and each input as the answer to the last document."""
        response = self.post("/voice")
        for each in inputs:
            response = self.post(next_url(response), self.fields(**each))
        return response

    def press(self, *groups: str) -> TestResponse:
        """Each group of keys, by a caller who lets a name that has to be heard whole come to its end first."""
        response = self.post("/voice")
        for keys in groups:
            if b'timeout="1"' in response.data and keys[0] in "12345678#":
                response = self.post(next_url(response), self.fields(Digits=""))
            response = self.post(next_url(response), self.fields(Digits=keys))
        return response


def signed_line(clock: ManualClock, settings: Settings | None = None, **options: Any) -> SignedLine:
    facts: list[Noted] = []
    app = create_app(settings or Settings(), clock=clock, sink=facts.append, **options)
    return SignedLine(app, facts)


def next_url(response: TestResponse) -> str:
    """Where the document sends the next request; without the fragment, which is never sent."""
    document = ET.fromstring(response.data)  # noqa: S314 - our own bytes
    return next(urldefrag(verb.get("action", "")).url for verb in document if verb.get("action"))


def heard(response: TestResponse) -> str:
    """Everything that the document speaks."""
    document = ET.fromstring(response.data)  # noqa: S314 - our own bytes
    return " ".join(" ".join("".join(say.itertext()) for say in document.iter("Say")).split())
