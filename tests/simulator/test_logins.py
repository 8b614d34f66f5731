"""Webhooks behind a user name and password: what is sent, when, and that a password stays where it belongs."""

from collections.abc import Iterable
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

import pytest
from werkzeug.datastructures import Authorization

from ivr.simulator import Outcome
from ivr.simulator.engine.logins import Logins
from tests.simulator.webhook import Page, Webhook, call, twiml

URL = "http://user:secret@127.0.0.1:5000/voice"
BASIC = "Basic dXNlcjpzZWNyZXQ="
DIGEST = 'Digest realm="ivr", nonce="n1", qop="auth, auth-int", algorithm={}, opaque="o1"'


class Guarded(Webhook):
    """Answers 401 with `challenge` to each request without an Authorization."""

    challenge = "Basic realm=ivr"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "HTTP_AUTHORIZATION" not in environ:
            super().__call__(environ, lambda *_: None)
            start_response("401 Unauthorized", [("WWW-Authenticate", self.challenge), ("Content-Type", "text/plain")])
            return [b"log in first"]
        return super().__call__(environ, start_response)


def guarded(challenge: str, **plan: Any) -> tuple[Guarded, Outcome]:
    app = Guarded({"/voice": twiml("<Redirect>/next?a=b</Redirect>"), "/next": twiml("<Say>in</Say>")})
    app.challenge = challenge
    return app, call(app, **{"url": URL, **plan})


def sent(app: Webhook) -> list[str | None]:
    return [asked.headers.get("authorization") for asked in app.asked]


@pytest.mark.parametrize(
    "challenge", ['Basic realm="ivr"', "basic realm=ivr", 'Negotiate, Basic realm="a, b=c"', 'Bearer realm="x", Basic']
)
def test_after_a_401_the_same_request_is_made_with_basic_and_so_is_every_other(challenge: str) -> None:
    app, outcome = guarded(challenge)
    assert (outcome.heard, outcome.warnings) == (["in"], [])
    assert sent(app) == [None, BASIC, BASIC]
    first, again, _ = app.asked
    assert first.fields == again.fields
    token = "i-twilio-idempotency-token"
    assert first.headers[token] == again.headers[token]


@pytest.mark.parametrize(
    ("algorithm", "digits"), [("MD5", 32), ("SHA-256", 64), ("MD5-sess", 32), ("sha-256-sess", 64)]
)
def test_digest_is_answered_with_its_hash_and_a_count(algorithm: str, digits: int) -> None:
    app, outcome = guarded(DIGEST.format(algorithm))
    assert outcome.heard == ["in"]
    values = [Authorization.from_header(each) for each in sent(app) if each]
    assert [value.uri for value in values if value] == ["/voice", "/next?a=b"]
    assert [value.nc for value in values if value] == ["00000001", "00000002"]
    assert all(value and len(value.response) == digits for value in values)
    assert all(value and (value.opaque, value.qop, value.realm) == ("o1", "auth", "ivr") for value in values)


def test_digest_is_that_of_the_standards_example() -> None:
    """RFC 7616 3.9.1."""
    challenge = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={},'
        ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    expected = {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }
    for algorithm, response in expected.items():
        logins = Logins()
        logins.learn("http://Mufasa:Circle%20of%20Life@www.example.org/dir/index.html")
        where, nonce = "http://www.example.org:80", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
        assert logins.challenged(where, [("www-authenticate", challenge.format(algorithm))], nonce)
        value = logins.authorization(where, "GET", "/dir/index.html").removeprefix("Digest ")
        assert parse_keqv_list(parse_http_list(value))["response"] == response


def test_digest_goes_before_basic() -> None:
    app, _ = guarded(f"Basic realm=ivr, {DIGEST.format('MD5')}")
    assert str(sent(app)[1]).startswith("Digest ")


def test_a_digest_of_another_kind_leaves_basic() -> None:
    app, _ = guarded(f"{DIGEST.format('SHA-512-256')}, Basic realm=ivr")
    assert sent(app)[1] == BASIC


def test_a_nonce_that_has_become_stale_is_taken_anew() -> None:
    logins = Logins()
    logins.learn(URL)
    where = "http://127.0.0.1:5000"
    assert logins.challenged(where, [("www-authenticate", 'Digest realm="a", nonce="1"')], "c")
    assert logins.challenged(where, [("www-authenticate", 'Digest realm="a", nonce="2", stale=TRUE')], "c")
    assert not logins.challenged(where, [("www-authenticate", 'Digest realm="a", nonce="3"')], "c")


@pytest.mark.parametrize(
    ("login", "authorization"),
    [
        ("user@", "Basic dXNlcjo="),
        ("us%C3%A9r:p%40ss%3A@", "Basic dXPDqXI6cEBzczo="),
    ],
)
def test_user_name_and_password_are_unescaped(login: str, authorization: str) -> None:
    app, _ = guarded("Basic realm=ivr", url=f"http://{login}127.0.0.1:5000/voice")
    assert sent(app)[1] == authorization


def test_a_password_that_is_wrong_is_said_to_be_refused() -> None:
    app = Webhook({"/voice": Page(b"<Response/>", login=BASIC)})
    outcome = call(app, url="http://user:wrong@127.0.0.1:5000/voice")
    assert len(app.asked) == 2
    assert outcome.warnings == [11217]
    message = outcome.events("error")[0]["message"]
    assert "the user name and password of the URL were refused" in message
    assert "wrong" not in str(outcome.trace)


def test_who_names_no_password_is_told_how() -> None:
    app, outcome = guarded("Basic realm=ivr", url="http://127.0.0.1:5000/voice")
    assert sent(app) == [None]
    assert "asks for Basic authentication: name the URL as https://user:password@host" in str(outcome.trace)


def test_a_password_is_in_no_trace_and_goes_to_no_other_origin() -> None:
    app = Webhook({"/voice": twiml("<Redirect>http://127.0.0.1:5001/next</Redirect>"), "/next": Page(b"", login=BASIC)})
    outcome = call(app, url=URL, allow_origins=("http://127.0.0.1:5001",), fallback_url=URL.replace("voice", "none"))
    assert sent(app) == [None, None, None]
    assert "secret" not in str(outcome.trace)
    assert "secret" not in str([asked.fields for asked in app.asked])


def test_callbacks_and_documents_may_name_a_password_too() -> None:
    there = "http://user:secret@127.0.0.1:5000/next"
    pages = {
        "/voice": twiml(f"<Redirect>{there}</Redirect>"),
        "/next": Page(twiml("<Say>in</Say>").body, login=BASIC),
        "/status": Page(b"", 204, login=BASIC),
    }
    app = Webhook(pages)
    outcome = call(app, status_callback="http://user:secret@127.0.0.1:5000/status")
    assert (outcome.heard, outcome.warnings) == (["in"], [])
    assert "secret" not in str(outcome.trace)
