"""Scenario files: every key is read, every fault of a file is said with its place, every expectation is checked."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.base.test_account import AUTH_TOKEN
from ivr.simulator import Fault, HangUp, Hear, Leg, Noise, Outcome, Press, PressNow, Speak, Wait
from ivr.simulator.expectations import check
from ivr.simulator.scenario import load_legs, load_scenario
from ivr.simulator.scenario_expect import Expectations
from tests.simulator.webhook import call, webhook

FULL = """
name: postcode to Bergen
call:
  url: http://127.0.0.1:5000/voice
  method: GET
  from: "+4798765432"
  to: "+4721000001"
  fallback_url: http://127.0.0.1:5000/voice/fallback
  status_callback: http://127.0.0.1:5000/voice/status
  auth_token: "12345"
  account_sid: AC11111111111111111111111111111111
  started: 2026-12-31T23:50:00+01:00
steps:
  - hear: "press 1"
  - press: "1"
  - wait: 2
  - press_now: "5"
  - say: "Bergen"
  - say: {words: Bergen, heard_as: Berger, confidence: 0.4}
  - noise: 3
  - noise: {seconds: 2.5, heard_as: Os, confidence: 0.2}
  - hang_up: true
legs:
  "+4755568700": {answer: 3, talk: 20}
  "+4755568701": {answer: 3, keys: "5", machine: true}
  "+4739000301": busy
  "+4739000302": failed
  "+4739000303": [{busy: 6}, {failed: 2.5}, {answer: 1, thinks: 4, leaves: 9}]
  "*": no-answer
faults:
  - {request: 1, fault: timeout}
  - {request: 2, fault: refuse}
  - {request: 3, fault: reset}
  - {request: 4, fault: status 503}
  - {request: 5, fault: delay 4.5}
  - {request: 6, fault: duplicate}
expect:
  ended: completed
  heard: ["Bergen", "connecting"]
  never_heard: ["error"]
  dialled: ["+4755568700"]
  never_dialled: ["113"]
  requests: ["POST /voice", "POST /voice/menu"]
  max_seconds: {first_leg: 60, end: 120}
  warnings: []
