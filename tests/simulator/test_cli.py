"""`ivr call` and `ivr simulate`: options, exit codes, what is printed where. The webhook is on a real socket."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from defusedxml import ElementTree

from ivr.cli.call import call
from ivr.cli.simulate import simulate
from tests.simulator.server import served
from tests.simulator.webhook import Page, Webhook, webhook

MENU = {
    "voice": '<Gather numDigits="1" action="/next"><Say language="nb-NO">Trykk 1</Say></Gather><Say>Silence</Say>',
    "next": '<Dial action="/after">+4755568700</Dial>',
    "after": "<Say>Goodbye</Say>",
}


def run_call(*arguments: str) -> Result:
    return CliRunner().invoke(call, list(arguments))


def run_simulate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(simulate, [str(argument) for argument in arguments])


def test_keys_play_a_call_and_print_a_transcript() -> None:
    with served(webhook(**MENU)) as base:
        result = run_call(f"{base}/voice", "--keys", "1")
    assert result.exit_code == 0
    assert "hears   [nb-NO] Trykk 1" in result.stdout
    assert "presses 1" in result.stdout
    assert "leg     +4755568700 completed after 10 s" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("completed after 13.4 s; dialled: +4755568700; ")


def test_from_and_to_are_who_calls_whom() -> None:
    app = webhook(voice="<Hangup/>")
    with served(app) as base:
        run_call(f"{base}/voice", "--keys", "", "--from", "+4798765432", "--to", "116117")
    assert (app.asked[0].get("From"), app.asked[0].get("To")) == ("+4798765432", "116117")


SPOKEN = {
    "voice": '<Gather input="dtmf speech" numDigits="1" action="/next"><Say>Say it</Say></Gather>',
    "next": '<Record action="/after" timeout="2"/>',
    "after": "<Hangup/>",
}


def test_words_are_spoken_into_a_gather_and_a_record() -> None:
    app = webhook(**SPOKEN)
    with served(app) as base:
        result = run_call(f"{base}/voice", "--say", "Two pizzas", "--say", "To Bergen, please")
    assert result.exit_code == 0, result.output
    gathered, recorded = app.asked[1], app.asked[2]
    assert gathered.get("SpeechResult") == "Two pizzas"
    assert int(recorded.get("RecordingDuration") or 0) > 0
    assert "To Bergen, please" in result.stdout


def test_words_come_after_the_keys() -> None:
    app = webhook(**SPOKEN)
    with served(app) as base:
        result = run_call(f"{base}/voice", "--keys", "1", "--say", "Call me back")
    assert result.exit_code == 0, result.output
    assert (app.asked[1].get("Digits"), app.asked[1].get("SpeechResult")) == ("1", None)
    assert "Call me back" in result.stdout


def test_words_that_are_never_listened_to_fail_the_call() -> None:
    with served(webhook(voice="<Hangup/>")) as base:
        result = run_call(f"{base}/voice", "--say", "Hello")
    assert (result.exit_code, "Hello" in result.stdout) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--say", " "), "--say needs words"),
        (("--keys", "1", "--announcement", "waiting"), "--announcement is for the bundled line"),
    ],
)
def test_what_cannot_be_said_or_announced_is_refused(arguments: tuple[str, ...], says: str) -> None:
    result = run_call("http://127.0.0.1:9/voice", *arguments)
    assert (result.exit_code, says in result.output) == (2, True)


@pytest.mark.parametrize("how", ["answer", "busy", "no-answer", "failed"])
def test_the_far_end_behaves_as_told(how: str) -> None:
    with served(webhook(**MENU)) as base:
        result = run_call(f"{base}/voice", "--keys", "1", "--far-end", how)
    assert f"+4755568700 {'completed' if how == 'answer' else how}" in result.stdout


def test_a_file_can_say_how_far_ends_behave(tmp_path: Path) -> None:
    legs = tmp_path / "legs.yaml"
    legs.write_text('"+4755568700": {answer: 1, talk: 42}')
    with served(webhook(**MENU)) as base:
        result = run_call(f"{base}/voice", "--keys", "1", "--legs", str(legs))
    assert "completed after 42 s" in result.stdout


def test_a_trace_is_written_as_json_lines(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    with served(webhook(**MENU)) as base:
        run_call(f"{base}/voice", "--keys", "1", "--trace", str(trace))
    events = [json.loads(line) for line in trace.read_text().splitlines()]
    assert events[0]["event"] == "call"
    assert events[-1]["event"] == "ended"


def test_a_trace_on_standard_output_sends_the_transcript_to_standard_error() -> None:
    with served(webhook(**MENU)) as base:
        result = run_call(f"{base}/voice", "--keys", "1", "--trace", "-")
    assert all(json.loads(line)["event"] for line in result.stdout.splitlines())
    assert "Trykk 1" in result.stderr


def test_real_time_takes_the_time_that_it_says() -> None:
    began = time.monotonic()
    with served(webhook(voice='<Play digits="w"/>')) as base:
        result = run_call(f"{base}/voice", "--keys", "", "--real-time")
    assert result.exit_code == 0
    assert time.monotonic() - began >= 0.5


def test_json_says_what_became_of_the_call() -> None:
    with served(webhook(**MENU)) as base:
        result = run_call(f"{base}/voice", "--keys", "1", "--json")
    told = json.loads(result.stdout)
    assert (told["ended"], told["dialled"], told["warnings"]) == ("completed", ["+4755568700"], [])


def test_a_call_that_the_application_fails_exits_with_1() -> None:
    with served(Webhook({"/voice": Page(b"", 500)})) as base:
        result = run_call(f"{base}/voice", "--keys", "")
    assert result.exit_code == 1
    assert "11217" in result.stdout


def test_an_origin_that_is_allowed_is_asked() -> None:
    other = webhook(voice="<Say>Elsewhere</Say>")
    with served(other) as there, served(webhook(voice=f"<Redirect>{there}/voice</Redirect>")) as here:
        refused = run_call(f"{here}/voice", "--keys", "")
        allowed = run_call(f"{here}/voice", "--keys", "", "--allow-origin", there)
    assert "--allow-origin" in refused.stdout
    assert (refused.exit_code, allowed.exit_code) == (1, 0)
    assert "Elsewhere" in allowed.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["http://127.0.0.1:1/voice"],  # no --keys, and standard input is no terminal
        ["http://127.0.0.1:1/voice", "--keys", "abc"],
        ["ftp://127.0.0.1/voice", "--keys", "1"],
        ["http://127.0.0.1:1/voice", "--keys", "1", "--far-end", "asleep"],
        ["http://127.0.0.1:1/voice", "--keys", "1", "--allow-origin", "example.org"],
    ],
)
def test_a_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    assert run_call(*arguments).exit_code == 2


def test_a_telephone_in_the_terminal_hears_keys_at_once_and_hangs_up_on_ctrl_c() -> None:
    with served(
        webhook(
            voice='<Gather numDigits="1" action="/next"><Say>' + "wait " * 200 + "</Say></Gather>",
            next='<Say>You pressed it</Say><Pause length="60"/>',
        )
    ) as base:
        screen = _typed_call(f"{base}/voice", [("wait", b"1"), ("You pressed it", b"\x03")])
    assert "116 117" in screen
    assert "presses 1" in screen
    assert "The call has ended (completed) after" in screen


def _typed_call(url: str, answers: list[tuple[str, bytes]]) -> str:
    """Run `ivr call URL` on a pseudo-terminal, typing each answer once its text is on the screen."""
    controller, terminal = os.openpty()
    command = [sys.executable, "-m", "ivr", "call", url]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        screen, end = b"", time.monotonic() + 20
        while time.monotonic() < end:
            ready, _, _ = select.select([controller], [], [], 0.1)
            try:
                screen += os.read(controller, 4096) if ready else b""
            except OSError:  # the other side has closed
                break
            if answers and answers[0][0].encode() in screen:
                os.write(controller, answers.pop(0)[1])
        else:
            process.send_signal(signal.SIGKILL)
        os.close(controller)
        assert process.wait() == 0
    return screen.decode()


def test_without_a_url_the_bundled_line_is_called_and_stopped_again() -> None:
    result = run_call("--keys", "1", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0, result.output
    assert told["heard"]
    where = told["requests"][0].removeprefix("POST ")
    assert where.endswith("/voice")
    assert run_call(where, "--keys", "").exit_code == 1  # nobody listens there any more


def test_a_bundled_line_that_does_not_come_up_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    result = run_call("--keys", "1")
    assert result.exit_code == 1
    assert "the bundled service: the application is not ready: it has ended with code 1" in result.stderr


HELD = "call: {{url: {base}/voice}}\nsteps: [{{press: '1'}}]\nexpect: {{ended: completed, heard: [goodbye]}}\n"
FAILING = "call: {{url: {base}/voice}}\nexpect: {{heard: [goodbye], dialled: ['113']}}\n"


def _write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)


def test_scenarios_that_hold_exit_with_0(tmp_path: Path) -> None:
    with served(webhook(**MENU)) as base:
        _write(tmp_path, held=HELD.format(base=base))
        result = run_simulate(tmp_path / "held.yaml")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["held    held  13.4 s", "1 of 1 scenarios held"]


def test_a_failing_expectation_exits_with_1_and_says_what_happened_instead(tmp_path: Path) -> None:
    with served(webhook(**MENU)) as base:
        _write(tmp_path, held=HELD.format(base=base), failing=FAILING.format(base=base))
        result = run_simulate(tmp_path)
    assert result.exit_code == 1
    assert "FAILED  dialled: [113]: dialled: []" in result.stdout
    assert "00:05.8  hears   [en-US] Silence" in result.stdout
    assert "1 of 2 scenarios held" in result.stdout


def test_a_wrong_file_exits_with_2_before_any_call_is_placed(tmp_path: Path) -> None:
    app = webhook(**MENU)
    with served(app) as base:
        _write(tmp_path, good=HELD.format(base=base), wrong="call:\n  url: http://h/\n  wrong: 1\n")
        result = run_simulate(tmp_path)
    assert result.exit_code == 2
    assert f"{tmp_path}/wrong.yaml:3:3: unknown key 'wrong' in call; expected url" in result.stderr
    assert app.asked == []


@pytest.mark.parametrize("arguments", [[], ["no-such-file.yaml"], ["--url", "ftp://x/", "no-such-file.yaml"]])
def test_a_wrong_simulate_command_exits_with_2(arguments: list[str]) -> None:
    assert run_simulate(*arguments).exit_code == 2


def test_an_empty_folder_exits_with_2(tmp_path: Path) -> None:
    assert run_simulate(tmp_path).exit_code == 2


def test_url_takes_the_place_of_the_files(tmp_path: Path) -> None:
    _write(tmp_path, held=HELD.format(base="http://127.0.0.1:1"))
    with served(webhook(**MENU)) as base:
        assert run_simulate(tmp_path, "--url", f"{base}/voice").exit_code == 0


def test_traces_of_several_scenarios_carry_their_names(tmp_path: Path) -> None:
    with served(webhook(**MENU)) as base:
        _write(tmp_path, one=HELD.format(base=base), two="name: the second\n" + HELD.format(base=base))
        result = run_simulate(tmp_path, "--trace", "-")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert {event["scenario"] for event in events} == {"one", "the second"}
    assert "2 of 2 scenarios held" in result.stderr


def test_junit_tells_a_build_server(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    with served(webhook(**MENU)) as base:
        _write(tmp_path, held=HELD.format(base=base), failing=FAILING.format(base=base))
        run_simulate(tmp_path, "--junit", junit)
    suite = ElementTree.fromstring(junit.read_bytes())
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite.find("testcase[@name='failing']/failure")
    assert failure is not None
    assert "heard: 'goodbye'" in (failure.text or "")


def test_parameters_can_be_added_and_the_calls_own_cannot() -> None:
    app = webhook(voice="<Hangup/>")
    with served(app) as base:
        assert run_call(f"{base}/voice", "--keys", "", "--param", "ForwardedFrom=116117").exit_code == 0
        refused = [run_call(f"{base}/voice", "--keys", "", "--param", pair) for pair in ("From=+4711", "Forwarded")]
    assert [asked.get("ForwardedFrom") for asked in app.asked] == ["116117"]
    assert [result.exit_code for result in refused] == [2, 2]


SEVERAL = """
name: two callers
numbers: {"+4721000000": {voice_url: "http://127.0.0.1:9/voice"}}
calls:
  - {name: anna, from: "+4791111111", to: "+4721000000", steps: [{press: "1"}, {hear: goodbye}]}
  - {name: bo, from: "+4792222222", to: "+4721000000", at: 3, steps: [{hear: goodbye}]}
legs: {"+4755568700": {answer: 3, talk: 10}}
"""


def test_a_scenario_of_several_calls_is_played_beside_others(tmp_path: Path) -> None:
    (tmp_path / "several.yaml").write_text(SEVERAL, "utf-8")
    with served(webhook(**MENU)) as base:
        result = run_simulate(
            tmp_path, "--url", base, "--json", "--junit", tmp_path / "out.xml", "--trace", tmp_path / "trace"
        )
    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)
    assert [(call["name"], call["ended"]) for call in row["calls"]] == [("anna", "completed"), ("bo", "completed")]
    assert row["failures"] == ['bo: step hear: "goodbye"']
    assert "  00:03.0  bo    call    +4792222222 calls +4721000000" in result.stderr
    assert 'bo: step hear: "goodbye": the call ended first' in (tmp_path / "out.xml").read_text("utf-8")
    events = [json.loads(line) for line in (tmp_path / "trace").read_text("utf-8").splitlines()]
    assert {round(event["at"] - event["t"], 3) for event in events} == {0.0, 3.0}
