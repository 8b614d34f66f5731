"""The application in a process of its own, and the scenario against it, as the README has it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """Of the application, which runs meanwhile, and of the REST API that it asks."""
    app, rest = free_port(), free_port()
    environment = {**os.environ, "TWILIO_API_BASE_URL": f"http://127.0.0.1:{rest}"}
    command = [sys.executable, "-m", "flask", "--app", "reminders", "run", "--port", str(app)]
    server = subprocess.Popen(command, cwd=HERE, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        wait_for(app, server)
        yield app, rest
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the application has not started")


def simulate(ports: tuple[int, int], *options: str) -> "subprocess.CompletedProcess[str]":
    app, rest = ports
    places = ["--url", f"http://127.0.0.1:{app}", "--rest-port", str(rest)]
    command = [sys.executable, "-m", "ivr", "simulate", "reminders.yaml", *places, *options]
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)


def test_everybody_is_reminded_and_the_readme_shows_it(ports: tuple[int, int]) -> None:
    ran = simulate(ports, "-v")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    readme = (HERE / "README.md").read_text("utf-8")
    shown = [line for line in ran.stdout.replace(f":{ports[0]}/", ":5000/").splitlines() if line.strip()]
    assert [line for line in shown if line.strip() not in readme] == []


def test_the_same_scenario_has_the_same_trace(ports: tuple[int, int], tmp_path: Path) -> None:
    traces = []
    for name in ("first", "second"):
        assert simulate(ports, "--trace", str(tmp_path / name)).returncode == 0
        lines = (tmp_path / name).read_text("utf-8").splitlines()
        traces.append([line.partition('"ms"')[0] for line in lines])
    assert traces[0] == traces[1]
    assert len(traces[0]) > 40
