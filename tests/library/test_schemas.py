"""The schemas hold for every scenario and every trace that there is, and refuse what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Fault, HangUp, Leg, Press, Session, Speak, Step, Wait, WsgiTransport, play
from ivr.simulator.scenario import load_scenario
from ivr.simulator.schemas import load_schema
from ivr.simulator.schemas.trace_schema import FILE, as_text
from ivr.simulator.trace import json_line
from tests.account.scenario_files import client_of, played, prepared
from tests.conftest import EVENING
from tests.library.apps import Documents
from tests.library.small_schema import faults
from tests.simulator.socket_app import SocketApp

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
SCENARIO, TRACE = load_schema("scenario"), load_schema("trace")
EVERYTHING = Documents(
    voice='<Sing/><Say tone="x">Hello</Say><Play>https://example.org/a.mp3</Play><Play digits="1w"/><Pause/>'
    '<Gather input="dtmf speech" action="/dial"><Say voice="Polly.Liv" loop="2">Say it</Say><Pause/></Gather>',
    dial='<Dial action="/after" callerId="1"><Number url="/whisper" sendDigits="1" statusCallback="/told">'
    "+4755568700</Number></Dial>",
    whisper='<Gather numDigits="1" action="/taken"><Say>Press one</Say></Gather><Hangup/>',
    taken="<Pause/>",
    after='<Record timeout="1"/><Play>/missing.mp3</Play><Pay/><Redirect>/nowhere</Redirect>',
)
SOME_ROUNDS = (Wait(300),)  # seconds: the documents go round for as long as a call may last
CALLERS: dict[str, tuple[Step, ...]] = {
    "silent": (*SOME_ROUNDS, HangUp()),
    "speaking": (Speak("Bergen"), Speak("hello"), Press("#"), *SOME_ROUNDS, HangUp()),
    "pressing": (Press("1#"), Press("5"), *SOME_ROUNDS, HangUp()),
    "hanging up": (Press("1"), HangUp()),
}
FAR_ENDS = {"answer": Leg.answer(2, talk=4), "busy": Leg.busy(), "machine": Leg.answer(1, machine=True)}


@pytest.fixture(scope="module")
def service() -> WsgiTransport:
    return WsgiTransport(create_app(Settings(), clock=ManualClock(EVENING), sink=lambda *_: None))


def _wrong(trace: list[dict[str, Any]], scenario: str | None = None) -> list[str]:
    """What is wrong with a trace, as it is written to a file."""
    written = [json.loads(json_line(event, scenario)) for event in trace]
    return [f"{event}: {fault}" for event in written for fault in faults(TRACE, event)]


PLAYED = [
    pytest.param(steps, leg, id=f"{caller}, {far_end}")
    for caller, steps in CALLERS.items()
    for far_end, leg in FAR_ENDS.items()
]


def test_the_schema_of_a_trace_is_made_from_the_types_of_its_events() -> None:
    assert FILE.read_text("utf-8") == as_text(), "run: python -m ivr.simulator.schemas.trace_schema"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_of_the_line_is_valid(path: Path) -> None:
    assert faults(SCENARIO, yaml.safe_load(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", SCENARIOS[::3], ids=lambda path: path.stem)
def test_a_trace_of_the_line_is_valid(path: Path, service: WsgiTransport) -> None:
    outcome = play(load_scenario(path).plan, service)
    assert _wrong(outcome.trace) == []
    assert _wrong(outcome.trace, "one of several") == []


@pytest.mark.parametrize(("steps", "leg"), PLAYED)
def test_a_trace_is_valid_whatever_happens(steps: tuple[Step, ...], leg: Leg) -> None:
    plan = CallPlan(
        url="http://127.0.0.1:5000/voice",
        steps=steps,
        legs={"*": leg},
        fallback_url="http://127.0.0.1:5000/fallback",
        status_callback="http://127.0.0.1:5000/told",
        faults=(Fault(1, "duplicate"), Fault(3, "delay", 2)),
    )
    assert _wrong(play(plan, WsgiTransport(EVERYTHING)).trace) == []


def _streamed() -> list[dict[str, Any]]:
    """A program plays, marks and clears."""
    mark = '{"event": "mark", "streamSid": "$sid", "mark": {"name": "end"}}'
    sockets = SocketApp({"start": ["audio 5000", mark], "dtmf": ['{"event": "clear", "streamSid": "$sid"}']})
    app = Documents(
        voice='<Connect><Stream url="https://127.0.0.1/"/><Stream url="wss://127.0.0.1/"/></Connect>'
        '<Connect><Stream name="a" url="wss://127.0.0.1/"/></Connect>'
    )
    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=(Press("1"), HangUp()))
    return play(plan, WsgiTransport(app), sockets=sockets).trace


def test_a_trace_of_streams_is_what_the_schema_says() -> None:
    trace = _streamed()
    assert {event["status"] for event in trace if event["event"] == "stream"} == {"error", "started", "stopped"}
    assert _wrong(trace) == []


def _relayed() -> list[dict[str, Any]]:
    """The caller interrupts a program's greeting."""
    greeting = '<ConversationRelay url="wss://127.0.0.1/" welcomeGreeting="Hello, how can I help you?"/>'
    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=(Wait(1), Speak("stop"), Wait(1), HangUp()))
    return play(plan, WsgiTransport(Documents(voice=f"<Connect>{greeting}</Connect>")), sockets=SocketApp()).trace


