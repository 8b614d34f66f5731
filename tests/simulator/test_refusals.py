"""What is said of an answer that is an error: its text, a signature only where that is likely, a changed method."""

import time

import pytest

from ivr.simulator import Call
from ivr.simulator.engine.effects import Response
from ivr.simulator.engine.refusals import LONGEST_TEXT, body_text, explained
from tests.simulator.webhook import Page, Webhook, call, webhook

DJANGO = """<!DOCTYPE html>
<html lang="en"><head><meta http-equiv="content-type" content="text/html; charset=utf-8"><title>403 Forbidden</title>
<style>html * { padding:0; } body > p { color: #000 }</style></head>
<body><div id="summary"><h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed. Request aborted.</p></div>
<!-- DEBUG = <b>True</b> --></body></html>"""
FLASK = """<!doctype html>
<html lang=en><title>403 Forbidden</title><h1>Forbidden</h1><p>You don&#39;t have the permission to access the requested
resource. It is either read-protected or not readable by the server.</p>"""


def said(status: int, body: str, kind: str = "text/html; charset=utf-8") -> str:
    return explained(Response(status, (("content-type", kind),), body.encode()), "SIGNED TEXT")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, "", "text/html"),
        (403, "Forbidden", "text/plain"),
        (403, FLASK, "text/html; charset=utf-8"),
        (403, "Twilio Request Validation Failed.", "text/plain"),
        (400, "No signature header error", "text/plain"),
        (401, '{"detail": "Invalid X-Twilio-Signature"}', "application/json"),
        (403, '{"detail":"Forbidden"}', "application/json"),
    ],
)
def test_a_refusal_that_may_be_of_the_signature_shows_what_was_signed(status: int, body: str, kind: str) -> None:
    assert "this text was signed" in said(status, body, kind)
    assert "SIGNED TEXT" in said(status, body, kind)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, DJANGO, "CSRF verification failed. Request aborted."),
        (400, "<p>The CSRF token is missing.</p>", "The CSRF token is missing."),
        (403, "<h1>403 Forbidden</h1><hr>nginx/1.24.0", "nginx/1.24.0"),
        (403, "<title>Attention Required! | Cloudflare</title>", "Attention Required! | Cloudflare"),
        (403, "your address 10.0.0.1 is blocked", "your address 10.0.0.1 is blocked"),
        (404, "", "answered 404"),
        (500, "Signature of the function is wrong", "Signature of the function is wrong"),
        (401, "log in first", "log in first"),
    ],
)
def test_a_refusal_with_another_reason_says_that_and_nothing_of_a_signature(status: int, body: str, words: str) -> None:
    assert words in said(status, body)
    assert "SIGNED" not in said(status, body)


@pytest.mark.parametrize("body", [DJANGO, "The CSRF token is missing."])
def test_a_csrf_page_says_what_it_is(body: str) -> None:
    assert "protection of forms against CSRF, and not about the signature" in said(403, body)


def test_of_a_page_only_what_a_person_reads_is_shown() -> None:
    assert said(403, DJANGO).startswith(
        'answered 403: "403 Forbidden Forbidden (403) CSRF verification failed. Request aborted."'
    )


@pytest.mark.parametrize(
    ("body", "kind", "shown"),
    [
        (
            b"a \x1b[31mred\x07 word\x9b \xc2\x9b",
            "text/plain",
            "a \\x1b[31mred\\x07 word� \\x9b",
        ),
        ("left \u202egithr\u2066 \u200b".encode(), "text/plain", "left \\u202egithr\\u2066 \\u200b"),
        (b"one\r\n\r\n  two\tthree", "text/plain", "one two three"),
        ("Bodø".encode("latin-1"), "text/plain; charset=iso-8859-1", "Bodø"),
        (b"\x89PNG\r\n", "image/png", "(image/png, 6 bytes)"),
        (b"", "image/png", ""),
        (b'{"detail": "no"}', "application/problem+json", '{"detail": "no"}'),
        (b"<b>a &lt;b&gt;</b> c", "", "a <b> c"),
        (b"<p>never <!-- ends", "text/html", "never"),
        (b"<script>var a = '<b>';</script >after", "text/html", "after"),
        (b"Traceback (most recent call last):\n  File\n    line\nValueError: boom\n", "text/plain", "ValueError: boom"),
    ],
)
def test_the_text_of_an_answer_is_one_line_that_a_terminal_can_take(body: bytes, kind: str, shown: str) -> None:
    headers = (("content-type", kind),) if kind else ()
    assert body_text(Response(500, headers, body)) == shown


def test_the_text_of_an_answer_is_bounded() -> None:
    text = body_text(Response(500, (("content-type", "text/plain"),), b"ab " * 20_000))
    assert len(text) == LONGEST_TEXT + 3
    assert text.endswith("...")


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "<script>", "<a b='", "</", "<style", "<script></script", "&#"])
def test_no_page_takes_long_to_read(piece: str) -> None:
    began = time.process_time()
    body_text(Response(500, (("content-type", "text/html"),), (piece * 65_536)[:65_536].encode()))
    assert time.process_time() - began < 1  # a reader that looks at characters twice takes minutes


def test_the_text_is_in_the_transcript_and_in_what_a_test_is_told() -> None:
    app = Webhook({"/voice": Page(DJANGO.encode(), 403, "text/html")})
    with Call(app, allow_errors=True) as made:
        assert "CSRF verification failed" in made.transcript


def test_a_callbacks_error_says_its_text_too() -> None:
    outcome = call(webhook(voice="<Hangup/>"), status_callback="http://127.0.0.1:5000/missing")
    assert "no such page" in outcome.events("warning")[0]["message"]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_made_get_of_post_is_said_when_it_fails(status: int) -> None:
    pages = {"/voice": Page(b"", status, headers=(("Location", "/voice/"),)), "/voice/": Page(b"POST only", 405)}
    outcome = call(Webhook(pages))
    message = outcome.events("error")[0]["message"]
    assert "answered 405" in message
    assert f"the redirect ({status}) from http://127.0.0.1:5000/voice made GET of POST" in message


def test_a_redirect_that_keeps_the_method_is_not_blamed() -> None:
    pages = {"/voice": Page(b"", 307, headers=(("Location", "/voice/"),)), "/voice/": Page(b"", 405)}
    assert "made GET of POST" not in call(Webhook(pages)).events("error")[0]["message"]
