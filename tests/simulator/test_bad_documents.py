"""B94-B98: what a hostile or careless application answers. Nothing is fetched that was not allowed, every call ends."""

import pytest

from tests.simulator.webhook import HEAD, URL, Page, Webhook, call, webhook

BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Response><Say>&b;</Say></Response>'
FILE = b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><Response><Say>&f;</Say></Response>'
SAY = "<Say>hello</Say>"

BODIES: dict[str, tuple[Page, list[int], list[str]]] = {
    "B94 entities": (Page(BOMB), [12100], []),
    "B94 a file as an entity": (Page(FILE), [12100], []),
    "B94 a DTD": (Page(b"<!DOCTYPE Response><Response/>"), [12100], []),
    "B97 65 537 bytes": (Page(b"<Response>".ljust(65_537 - 11) + b"</Response>"), [11750], []),
    "B97 an image": (Page(b"<Response/>", type="image/png"), [12300], []),
    "B97 an HTML error page": (Page(b"<html><p>Oops<br></html>", 500, "text/html"), [11217], []),
    "B97 an HTML page": (Page(b"<html><p>Hello</p></html>", type="text/html"), [12102], []),
    "B98 an unknown language": (Page(b'<Response><Say language="xx-XX">hello</Say></Response>'), [13511], ["hello"]),
    "B98 Dial inside Gather": (
        Page(b"<Response><Gather><Dial>+4755568700</Dial></Gather><Say>hello</Say></Response>"),
        [13320],
        ["hello"],
    ),
    "B98 verbs in lower case": (Page(b"<Response><say>no</say><Say>hello</Say></Response>"), [12200], ["hello"]),
    "B98 UTF-16": (Page(f'<?xml version="1.0"?><Response>{SAY}</Response>'.encode("utf-16")), [], ["hello"]),
    "B98 a blank line first": (Page(f"\n{HEAD}<Response>{SAY}</Response>".encode()), [12100], []),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_document_gets_its_code_and_the_call_ends(name: str) -> None:
    page, warnings, heard = BODIES[name]
    outcome = call(Webhook({"/voice": page}))
    assert outcome.warnings == warnings
    assert [text for text in outcome.heard if "application error" not in text] == heard
    assert outcome.trace[-1]["event"] == "ended"
    assert outcome.dialled == []


def test_b98_a_namespace_is_no_harm() -> None:
    page = Page(f'<Response xmlns="urn:x">{SAY}</Response>'.encode())
    outcome = call(Webhook({"/voice": page}))
    assert outcome.heard == ["hello"]


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("B95 a cloud's metadata", "http://169.254.169.254/latest/meta-data"),
        ("B95 a file", "file:///etc/passwd"),
        ("B95 another origin", "http://127.0.0.1:5001/voice"),
        ("B95 another spelling of loopback", "http://2130706433:5000/voice"),
        ("B95 another origin behind a user name like ours", "http://127.0.0.1:5000@127.0.0.1:5001/voice"),
    ],
)
def test_a_redirect_to_where_nobody_allowed_is_not_followed(name: str, url: str) -> None:
    app = webhook(voice=f"<Redirect>{url}</Redirect>")
    outcome = call(app)
    assert [asked.target for asked in app.asked] == ["/voice"], name
    assert outcome.trace[-1]["event"] == "ended"


def test_b96_a_document_that_redirects_to_itself_ends() -> None:
    outcome = call(webhook(voice=f"<Redirect>{URL}</Redirect>"))
    assert outcome.trace[-1]["event"] == "ended"
    assert len(outcome.requests) < 1000