def test_a_trace_of_a_conversation_in_text_is_what_the_schema_says() -> None:
    trace = _relayed()
    assert {"relay", "prompt", "interrupt"} <= {event["event"] for event in trace}
    assert _wrong(trace) == []


def _of_an_account(folder: Path) -> list[dict[str, Any]]:
    """Somebody writes to a number, and the application is asked by somebody at its page."""
    text = """
        numbers: {"+4721000000": {sms_url: "http://127.0.0.1:5000/sms"}}
        texts: [{from: "+4791111111", to: "+4721000000", body: hello}]
        triggers: [{request: "GET http://127.0.0.1:5000/page"}]
    """
    account = prepared(folder, text)
    client_of(account).messages.list()
    return list(played(account, Documents(sms="<Message>Hello</Message>", page="")).events())


def test_a_trace_of_an_account_is_what_the_schema_says(tmp_path: Path) -> None:
    trace = _of_an_account(tmp_path)
    assert [event["event"] for event in trace] == ["rest", "message", "message", "trigger"]
    assert _wrong(trace) == []


def test_these_calls_hold_every_event_of_the_contract(tmp_path: Path) -> None:
    seen: set[str] = set()
    for steps in CALLERS.values():
        plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=steps, legs={"*": FAR_ENDS["answer"]})
        seen |= {event["event"] for event in play(plan, WsgiTransport(EVERYTHING)).trace}
    seen |= {event["event"] for event in (*_streamed(), *_relayed(), *_of_an_account(tmp_path))}
    changed = Session(CallPlan(url="http://127.0.0.1:5000/voice"))
    changed.drive(WsgiTransport(EVERYTHING).send, lambda _: None)
    changed.complete()
    seen |= {event["event"] for event in changed.trace.events}
    assert seen == {each["$ref"].removeprefix("#/$defs/") for each in TRACE["oneOf"]}


WHOLE_SCENARIO = """
name: everything that a scenario may hold
call: {url: "https://example.org/voice", method: GET, from: anonymous, to: "116117", auth_token: "1", account_sid: AC1,
       fallback_url: "https://example.org/fallback", status_callback: "https://example.org/status",
       started: "2026-12-31T23:50:00+01:00",
       public_urls: {"https://example.org": "http://127.0.0.1:3000"}, shared_key: "webhooks_sharedkey_1=abc",
       connection: "rc=2&rt=3000", caller_ids: ["+4799999999"], params: {ForwardedFrom: "116117"}}
steps: [{hear: hello}, {press: "1*#"}, {wait: 0.5}, {press_now: "5"},
        {say: {words: Bergen, heard_as: "", confidence: 0.4}}, {noise: {seconds: 2.5, heard_as: Os, confidence: 1}},
        {update: true}, {hang_up: true}]
stay: 60
legs: {"+4755568700": {answer: 3, talk: 20, keys: "", machine: false}, "+47*": busy, "1": no-answer, "2": failed,
       "3": [{busy: 2.5}, {failed: 0}, {answer: 1, thinks: 2, leaves: 3}],
       "*": answer}
faults: [{request: any, fault: oversized}, {purpose: status, fault: lost}, {callbacks: reordered},
         {request: 2, purpose: status, fault: late 5}, {request: 7, fault: redirects 11}, {request: 8, fault: bad_xml},
         {request: 9, fault: wrong_type}, {request: 1, fault: timeout}, {request: 2, fault: status 503},
         {request: 3, fault: delay 4.5},
         {request: 4, fault: duplicate}, {request: 5, fault: reset}, {request: 6, fault: refuse}]
expect: {ended: no-answer, heard: [a], never_heard: [], dialled: [], never_dialled: ["113"], warnings: [12200],
         requests: [POST /voice, "GET https://example.org/voice"], max_seconds: {first_leg: 60, end: 120.5}}
"""


def test_a_scenario_may_hold_all_this(tmp_path: Path) -> None:
    file = tmp_path / "whole.yaml"
    file.write_text(WHOLE_SCENARIO, "utf-8")
    assert load_scenario(file).name == "everything that a scenario may hold"
    assert faults(SCENARIO, yaml.safe_load(WHOLE_SCENARIO)) == []


