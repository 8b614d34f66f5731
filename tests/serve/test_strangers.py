"""Strangers who send nothing, too little, too much or too slowly: they cost a caller nothing, and their time is up."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ivr.line.service.connections import MOST_OF_ONE_ADDRESS
from tests.serve.server import SECONDS, Server, free_port, serving

HALF_A_HEAD = b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-"
SLOW_BODY = b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\na="
ANSWERED = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(log=tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server


@contextmanager
def _connected(server: Server, said: bytes, count: int = 1) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            each = socket.create_connection(("127.0.0.1", int(server.base.rpartition(":")[2])), SECONDS)
            found.append(stack.enter_context(each))
            each.sendall(said)
        yield found


def _rest(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    data = b""
    while more := connection.recv(65_536):
        data += more
    return data


@pytest.mark.parametrize("said", [b"", HALF_A_HEAD, SLOW_BODY, ANSWERED], ids=["nothing", "head", "body", "kept"])
def test_a_crowd_that_is_slow_keeps_no_caller_waiting(server: Server, said: bytes) -> None:
    with _connected(server, said, 300):
        assert "dial one, one, three" in server.post("/voice")
        assert server.ready()["status"] == "ready"


@pytest.fixture(scope="module")
def ends(server: Server) -> dict[bytes, bytes]:
    """By what was said on a connection: all that came on it until the server closed it. They wait side by side."""

    def end(said: bytes) -> bytes:
        with _connected(server, said) as (connection,):
            return _rest(connection)

    waiting = (b"", HALF_A_HEAD, SLOW_BODY, ANSWERED + HALF_A_HEAD, ANSWERED)
    with ThreadPoolExecutor(len(waiting)) as pool:
        return dict(zip(waiting, pool.map(end, waiting), strict=True))


@pytest.mark.parametrize("said", [b"", HALF_A_HEAD, SLOW_BODY], ids=["nothing", "head", "body"])
def test_a_request_that_does_not_become_whole_ends_with_408(ends: dict[bytes, bytes], said: bytes) -> None:
    assert ends[said].startswith(b"HTTP/1.1 408 ")


def test_a_byte_now_and_then_buys_no_more_time(server: Server) -> None:
    with _connected(server, HALF_A_HEAD) as (connection,):
        connection.settimeout(0.2)
        end, answer = time.monotonic() + SECONDS, b""
        while not answer:
            assert time.monotonic() < end, "the server waits for ever"
            try:
                connection.sendall(b"x")
                answer = connection.recv(64)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_the_second_request_of_a_connection_has_no_more_time_than_the_first(ends: dict[bytes, bytes]) -> None:
    assert b"HTTP/1.1 408 " in ends[ANSWERED + HALF_A_HEAD]


@pytest.mark.parametrize("before", [b"", ANSWERED], ids=["first", "second"])
def test_a_head_that_grows_without_end_is_431(server: Server, before: bytes) -> None:
    with _connected(server, before + HALF_A_HEAD + b"x" * 100_000) as (connection,):
        assert b"HTTP/1.1 431 " in _rest(connection)


def test_a_kept_connection_that_asks_nothing_more_is_closed(ends: dict[bytes, bytes]) -> None:
    assert ends[ANSWERED].startswith(b"HTTP/1.1 200 ")


def test_who_takes_no_answers_is_cut_off_and_keeps_nobody_waiting(server: Server) -> None:
    with _connected(server, b"") as (connection,):
        connection.settimeout(0.5)
        while _sends(connection):
            pass
        assert "dial one, one, three" in server.post("/voice")
        connection.settimeout(SECONDS)
        while _sends(connection):
            pass


def _sends(connection: socket.socket) -> bool:
    try:
        connection.sendall(ANSWERED * 1000)
    except OSError:
        return False
    return True


def test_of_one_address_who_keeps_the_line_waiting_longest_makes_room(server: Server) -> None:
    with _connected(server, HALF_A_HEAD, MOST_OF_ONE_ADDRESS + 1) as (first, *_):
        assert _rest(first).startswith(b"HTTP/1.1 503 ")
        assert "dial one, one, three" in server.post("/voice")


def test_a_full_worker_takes_whole_requests_and_closes_the_oldest_that_wait(tmp_path: Path) -> None:
    with serving(log=tmp_path / "log", files=64) as server, _connected(server, HALF_A_HEAD, 60) as (first, *_):
        assert _rest(first).startswith(b"HTTP/1.1 503 ")
        assert "dial one, one, three" in server.post("/voice")


def test_two_requests_in_one_packet_are_both_answered_in_order(server: Server) -> None:
    last = ANSWERED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with _connected(server, ANSWERED.replace(b"live", b"ready") + last) as (connection,):
        answer = _rest(connection)
    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.index(b'"ready"') < answer.index(b'"live"')


def test_who_asks_and_says_no_more_is_answered(server: Server) -> None:
    with _connected(server, ANSWERED) as (connection,):
        connection.shutdown(socket.SHUT_WR)
        assert _rest(connection).startswith(b"HTTP/1.1 200 ")


def test_a_worker_that_ends_waits_for_no_stranger(tmp_path: Path) -> None:
    port = free_port()
    with serving(log=tmp_path / "log", port=port) as server, _connected(server, HALF_A_HEAD) as (connection,):
        server.process.terminate()
        assert _rest(connection).startswith(b"HTTP/1.1 408 ")
        assert server.process.wait(SECONDS) == 0
