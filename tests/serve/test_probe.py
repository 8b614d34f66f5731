"""`ivr probe` against the real line: one county (all take a minute), and lines on which some do not get through."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivr.base.phone_number import PhoneNumber
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.cli.probe import probe as command
from ivr.line.directory import Directory
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Profile, Settings
from ivr.proof.probe import ProbedLine, probe
from tests.conftest import EVENING
from tests.serve.server import Server, free_port, serving
from tests.simulator.test_transports import endless

EMPTY = {"IVR_PROFILE": "", "IVR_DIRECTORY": "", "TWILIO_AUTH_TOKEN": "", "TWILIO_ACCOUNT_SID": ""}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving("--workers", "2", log=tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server


def _run(base: str, *arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(command, arguments, env=EMPTY | {"PUBLIC_BASE_URL": base} | environment)


def test_a_county_and_both_areas_reach_their_centres_through_the_real_server(
    server: Server, directory: Directory
) -> None:
    places = [number for number, each in directory.municipalities.items() if each.county == "46"]
    result = _run(server.base, *places, *directory.areas)
    assert result.exit_code == 0, result.output
    assert "45 of 45 reached their centre (profile simulator)" in result.output


def test_the_result_is_there_for_programs(server: Server) -> None:
    found = json.loads(_run(server.base, "0301", "4601", "--json").stdout)
    assert (found["called"], found["reached"], found["failed"]) == (2, 2, [])
    assert found["line"]["profile"] == "simulator"


def test_a_line_that_accepts_no_signature_of_ours_is_told_for_each_place(server: Server) -> None:
    result = _run(server.base, "0301", TWILIO_AUTH_TOKEN="another")
    assert result.exit_code == 1
    assert "0301 Oslo: oslo not reached" in result.output


def test_keys_that_lead_elsewhere_are_told(server: Server) -> None:
    result = _run(server.base, "0301", "--keys", "1 2 2 4601 1")
    assert result.exit_code == 1
    assert "Oslo legevakt was not announced" in result.output


def test_a_line_that_is_not_there_is_exit_code_2() -> None:
    result = _run(f"http://127.0.0.1:{free_port()}", "0301")
    assert result.exit_code == 2
    assert "is PUBLIC_BASE_URL right?" in result.output


def test_a_line_whose_answer_never_ends_is_exit_code_2() -> None:
    with endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n") as url:
        result = _run(url.removesuffix("/voice"), "0301")
    assert result.exit_code == 2
    assert "is longer than" in result.output


def test_an_unknown_municipality_is_exit_code_2(server: Server) -> None:
    assert _run(server.base, "9999").exit_code == 2


def test_another_directory_than_the_line_has_is_exit_code_2(server: Server) -> None:
    small = Path(__file__).parents[1] / "directory" / "small"
    result = _run(server.base, "4601", "--directory", str(small))
    assert result.exit_code == 2
    assert "the line has directory" in result.output


@pytest.fixture
def faults(directory: Directory, clock: Any) -> Callable[..., list[str]]:
    """The faults of two places on a line with these settings, in process."""

    def call(settings: Settings, rings_centres: bool) -> list[str]:
        app = create_app(settings, clock=clock)
        line = ProbedLine(app, AUTH_TOKEN, ACCOUNT_SID, rings_centres)
        return [each.fault for each in probe(line, directory, ["0301", "4601"], EVENING)]

    return call


@pytest.mark.parametrize("number", [None, "+4739009999"])
def test_a_practice_line_is_judged_by_the_centre_it_announces(
    number: str | None, faults: Callable[..., list[str]]
) -> None:
    settings = Settings(profile=Profile.PRACTICE, practice_number=PhoneNumber(number) if number else None)
    assert faults(settings, False) == ["", ""]
    wrong = "another number" if number else "nobody"
    assert all(f"but {wrong} was rung" in fault for fault in faults(settings, True))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}"])
def test_a_200_that_is_not_the_lines_is_no_line_to_probe(body: bytes) -> None:
    class Nobody(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Nobody) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        result = _run(base=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert result.exit_code == 2
    assert ("200, but not by the line" if body else "200 with an empty body") in result.output
