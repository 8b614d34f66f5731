"""Who gets an answer from the page's server: only a page of its own, with the secret, on loopback."""

import http.client
import json
from collections.abc import Mapping

import pytest

from ivr.simulator.web_phone.server import PageServer


def ask(
    served: PageServer, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    """`headers`: in place of a page's own."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    own = {"Host": f"127.0.0.1:{served.port}"}
    if method == "POST":
        own |= {"Origin": f"http://127.0.0.1:{served.port}", "Content-Type": "application/json"}
        own["Content-Length"] = str(len(body or b""))
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in (own | dict(headers or {})).items():
        connection.putheader(name, value)
    connection.endheaders(body)
    reply = connection.getresponse()
    read = reply.read()
    connection.close()
    return reply.status, {name.lower(): value for name, value in reply.getheaders()}, read


def test_a_page_with_the_secret_is_answered(served: PageServer) -> None:
    assert ask(served, "GET", f"/{served.token}/")[0] == 200
    status, _, body = ask(served, "POST", f"/{served.token}/phones", body=b"{}")
    assert status == 200
    assert json.loads(body)["id"]


@pytest.mark.parametrize("path", ["/", "/config", "/{token}", "/x{token}/", "/{token}x/", "/%2e/{token}/"])
def test_an_address_without_the_secret_is_refused(served: PageServer, path: str) -> None:
    status, _, body = ask(
        served, "GET", path.replace("{token}", served.token[:-1] if path == "/{token}x/" else served.token)
    )
    assert (status, body) == (403, b"Forbidden")


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "127.0.0.1:1", "example.org:{port}", ""])
def test_a_host_that_is_not_loopback_is_refused(served: PageServer, host: str) -> None:
    """A name of somebody else that leads to this machine (DNS rebinding)."""
    headers = {"Host": host.replace("{port}", str(served.port))}
    assert ask(served, "GET", f"/{served.token}/", headers)[0] == 403


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://127.0.0.1", "http://127.0.0.1:1", ""])
def test_a_post_from_another_origin_is_refused(served: PageServer, origin: str) -> None:
    assert ask(served, "POST", f"/{served.token}/phones", {"Origin": origin}, b"{}")[0] == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_browser_marks_as_from_elsewhere_is_refused(served: PageServer, site: str) -> None:
    assert ask(served, "GET", f"/{served.token}/", {"Sec-Fetch-Site": site})[0] == 403


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "text/plain"}, b"{}"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1"),
        ({}, b"{"),
        ({}, b"[]"),
        ({}, b"[" * 5000),
        ({"Content-Length": "-1"}, b""),
        ({"Content-Length": "70000"}, b"{}"),
        ({"Content-Length": "many"}, b""),
    ],
)
def test_a_post_that_is_no_small_json_object_is_refused(
    served: PageServer, headers: dict[str, str], body: bytes
) -> None:
    assert ask(served, "POST", f"/{served.token}/phones", headers, body)[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "static/nothing.js",
        "static/../page_handler.py",
        "static/%2e%2e/page_handler.py",
        "static/",
        "phones/x/events",
    ],
)
def test_what_there_is_not_is_not_found(served: PageServer, path: str) -> None:
    assert ask(served, "GET", f"/{served.token}/{path}")[0] == 404


def test_every_answer_forbids_inline_scripts_and_other_hosts(served: PageServer) -> None:
    for path in ("/", f"/{served.token}/", f"/{served.token}/text", f"/{served.token}/static/main.js"):
        _, headers, _ = ask(served, "GET", path)
        policy = dict(each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert not [name for name in headers if name.startswith("access-control-")]


def test_no_page_has_an_inline_script_or_style(served: PageServer) -> None:
    for path in ("", "text"):
        html = ask(served, "GET", f"/{served.token}/{path}")[2].decode()
        assert "<script>" not in html
        assert "<style" not in html
        assert " style=" not in html
        assert "http://" not in html
        assert "https://" not in html


def test_nothing_but_loopback_is_listened_on(served: PageServer) -> None:
    assert served.url.startswith("http://127.0.0.1:")
    assert len(served.token) >= 32


def test_each_server_has_a_secret_of_its_own() -> None:
    from ivr.simulator.web_phone.page import Webhook, open_page  # noqa: PLC0415 - only here

    one, other = (open_page(Webhook("http://127.0.0.1:9/")) for _ in range(2))
    try:
        assert one.token != other.token
        assert ask(other, "GET", f"/{one.token}/")[0] == 403
    finally:
        one.close()
        other.close()
