"""What Twilio's own library writes for its voice verbs is known to the simulator: no name of an attribute, verb or noun
is taken for a mistake (12200)."""

from collections.abc import Callable
from typing import Any

import pytest
from twilio.twiml.voice_response import VoiceResponse

from ivr.simulator.twiml import read_document
from ivr.simulator.twiml.schema import NOT_SIMULATED, SCHEMA_WARNING
from tests.simulator.webhook import Webhook, call, twiml

NUMBER, SIP = "+4755568700", "sip:desk@example.org"
MACHINES = {"machine_detection": "Enable", "machine_detection_timeout": 20, "amd_status_callback": "/amd"}
STATUS = {
    "status_callback": "/status",
    "status_callback_event": "initiated ringing answered completed",
    "status_callback_method": "GET",
}
RECORDED = {
    "recording_status_callback": "/told",
    "recording_status_callback_method": "GET",
    "recording_status_callback_event": "in-progress completed absent",
}
Build = Callable[[Any], object]


def _children(verb: Any, *children: tuple[str, tuple[Any, ...]]) -> object:
    for name, arguments in children:
        getattr(verb, name)(*arguments)
    return verb


SIMULATED: dict[str, Build] = {
    "say": lambda r: r.say("Hello"),
    "say in a language": lambda r: r.say("Hei", voice="Polly.Liv", language="nb-NO", loop=2),
    "say with a break": lambda r: r.say("One").break_(strength="weak", time="1s"),
    "say with emphasis": lambda r: r.say().emphasis("now", level="strong"),
    "say with prosody": lambda r: r.say().prosody("slowly", rate="50%", volume="loud", pitch="low"),
    "say as": lambda r: r.say().say_as("113", interpret_as="telephone"),
    "say with more tags": lambda r: _children(
        r.say(), ("p", ("One",)), ("s", ("Two",)), ("sub", ("NHN", "Norsk Helsenett")), ("lang", ("Takk", "nb-NO"))
    ),
    "play": lambda r: r.play("https://example.org/a.mp3", loop=2),
    "play tones": lambda r: r.play(digits="1w2"),
    "pause": lambda r: r.pause(length=2),
    "hangup": lambda r: r.hangup(),
    "redirect": lambda r: r.redirect("/next", method="GET"),
    "reject": lambda r: r.reject(reason="busy"),
    "leave": lambda r: r.leave(),
    "gather": lambda r: r.gather(num_digits=1, action="/next", method="GET", timeout=3, finish_on_key="#"),
    "gather with prompts": lambda r: _children(r.gather(), ("say", ("One",)), ("play", ("/a.mp3",)), ("pause", (1,))),
    "gather speech": lambda r: r.gather(
        input="speech dtmf", language="en-GB", speech_timeout="3", hints="Bergen, Oslo", speech_model="phone_call"
    ),
    "gather with all": lambda r: r.gather(
        partial_result_callback="/part",
        partial_result_callback_method="GET",
        profanity_filter=False,
        enhanced=True,
        max_speech_time=30,
        barge_in=True,
        debug=False,
        action_on_empty_result=True,
    ),
    "record": lambda r: r.record(),
    "record with all": lambda r: r.record(
        action="/next", timeout=3, finish_on_key="*", max_length=30, play_beep=False, trim="do-not-trim", **RECORDED
    ),
    "dial": lambda r: r.dial(NUMBER),
    "dial with all": lambda r: r.dial(
        NUMBER,
        action="/next",
        method="GET",
        timeout=20,
        hangup_on_star=True,
        time_limit=600,
        caller_id="+4721000000",
        record="record-from-answer",
        trim="trim-silence",
        answer_on_bridge=True,
        ring_tone="no",
        recording_track="both",
        sequential=True,
        refer_url="/refer",
        refer_method="POST",
        events="x",
        **RECORDED,
    ),
    "dial a number": lambda r: r.dial().number(NUMBER, send_digits="w1", url="/whisper", method="GET", **STATUS),
    "dial two numbers": lambda r: _children(r.dial(), ("number", (NUMBER,)), ("number", ("+4755568701",))),
    "dial a client": lambda r: r.dial().client("nurse", url="/whisper", method="GET", **STATUS),
    "dial an identity": lambda r: r.dial().client().identity("nurse"),
    "dial a client with a parameter": lambda r: r.dial().client("nurse").parameter(name="ward", value="3"),
    "dial a sip endpoint": lambda r: r.dial().sip(SIP, username="a", password="b", url="/whisper", **STATUS),
    "dial a queue": lambda r: r.dial().queue("support", url="/soon", method="GET"),
    "dial a conference": lambda r: r.dial().conference("Room"),
    "dial a conference with all": lambda r: r.dial().conference(
        "Room",
        muted=True,
        beep="onEnter",
        start_conference_on_enter=False,
        end_conference_on_exit=True,
        wait_url="/wait",
        wait_method="GET",
        max_participants=10,
        record="record-from-start",
        region="ie1",
        trim="trim-silence",
        status_callback="/status",
        status_callback_event="start end join leave mute hold modify speaker announcement",
        status_callback_method="POST",
        event_callback_url="/event",
        jitter_buffer_size="small",
        participant_label="caller",
        **RECORDED,
    ),
    "enqueue": lambda r: r.enqueue("support"),
    "enqueue with all": lambda r: r.enqueue(
        "support", action="/next", method="GET", wait_url="/wait", wait_url_method="GET", max_queue_size=10
    ),
    "record and transcribe": lambda r: r.record(transcribe=True, transcribe_callback="/told", action="/next"),
    "refer": lambda r: r.refer(action="/next", method="POST").sip(SIP),
    "connect a stream": lambda r: r.connect().stream(url="wss://example.org"),
    "start a stream": lambda r: r.start().stream(name="x", url="wss://example.org", track="both_tracks"),
    "stop a stream": lambda r: r.stop().stream(name="x"),
    "dial a conference to coach": lambda r: r.dial().conference("Room", coach="CA" + "1" * 32),
}
NOT_HERE: dict[str, Build] = {
    "dial a number with detection": lambda r: r.dial().number(NUMBER, byoc="BY1", **MACHINES),
    "dial a sip endpoint with detection": lambda r: r.dial().sip(SIP, **MACHINES),
    "dial an application": lambda r: r.dial().application("AP00000000000000000000000000000000"),
    "dial a sim": lambda r: r.dial().sim("DE00000000000000000000000000000000"),
    "dial whatsapp": lambda r: r.dial().whats_app(NUMBER),
    "dial a reserved call": lambda r: r.dial().queue("support", reservation_sid="WR1", post_work_activity_sid="WA1"),
    "enqueue for a workflow": lambda r: r.enqueue(workflow_sid="WW1").task('{"a": 1}'),
    "connect a virtual agent": lambda r: r.connect(action="/next").virtual_agent(connector_name="x"),
    "start siprec": lambda r: r.start().siprec(name="x", connector_name="y"),
    "pay": lambda r: r.pay(charge_amount="10").prompt(for_="postal-code"),
    "prompt": lambda r: r.prompt(for_="postal-code"),
    "echo": lambda r: r.echo(),
    "sms": lambda r: r.sms("Hello"),
}


