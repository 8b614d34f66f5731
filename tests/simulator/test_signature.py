"""Twilio's own validator is the oracle: it must accept every request that the simulator sends."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ivr.simulator import keys_to_steps
from ivr.simulator.signature import sign, signed_text
from tests.simulator.webhook import Webhook, call, twiml, webhook

TOKEN = "a token of our own"


def _all_accepted(app: Webhook, base: str) -> bool:
    validator = RequestValidator(TOKEN)
    return all(
        validator.validate(
            base + asked.target,
            dict(asked.fields) if asked.method == "POST" else {},
            asked.headers["x-twilio-signature"],
        )
        for asked in app.asked
    )


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:5000",
        "http://localhost",
        "https://ivr.example.org",
        "https://ivr.example.org:8443",
        "http://[::1]:5000",
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("path", ["/voice", "/voice?a=b&a=a&c=", "/voice?place=Å%C3%98%c3%a5&x=~'%7E", "/vo%2Fice/"])
def test_every_request_is_accepted(origin: str, method: str, path: str) -> None:
    app = webhook(voice='<Gather numDigits="1" action="/next?t=å%20+&amp;t=a"/>', next="<Hangup/>")
    app = Webhook({urlsplit(path).path.replace("%2F", "/"): app.pages["/voice"], **app.pages})
    outcome = call(
        app, url=origin + path, method=method, auth_token=TOKEN, steps=keys_to_steps("1"), from_="anonymous Å"
    )
    assert outcome.ended == "completed"
    assert len(app.asked) == 2
    assert _all_accepted(app, origin)


def test_the_fragment_is_neither_sent_nor_signed() -> None:
    app = webhook(voice="<Hangup/>")
    call(app, url="http://127.0.0.1:5000/voice#rc=2&rt=3000", auth_token=TOKEN)
    assert app.asked[0].target == "/voice"
    assert _all_accepted(app, "http://127.0.0.1:5000")


def test_an_empty_parameter_is_sent_and_signed() -> None:
    app = webhook(voice='<Gather actionOnEmptyResult="true" action="/next"/>', next="<Hangup/>")
    call(app, auth_token=TOKEN)
    assert app.asked[1].get("Digits") == ""
    assert _all_accepted(app, "http://127.0.0.1:5000")


def test_retries_and_http_redirects_are_signed_for_where_they_go() -> None:
    pages = {"/voice": twiml("<Redirect>/there?a=1</Redirect>"), "/there": twiml("<Hangup/>")}
    app = Webhook(pages)
    call(app, auth_token=TOKEN)
    assert _all_accepted(app, "http://127.0.0.1:5000")


def test_repeated_values_are_sorted_and_counted_once() -> None:
    form = [("b", "2"), ("a", "z"), ("a", "y"), ("a", "z")]
    assert signed_text("http://h/", form) == "http://h/ayazb2"


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")), max_size=8
    ),
    st.text(st.characters(codec="utf-8"), min_size=1),
)
def test_the_signature_is_the_one_that_twilio_computes(form: dict[str, str], token: str) -> None:
    url = "https://ivr.example.org/voice?a=b"
    assert sign(token, url, form.items()) == RequestValidator(token).compute_signature(url, form)
