"""The real server as a process of its own: started, killed, stopped, reloaded; and what it says of itself.

Knows processes and signals; no call, no fault. Linux: workers are found in /proc.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import sample
from typing import Any

SECONDS = 180.0  # the longest that anything here may take; it takes a few, more on a busy machine
WORKERS = 2


@dataclass(frozen=True)
class Serving:
    """How the service is started. `module`: what is run with `-m`; `log`: where its standard error goes."""

    module: str = "ivr"
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None


class Service:
    """`restarts`: how often it was started, reloaded or lost a worker."""

    def __init__(self, serving: Serving, port: int, log: Path) -> None:
        self.serving = serving
        self.port = port
        self.base = f"http://127.0.0.1:{self.port}"
        self.public = serving.environment.get("PUBLIC_BASE_URL", self.base)
        self.restarts = 0
        self._log = serving.log or log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises RuntimeError, with the log's end, if it does not come up."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        options = ["--port", str(self.port), "--workers", str(WORKERS)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.serving.module, "serve", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=inherited | dict(self.serving.environment),
                start_new_session=True,
            )
        self.until(lambda ready: len(self.workers()) >= WORKERS)

    @property
    def master(self) -> int:
        assert self._process is not None
        return self._process.pid

    def workers(self) -> list[int]:
        try:
            children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text("ascii")
        except OSError:
            return []
        return [int(pid) for pid in children.split()]

    def kill_worker(self, place: int) -> None:
        """SIGKILL for one of the workers there are."""
        workers = self.workers()
        if workers:
            _signal(workers[place % len(workers)], signal.SIGKILL)
            self.restarts += 1

    def stop(self) -> None:
        """Everything of it is gone when this returns; how does not matter."""
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                process.kill()

    def restart(self) -> None:
        self.stop()
        self.start()
        self.restarts += 1

    def freeze(self) -> None:
        """The host takes connections and never answers."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def reload(self) -> None:
        """SIGHUP; does not wait."""
        _signal(self.master, signal.SIGHUP)
        self.restarts += 1

    def ready(self) -> dict[str, Any]:
        """What /health/ready says; empty if nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.base}/health/ready", timeout=5) as answer:  # noqa: S310 - loopback
                found: dict[str, Any] = json.load(answer)
        except (OSError, ValueError):
            return {}
        return found

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What /health/ready says, once `holds` is true of it."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"the service is gone: {self.said()}")
            found = self.ready()
            if found and holds(found):
                return found
            time.sleep(0.02)
        raise RuntimeError(f"the service did not come to it in {SECONDS:.0f} s: {self.said()}")

    def said(self) -> str:
        """The end of its log."""
        return self._log.read_text("utf-8", "replace")[-2000:] if self._log.is_file() else ""

    def _signal_all(self, number: signal.Signals) -> None:
        for pid in (self.master, *self.workers()):
            _signal(pid, number)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it was faster
        os.kill(pid, number)


def free_port() -> int:
    """Below the ports that connections get for their own end: while the service is down, a call that finds such a port
    by chance would be talking to itself."""
    for port in sample(range(20_000, 32_000), 100):
        with socket.socket() as free:
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port among a hundred")
