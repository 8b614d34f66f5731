"""Scenario files of several calls in one account: what is read, what is played, what is said of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import request

from ivr.base.errors import DefinitionError
from ivr.base.strict_yaml import load_file
from ivr.simulator.account.emulator_file import NUMBER_KEYS
from ivr.simulator.account.scenario_file import (
    CALL_KEYS,
    EXPECT_KEYS,
    EXPECTED_CALL,
    EXPECTED_MESSAGE,
    KEYS,
    PHONE_EXPECT,
    PHONE_KEYS,
    TEXT_KEYS,
    TRIGGER_KEYS,
    read_account_scenario,
)
from ivr.simulator.account.scenario_play import load_any
from ivr.simulator.account.scenario_result import AccountResult
from ivr.simulator.schemas import load_schema
from ivr.simulator.trace import json_line
from tests.account.applications import reminder, support_queue
from tests.account.scenario_files import client_of, failures, played, prepared
from tests.library.apps import Documents
from tests.library.small_schema import faults

SCENARIO, TRACE = load_schema("scenario"), load_schema("trace")
QUEUE = """
name: two callers, one agent
numbers:
  "+4721000000": {voice_url: "http://127.0.0.1:5000/voice"}
  "+4722000000": {voice_url: "http://127.0.0.1:5000/agent"}
calls:
  - {name: anna, from: "+4791111111", to: "+4721000000", steps: [{hear: "number 1"}, {wait: 40}, {hang_up: true}]}
  - name: bo
    from: "+4792222222"
    to: "+4721000000"
    at: 2
    steps: [{hear: "number 2"}, {wait: 60}, {hang_up: true}]
    expect: {ended: completed, max_seconds: {end: 70}}
  - {name: agent, from: "+4793333333", to: "+4722000000", at: 10, steps: [{wait: 80}, {hang_up: true}]}
expect:
  queues: {support: [anna, "+4792222222"]}
  max_seconds: {end: 90}
"""
REMINDERS = """
numbers:
  "+4721000000": {}
phones:
  anna:
    number: "+4791111111"
    answers: [no-answer, 4]
    steps: [{hear: "press 1 to confirm"}, {press: "1"}, {hear: "thank you"}]
    expect: {rung: 2, answered: 1, never_heard: ["this is a message"]}
  bo: {number: "+4792222222", answers: {machine: 2}, expect: {heard: ["this is a message"]}}
  carla: {number: "+4793333333", answers: {failed: 2}}
triggers:
  - {request: "POST http://127.0.0.1:5000/call", form: {to: "+4791111111"}}
  - {request: "POST http://127.0.0.1:5000/call", form: {to: "+4791111111"}, at: 100}
  - {request: "POST http://127.0.0.1:5000/call", form: {to: "+4792222222"}, at: 200}
  - {request: "GET http://127.0.0.1:5000/call", form: {to: "+4793333333"}, at: 300}
expect:
  calls:
    - {to: anna, status: no-answer}
    - {to: anna, direction: outbound-api, status: completed, answered_by: human}
    - {to: "+4792222222", answered_by: machine_end_beep}
    - {to: carla, status: failed}
