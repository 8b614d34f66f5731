"""`--serve`: the application under test is started, waited for, and stopped with all that it has started."""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.base.errors import SimulatorError
from ivr.cli import group
from ivr.simulator.application.environment import LocalAccount
from ivr.simulator.application.process import answers, start_application
from tests.serve.server import free_port

NOWHERE = LocalAccount("http://127.0.0.1:9")
# A line that hangs up on whoever presses 1, over REST and with Twilio's library.
APPLICATION = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

MENU = '<Response><Gather numDigits="1" action="/menu"><Say>Press 1.</Say></Gather></Response>'

class Line(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer("")

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path == "/menu":
            from twilio.rest import Client
            Client().calls(form["CallSid"][0]).update(twiml="<Response><Say>Moved by REST.</Say></Response>")
        self.answer(MENU)

    def answer(self, text):
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(text.encode())

HTTPServer(("127.0.0.1", int(sys.argv[1])), Line).serve_forever()
"""
SCENARIO = 'call: {{url: "{url}"}}\nsteps: [{{press: "1"}}]\nexpect: {{heard: [Moved by REST], ended: completed}}\n'


class Place:
    """A folder with the application, and a free port for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        (folder / "line.py").write_text(APPLICATION, "utf-8")
        self.command = f"{sys.executable} {folder / 'line.py'} {self.url.rpartition(':')[2]}"

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(group, arguments)

    @property
    def is_up(self) -> bool:
        return answers(self.url)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_scenarios_play_against_an_application_that_is_started_for_them(place: Place) -> None:
    scenario = place.folder / "moved.yaml"
    scenario.write_text(SCENARIO.format(url=f"{place.url}/voice"), "utf-8")
    result = place.run("simulate", str(scenario), "--serve", place.command)
    assert result.exit_code == 0, result.output
    assert not place.is_up


def test_a_scenario_that_fails_shows_what_the_application_has_said(place: Place) -> None:
    scenario = place.folder / "broken.yaml"
    scenario.write_text(SCENARIO.format(url=f"{place.url}/broken"), "utf-8")
    result = place.run("simulate", str(scenario), "--serve", place.command)
    assert result.exit_code == 1
    assert "application: 127.0.0.1 - - " in result.output
    assert '"POST /broken HTTP/1.1" 500' in result.output


def test_a_call_is_played_against_an_application_that_is_started_for_it(place: Place) -> None:
    result = place.run("call", f"{place.url}/voice", "--keys", "1", "--serve", place.command)
    assert result.exit_code == 0, result.output
    assert "Moved by REST." in result.output
    assert not place.is_up


def test_an_application_that_never_answers_is_stopped_and_its_last_lines_are_shown(tmp_path: Path) -> None:
    url, pid = f"http://127.0.0.1:{free_port()}/", tmp_path / "pid"
    command = f"echo the port is taken; sleep 60 & echo $! > {pid}; wait"
    with pytest.raises(SimulatorError, match=r"has not answered after 0.3 s\n.*\n.*\nthe port is taken"):
        start_application(command, NOWHERE, url, seconds=0.3)
    assert _ends(int(pid.read_text()))


def test_an_application_that_ends_at_once_is_said_with_its_code(place: Place) -> None:
    scenario = place.folder / "any.yaml"
    scenario.write_text(SCENARIO.format(url=f"{place.url}/voice"), "utf-8")
    result = place.run("simulate", str(scenario), "--serve", "echo no module named line; exit 3")
    assert result.exit_code == 1
    assert "it has ended with code 3" in result.output
    assert "no module named line" in result.output


def test_an_application_that_does_not_heed_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch, place: Place) -> None:
    monkeypatch.setattr("ivr.simulator.application.process._STOP_SECONDS", 0.3)
    running = start_application(f"trap '' TERM; {place.command}; sleep 60", NOWHERE, f"{place.url}/")
    assert place.is_up
    running.stop()
    assert not place.is_up


def test_a_server_that_is_there_already_is_not_taken_for_the_application(place: Place) -> None:
    with (
        start_application(place.command, NOWHERE, f"{place.url}/"),
        pytest.raises(SimulatorError, match=r"a server answers at .* already"),
    ):
        start_application(place.command, NOWHERE, f"{place.url}/")
    assert not place.is_up


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["emulate", "--ready", "http://127.0.0.1:1/"], "--ready needs --serve"),
        (["emulate", "--serve", "true", "--ready", "https://example.org/"], "is not on this machine"),
        (["call", "--keys", "1", "--serve", "true"], "--serve needs the URL"),
    ],
)
def test_a_wrong_command_line_starts_nothing(arguments: list[str], said: str, place: Place) -> None:
    result = place.run(*arguments)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_application_of_a_local_account_ends_with_it(number: int, place: Place) -> None:
    command = [sys.executable, "-m", "ivr", "emulate", "--port", "0", "--serve", place.command, "--ready", place.url]
    output = place.folder / "output"
    with output.open("w") as lines:
        pid = os.posix_spawn(
            sys.executable,
            command,
            os.environ | {"PYTHONUNBUFFERED": "1"},
            file_actions=[(os.POSIX_SPAWN_DUP2, lines.fileno(), 1)],
        )
    try:
        end = time.monotonic() + 30
        while "GET / " not in output.read_text() and time.monotonic() < end:
            time.sleep(0.05)
        assert "application: 127.0.0.1" in output.read_text()
        os.kill(pid, number)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == (0 if number == signal.SIGINT else 143)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert not place.is_up


def _ends(pid: int) -> bool:
    """Whether the process has ended, or does within five seconds."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text():
            return True  # only its remains are there
        time.sleep(0.05)
    return False
