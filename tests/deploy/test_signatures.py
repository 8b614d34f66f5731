"""Twilio signs the public URL; the line sees what nginx makes of it. Every way in which the two may differ, really."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from tests.deploy.nginx import needs_nginx, proxying, site
from tests.serve.server import SECONDS, Server, free_port, serving

pytestmark = needs_nginx

TOKEN = "the-auth-token-0123456789"
FIELDS = {
    "CallSid": "CA" + "c" * 32,
    "AccountSid": "AC" + "1" * 32,
    "From": "anonymous",
    "To": "anonymous",
    "CallStatus": "in-progress",
}
PREFIXES = """
    location /ivr/ { proxy_pass http://127.0.0.1:%d/; }
    location /left-on/ { proxy_pass http://127.0.0.1:%d; }
"""


@dataclass
class Proxy:
    port: int
    public: dict[str, str]  # by kind of instance: the PUBLIC_BASE_URL that it was given

    def post(self, target: str, signed: str, **headers: str) -> int:
        """The status of a request to this path and query, signed over that URL."""
        signature = RequestValidator(TOKEN).compute_signature(signed, FIELDS)
        every = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature, **headers}
        return self._asked("POST", target, urlencode(FIELDS), every)

    def get(self, target: str) -> int:
        return self._asked("GET", target, "", {})

    def _asked(self, method: str, target: str, body: str, headers: dict[str, str]) -> int:
        context = ssl._create_unverified_context()  # noqa: S323 - our own certificate of this minute
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=SECONDS, context=context)
        connection.request(method, target, body, {"Host": "line.example"} | headers)
        status = connection.getresponse().status
        connection.close()
        return status


def _line(base: str) -> dict[str, str]:
    return {
        "IVR_PROFILE": "practice",
        "PUBLIC_BASE_URL": base,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_PHONE_NUMBER": "+4739000000",
        "DATABASE_URL": "off",
    }


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    port = free_port()
    public = {
        "plain": "https://line.example",
        "prefix": "https://line.example/ivr",
        "port": "https://line.example:8443",
    }
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for kind, base in public.items():
            servers[kind] = stack.enter_context(serving(log=folder / f"{kind}.log", **_line(base)))
        own = {kind: int(server.base.rpartition(":")[2]) for kind, server in servers.items()}
        sample = site(folder, port, [own["plain"]])
        prefixed = sample.replace("    location / {", PREFIXES % (own["prefix"], own["prefix"]) + "    location / {", 1)
        stack.enter_context(proxying(folder, prefixed + _with_port(sample, own["port"]), port))
        yield Proxy(port, public)


def _with_port(sample: str, instance: int) -> str:
    """A second name on the same nginx: the instance whose public URL has a port."""
    server = sample[sample.index("server {\n    listen") :].replace("line.example;", "port.example;", 1)
    return server.replace("proxy_pass http://ivr;", f"proxy_pass http://127.0.0.1:{instance};")


# What is asked of nginx, the URL over which Twilio signed, and what the line must make of it.
RIGHT = {
    "plain": ("/voice", "https://line.example/voice"),
    "the default port written out": ("/voice", "https://line.example:443/voice"),
    "a trailing slash": ("/voice/", "https://line.example/voice/"),
    "a node and its token": ("/voice/main?t=a.b", "https://line.example/voice/main?t=a.b"),
    "escapes in the query": (
        "/voice/main?t=a%2Bb%3D&x=%C3%A5%20b&y=a+b&z=%2f",
        "https://line.example/voice/main?t=a%2Bb%3D&x=%C3%A5%20b&y=a+b&z=%2f",
    ),
    "an empty value and a doubled name": ("/voice/main?t=&t=1&t", "https://line.example/voice/main?t=&t=1&t"),
    "a prefix that the proxy takes off": ("/ivr/voice", "https://line.example/ivr/voice"),
    "a prefix and a query": ("/ivr/voice/main?t=a%2Bb", "https://line.example/ivr/voice/main?t=a%2Bb"),
}
WRONG = {
    "signed as http": ("/voice", "http://line.example/voice"),
    "signed for another host": ("/voice", "https://other.example/voice"),
    "signed without the slash": ("/voice/", "https://line.example/voice"),
    "signed with other escapes": ("/voice/main?t=a%2bb", "https://line.example/voice/main?t=a%2Bb"),
    "signed without the query": ("/voice/main?t=1", "https://line.example/voice/main"),
    "signed without the prefix": ("/ivr/voice", "https://line.example/voice"),
    "signed with another port": ("/voice", "https://line.example:8443/voice"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_twilio_signed_is_accepted_behind_nginx(case: str, proxy: Proxy) -> None:
    target, signed = RIGHT[case]
    assert proxy.post(target, signed) == 200


@pytest.mark.parametrize("case", WRONG)
def test_what_it_did_not_sign_is_refused_behind_nginx(case: str, proxy: Proxy) -> None:
    target, signed = WRONG[case]
    assert proxy.post(target, signed) == 403


def test_a_prefix_that_the_proxy_leaves_on_finds_nothing(proxy: Proxy) -> None:
    assert proxy.post("/left-on/voice", "https://line.example/left-on/voice") == 404


@pytest.mark.parametrize("target", ["/console", "/console/login", "/metrics", "/", "/elsewhere/voice"])
def test_nothing_but_the_webhooks_and_health_is_open_to_the_world(target: str, proxy: Proxy) -> None:
    assert proxy.post(target, f"https://line.example{target}") == 404
    assert proxy.get("/health/ready") == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "another.example", "evil.line.example", "localhost:443"])
def test_by_its_address_or_another_name_nginx_refuses(host: str, proxy: Proxy) -> None:
    assert proxy.post("/voice", "https://line.example/voice", Host=host) == 421
    assert proxy.post("/voice", "https://line.example/voice", Host="LINE.example:443") == 200


@pytest.mark.parametrize("signed", ["https://line.example:8443/voice", "https://line.example/voice"])
def test_a_public_url_with_a_port_is_accepted_with_it_and_without(signed: str, proxy: Proxy) -> None:
    assert proxy.post("/voice", signed, Host="port.example") == 200


@pytest.mark.parametrize(
    "spoofed",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Prefix": "/evil"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Original-URL": "/voice/status"},
    ],
    ids=lambda spoofed: next(iter(spoofed)),
)
def test_forwarded_headers_of_a_stranger_change_nothing(spoofed: dict[str, str], proxy: Proxy) -> None:
    assert proxy.post("/voice", "https://line.example/voice", **spoofed) == 200
    assert proxy.post("/voice", "http://evil.example/voice", **spoofed) == 403


def test_a_body_beyond_all_reason_stops_at_nginx(proxy: Proxy) -> None:
    FIELDS["Padding"] = "x" * 70_000
    try:
        assert proxy.post("/voice", "https://line.example/voice") == 413
    finally:
        del FIELDS["Padding"]


def test_the_log_of_nginx_holds_no_state_of_a_call(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> None:
    proxy.post("/voice/main?t=the-token", "https://line.example/voice/main?t=the-token")
    logs = list(tmp_path_factory.getbasetemp().glob("nginx*/access.log"))
    assert logs
    assert "/voice/main" in logs[-1].read_text("utf-8")
    assert "the-token" not in logs[-1].read_text("utf-8")
