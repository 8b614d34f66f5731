"""Whatever an application sends, the call ends, its trace is as the schema says, and nothing is raised."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.simulator import CallPlan, HangUp, Press, Speak, Wait, WsgiTransport, play
from ivr.simulator.outcome import Outcome
from ivr.simulator.schemas import load_schema
from ivr.simulator.trace import json_line
from tests.library.small_schema import faults
from tests.simulator.socket_app import SocketApp
from tests.simulator.webhook import URL, webhook

TRACE = load_schema("trace")
STEPS = (Wait(1), Speak("hello there"), Press("1"), Wait(1), Press("#"), Wait(20), HangUp())
VOICE = {
    "stream": '<Connect action="/next"><Stream url="wss://127.0.0.1/"/></Connect>',
    "ear": '<Start><Stream url="wss://127.0.0.1/" track="both_tracks"/></Start><Gather input="dtmf speech"/>',
    "relay": '<Connect action="/next"><ConversationRelay url="wss://127.0.0.1/" dtmfDetection="true"'
    ' welcomeGreeting="Hello, what is it about?"/></Connect>',
}
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
_streamed = st.fixed_dictionaries(
    {"event": st.sampled_from(["media", "mark", "clear", "stop"]), "streamSid": st.just("$sid") | _values},
    optional={
        "media": st.fixed_dictionaries({"payload": st.sampled_from(["", "AAAA", "=", "UklGRg=="]) | _values}) | _values,
        "mark": st.fixed_dictionaries({"name": st.text(max_size=9)}) | _values,
    },
)
_words = st.sampled_from(["", "Hello. ", "How are you? ", "\ud800", "\x1b[2J"]) | _values
_relayed = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "play", "sendDigits", "language", "end"])},
    optional={
        "token": _words,
        "last": st.booleans() | _values,
        "lang": _words,
        "interruptible": st.sampled_from([True, False, "any", "none", "dtmf", "speech"]) | _values,
        "preemptible": st.booleans() | _values,
        "source": st.sampled_from(["/a.mp3", "https://example.org/a.mp3", "file:///etc/passwd", "http://["]) | _words,
        "loop": st.integers(-1, 2) | _values,
        "digits": st.sampled_from(["1w2", "*#"]) | _words,
        "ttsLanguage": _words,
        "handoffData": _words,
    },
)
_texts = st.text(max_size=40) | (_streamed | _relayed | _values).map(json.dumps) | st.sampled_from(["close", "break"])
_answers = st.dictionaries(
    st.sampled_from(
        ["connected", "start", "media", "mark", "setup", "prompt", "dtmf 1", "dtmf #", "interrupt", "error"]
    ),
    st.lists(_texts, max_size=6),
    max_size=6,
)


def _called(kind: str, on: dict[str, list[str]]) -> Outcome:
    app = webhook(voice=VOICE[kind], next="<Say>Goodbye</Say>")
    return play(CallPlan(url=URL, steps=STEPS, number=1), WsgiTransport(app), sockets=SocketApp(on))


@pytest.mark.parametrize("kind", VOICE)
@settings(max_examples=40, deadline=None)
@given(on=_answers)
def test_whatever_is_sent_the_call_ends_and_its_trace_is_right(kind: str, on: dict[str, list[str]]) -> None:
    outcome = _called(kind, on)
    assert outcome.ended == "completed"
    wrong = [(event, fault) for event in outcome.trace for fault in faults(TRACE, json.loads(json_line(event)))]
    assert wrong == []
    times = [event["t"] for event in outcome.trace]
    assert times == sorted(times)


def _errors(outcome: Outcome) -> list[str]:
    return [event["message"] for event in outcome.errors]


def test_more_than_a_hundred_wrong_messages_end_a_stream() -> None:
    outcome = _called("stream", {"start": ["what?"] * 5_000, "media": ["what?"]})
    assert outcome.warnings == [31951, 31924]
    assert _errors(outcome) == ["<Stream>: more than 100 messages were wrong (our bound)"]


def test_more_than_a_hundred_wrong_messages_end_a_conversation_and_the_action_is_told() -> None:
    outcome = _called("relay", {"setup": ["what?"] * 5_000})
    assert len(_errors(outcome)) == 102
    told = outcome.events("request")[1]["params"]
    assert (told["SessionStatus"], told["ErrorCode"]) == ("failed", "64107")


def test_marks_are_bounded() -> None:
    mark = '{"event": "mark", "streamSid": "$sid", "mark": {"name": "a"}}'
    outcome = _called("stream", {"start": [mark] * 10_001})
    assert len(outcome.events("mark")) == 10_000
    (warning,) = outcome.events("warning")
    assert warning["message"] == "<Stream>: more than 10000 marks in one stream (our bound); the message is passed over"


def test_what_waits_to_be_said_is_bounded() -> None:
    text: dict[str, Any] = {"type": "text", "token": "x" * 100_000, "last": True}
    outcome = _called("relay", {"setup": [json.dumps(text)] * 12})
    assert len(_errors(outcome)) == 3  # of a million characters, nine texts fit beside the greeting
    assert set(_errors(outcome)) == {"<ConversationRelay>: too much waits to be said (our bound); this is passed over"}
