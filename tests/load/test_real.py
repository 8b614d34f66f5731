"""Real time and HTTP: threads, kept connections, and what a server does to them. Loopback only, and no waiting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from ivr.base.clock import SystemClock
from ivr.simulator import CallPlan, HttpTransport
from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.load import Even, Job, run
from ivr.simulator.load.chance import Fixed
from ivr.simulator.load.mix import CallerKind
from ivr.simulator.load.run import play_share
from tests.load.apps import MENU, Pages, job, mix

PAGE = b"<Response><Hangup/></Response>"


class Server(ThreadingHTTPServer):
    """Counts connections; `closes`: hangs up after each reply without having said so."""

    daemon_threads = True
    closes = False
    connections = 0
    targets: ClassVar[list[str]] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.targets.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)
        self.close_connection = self.server.closes

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(*, closes: bool = False) -> Iterator[tuple[Server, str]]:
    Server.targets.clear()
    with Server(("127.0.0.1", 0), Handler) as server:
        server.closes = closes
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_one_connection_carries_all_calls_in_virtual_time() -> None:
    with serving() as (server, base):
        tally = run(Job(CallPlan(url=f"{base}/voice"), mix(), calls=20, concurrent=1))
        assert (tally.completed, tally.results, server.connections) == (20, {"200": 20}, 1)


def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    with serving(closes=True) as (server, base):
        tally = run(Job(CallPlan(url=f"{base}/voice"), mix(), calls=5, concurrent=1))
        assert (tally.completed, tally.with_errors, server.connections) == (5, 0, 5)


def test_the_target_is_sent_as_it_is() -> None:
    with serving() as (server, base):
        run(Job(CallPlan(url=f"{base}/%7Evoice/a%2fb?x=%27"), mix(), calls=1))
        assert server.targets == ["/%7Evoice/a%2fb?x=%27"]


def test_nobody_listening_is_a_failed_call() -> None:
    with serving() as (_, base):
        pass
    tally = run(Job(CallPlan(url=f"{base}/voice"), mix(), calls=2, concurrent=1))
    assert tally.results == {"refused": 4}  # each call tries twice
    assert tally.errors == {11202: 2}


def test_a_name_that_does_not_exist_is_a_failed_request() -> None:
    fetch = Fetch("GET", "http://no-such-host.invalid/", (), b"", 1.0, 1.0)
    reply = HttpTransport(keep_alive=True).send(fetch)
    assert isinstance(reply, Failed)
    assert reply.kind == "host"


def test_in_real_time_calls_run_in_threads_of_their_own() -> None:
    with serving() as (_, base):
        tally = run(Job(CallPlan(url=f"{base}/voice"), mix(), calls=12, concurrent=4, real_time=True))
    assert (tally.planned, tally.started, tally.completed, tally.delayed) == (12, 12, 12, 0)
    assert tally.latency().least >= tally.service.least > 0


def test_real_and_virtual_time_play_the_same_calls() -> None:
    keys = mix(
        CallerKind("presses one", (("1",),)), CallerKind("presses nothing", leaves=1.0, leaves_after=Fixed(0.01))
    )
    pages = MENU | {"/chosen": "<Hangup/>"}
    playing = (
        job(keys, make_app=lambda: Pages(pages), calls=10, concurrent=3, real_time=real) for real in (True, False)
    )
    real, virtual = (run(each) for each in playing)
    assert (real.ended, real.kinds, real.hung_up) == (virtual.ended, virtual.kinds, virtual.hung_up)
    assert 0 < real.hung_up < 10


def test_in_real_time_the_plan_is_kept() -> None:
    hasty = mix(CallerKind("hasty", leaves=1.0))
    tally = run(job(hasty, arrivals=Even(200), calls=10, concurrent=10, real_time=True))
    assert tally.completed == 10
    assert tally.span_seconds >= 9 / 200


def test_ctrl_c_keeps_what_was_counted() -> None:
    for real in (False, True):
        tally = run(
            job(calls=1000, concurrent=1, real_time=real, callers=mix(CallerKind("hasty", leaves=1.0))), _Impatient(3)
        )
        assert tally.interrupted
        assert 3 <= tally.completed < 1000


class _Impatient:
    """Presses Ctrl-C when `calls` have ended."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    def __call__(self, calls: int) -> None:
        self._left -= calls
        if self._left <= 0:
            raise KeyboardInterrupt


def test_a_fault_of_this_program_ends_the_run() -> None:
    def broken(_: int) -> None:
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        play_share(job(calls=20, real_time=True, callers=mix(CallerKind("hasty", leaves=1.0))), broken, SystemClock())


def test_a_long_reply_is_cut_and_the_connection_given_up() -> None:
    class Long(Handler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "200000")
            self.end_headers()
            self.wfile.write(b"x" * 200000)

    with serving() as (server, base):
        server.RequestHandlerClass = Long
        transport = HttpTransport(keep_alive=True)
        for _ in range(2):
            reply = transport.send(Fetch("POST", f"{base}/", (), b"", 1.0, 1.0))
            assert isinstance(reply, Response)
            assert len(reply.body) == 65_537
        transport.close()
        assert server.connections == 2
