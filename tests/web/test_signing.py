"""The service with shared keys and with HTTP authentication: what is taken, what is refused, and with which status."""

from dataclasses import replace
from typing import Any

import pytest
import requests
from requests.auth import HTTPDigestAuth
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator
from werkzeug.test import TestResponse

from ivr.base.clock import ManualClock
from ivr.base.test_account import AUTH_TOKEN
from ivr.line.flow.engine import Engine
from ivr.line.languages import Catalogue
from ivr.line.service.bootstrap import Edition
from ivr.line.service.settings import Settings
from ivr.line.twilio import TwimlWriter
from tests.web.signed import BASE, SignedLine, signed_line

KEY, NEXT_KEY = "k" * 16, "l" * 16
SETTINGS = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
LOGIN = ("twilio", "the-password")


@pytest.fixture
def made(clock: ManualClock, engine: Engine, catalogue: Catalogue) -> Any:
    def make(**more: Any) -> SignedLine:
        settings = replace(Settings(), **more)
        writer = TwimlWriter(catalogue, settings.base_url, settings.phone_number)
        return signed_line(clock, settings, editions=[Edition(engine, writer, catalogue)])

    return make


def _post(line: SignedLine, secret: str, algorithm: str, target: str = "/voice", **headers: str) -> TestResponse:
    signature = RequestValidator(secret).compute_signature(BASE + target, line.fields(), algorithm)
    named = SETTINGS if algorithm == HMAC_SHA256 else {}
    return line.post(target, signature=signature, headers=named | headers)


@pytest.mark.parametrize("path", ["/voice", "/voice/status", "/voice/fallback", "/voice/rescue"])
def test_every_webhook_takes_a_request_that_a_shared_key_signed(path: str, made: Any) -> None:
    line = made(auth_tokens=(), shared_keys=(KEY, NEXT_KEY))
    for key in (KEY, NEXT_KEY):
        assert _post(line, key, HMAC_SHA256, path).status_code in (200, 204)


def test_with_shared_keys_alone_the_auth_token_counts_no_more(made: Any) -> None:
    line = made(auth_tokens=(), shared_keys=(KEY,))
    assert _post(line, AUTH_TOKEN, HMAC_SHA1).status_code == 403
    assert _post(line, KEY, HMAC_SHA1).status_code == 403
    weaker = RequestValidator(KEY).compute_signature(f"{BASE}/voice", line.fields(), HMAC_SHA1)
    assert line.post("/voice", signature=weaker, headers=SETTINGS).status_code == 403


def test_with_both_each_counts_for_itself(made: Any) -> None:
    line = made(shared_keys=(KEY,))
    assert _post(line, AUTH_TOKEN, HMAC_SHA1).status_code == 200
    assert _post(line, KEY, HMAC_SHA256).status_code == 200
    assert _post(line, AUTH_TOKEN, HMAC_SHA256).status_code == 403
    assert _post(line, KEY, HMAC_SHA1).status_code == 403


def test_a_line_of_the_token_alone_takes_no_other_hash(made: Any) -> None:
    assert _post(made(), AUTH_TOKEN, HMAC_SHA256).status_code == 403


def test_basic_is_asked_for_and_taken(made: Any) -> None:
    line = made(basic=(LOGIN,))
    refused = _post(line, AUTH_TOKEN, HMAC_SHA1)
    assert refused.status_code == 401
    assert refused.headers.getlist("WWW-Authenticate") == ['Basic realm="ivr", charset="UTF-8"']
    header = requests.auth._basic_auth_str(*LOGIN)
    assert _post(line, AUTH_TOKEN, HMAC_SHA1, Authorization=header).status_code == 200
    wrong = requests.auth._basic_auth_str("twilio", "another")
    assert _post(line, AUTH_TOKEN, HMAC_SHA1, Authorization=wrong).status_code == 401


def test_digest_is_asked_for_and_taken(made: Any) -> None:
    line = made(digest=(LOGIN,))
    challenge = _post(line, AUTH_TOKEN, HMAC_SHA1).headers["WWW-Authenticate"]
    client = HTTPDigestAuth(*LOGIN)
    client.init_per_thread_state()
    client._thread_local.chal = requests.utils.parse_dict_header(challenge.removeprefix("Digest "))
    header = str(client.build_digest_header("POST", f"{BASE}/voice"))
    assert _post(line, AUTH_TOKEN, HMAC_SHA1, Authorization=header).status_code == 200


def test_a_password_does_not_stand_in_for_the_signature(made: Any) -> None:
    line = made(basic=(LOGIN,))
    header = requests.auth._basic_auth_str(*LOGIN)
    assert line.post("/voice", signature="x", headers={"Authorization": header}).status_code == 403
    assert "WWW-Authenticate" not in line.post("/voice", signature="x").headers


@pytest.mark.parametrize("host", ["http://127.0.0.1:5000", "HTTP://elsewhere.example", "https://line.example:8443"])
def test_a_whole_url_as_the_target_is_answered_as_its_path(host: str, made: Any) -> None:
    line = made()
    handed_on = {"RAW_URI": f"{host}/voice", "REQUEST_URI": f"{host}/voice"}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{BASE}/voice", line.fields())
    headers = {"X-Twilio-Signature": signature}
    client = line.app.test_client()
    assert client.post("/voice", data=line.fields(), headers=headers, environ_overrides=handed_on).status_code == 200


@pytest.mark.parametrize(
    "target", ["ftp://x/voice", "http:/voice", "x/voice", "//line.example/voice", "/http://x/voice"]
)
def test_only_a_whole_url_loses_its_authority(target: str, made: Any) -> None:
    line = made()
    handed_on = {"RAW_URI": target, "REQUEST_URI": target}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{BASE}/voice", line.fields())
    client = line.app.test_client()
    headers = {"X-Twilio-Signature": signature}
    assert client.post("/voice", data=line.fields(), headers=headers, environ_overrides=handed_on).status_code == 403
