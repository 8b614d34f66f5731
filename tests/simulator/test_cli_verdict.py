"""`ivr call` and `ivr simulate` are green only when all was done as told, and say in few lines what was not."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from defusedxml import ElementTree

from ivr.cli.call import call
from ivr.cli.simulate import simulate
from tests.simulator.server import served
from tests.simulator.webhook import Page, Webhook, webhook

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DEAD = "http://127.0.0.1:1/voice"
MENU = {"voice": '<Gather numDigits="1" action="/next"><Say>Press 1</Say></Gather>', "next": "<Say>Bye</Say>"}


def run_call(*arguments: str) -> Result:
    return CliRunner().invoke(call, list(arguments))


def run_simulate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(simulate, [str(argument) for argument in arguments])


def _scenario(folder: Path, name: str, url: str, more: str = "") -> Path:
    file = folder / name
    file.write_text(f"call: {{url: '{url}'}}\n{more}", "utf-8")
    return file


# ivr simulate --json


def test_the_results_of_scenarios_are_json_alone_on_standard_output(tmp_path: Path) -> None:
    with served(webhook(**MENU)) as base:
        held = _scenario(tmp_path, "held.yaml", f"{base}/voice", "steps: [{press: '1'}]\n")
        failed = _scenario(tmp_path, "failed.yaml", f"{base}/voice", "steps: [{press: '1'}, {press: '2'}]\n")
        result = run_simulate("--json", held, failed)
    first, second = json.loads(result.stdout)
    assert (first["file"], first["held"], first["failures"]) == (str(held), True, [])
    assert (second["held"], second["undone"]) == (False, ['press: "2"'])
    assert second["failures"]
    assert "1 of 2 scenarios held" in result.stderr
    assert result.exit_code == 1


def test_json_and_a_trace_do_not_share_standard_output(tmp_path: Path) -> None:
    result = run_simulate("--json", "--trace", "-", _scenario(tmp_path, "a.yaml", DEAD))
    assert (result.exit_code, "write the trace to a file" in result.stderr) == (2, True)


# ivr call


def test_keys_that_were_never_pressed_are_named_and_exit_with_1() -> None:
    with served(webhook(**MENU)) as base:
        result = run_call(f"{base}/voice", "--keys", "1 5003 2")
    assert result.exit_code == 1
    assert 'FAILED  step press: "5003": the call ended first' in result.stdout
    assert 'FAILED  step press: "2": ' in result.stdout


def test_json_names_them_too() -> None:
    with served(webhook(**MENU)) as base:
        result = run_call(f"{base}/voice", "--keys", "1 2", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["undone"] == ['press: "2"']
    assert told["failures"] == ["step press: \"2\": the call ended first; the last prompt was 'Bye'"]


def test_an_error_that_the_fallback_made_good_exits_with_1() -> None:
    app = Webhook({"/voice": Page(b"", 500), "/sorry": Page(b"<Response><Say>Sorry</Say></Response>")})
    with served(app) as base:
        result = run_call(f"{base}/voice", "--keys", "", "--fallback-url", f"{base}/sorry")
    assert (result.exit_code, "completed after" in result.stdout) == (1, True)


def test_a_verb_that_is_not_simulated_exits_with_1() -> None:
    with served(webhook(voice='<Connect><VirtualAgent connectorName="x"/></Connect>')) as base:
        result = run_call(f"{base}/voice", "--keys", "")
    assert result.exit_code == 1
    assert "FAILED  unexpected error: <Connect><VirtualAgent> is not simulated" in result.stdout


def test_an_attribute_that_is_not_simulated_is_named_and_exits_with_0() -> None:
    with served(webhook(voice='<Dial><Number byoc="BY1">+4755568700</Number></Dial>')) as base:
        result = run_call(f"{base}/voice", "--keys", "")
        told = json.loads(run_call(f"{base}/voice", "--keys", "", "--json").stdout)
    assert result.exit_code == 0
    assert "not simulated: attribute byoc of <Number>" in result.stdout
    assert (told["warnings"], told["not_simulated"]) == ([], ["attribute byoc of <Number>"])


def test_a_wrong_file_of_legs_is_named_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "legs.yaml").write_text("'*': asleep\n")
    command = [sys.executable, "-m", "ivr", "call", DEAD, "--keys", "", "--legs", str(tmp_path / "legs.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.startswith(f"{tmp_path}/legs.yaml:1:6: ")) == (2, True)


# ivr simulate, and Ctrl-C


def test_no_bundled_scenario_holds_against_a_dead_server() -> None:
    result = run_simulate(SCENARIOS, "--url", DEAD)
    lines = result.stdout.splitlines()
    scenarios = len(list(SCENARIOS.glob("*.yaml")))
    assert result.exit_code == 1
    assert lines[-1] == f"0 of {scenarios} scenarios held"
    assert [line.partition(" ")[0] for line in lines[:-1]] == ["FAILED"] * scenarios
    assert all("no connection to 127.0.0.1:1" in line for line in lines[:-1])


def test_a_dead_server_is_said_once_with_how_to_start_the_bundled_line() -> None:
    result = run_simulate(SCENARIOS, "--url", DEAD)
    assert result.stderr.count("http://127.0.0.1:1 could not be reached") == 1
    assert "`ivr serve` starts the bundled line" in result.stderr


@pytest.mark.parametrize("more", ["", "expect: {}", "expect: {never_dialled: ['113']}", "steps: [{wait: 2}]"])
def test_a_scenario_that_expects_nothing_fails_when_nothing_listens_or_the_application_fails(
    tmp_path: Path, more: str
) -> None:
    assert run_simulate(_scenario(tmp_path, "dead.yaml", DEAD, more)).exit_code == 1
    with served(Webhook({"/voice": Page(b"", 500)})) as base:
        result = run_simulate(_scenario(tmp_path, "failing.yaml", f"{base}/voice", more))
    assert result.exit_code == 1
    assert "answered 500" in result.stdout


def test_a_hear_that_never_came_fails_although_an_earlier_step_was_not_done_either(tmp_path: Path) -> None:
    steps = 'steps: [{press: "1"}, {press: "2"}, {hear: "never said"}]'
    with served(webhook(**MENU)) as base:
        result = run_simulate(_scenario(tmp_path, "a.yaml", f"{base}/voice", steps))
    assert result.exit_code == 1
    assert 'FAILED  step press: "2"' in result.stdout
    assert 'FAILED  step hear: "never said"' in result.stdout


def test_scenarios_that_hold_are_a_line_each_and_a_summary(tmp_path: Path) -> None:
    with served(webhook(voice="<Say>Hi</Say><Sing/>")) as base:
        _scenario(tmp_path, "one.yaml", f"{base}/voice")
        _scenario(tmp_path, "two.yml", f"{base}/voice")
        result = run_simulate(tmp_path)
    assert result.stdout.splitlines() == [
        "held    one  0.4 s; warnings and errors: 12200",
        "held    two  0.4 s; warnings and errors: 12200",
        "2 of 2 scenarios held",
    ]


def test_verbose_shows_the_transcript_and_each_expectation_of_what_holds(tmp_path: Path) -> None:
    with served(webhook(**MENU)) as base:
        file = _scenario(tmp_path, "a.yaml", f"{base}/voice", "expect: {heard: [press 1]}")
        result = run_simulate(file, "-v")
    assert "  00:00.0  hears   [en-US] Press 1" in result.stdout
    assert "  held    heard: 'press 1'" in result.stdout


def test_a_scenario_that_fails_shows_its_transcript_among_lines_that_hold(tmp_path: Path) -> None:
    with served(webhook(**MENU)) as base:
        _scenario(tmp_path, "a.yaml", f"{base}/voice")
        wrong = _scenario(tmp_path, "b.yaml", f"{base}/voice", "expect: {heard: [goodbye]}")
        result = run_simulate(tmp_path)
    lines = result.stdout.splitlines()
    assert lines[0].startswith("held    a  ")
    assert lines[1] == f"FAILED  b ({wrong})"
    assert lines[2].startswith("  00:00.0  call ")
    assert "  FAILED  heard: 'goodbye': the last prompt was 'Press 1'" in lines


def test_what_is_not_simulated_is_said_once_for_the_run(tmp_path: Path) -> None:
    with served(webhook(voice='<Dial><Number byoc="BY1">+4755568700</Number></Dial>')) as base:
        for name in ("a.yaml", "b.yaml"):
            _scenario(tmp_path, name, f"{base}/voice", "expect: {warnings: []}")
        result = run_simulate(tmp_path)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == [
        "not simulated: attribute byoc of <Number> (2 scenarios)",
        "2 of 2 scenarios held",
    ]


def test_a_folder_without_scenarios_is_said() -> None:
    result = run_simulate(Path(__file__).parent / "conformance" / "..", "--url", DEAD)
    assert result.exit_code == 2
    assert "holds no .yaml or .yml file" in result.stderr


def test_url_moves_what_has_the_same_origin_and_nothing_else(tmp_path: Path) -> None:
    more = (
        "call: {url: 'http://line.example:5000/voice', fallback_url: 'http://line.example:5000/sorry',"
        " status_callback: 'http://127.0.0.1:1/told'}\n"
        "expect: {warnings: [11217, 11202, 15003], requests: ['POST http://line.example:5000/sorry']}\n"
    )
    (tmp_path / "a.yaml").write_text(more)
    with served(Webhook({"/voice": Page(b"", 500), "/sorry": Page(b"<Response/>")})) as base:
        result = run_simulate(tmp_path, "--url", f"{base}/voice", "-v")
    assert result.exit_code == 0, result.stdout
    assert f"request POST {base}/sorry (fallback)" in result.stdout
    assert "request POST http://127.0.0.1:1/told (status)" in result.stdout


def test_junit_and_trace_tell_of_a_dead_server(tmp_path: Path) -> None:
    file, junit = _scenario(tmp_path, "a.yaml", DEAD), tmp_path / "junit.xml"
    result = run_simulate(file, "--junit", junit, "--trace", "-")
    failure = ElementTree.fromstring(junit.read_bytes()).find("testcase/failure")
    assert failure is not None
    assert "no connection to 127.0.0.1:1" in (failure.text or "")
    assert [json.loads(line)["event"] for line in result.stdout.splitlines()][-1] == "ended"
    assert "0 of 1 scenarios held" in result.stderr


class _InterruptsAtSecond(Webhook):
    """Sends this process Ctrl-C when it is asked for the second time."""

    def __call__(self, environ: dict[str, object], start_response: object) -> list[bytes]:
        answer = list(super().__call__(environ, start_response))
        if len(self.asked) == 2:
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.5)
        return answer


def test_ctrl_c_prints_the_summary_of_what_was_played_and_exits_with_130(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    with served(_InterruptsAtSecond({"/voice": Page(b"<Response/>")})) as base:
        for name in ("a.yaml", "b.yaml", "c.yaml"):
            _scenario(tmp_path, name, f"{base}/voice")
        result = run_simulate(tmp_path, "--junit", junit)
    assert result.exit_code == 130
    assert result.stdout.splitlines()[-1] == "1 of 1 scenarios held; interrupted, 2 not played"
    assert ElementTree.fromstring(junit.read_bytes()).get("tests") == "1"


def test_ctrl_c_ends_a_call_by_keys_with_130() -> None:
    with served(_InterruptsAtSecond({"/voice": Page(b"<Response><Redirect/></Response>")})) as base:
        result = run_call(f"{base}/voice", "--keys", "1")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr


@pytest.mark.parametrize("command", [call, simulate])
def test_help_has_an_example_and_every_exit_code(command: object) -> None:
    told = CliRunner().invoke(command, ["--help"]).stdout  # type: ignore[arg-type]
    assert "Example" in told
    assert [code for code in ("  0  ", "  1  ", "  2  ", "  130  ") if code not in told] == []
