"""B72-B74 on the wire: lengths that lie, bodies in chunks, strange targets. The server answers and goes on."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from tests.serve.server import Server, serving

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
MEGABYTE = b"100000\r\n" + b"a" * 0x100000 + b"\r\n0\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(log=tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server


def _status(server: Server, target: str, headers: str, body: bytes) -> str:
    """The status of the first answer, after which we hang up; empty if there is none."""
    with socket.create_connection(("127.0.0.1", int(server.base.rpartition(":")[2])), 60) as connection:
        head = f"POST {target} HTTP/1.1\r\nHost: x\r\n{FORM}{headers}\r\n"
        with suppress(OSError):  # refused before all of it was sent
            connection.sendall(head.encode() + body)
            connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(64)
    return answer.decode("latin-1").partition(" ")[2][:3]


def test_a_whole_url_as_the_target_is_answered_on_the_wire(server: Server) -> None:
    form = {
        "CallSid": "CA" + "d" * 32,
        "AccountSid": ACCOUNT_SID,
        "From": "anonymous",
        "To": "1",
        "CallStatus": "ringing",
    }
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{server.base}/voice", form)
    body = urlencode(form)
    headers = f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n"
    for host in (server.base, "http://elsewhere.example", "https://line.example:8443"):
        assert _status(server, f"{host}/voice", headers, body.encode()) == "200"


TARGETS = (
    "/voice?",
    "/voice?a=%2f&A=%2F",
    "/voice?a=b?c&&d=",
    "/%76oice",
    "/voice/?t=a%20b+c",
    "/voice?a=%C3%B8&b=%zz",
)


@pytest.mark.parametrize("target", TARGETS)
def test_the_signature_is_over_the_target_as_it_was_asked(server: Server, target: str) -> None:
    form = {"CallSid": "CA" + "d" * 32, "AccountSid": ACCOUNT_SID, "From": "anonymous", "To": "1", "CallStatus": "x"}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{server.base}{target}", form)
    body = urlencode(form)
    headers = f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n"
    assert _status(server, target, headers, body.encode()) == "200"
    assert _status(server, f"{target}x", headers, body.encode()) in ("403", "404")


@pytest.mark.parametrize("name", ["X_Twilio_Signature", "X-Forwarded-For", "Script_Name", "SCRIPT-NAME", "Path-Info"])
def test_no_header_passes_for_another_or_for_what_the_server_knows(server: Server, name: str) -> None:
    form = {"CallSid": "CA" + "d" * 32, "AccountSid": ACCOUNT_SID, "From": "anonymous", "To": "1", "CallStatus": "x"}
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{server.base}/voice", form)
    body = urlencode(form)
    length = f"Content-Length: {len(body)}\r\n"
    value = signature if "Signature" in name else "203.0.113.7"
    unsigned = _status(server, "/voice", f"{name}: {value}\r\n{length}", body.encode())
    signed = _status(server, "/voice", f"{name}: {value}\r\nX-Twilio-Signature: {signature}\r\n{length}", body.encode())
    assert (unsigned, signed) == ("403", "200")


REQUESTS: dict[str, tuple[str, str, bytes, str]] = {
    "B72 more announced than sent": ("/voice", "Content-Length: 500\r\n", b"CallSid=x", "400"),
    "B72 less announced than sent": ("/voice", "Content-Length: 3\r\n", b"CallSid=x", "400"),
    "B72 two lengths": ("/voice", "Content-Length: 3\r\nContent-Length: 9\r\n", b"CallSid=x", "400"),
    "B73 a megabyte in one chunk": ("/voice", "Transfer-Encoding: chunked\r\n", MEGABYTE, "411"),
    "B74 dots": ("/%2e%2e/voice", "Content-Length: 9\r\n", b"CallSid=x", "404"),
    "B74 two slashes": ("//voice", "Content-Length: 9\r\n", b"CallSid=x", "403"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_lies_is_refused_and_the_line_goes_on(server: Server, name: str) -> None:
    target, headers, body, status = REQUESTS[name]
    assert _status(server, target, headers, body) == status
    assert "dial one, one, three" in server.post("/voice")
