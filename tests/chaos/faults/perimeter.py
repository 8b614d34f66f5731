"""What stands around the service: tokens that are replaced, proxies that rewrite, strangers who waste its time."""

import socket
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import replace

from ivr.base.test_account import AUTH_TOKEN
from tests.chaos.faults.fault import HOST_GONE, Fault
from tests.chaos.faults.webhooks import post
from tests.chaos.proxy import proxy
from tests.chaos.service import Serving
from tests.chaos.testbed import Stage, Who

_NEXT_TOKEN = "the-token-that-comes-next"
_DRIPPERS = 30
_HUGE = 1_000_000


def replaced_token(stage: Stage) -> None:
    """Both tokens are accepted while one is replaced; then the old one no more: the fallback takes those calls."""
    stage.serve(Serving(environment={"TWILIO_AUTH_TOKEN": f"{AUTH_TOKEN},{_NEXT_TOKEN}"}))
    half = Who(spoil=lambda plan, random: replace(plan, auth_token=random.choice((AUTH_TOKEN, _NEXT_TOKEN))))
    stage.play(40, half)
    stage.play_in_step(20, {3: lambda: _rotate(stage)}, half)


def _rotate(stage: Stage) -> None:
    """The same port, the other token alone."""
    service = stage.service
    service.stop()
    service.serving = Serving(environment={"TWILIO_AUTH_TOKEN": _NEXT_TOKEN})
    service.start()
    service.restarts += 1


def rewriting_proxy(stage: Stage) -> None:
    with ExitStack() as until_done:
        public = until_done.enter_context(proxy(stage.port))
        until_done.callback(stage.close)
        stage.serve(Serving(environment={"PUBLIC_BASE_URL": public}))
        stage.play(60)


def slow_and_huge(stage: Stage) -> None:
    service = stage.serve()
    done = threading.Event()
    strangers = [threading.Thread(target=_drip, args=(service.port, done)) for _ in range(_DRIPPERS)]
    for each in strangers:
        each.start()
    try:
        stage.play_while(lambda: _send_huge(stage), 60, threads=2)
    finally:
        done.set()
        for each in strangers:
            each.join()


def _drip(port: int, done: threading.Event) -> None:
    """A request whose body comes a byte at a time, and never ends."""
    head = b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    while not done.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(head)
            while not done.wait(0.1):
                connection.sendall(b"a")


def _send_huge(stage: Stage) -> None:
    """Far too much in one body, and far too many fields: refused, whatever the signature."""
    url = f"{stage.service.public}/voice"
    for form in ({"Body": "x" * _HUGE}, {f"F{number}": "x" for number in range(10_000)}) * stage.count(10):
        began = time.monotonic()
        status = post(stage, url, form)
        assert status == 413, f"a huge body was answered {status}"
        assert time.monotonic() - began < 5, "a huge body kept the service busy"


FAULTS = (
    Fault("F36", "the auth token is replaced, with and without overlap", replaced_token, HOST_GONE),
    Fault("F37", "a proxy rewrites host and path", rewriting_proxy),
    Fault("F39", "strangers drip bodies byte by byte, others send a megabyte", slow_and_huge),
)
