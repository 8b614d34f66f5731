"""`ivr serve` as a process of its own on a free port, and a call to it with signed requests."""

import itertools
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlencode
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from tests import privacy

_FIRST_PORT, _PORTS = 16_000, 1_000  # and how many each worker has
_numbers = itertools.count()
SECONDS = 180  # the longest that a server may take for anything here; it takes a few, more on a busy machine


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    base: str
    signed: str = ""  # the base that Twilio signs, where it is another

    def ready(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.base}/health/ready", timeout=SECONDS) as answer:  # noqa: S310 - loopback
            found: dict[str, Any] = json.load(answer)
        return found

    def children(self) -> set[str]:
        """The processes of its workers."""
        return set(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split())

    def reload(self, until: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """SIGHUP, and what /health/ready says once `until` holds of it and the former workers are gone: until then they
        answer beside the new ones."""
        former = self.children()
        self.process.send_signal(signal.SIGHUP)
        return wait_for(self, lambda now: not former & self.children() and until(now))

    def post(self, target: str, **fields: str) -> str:
        """One signed request of one call; the document."""
        form = {
            "CallSid": "CA" + "b" * 32,
            "AccountSid": ACCOUNT_SID,
            "From": "+4791234567",
            "To": "+4739000000",
            "CallStatus": "in-progress",
        } | fields
        url = self.base + target
        headers = {
            "X-Twilio-Signature": RequestValidator(AUTH_TOKEN).compute_signature(
                (self.signed or self.base) + target, form
            )
        }
        request = urllib.request.Request(url, urlencode(form).encode(), headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return str(answer.read().decode())


def wait_for(server: Server, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What /health/ready says, once `until` holds of it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert server.process.poll() is None, "the server is gone"
        try:
            found = server.ready()
        except OSError:
            found = {}
        if found and until(found):
            return found
        time.sleep(0.05)
    raise AssertionError("the server did not come to it")


def wait_for_every_worker(server: Server, holds: Callable[[dict[str, Any]], bool]) -> None:
    """Until /health/ready says so twenty times running, each time over a connection of its own: whichever worker takes
    it. A worker that a reload replaces still answers for a moment as before."""
    end, running = time.monotonic() + SECONDS, 0
    while running < 20:
        assert time.monotonic() < end, "the workers do not agree"
        running = running + 1 if holds(server.ready()) else 0


def free_port() -> int:
    """One that nothing listens on and that no connection is given: those come from 32768 on (Linux). Each worker of a
    parallel run has ports of its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    for _ in range(_PORTS):
        port = _FIRST_PORT + worker % 16 * _PORTS + next(_numbers) % _PORTS
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")


@contextmanager
def serving(
    *arguments: str,
    log: Path,
    port: int | None = None,
    base: str = "http://127.0.0.1",
    files: int = 0,
    **environment: str,
) -> Iterator[Server]:
    """A server, ready, with its workers in a process group of its own. `files`: the most that it may open."""
    port = port or free_port()
    command = [sys.executable, "-m", "ivr", "serve", "--port", str(port), *arguments]
    inherited = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "XDG_CACHE_HOME", "COVERAGE_PROCESS_START")
        if name in os.environ
    }
    with log.open("wb") as output:
        every = inherited | environment
        process = subprocess.Popen(command, stdout=output, stderr=output, env=every, start_new_session=True)
    if files:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (files, files))
    server = Server(process, f"{base}:{port}", environment.get("PUBLIC_BASE_URL", ""))
    try:
        wait_for(server, bool)
        yield server
    finally:
        process.terminate()
        process.wait(SECONDS)
        if log.is_file():  # a device that is always full can be read for ever
            privacy.check(log.read_text("utf-8"))


def next_target(document: str) -> str:
    """Where the document sends the next request."""
    urls = (verb.get("action", "") for verb in ET.fromstring(document))  # noqa: S314 - our own bytes
    return next(urldefrag(url).url for url in urls if url)