"""


def _queue(tmp_path: Path, text: str = QUEUE) -> AccountResult:
    return played(prepared(tmp_path, text), support_queue())


def _reminders(tmp_path: Path, text: str = REMINDERS) -> AccountResult:
    play = prepared(tmp_path, text)
    client, app = client_of(play), reminder()

    @app.route("/call", methods=["GET", "POST"])
    def call() -> str:
        client.calls.create(
            to=request.values["to"],
            from_="+4721000000",
            url="http://127.0.0.1:5000/reminder",
            machine_detection="DetectMessageEnd",
        )
        return "done"

    return played(play, app)


def test_callers_wait_in_a_queue_and_an_agent_takes_them_in_order(tmp_path: Path) -> None:
    result = _queue(tmp_path)
    assert failures(result) == []
    assert [call.name for call in result.outcome.calls] == ["anna", "bo", "agent"]
    assert [call.running.started for call in result.outcome.calls] == [0, 2, 10]


def test_phones_answer_as_they_are_told_each_time_that_they_ring(tmp_path: Path) -> None:
    assert failures(_reminders(tmp_path)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('support: [anna, "+4792222222"]', "support: [bo, anna]", "queues support: bo, anna: anna, bo"),
        ("max_seconds: {end: 90}", "max_seconds: {end: 80}", "max_seconds end: 80: it ended after 90 s"),
        ('hear: "number 2"', "hear: bananas", 'bo: step hear: "bananas": the call ended first; the last prompt was'),
        ("ended: completed", "ended: busy", "bo: ended: busy: it ended completed"),
        ("/voice", "/nowhere", "anna: unexpected error 11217: http://127.0.0.1:5000/nowhere: answered 404"),
    ],
)
def test_a_line_that_does_not_hold_says_what_happened_instead(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert any(said in line for line in failures(_queue(tmp_path, QUEUE.replace(before, after))))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("answered_by: human", "answered_by: fax", "calls: 4: 4: +4721000000 to anna (outbound-api, no-answer)"),
        ("    - {to: carla, status: failed}\n", "", "calls: 3: 4: "),
        ("rung: 2", "rung: 1", "anna: rung: 1: 2 times"),
        ('heard: ["this is', 'heard: ["that is', "bo: heard: 'that is a message': the last prompt was"),
        ('never_heard: ["this is a message"]', 'never_heard: ["thank you"]', "anna: never_heard: 'thank you'"),
        ('hear: "thank you"', "hear: tomatoes", 'anna: step hear: "tomatoes": the call ended first'),
        ("answers: [no-answer, 4]", "answers: 90", 'anna: step hear: "press 1 to confirm": no call was answered'),
        ('5000/call", form: {to: "+4791111111"}, at', '5000/missing", at', "/missing: the application answered 404"),
    ],
)
def test_a_line_about_phones_and_placed_calls_says_what_happened_instead(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    found = failures(_reminders(tmp_path, REMINDERS.replace(before, after)))
    assert any(said in line for line in found), found


def test_people_meet_in_a_conference_and_a_text_message_is_answered(tmp_path: Path) -> None:
    text = """
        numbers:
          "+4721000000": {voice_url: "http://127.0.0.1:5000/voice", sms_url: "http://127.0.0.1:5000/sms"}
        calls:
          - {name: anna, from: "+4791111111", to: "+4721000000", steps: [{wait: 30}, {hang_up: true}]}
          - {name: bo, from: "+4792222222", to: "+4721000000", at: 5, steps: [{wait: 9}, {hang_up: true}]}
        texts:
          - {from: "+4791111111", to: "+4721000000", body: "hello", at: 3}
        expect:
          conferences: {Room: [anna, bo]}
          messages:
            - {from: anna, direction: inbound, body: hello}
            - {to: anna, body: "hello to you", status: delivered}
    """
    app = Documents(voice="<Dial><Conference>Room</Conference></Dial>", sms="<Message>Hello to you</Message>")
    result = played(prepared(tmp_path, text), app)
    assert failures(result) == []
    lines = [str(line) for line in result.transcript()]
    assert "00:03.0  message anna to +4721000000: hello (received)" in lines
    assert "00:05.0  bo    leg     conference:Room in-progress" in lines
    wrong = text.replace("[anna, bo]", "[bo]").replace('"hello to you"', "never")
    found = failures(played(prepared(tmp_path, wrong), app))
    assert "conferences Room: bo: anna, bo" in found
    assert found[1].startswith("messages: 2: 2: anna to +4721000000 (inbound, received, hello)")


def test_a_whisper_is_heard_and_a_key_takes_the_call(tmp_path: Path) -> None:
    text = """
        numbers:
          "+4721000000": {voice_url: "http://127.0.0.1:5000/voice"}
        phones:
          nurse:
            number: "+4790000001"
            answers: 6
            steps: [{hear: "press one"}, {press: "1"}, {wait: 20}, {hang_up: true}]
        calls:
          - {name: anna, from: "+4791111111", to: "+4721000000", expect: {dialled: ["+4790000001"], heard: [goodbye]}}
        expect: {max_seconds: {end: 40}}
    """
    app = Documents(
        voice='<Dial><Number url="/whisper">+4790000001</Number></Dial><Say>Goodbye</Say>',
        whisper='<Gather numDigits="1" action="/taken"><Say>Press one</Say></Gather><Hangup/>',
        taken="",
    )
    result = played(prepared(tmp_path, text), app)
    assert failures(result) == []


def test_a_number_that_dials_another_number_of_the_account_makes_two_calls_that_meet(tmp_path: Path) -> None:
    text = """
        numbers:
          "+4721000000": {voice_url: "http://127.0.0.1:5000/voice"}
          "+4722000000": {voice_url: "http://127.0.0.1:5000/menu"}
        calls:
          - name: anna
            from: "+4791111111"
            to: "+4721000000"
            steps: [{hear: "choose"}, {press: "12"}, {hear: "you chose"}]
        expect:
          calls: [{from: anna, direction: inbound}, {to: "+4722000000", status: completed}]
    """
    app = Documents(
        voice="<Dial>+4722000000</Dial>",
        menu='<Gather numDigits="2" action="/chosen"><Say>Choose</Say></Gather>',
        chosen="<Say>You chose</Say>",
    )
    assert failures(played(prepared(tmp_path, text), app)) == []


def test_the_example_of_the_page_holds(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")
    (application,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {"__name__": "page"}
    exec(application, names)  # noqa: S102 - what a reader would copy
    assert failures(played(prepared(tmp_path, text), names["app"])) == []
    assert faults(SCENARIO, yaml.safe_load(text)) == []


def _trace(result: AccountResult) -> list[str]:
    return [json_line({name: value for name, value in event.items() if name != "ms"}) for event in result.events()]


def test_the_same_scenario_has_the_same_trace_which_is_what_the_schema_says(tmp_path: Path) -> None:
    lines = _trace(_reminders(tmp_path))
    assert lines == _trace(_reminders(tmp_path))
    events = [json.loads(line) for line in lines]
    assert {"trigger", "rest", "call", "leg"} & {event["event"] for event in events} == {"trigger", "rest", "call"}
    assert {event["event"] for event in events if "call" not in event} == {"trigger", "rest"}
    told = (event | {"ms": 1.5} if event["event"] == "response" else event for event in events)
    assert [fault for event in told for fault in faults(TRACE, event)] == []


def test_an_application_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    play = prepared(tmp_path, QUEUE.replace("5000", "9"))  # the port of discard, where nobody listens
    outcome = play.play()
    assert outcome.is_unanswered
    assert outcome.first_url == "http://127.0.0.1:9/voice"


WRONG = [
    ('calls: [{to: "+4721000000"}]', "case.yaml:3:9: 'from' is missing"),
    ('calls: [{from: a, to: "+4799999999"}]', "case.yaml:3:23: '+4799999999' is no number of the account"),
    ('calls: [{from: a, to: "+4721000000", at: soon}]', "case.yaml:3:42: expected a number of seconds"),
    ('calls: [{from: a, to: "+4721000000", steps: [{sing: la}]}]', "case.yaml:3:46: expected one step"),
    ("phones: {anna: {answers: 3}}", "case.yaml:3:16: 'number' is missing"),
    ('phones: {anna: {number: "1", answers: never}}', "case.yaml:3:39: expected seconds of ringing, busy"),
    ('phones: {anna: {number: "1", answers: {person: 2}}}', "unknown key 'person' in answer"),
    ('phones: {anna: {number: "+4721000000"}}', "+4721000000 is a number of the account already"),
    ("triggers: [{at: 2}]", "case.yaml:3:12: 'request' is missing"),
    ('triggers: [{request: "POST /remind"}]', "case.yaml:3:22: expected GET or POST and a whole URL"),
    ("texts: [{from: a, to: b, body: c}]", "case.yaml:3:23: 'b' is no number of the account"),
    ("expect: {calls: [{status: answered}]}", "expected one of completed, busy"),
    ("expect: {queues: [support]}", "case.yaml:3:18: expected a mapping (queues)"),
    ("conferences: {}", "unknown key 'conferences' in scenario"),
    ("name: nobody", "case.yaml: nothing happens"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, wrong: str, said: str) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(f'numbers:\n  "+4721000000": {{voice_url: "http://127.0.0.1:5000/voice"}}\n{wrong}\n', "utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_any(file)
    assert any(said in str(complaint) for complaint in refused.value.complaints), refused.value.complaints


def test_two_of_the_same_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(QUEUE.replace("name: bo", "name: anna"), "utf-8")
    with pytest.raises(DefinitionError, match="the name 'anna' is given twice"):
        load_any(file)


def test_another_place_of_the_application_takes_all_its_urls_along(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(REMINDERS.replace("{}", '{voice_url: "http://127.0.0.1:5000/voice?a=1"}', 1), "utf-8")
    moved = read_account_scenario(load_file(file), file, "http://127.0.0.1:8080/other")
    assert moved.setup.numbers["+4721000000"]["VoiceUrl"] == "http://127.0.0.1:8080/voice?a=1"
    assert {trigger.url for trigger in moved.triggers} == {"http://127.0.0.1:8080/call"}


def test_the_schema_has_every_key_that_the_reader_knows() -> None:
    defs: dict[str, Any] = SCENARIO["$defs"]

    def keys(name: str) -> set[str]:
        return set(defs[name]["properties"])

    assert set(KEYS) | {"expect"} == keys("account_scenario")
    assert keys("account_number") == set(NUMBER_KEYS)
    assert keys("phone") == set(PHONE_KEYS)
    assert keys("phone_expect") == set(PHONE_EXPECT)
    assert keys("account_call") == set(CALL_KEYS)
    assert keys("account_text") == set(TEXT_KEYS)
    assert keys("trigger") == set(TRIGGER_KEYS)
    assert keys("account_expect") == set(EXPECT_KEYS)
    assert keys("expected_call") == set(EXPECTED_CALL)
    assert keys("expected_message") == set(EXPECTED_MESSAGE)


@pytest.mark.parametrize("text", [QUEUE, REMINDERS])
def test_these_scenarios_are_valid(text: str) -> None:
    assert faults(SCENARIO, yaml.safe_load(text)) == []


@pytest.mark.parametrize("wrong", [text for text, _ in WRONG if "no number" not in _ and "already" not in _])
def test_the_schema_refuses_what_the_reader_refuses(wrong: str) -> None:
    numbers = '"+4721000000": {voice_url: "http://127.0.0.1:5000/voice"}'
    assert faults(SCENARIO, yaml.safe_load(f"numbers:\n  {numbers}\n{wrong}\n"))
