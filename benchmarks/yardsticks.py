"""What the service is measured against, built here: a Flask view that does nothing, one that reads the form, the plain
Flask and twilio application that a guide would have you write, and bare WSGI.

The plain application answers a key in a menu as ours does: it checks the signature, and speaks one menu.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from ivr.base.test_account import AUTH_TOKEN

PATH = "/voice/main"
_EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
_MENU = "Press 1 to be connected to an out-of-hours clinic. Press 2 to hear a number. Press 9 in an emergency."


def constant_app() -> Flask:
    app = Flask("constant")

    @app.post(PATH)
    def menu() -> Response:
        return Response(_EMPTY, content_type="text/xml")

    return app


def form_app() -> Flask:
    app = Flask("form")

    @app.post(PATH)
    def menu() -> Response:
        return Response(_EMPTY if request.form["Digits"] == "1" else b"", content_type="text/xml")

    return app


def plain_app() -> Flask:
    app, validator = Flask("plain"), RequestValidator(AUTH_TOKEN)

    @app.post(PATH)
    def menu() -> Response | tuple[str, int]:
        if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
            return "", 403
        response = VoiceResponse()
        gather = Gather(num_digits=1, action=PATH, method="POST", timeout=7, action_on_empty_result=True)
        gather.say(_MENU, language="en-GB", voice="Polly.Amy-Neural")
        response.append(gather)
        response.redirect(PATH, method="POST")
        return Response(str(response), content_type="text/xml")

    return app


class BareApp:
    """No framework, one HMAC, a document made beforehand: what is left when everything is left out."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._key = AUTH_TOKEN.encode()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        pairs = sorted(parse_qsl(body, keep_blank_values=True))
        text = self._base + environ["RAW_URI"] + "".join([name + value for name, value in pairs])
        expected = b64encode(hmac.digest(self._key, text.encode(), "sha1"))
        if not hmac.compare_digest(expected, environ["HTTP_X_TWILIO_SIGNATURE"].encode()):
            start_response("403 Forbidden", [("Content-Length", "0")])
            return [b""]
        start_response("200 OK", [("Content-Type", "text/xml"), ("Content-Length", str(len(_EMPTY)))])
        return [_EMPTY]
