"""Nobody reads the log: calls are answered as ever, and what was lost is counted."""

import fcntl
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from ivr.line.service.logs import MOST_WAITING
from tests import privacy
from tests.serve.server import SECONDS, Server, free_port, wait_for

PAGE = 4096  # bytes: the smallest pipe that there is, some dozens of lines
REFUSED = 2 * MOST_WAITING + 500  # each is a line of the log: the buffer, what was just taken from it, and the pipe


def _refuse(server: Server, times: int) -> None:
    for _ in range(times):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{server.base}/voice", b"a=b", timeout=SECONDS)  # noqa: S310 - loopback


def test_a_log_that_nobody_reads_keeps_nobody_waiting_and_its_losses_are_counted() -> None:
    port, (reading, writing) = free_port(), os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PAGE)
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ}
    command = [sys.executable, "-m", "ivr", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=writing, stderr=writing) as process:
        os.close(writing)
        server = Server(process, f"http://127.0.0.1:{port}")
        wait_for(server, bool)
        _refuse(server, REFUSED)
        assert "dial one, one, three" in server.post("/voice")
        assert server.ready()["log_lines_lost"] > 0
        process.terminate()
        assert process.wait(SECONDS) == 0
    with os.fdopen(reading, encoding="utf-8") as log:
        text = log.read()
    assert "refused 403" in text
    privacy.check(text)
