"""Servers as processes of their own, one worker each: gunicorn, granian, `ivr serve`, and Node with Express.

Must not know what is asked of them or how it is measured.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from benchmarks.requests import FIELDS, next_target, signature
from benchmarks.wire import Connection, request_bytes
from benchmarks.yardsticks import PATH
from ivr.base.test_account import AUTH_TOKEN

EXPRESS = Path(__file__).parent / "express"
_ROOT = Path(__file__).parent.parent
_BIN = Path(sys.executable).parent
_PATIENCE = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")

GUNICORN = (sys.executable, "-m", "gunicorn", "--workers=1", "--log-level=error", "--no-control-socket")
COMMANDS = {
    "gunicorn sync": (*GUNICORN, "--bind=127.0.0.1:{port}", "benchmarks.served:{app}()"),
    "gunicorn gthread": (*GUNICORN, "--threads=8", "--bind=127.0.0.1:{port}", "benchmarks.served:{app}()"),
    "gunicorn uvicorn": (
        *GUNICORN,
        "--worker-class=ivr.line.service.server.Worker",
        "--bind=127.0.0.1:{port}",
        "benchmarks.served:{app}_behind_the_gateway()",
    ),
    "granian": (
        *(str(_BIN / "granian"), "--interface=wsgi", "--workers=1", "--blocking-threads=1", "--no-access-log"),
        *("--log-level=error", "--host=127.0.0.1", "--port={port}", "--factory", "benchmarks.served:{app}"),
    ),
    "ivr serve": (sys.executable, "-m", "ivr", "serve", "--port={port}"),
    "express": ("node", str(EXPRESS / "server.js"), "{port}"),
}


def why_no_express() -> str:
    """ "" when Node's peer can be measured; it is installed on first use."""
    npm = shutil.which("npm")
    if not (shutil.which("node") and npm):
        return "Node is not here"
    if not (EXPRESS / "node_modules").is_dir():
        done = subprocess.run(  # noqa: S603
            [npm, "install", "--no-audit", "--no-fund"], cwd=EXPRESS, capture_output=True, check=False
        )
        if done.returncode:
            return "npm could not install express and twilio"
    return ""


class Running:
    """A server from the moment that it answers. `request`: a key in the main menu, signed, as bytes to be sent."""

    def __init__(self, server: str, app: str, environment: Mapping[str, str] = MappingProxyType({})) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        base = f"http://127.0.0.1:{self.port}"
        command = [part.format(port=self.port, app=app) for part in COMMANDS[server]]
        settings = {"PUBLIC_BASE_URL": base, "PYTHONPATH": str(_ROOT), "YARDSTICK_TOKEN": AUTH_TOKEN}
        self._process = subprocess.Popen(  # noqa: S603
            command,
            env={**os.environ, **settings, **environment},
            cwd=_ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._base = base
        self._target = "/voice" if app == "line" else PATH
        try:
            self._wait()
            self.request = self._request(keep=True)
            self.last_request = self._request(keep=False)
        except BaseException:
            self._stop()
            raise

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError(f"no server came up: {self._process.args!r}")

    def _request(self, *, keep: bool) -> bytes:
        """Two requests of a call lead the line to its main menu; the other applications have but one view."""
        target, fields = self._target, FIELDS
        for fields in (FIELDS | {"CallStatus": "ringing"}, FIELDS) if target == "/voice" else ():
            with Connection(self.port) as connection:
                target = next_target(connection.exchange(self._bytes(target, fields, keep=False)))
        made = self._bytes(target, FIELDS, keep=keep)
        with Connection(self.port) as connection:
            connection.exchange(made)
        return made

    def _bytes(self, target: str, fields: dict[str, str], *, keep: bool) -> bytes:
        return request_bytes(self.port, target, fields, signature(target, fields, self._base), keep=keep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def processor_seconds(self) -> float:
        """Of the server, its workers and their children that have ended, until now."""
        fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self._pids())
        return sum(sum(map(int, each[11:15])) / _TICKS for each in fields)  # utime, stime, cutime, cstime

    def worker_megabytes(self) -> float:
        """The largest process: what it keeps for itself and shares (its resident set)."""
        sizes = []
        for pid in self._pids():
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            sizes += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")]
        return max(sizes)

    def _pids(self) -> list[int]:
        """The server and the processes that it has started, which are of its session."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if os.getsid(int(entry.name)) == self._process.pid:
                        found.append(int(entry.name))
                except ProcessLookupError:
                    continue
        return found
