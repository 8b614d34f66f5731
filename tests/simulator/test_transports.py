"""Both transports send exactly what they are given, and turn whatever goes wrong into a value."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from twilio.request_validator import RequestValidator

from ivr.simulator import Call, CallPlan, HttpTransport, play
from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.load import Job, run
from ivr.simulator.load.mix import Mix
from ivr.simulator.transports import exchange, http
from ivr.simulator.transports.wsgi import WsgiTransport, environ
from tests.simulator.server import served
from tests.simulator.webhook import webhook

BODY = b"a=b"


def fetch(url: str, *, method: str = "POST", body: bytes = BODY, read: float = 60.0) -> Fetch:
    """`read`: seconds, far more than a busy machine needs, unless a test is about them."""
    return Fetch(method, url, (("Content-Type", "application/x-www-form-urlencoded"),), body, 60.0, read)


@contextmanager
def serving(talk: Callable[[socket.socket], None], host: str = "127.0.0.1") -> Iterator[str]:
    """A server that takes connections one after another and lets `talk` read and write each."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:

        def serve() -> None:
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):  # whoever asks may go away at any moment
                    if connection.recv(65_536) == b"stop":
                        return
                    talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}/voice"
        finally:
            with socket.create_connection((host, port)) as stop:
                stop.sendall(b"stop")
            thread.join()


