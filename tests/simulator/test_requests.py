"""What every request carries besides its signature: headers, cookies, tokens; what a 403 explains."""

import gzip

from ivr.simulator import Fault, keys_to_steps
from tests.simulator.webhook import HEAD, Page, Webhook, call, twiml, webhook


def test_it_looks_like_twilio() -> None:
    app = webhook(voice="<Hangup/>")
    call(app)
    headers = app.asked[0].headers
    assert headers["user-agent"] == "TwilioProxy/1.1"
    assert headers["accept"] == "*/*"
    assert headers["host"] == "127.0.0.1:5000"


def test_an_attempt_again_has_the_same_idempotency_token() -> None:
    app = webhook(voice="<Redirect>/next</Redirect>", next="<Hangup/>")
    call(app, faults=(Fault(1, "reset"),))
    first, again, other = (asked.headers["i-twilio-idempotency-token"] for asked in app.asked)
    assert first == again != other


def test_cookies_are_kept_for_the_call() -> None:
    pages = {
        "/voice": Page(twiml("<Redirect>/next</Redirect>").body, headers=(("Set-Cookie", "session=abc; Path=/"),)),
        "/next": twiml("<Hangup/>"),
    }
    app = Webhook(pages)
    call(app)
    assert "cookie" not in app.asked[0].headers
    assert app.asked[1].headers["cookie"] == "session=abc"


def test_a_cookie_that_is_deleted_is_not_sent() -> None:
    gone = (("Set-Cookie", "session=x; Path=/; Max-Age=0"),)
    kept = (("Set-Cookie", "session=abc; Path=/"),)
    pages = {
        "/voice": Page(twiml("<Redirect>/two</Redirect>").body, headers=kept),
        "/two": Page(twiml("<Redirect>/three</Redirect>").body, headers=gone),
        "/three": twiml("<Hangup/>"),
    }
    app = Webhook(pages)
    call(app)
    assert "cookie" not in app.asked[2].headers


def test_a_compressed_answer_is_unpacked() -> None:
    body = gzip.compress(f"{HEAD}<Response><Say>hello</Say></Response>".encode())
    app = Webhook({"/voice": Page(body, headers=(("Content-Encoding", "gzip"),))})
    assert call(app).heard == ["hello"]


def test_a_compressed_answer_that_grows_beyond_64_kb_is_refused() -> None:
    body = gzip.compress(b"<Response>" + b" " * 1_000_000 + b"</Response>")
    app = Webhook({"/voice": Page(body, headers=(("Content-Encoding", "gzip"),))})
    assert call(app).warnings == [11750]


def test_a_403_shows_what_was_signed_and_names_the_base_url() -> None:
    app = Webhook({"/voice": Page(b"", 403)})
    error = call(app).events("error")[0]
    assert "--public-url" in error["message"]
    assert "http://127.0.0.1:5000/voiceAccountSidAC000" in error["message"]


def test_an_application_that_raises_is_answered_with_500(capsys: object) -> None:
    def broken(environ: object, start_response: object) -> list[bytes]:
        raise RuntimeError("a fault of the application")

    outcome = call(broken)  # type: ignore[arg-type]
    assert outcome.warnings == [11217]
    assert outcome.ended == "failed"


def test_a_child_leg_names_its_parent() -> None:
    app = webhook(voice='<Dial><Number url="/whisper">+4755568700</Number></Dial>', whisper="<Say>A call</Say>")
    call(app)
    parent = app.asked[0].get("CallSid")
    assert app.asked[1].get("ParentCallSid") == parent
    assert app.asked[1].get("CallSid") not in (None, parent)
    assert app.asked[0].get("ParentCallSid") is None


def test_the_outcome_lists_requests_with_status_and_body() -> None:
    app = webhook(voice='<Gather numDigits="1" action="/missing"/>')
    outcome = call(app, steps=keys_to_steps("1"))
    assert [(method, url, status) for method, url, status, _ in outcome.requests] == [
        ("POST", "http://127.0.0.1:5000/voice", 200),
        ("POST", "http://127.0.0.1:5000/missing", 404),
    ]
    assert outcome.requests[1][3] == b"no such page"
