"""Starts the application under test in a process group of its own, waits until it answers, and stops the group."""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from ivr.base.errors import SimulatorError
from ivr.simulator.application.environment import LocalAccount
from ivr.simulator.engine.effects import Fetch, Response
from ivr.simulator.transports.http import HttpTransport
from ivr.simulator.urls import UrlError, checked

READY_SECONDS = 30.0
_LINES_SHOWN = 30  # the last of what the application has printed
_STOP_SECONDS = 5.0  # from SIGTERM to SIGKILL
_PAUSE = 0.05  # seconds between two looks


class ApplicationProcess:
    """Runs `command` in a shell until `stop`. `environment`: on top of this process's own. `say`: gets every line that
    the application prints. Also a context manager."""

    def __init__(
        self,
        command: str | Sequence[str],
        environment: Mapping[str, str],
        *,
        folder: Path | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.command = command if isinstance(command, str) else " ".join(command)
        self._say = say
        self._last: deque[str] = deque(maxlen=_LINES_SHOWN)
        # A session of its own: Ctrl-C ends the calls, and the application is stopped after them.
        self._process = subprocess.Popen(  # noqa: S603 - the user's own command
            ["/bin/sh", "-c", command] if isinstance(command, str) else command,
            env={**os.environ, **environment},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="application", daemon=True)
        self._reader.start()

    def __enter__(self) -> "ApplicationProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def last_lines(self) -> list[str]:
        """The last that the application has printed."""
        return list(self._last)

    def wait_until_ready(self, url: str, seconds: float = READY_SECONDS) -> None:
        """Until `url` answers with a status below 500. Raises SimulatorError with the application's last lines."""
        end = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < end:
            if answers(url):
                return
            time.sleep(_PAUSE)
        ended = self._process.poll()
        why = f"{url} has not answered after {seconds:g} s" if ended is None else f"it has ended with code {ended}"
        self.stop()
        raise SimulatorError(f"the application is not ready: {why}\ncommand: {self.command}\n{self._told()}")

    def stop(self) -> None:
        """SIGTERM to the whole group; after 5 s SIGKILL."""
        end = time.monotonic() + _STOP_SECONDS
        self._signal(signal.SIGTERM)
        while self._lives() and time.monotonic() < end:
            time.sleep(_PAUSE)
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join(_STOP_SECONDS)

    def _lives(self) -> bool:
        """Whether a process of the group does."""
        self._process.poll()  # else its own remains would count
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):  # all have ended; macOS says so of remains
            return

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - a pipe, see above
        with self._process.stdout as lines:
            for line in lines:
                self._last.append(line.rstrip("\n"))
                self._say(line.rstrip("\n"))

    def _told(self) -> str:
        lines = self.last_lines
        return "\n".join([f"its last {len(lines)} lines:", *lines]) if lines else "it has printed nothing"


def start_application(  # noqa: PLR0913 - one argument for each thing that can be said of an application
    command: str,
    account: LocalAccount,
    ready: str,
    *,
    seconds: float = READY_SECONDS,
    say: Callable[[str], None] = lambda _: None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> ApplicationProcess:
    """The application, once `ready` answers. `environment`: on top of what points it to the account. Raises
    SimulatorError."""
    if answers(ready):
        raise SimulatorError(f"a server answers at {ready} already: end it, or let the application use another port")
    variables = {**account.environment(os.environ), **(environment or {})}
    running = ApplicationProcess(command, variables, folder=folder, say=say)
    try:
        running.wait_until_ready(ready, seconds)
    except BaseException:  # Ctrl-C too
        running.stop()
        raise
    return running


def answers(url: str) -> bool:
    """Whether a server at this URL answers, and not that it is overloaded or not ready."""
    reply = HttpTransport().send(Fetch("GET", url, (), b"", 1.0, 2.0))
    return isinstance(reply, Response) and reply.status < 500


def checked_ready_url(url: str) -> str:
    """Raises UrlError for a URL that is not of this machine."""
    checked(url)
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise UrlError(f"{url!r} is not on this machine: expected http://127.0.0.1:PORT/")
    return url
