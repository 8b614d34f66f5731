"""Both transports send exactly what they are given, and turn whatever goes wrong into a value."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from ivr.simulator import CallPlan, HttpTransport, play
from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.transports.wsgi import WsgiTransport, environ
from tests.simulator.server import served
from tests.simulator.webhook import webhook

BODY = b"a=b"


def fetch(url: str, *, method: str = "POST", body: bytes = BODY, read: float = 60.0) -> Fetch:
    """`read`: seconds, far more than a busy machine needs, unless a test is about them."""
    return Fetch(method, url, (("Content-Type", "application/x-www-form-urlencoded"),), body, 60.0, read)


@contextmanager
def answering(raw: bytes, *, after: bytes = BODY) -> Iterator[str]:
    """A server that reads until the request ends in `after`, sends `raw` and closes. What it leaves unread, the
    kernel answers with a reset."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                asked = connection.recv(1)
                while not asked.endswith(after):
                    asked += connection.recv(1)
                connection.sendall(raw)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/voice"
        thread.join()


def test_a_call_over_a_real_socket_is_signed_to_the_letter() -> None:
    app = webhook(voice="<Redirect>/next?x=%C3%98%c3%98~&amp;y=1</Redirect>", next="<Say>hello</Say>")
    with served(app) as base:
        outcome = play(CallPlan(url=f"{base}/voice", auth_token="secret"), HttpTransport())
    assert outcome.heard == ["hello"]
    assert app.asked[1].target == "/next?x=%C3%98%c3%98~&y=1"
    for asked in app.asked:
        signature = asked.headers["x-twilio-signature"]
        assert RequestValidator("secret").validate(base + asked.target, dict(asked.fields), signature)


def test_a_closed_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    reply = HttpTransport().send(fetch(f"http://127.0.0.1:{port}/"))
    assert isinstance(reply, Failed)
    assert reply.kind == "refused"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "reset"),
        (b"hello\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "protocol"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "protocol"),
    ],
)
def test_an_answer_that_is_no_http_is_a_failure(raw: bytes, kind: str) -> None:
    with answering(raw) as url:
        reply = HttpTransport().send(fetch(url))
    assert isinstance(reply, Failed)
    assert reply.kind == kind


@pytest.mark.parametrize("size", [3, 2_000, 1_000_000])
def test_an_answer_that_comes_before_the_request_was_read_is_an_answer(size: int) -> None:
    raw = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"
    transport = HttpTransport()
    for _ in range(20):  # without a look at the answer, about half of them are a reset
        with answering(raw, after=b"POST") as url:
            reply = transport.send(fetch(url, body=b"x" * size))
        assert isinstance(reply, Response), reply
        assert (reply.status, reply.body) == (413, b"no")


def test_a_server_that_says_nothing_is_a_read_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        reply = HttpTransport().send(fetch(f"http://127.0.0.1:{port}/", read=0.05))
    assert isinstance(reply, Failed)
    assert (reply.kind, reply.seconds) == ("read-timeout", 0.05)


def test_an_unknown_name_is_a_bad_host() -> None:
    reply = HttpTransport().send(fetch("http://no-such-name.invalid/"))
    assert isinstance(reply, Failed)
    assert reply.kind == "host"


def test_no_more_than_the_limit_is_read() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000) as url:
        reply = HttpTransport().send(fetch(url))
    assert isinstance(reply, Response)
    assert len(reply.body) == 65_537


def test_the_environ_is_that_of_a_server() -> None:
    made = environ(fetch("http://127.0.0.1:5000/vo%C3%98?a=%7E&b"))
    assert made["RAW_URI"] == made["REQUEST_URI"] == "/vo%C3%98?a=%7E&b"
    assert made["PATH_INFO"] == "/voØ".encode().decode("latin-1")
    assert made["QUERY_STRING"] == "a=%7E&b"
    assert made["HTTP_HOST"] == "127.0.0.1:5000"
    assert made["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    assert made["CONTENT_LENGTH"] == "3"
    assert made["wsgi.input"].read() == b"a=b"


def test_an_application_that_writes_and_closes_is_understood() -> None:
    closed = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Any) -> Body:
        write = start_response("200 OK", [("Content-Type", "text/xml")])
        write(b"<Resp")
        return Body([b"onse/>"])

    reply = WsgiTransport(app).send(fetch("http://127.0.0.1/"))
    assert isinstance(reply, Response)
    assert reply.body == b"<Response/>"
    assert closed == [True]


def test_an_application_that_never_starts_a_response_breaks_the_protocol() -> None:
    reply = WsgiTransport(lambda environ, start_response: []).send(fetch("http://127.0.0.1/"))
    assert isinstance(reply, Failed)
    assert reply.kind == "protocol"
