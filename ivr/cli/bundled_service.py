"""The bundled line as a process of its own, for the length of one call of `ivr call`."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from ivr.cli.options import say_line

if TYPE_CHECKING:
    import subprocess
    from typing import IO

_READY_SECONDS = 60.0  # a slow machine, and the proof of the flow before the first answer


@contextmanager
def bundled_service() -> Iterator[tuple[str, str]]:
    """The service on a free loopback port, with a token made for this call: its base URL, and the token."""
    import socket
    import subprocess
    import tempfile

    from ivr.base.test_account import ACCOUNT_SID

    say_line()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    base, token = f"http://127.0.0.1:{port}", secrets.token_hex(16)
    environment = {
        **os.environ,
        "IVR_PROFILE": "simulator",
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "PUBLIC_BASE_URL": base,
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "ivr", "serve", "--port", str(port)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        # A session of its own: Ctrl-C hangs up the call, and the service is stopped after that and not by it.
        service = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        try:
            with _ends_by_exit():
                _wait_until_ready(service, base, output)
                yield base, token
        finally:
            _stop(service)


@contextmanager
def _ends_by_exit() -> Iterator[None]:
    """A call that is killed, or whose terminal is closed, still stops the service that it started."""
    import signal

    def leave(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    signals = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, leave) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _wait_until_ready(service: "subprocess.Popen[bytes]", base: str, output: "IO[str] | TextIO") -> None:
    import time

    from ivr.simulator import HttpTransport
    from ivr.simulator.engine.effects import Fetch, Response

    transport = HttpTransport()
    end = time.monotonic() + _READY_SECONDS
    while service.poll() is None and time.monotonic() < end:
        reply = transport.send(Fetch("GET", f"{base}/health/ready", (), b"", 1.0, 2.0))
        if isinstance(reply, Response) and reply.status == 200:
            return
        time.sleep(0.05)
    output.seek(0)
    click.echo(output.read(), err=True, nl=False)
    why = "has stopped" if service.poll() is not None else f"is not ready after {_READY_SECONDS:g} s"
    raise click.ClickException(f"the bundled service {why}; its messages are above")


def _stop(service: "subprocess.Popen[bytes]") -> None:
    import subprocess

    service.terminate()
    try:
        service.wait(5)
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()