def test_the_schema_has_every_key_that_the_reader_knows() -> None:
    whole = yaml.safe_load(WHOLE_SCENARIO)
    assert SCENARIO["$defs"]["scenario"]["properties"].keys() == whole.keys()
    assert SCENARIO["$defs"]["call"]["properties"].keys() == whole["call"].keys()
    assert SCENARIO["$defs"]["expect"]["properties"].keys() == whole["expect"].keys()
    assert list(SCENARIO["$defs"]["step"]["properties"]) == [next(iter(step)) for step in whole["steps"]]


@pytest.mark.parametrize(
    "wrong",
    [
        "[]",
        "steps: []",
        "{call: {}, stpes: []}",
        "call: {uri: 'http://127.0.0.1/'}",
        "call: {url: 'ftp://127.0.0.1/'}",
        "call: {method: PUT}",
        "call: {from: +4791234567}",
        "{call: {}, steps: [{press: 1}]}",
        "{call: {}, steps: [{press: '1 2'}]}",
        "{call: {}, steps: [{press: '1', wait: 2}]}",
        "{call: {}, steps: [{}]}",
        "{call: {}, steps: [{hear: ' '}]}",
        "{call: {}, steps: [{wait: -1}]}",
        "{call: {}, steps: [{hang_up: false}]}",
        "{call: {}, legs: {'*': asleep}}",
        "{call: {}, legs: {'*': {talk: 2}}}",
        "{call: {}, legs: {'*': []}}",
        "{call: {}, legs: {'*': [[busy]]}}",
        "{call: {}, legs: {'*': {busy: 2, answer: 3}}}",
        "{call: {started: '2026-12-31 23:50'}}",
        "{call: {}, faults: [{request: 0, fault: timeout}]}",
        "{call: {}, faults: [{request: 1, fault: status 700}]}",
        "{call: {}, faults: [{request: 1, fault: sleep}]}",
        "{call: {}, faults: [{fault: timeout}]}",
        "{call: {}, faults: [{purpose: weather, fault: timeout}]}",
        "{call: {}, faults: [{callbacks: shuffled}]}",
        "{call: {}, expect: {ended: answered}}",
        "{call: {}, expect: {dialled: [113]}}",
        "{call: {}, expect: {requests: [voice]}}",
        "{call: {}, expect: {max_seconds: {start: 1}}}",
        "{call: {}, expect: {warnings: ['12200']}}",
    ],
)
def test_a_wrong_scenario_is_refused(wrong: str) -> None:
    assert faults(SCENARIO, yaml.safe_load(wrong))


@pytest.mark.parametrize(
    ("event", "change"),
    [
        ("call", {"sid": "CA1"}),
        ("request", {"n": 0}),
        ("request", {"purpose": "other"}),
        ("request", {"params": {"Digits": 1}}),
        ("response", {"ms": None}),
        ("status", {"status": "answered"}),
        ("say", {"until": None}),
        ("say", {"cut": 0}),
        ("play", {"url": "a", "digits": "1"}),
        ("pause", {"seconds": 1}),
        ("listen", {"num_digits": "4"}),
        ("key", {"digit": "12"}),
        ("key", {"leg": "1"}),
        ("gather", {"ended_by": "boredom"}),
        ("leg", {"status": "answered"}),
        ("record", {"digits": "hung up"}),
        ("warning", {"line": "1"}),
        ("ended", {"t": -1}),
        ("ended", {"status": "ringing"}),
        ("ended", {"event": "finished"}),
    ],
)
def test_a_wrong_event_is_refused(event: str, change: dict[str, object]) -> None:
    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=CALLERS["speaking"])
    trace = play(plan, WsgiTransport(EVERYTHING)).trace + play(plan, WsgiTransport(Documents(voice=""))).trace
    trace.append({"t": 0.0, "event": "key", "digit": "1", "heard": True})
    right = next(each for each in trace if each["event"] == event)
    assert faults(TRACE, right) == []
    assert faults(TRACE, {**right, **change})


def test_an_event_without_one_of_its_fields_is_refused() -> None:
    plan = CallPlan(url="http://127.0.0.1:5000/voice", steps=CALLERS["pressing"])
    for event in play(plan, WsgiTransport(EVERYTHING)).trace:
        for field in event.keys() - {"leg"}:
            shorter = {name: value for name, value in event.items() if name != field}
            assert faults(TRACE, shorter), f"{event} without {field}"


@pytest.mark.parametrize("name", ["scenario", "trace"])
def test_a_schema_names_its_draft_and_uses_only_what_exists(name: Any) -> None:
    schema = load_schema(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    used = set(json.dumps(schema).split('"#/$defs/')[1:])
    assert {each.split('"')[0] for each in used} == schema["$defs"].keys()


def test_the_validator_refuses_a_keyword_that_it_does_not_know() -> None:
    with pytest.raises(AttributeError):
        faults({"maxItems": 1}, [])