def _document(build: Build) -> str:
    response = VoiceResponse()
    build(response)
    return str(response)


def _issues(build: Build) -> list[tuple[int, str]]:
    return [(issue.code, issue.message) for issue in read_document(_document(build).encode()).issues]


def test_there_are_many_documents() -> None:
    assert len(SIMULATED) + len(NOT_HERE) >= 40


@pytest.mark.parametrize("build", SIMULATED.values(), ids=SIMULATED.keys())
def test_a_document_of_the_library_is_read_without_a_word(build: Build) -> None:
    assert _issues(build) == []


@pytest.mark.parametrize("build", NOT_HERE.values(), ids=NOT_HERE.keys())
def test_what_is_not_simulated_is_named_and_is_no_mistake(build: Build) -> None:
    issues = _issues(build)
    assert {code for code, _ in issues} == {NOT_SIMULATED}
    assert all("not simulated" in message for _, message in issues)


@pytest.mark.parametrize("build", SIMULATED.values(), ids=SIMULATED.keys())
def test_a_document_of_the_library_can_be_played(build: Build) -> None:
    body = _document(build).partition("<Response>")[2].removesuffix("</Response>")
    app = Webhook(dict.fromkeys(("/next", "/told", "/status", "/part"), twiml("<Hangup/>")) | {"/voice": twiml(body)})
    app = Webhook({**app.pages, "/wait": twiml('<Pause length="9"/>'), "/soon": twiml("<Say>Soon</Say>")})
    app = Webhook({**app.pages, "/whisper": twiml("<Say>A patient calls</Say>")})
    outcome = call(app)
    assert outcome.trace[-1]["event"] == "ended"
    assert outcome.ended in {"completed", "busy"}


def test_a_mistyped_attribute_is_still_a_mistake() -> None:
    response = VoiceResponse()
    response.dial(NUMBER, time_out=5)
    assert [issue.code for issue in read_document(str(response).encode()).issues] == [SCHEMA_WARNING]