@contextmanager
def endless(start: bytes, again: bytes) -> Iterator[str]:
    """A server that sends `start`, and then `again` for as long as anybody reads."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(again)

    with serving(talk) as url:
        yield url


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
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n<Response/>", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: +11\r\n\r\n<Response/>", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: eleven\r\n\r\n<Response/>", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nContent-Length: 12\r\n\r\n<Response/>", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n<Resp", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n<Response/>\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n<Response/>", "protocol"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "protocol"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", "reset"),
    ],
)
@pytest.mark.parametrize("keep_alive", [False, True])
def test_an_answer_that_is_no_http_is_a_failure(raw: bytes, kind: str, keep_alive: bool) -> None:
    transport = HttpTransport(keep_alive=keep_alive)
    with answering(raw) as url:
        reply = transport.send(fetch(url))
    transport.close()
    assert isinstance(reply, Failed)
    assert reply.kind == kind


INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n" + b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 2


def test_interim_answers_are_passed_over_until_the_real_one() -> None:
    with answering(INTERIM + b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\n<Response/>") as url:
        reply = HttpTransport().send(fetch(url))
    assert reply == Response(200, (("content-length", "11"), ("x-a", "b")), b"<Response/>")


def test_an_interim_answer_does_not_end_a_kept_connection() -> None:
    connections = []

    def talk(connection: socket.socket) -> None:
        connections.append(connection)
        connection.sendall(INTERIM + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        connection.recv(65_536)
        connection.sendall(INTERIM + b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes")

    transport = HttpTransport(keep_alive=True)
    with serving(talk) as url:
        replies = [transport.send(fetch(url)) for _ in range(2)]
        transport.close()
    assert [reply.body for reply in replies if isinstance(reply, Response)] == [b"ok", b"yes"]
    assert len(connections) == 1


def test_a_header_that_is_folded_over_two_lines_is_one_line() -> None:
    with answering(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: "a\r\n  b"\r\n\r\n') as url:
        reply = HttpTransport().send(fetch(url))
    assert isinstance(reply, Response)
    assert reply.header("etag") == '"a b"'


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
NEVER_ENDING = pytest.mark.parametrize(
    ("start", "again"),
    [
        pytest.param(b"", b"HTTP/1.1 ", id="status line"),
        pytest.param(HEAD + b"X-A: ", b"b", id="header"),
        # Long ones: a hundred are the most, and a hundred short ones may come at once, before the deadline is seen.
        pytest.param(HEAD, b"X-A: " + b"b" * 3000 + b"\r\n", id="headers"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="100 Continue"),
        pytest.param(b"", b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n", id="103 Early Hints"),
        pytest.param(CHUNKED + b"1;", b"a", id="chunk extension"),
        pytest.param(CHUNKED, b"1;" + b"a" * 50 + b"\r\nx\r\n", id="small chunks"),
        pytest.param(CHUNKED + b"1\r\nx\r\n0\r\n", b"X-A: b\r\n", id="trailers"),
        pytest.param(CHUNKED + b"1\r\nx\r\n0\r\nX-A: ", b"b", id="trailer"),
    ],
)


@NEVER_ENDING
@pytest.mark.parametrize("keep_alive", [False, True])
def test_no_part_of_an_answer_may_go_on_beyond_the_deadline(
    start: bytes, again: bytes, keep_alive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = count(step=3600)  # each look at the clock is an hour after the one before
    monkeypatch.setattr(exchange, "time", SimpleNamespace(monotonic=lambda: float(next(hours))))
    transport = HttpTransport(keep_alive=keep_alive)
    with endless(start, again) as url:
        reply = transport.send(fetch(url, read=2.5 * 3600))
    assert isinstance(reply, Failed)
    assert (reply.kind, reply.seconds) == ("read-timeout", 2.5 * 3600)


@NEVER_ENDING
@pytest.mark.parametrize("keep_alive", [False, True])
def test_no_part_of_an_answer_may_go_on_without_end(start: bytes, again: bytes, keep_alive: bool) -> None:
    with endless(start, again) as url:
        reply = HttpTransport(keep_alive=keep_alive).send(fetch(url))
    assert isinstance(reply, Failed)
    assert reply.kind == "protocol"


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def test_the_bound_holds_for_callbacks() -> None:
    app = webhook(voice="<Hangup/>")
    with served(app) as base, endless(b"", CONTINUE) as callback:
        outcome = play(CallPlan(url=f"{base}/voice", status_callback=callback), HttpTransport())
    assert (outcome.ended, outcome.warnings) == ("completed", [11206, 15003])  # asked twice: rc=1 is the default


def test_the_bound_holds_for_calls_of_a_test_and_of_a_probe() -> None:
    with endless(b"", CONTINUE) as url, Call(url) as call:
        assert (call.ended, call.warnings) == ("failed", [11206, 11206])  # asked twice: rc=1 is the default


def test_the_bound_holds_for_load_tests() -> None:
    with endless(b"", CONTINUE) as url:
        tally = run(Job(CallPlan(url=url), Mix.of_keys("1"), calls=1, concurrent=1))
    assert tally.results == {"protocol": 2}


def test_a_connection_that_is_closed_in_the_middle_of_an_answer_is_not_asked_again() -> None:
    talks = []

    def talk(connection: socket.socket) -> None:
        talks.append(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 2")

    transport = HttpTransport(keep_alive=True)
    with serving(talk) as url:
        first, second = (transport.send(fetch(url)) for _ in range(2))
    assert isinstance(first, Response)
    assert isinstance(second, Failed)
    assert len(talks) == 1


def test_one_deadline_holds_where_a_kept_connection_was_closed_and_another_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        connection.recv(65_536)

    transport = HttpTransport(keep_alive=True)
    with serving(talk) as url:
        transport.send(fetch(url))
        hours = count(step=3600)  # the first exchange takes two hours, and the second begins after the deadline
        monkeypatch.setattr(exchange, "time", SimpleNamespace(monotonic=lambda: float(next(hours))))
        monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: 0.0))
        reply = transport.send(fetch(url, read=2.5 * 3600))
        transport.close()
    assert isinstance(reply, Failed)
    assert reply.kind == "read-timeout"


def _resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """From now on every name has these addresses, in this order."""
    found = [
        (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, None))
        for each in addresses
    ]
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, **_: [
            (*each[:4], (each[4][0], port, 0, 0)[: 4 if ":" in each[4][0] else 2]) for each in found
        ],
    )


def test_every_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    app = webhook(voice="<Say>hello</Say>")
    with served(app) as base:
        _resolving(monkeypatch, "::1", "127.0.0.2", "127.0.0.1")
        url = base.replace("127.0.0.1", "localhost") + "/voice"
        outcome = play(CallPlan(url=url), HttpTransport())
    assert outcome.heard == ["hello"]
    assert app.asked[0].headers["host"] == url.split("/")[2]


def test_a_name_none_of_whose_addresses_answers_says_so_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    _resolving(monkeypatch, "::1", "127.0.0.1")
    reply = HttpTransport().send(fetch(f"http://localhost:{port}/"))
    assert isinstance(reply, Failed)
    assert reply.kind == "refused"
    assert "::1: " in reply.message
    assert "127.0.0.1: Connection refused" in reply.message


def test_an_address_that_never_answers_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    app = webhook(voice="<Say>hello</Say>")
    with served(app) as base, socket.create_server(("127.0.0.2", int(base.rpartition(":")[2])), backlog=0) as full:
        waiting = [socket.socket() for _ in range(3)]  # a queue that is full: who comes now is not answered
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        _resolving(monkeypatch, "127.0.0.2", "127.0.0.1")
        asked = fetch(base.replace("127.0.0.1", "localhost") + "/voice")._replace(connect_timeout=0.5)
        reply = HttpTransport().send(asked)
        for each in waiting:
            each.close()
    assert isinstance(reply, Response)


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


def test_an_unknown_name_is_a_bad_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Mock(side_effect=socket.gaierror("Name or service not known")))
    reply = HttpTransport().send(fetch("http://no-such-name.invalid/"))
    assert isinstance(reply, Failed)
    assert (reply.kind, reply.seconds) == ("host", 0)


def test_a_name_that_nobody_resolves_is_waited_for_no_longer_than_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        over.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    reply = HttpTransport().send(fetch("http://line.example/")._replace(connect_timeout=0.05))
    over.set()
    assert isinstance(reply, Failed)
    assert (reply.kind, reply.seconds) == ("host", 0.05)


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