"""


def write(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, FULL))
    plan = scenario.plan
    assert (scenario.name, scenario.file) == ("postcode to Bergen", "case.yaml")
    assert (plan.url, plan.method) == ("http://127.0.0.1:5000/voice", "GET")
    assert (plan.from_, plan.to) == ("+4798765432", "+4721000001")
    assert plan.fallback_url == "http://127.0.0.1:5000/voice/fallback"
    assert plan.status_callback == "http://127.0.0.1:5000/voice/status"
    assert (plan.auth_token, plan.account_sid) == ("12345", "AC" + "1" * 32)
    assert plan.started == datetime(2026, 12, 31, 22, 50, tzinfo=UTC)
    assert plan.steps == (
        *(Hear("press 1"), Press("1"), Wait(2), PressNow("5")),
        *(Speak("Bergen"), Speak("Bergen", "Berger", 0.4), Noise(3), Noise(2.5, "Os", 0.2)),
        HangUp(),
    )
    assert plan.legs == {
        "+4755568700": Leg.answer(3, 20),
        "+4755568701": Leg.answer(3, keys="5", machine=True),
        "+4739000301": Leg.busy(),
        "+4739000302": Leg.failed(),
        "+4739000303": Leg("busy", after=6, then=Leg("failed", after=2.5, then=Leg("answer", 1, thinks=4, leaves=9))),
        "*": Leg.no_answer(),
    }
    kinds = [(fault.request, fault.kind, fault.value) for fault in plan.faults]
    assert kinds[3:] == [(4, "status", 503), (5, "delay", 4.5), (6, "duplicate", 0)]
    assert plan.faults[:3] == (Fault(1, "timeout"), Fault(2, "refuse"), Fault(3, "reset"))
    assert scenario.expect == Expectations(
        ended="completed",
        heard=("Bergen", "connecting"),
        never_heard=("error",),
        dialled=("+4755568700",),
        never_dialled=("113",),
        requests=("POST /voice", "POST /voice/menu"),
        first_leg=60,
        end=120,
        warnings=(),
    )


def test_the_name_is_the_files_name_otherwise(tmp_path: Path) -> None:
    assert load_scenario(write(tmp_path, "call: {url: http://127.0.0.1/}", "a-b.yaml")).name == "a-b"


def test_the_token_comes_from_the_environment_and_else_from_the_test_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "call: {url: http://127.0.0.1/}")
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    assert load_scenario(path).plan.auth_token == AUTH_TOKEN
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "from the environment")
    assert load_scenario(path).plan.auth_token == "from the environment"


def test_a_url_from_outside_takes_the_place_of_the_files(tmp_path: Path) -> None:
    path = write(tmp_path, "call: {from: '+4791234567'}")
    assert load_scenario(path, "http://127.0.0.1:9/x").plan.url == "http://127.0.0.1:9/x"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("call: {}", "case.yaml:1:7", "'url' is missing"),
        ("steps: []", "case.yaml:1:1", "'call' is missing"),
        ("- a", "case.yaml:1:1", "expected a mapping"),
        ("call:\n  url: ftp://x/", "case.yaml:2:8", "http or https"),
        ("call:\n  url: http://h/\n  metod: GET", "case.yaml:3:3", "unknown key 'metod'"),
        ("call: {url: http://h/}\nsteps:\n  - shout: x", "case.yaml:3:5", "expected one step"),
        ('call: {url: http://h/}\nsteps:\n  - press: "1a"', "case.yaml:3:12", "0-9, * and #"),
        ("call: {url: http://h/}\nsteps:\n  - wait: soon", "case.yaml:3:11", "number of seconds"),
        ("call: {url: http://h/}\nsteps:\n  - wait: -1", "case.yaml:3:11", "number of seconds"),
        ("call: {url: http://h/}\nsteps: {press: 1}", "case.yaml:2:8", "expected a list"),
        ("call: {url: http://h/}\nlegs:\n  '*': sleeping", "case.yaml:3:8", "expected one of busy"),
        ("call: {url: http://h/}\nlegs:\n  '*': {talk: 3}", "case.yaml:3:8", "answer: SECONDS"),
        ("call: {url: http://h/}\nlegs:\n  '*': {answer: 1, busy: 3}", "case.yaml:3:8", "busy: SECONDS"),
        ("call: {url: http://h/}\nlegs:\n  '*': []", "case.yaml:3:8", "at least one"),
        ("call: {url: http://h/}\nlegs:\n  '*': [busy, [busy]]", "case.yaml:3:15", "expected a mapping"),
        ("call:\n  url: http://h/\n  started: today", "case.yaml:3:12", "a moment with its offset"),
        ("call:\n  url: http://h/\n  started: 2026-12-31T23:50:00", "case.yaml:3:12", "a moment with its offset"),
        ("call: {url: http://h/}\nfaults:\n  - {request: 1, fault: fire}", "case.yaml:3:25", "status 503"),
        ("call: {url: http://h/}\nfaults:\n  - {request: 0, fault: reset}", "case.yaml:3:15", "from 1"),
        ("call: {url: http://h/}\nfaults:\n  - {speech: 0, heard_as: Os}", "case.yaml:3:14", "from 1"),
        ("call: {url: http://h/}\nfaults:\n  - {speech: 1, fault: lost}", "case.yaml:3:17", "heard_as"),
        ("call: {url: http://h/}\nfaults:\n  - {speech: 1, confidence: 2}", "case.yaml:3:29", "from 0 to 1"),
        ("call: {url: http://h/}\nexpect:\n  ended: well", "case.yaml:3:10", "expected one of completed"),
        ("call: {url: http://h/}\nexpect:\n  requests: [/voice]", "case.yaml:3:14", "POST /voice"),
        ("call: {url: http://h/}\nexpect:\n  warnings: [many]", "case.yaml:3:14", "whole number"),
        ("call: {url: http://h/\n", "case.yaml:2:1", "did not find"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(tmp_path: Path, text: str, place: str, words: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        load_scenario(write(tmp_path, text))
    complaint = str(raised.value.complaints[0])
    assert complaint.startswith(f"{place}: ")
    assert words in complaint


def test_all_complaints_come_together(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as raised:
        load_scenario(write(tmp_path, "call: {url: http://h/}\nsteps: [x]\nlegs: {'*': x}\nfaults: [x]"))
    assert len(raised.value.complaints) == 3


def test_legs_can_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    legs = {"+4755568700": Leg.busy(), "*": Leg.answer(1)}
    assert load_legs(write(tmp_path, '"+4755568700": busy\n"*": {answer: 1}')) == legs
    assert load_legs(write(tmp_path, 'legs: {"+4755568700": busy, "*": {answer: 1}}')) == legs


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    app = webhook(
        voice='<Say>Welcome</Say><Say language="nb-NO">til Bergen</Say><Pause/><Say>Connecting you</Say>'
        '<Dial action="/after?x=1" bad="1">+4755568700</Dial>',
        after="<Say>Goodbye</Say>",
    )
    return call(app, steps=(Hear("never said"),))


@pytest.mark.parametrize(
    ("expect", "held"),
    [
        (Expectations(ended="completed"), True),
        (Expectations(ended="failed"), False),
        (Expectations(heard=("welcome til  BERGEN", "connecting")), True),
        (Expectations(heard=("connecting", "Bergen")), False),
        (Expectations(heard=("Bergen connecting",)), False),
        (Expectations(never_heard=("error",)), True),
        (Expectations(never_heard=("goodbye",)), False),
        (Expectations(dialled=("+4755568700",)), True),
        (Expectations(dialled=()), False),
        (Expectations(never_dialled=("113",)), True),
        (Expectations(never_dialled=("+4755568700",)), False),
        (Expectations(requests=("POST /voice", "POST /after")), True),
        (Expectations(requests=("POST /after?x=1",)), True),
        (Expectations(requests=("POST http://127.0.0.1:5000/after?x=1",)), True),
        (Expectations(requests=("POST /after", "POST /voice")), False),
        (Expectations(requests=("GET /voice",)), False),
        (Expectations(first_leg=4), True),
        (Expectations(first_leg=1), False),
        (Expectations(end=60), True),
        (Expectations(end=5), False),
        (Expectations(warnings=(12200,)), True),
        (Expectations(warnings=()), False),
    ],
)
def test_an_expectation_holds_or_says_what_happened_instead(outcome: Outcome, expect: Expectations, held: bool) -> None:
    findings = check(outcome, expect)[1:]  # the first one is about the step that was not done
    assert all(finding.held for finding in findings) is held
    assert all(finding.instead for finding in findings if not finding.held)


def test_a_step_that_waited_to_hear_something_fails_when_the_call_ends_first(outcome: Outcome) -> None:
    finding = check(outcome, Expectations())[0]
    assert not finding.held
    assert finding.what == 'step hear: "never said"'


def test_steps_that_the_calls_end_left_undone_are_named_as_in_a_scenario_file(outcome: Outcome) -> None:
    left = Outcome(outcome.trace, outcome.requests, (Press("1"), PressNow("5"), Wait(1.5), Speak("x"), HangUp()))
    named = [finding.what for finding in check(left, Expectations())]
    assert named == ['step press: "1"', 'step press_now: "5"', 'step say: "x"', "step hang_up: true"]


def test_a_parameter_that_the_call_sets_itself_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text('call: {url: "http://127.0.0.1/", params: {CallSid: CA1}}\n')
    with pytest.raises(DefinitionError, match=r"own.yaml:1:43: CallSid is set by the call itself"):
        load_scenario(file)


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        ("say: {heard_as: Bergen}", "say needs words"),
        ("say: {words: Bergen, confidence: 1.5}", "expected a confidence from 0 to 1"),
        ("say: {words: Bergen, heard: Os}", "unknown key 'heard' in say; expected words, heard_as, confidence"),
        ("noise: {heard_as: Bergen}", "noise needs seconds"),
        ("noise: loud", "seconds"),
    ],
)
def test_a_wrong_step_of_speech_is_refused(step: str, complaint: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"call: {{url: http://127.0.0.1:1/}}\nsteps:\n  - {step}\n")
    with pytest.raises(DefinitionError, match=re.escape(complaint)):
        load_scenario(path)
