"""The trace is a contract: events, fields, order, and the same bytes for the same seed."""

import json
import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.simulator import (
    CallPlan,
    HangUp,
    Hear,
    Leg,
    Outcome,
    Press,
    PressNow,
    Speak,
    Step,
    Wait,
    WsgiTransport,
    keys_to_steps,
    play,
)
from ivr.simulator.report import summary
from ivr.simulator.trace import Event, json_line
from tests.simulator.socket_app import SocketApp
from tests.simulator.webhook import URL, Webhook, call, webhook

# The contract's table: every field that an event has, in a call where all of them occur.
FIELDS = {
    "call": {"sid", "from", "to", "url"},
    "request": {"n", "purpose", "method", "url", "params", "signature"},
    "response": {"n", "status", "content_type", "bytes", "ms"},
    "status": {"status"},
    "say": {"text", "language", "voice", "until", "cut"},
    "play": {"url", "until", "cut"},
    "pause": {"until"},
    "listen": {"timeout", "num_digits", "finish_on_key", "input"},
    "key": {"digit", "heard"},
    "gather": {"digits", "speech", "ended_by"},
    "leg": {"sid", "to", "from", "status"},
    "record": {"duration", "digits"},
    "stream": {"sid", "status"},
    "stream_audio": {"stream", "until", "cut"},
    "mark": {"stream", "name", "cleared"},
    "clear": {"stream"},
    "relay": {"session", "status"},
    "prompt": {"session", "text", "language"},
    "interrupt": {"session", "text", "ms"},
    "warning": {"code", "message", "line", "column", "request"},
    "error": {"code", "message", "line", "column", "request"},
    "ended": {"status", "duration"},
}
# Fields that not each such event has.
OF_SOME = {
    "leg": {"duration"},
    "stream": {"url", "name", "tracks", "both_ways"},
    "relay": {"url"},
}


def _everything() -> Webhook:
    return webhook(
        voice='<Say tone="x">Hello</Say><Play>https://example.org/a.mp3</Play><Pause/>'
        '<Gather numDigits="1" action="/dial"><Say>Press one</Say></Gather>',
        dial='<Dial>+4755568700</Dial><Record timeout="1" action="/after"/>',
        after="<Play>/missing.mp3</Play>",
    )


def _streamed() -> list[Event]:
    """A call in which a program plays, marks and clears."""
    mark = '{"event": "mark", "streamSid": "$sid", "mark": {"name": "end"}}'
    sockets = SocketApp({"start": ["audio 5000", mark], "dtmf": ['{"event": "clear", "streamSid": "$sid"}']})
    app = webhook(voice='<Connect><Stream url="wss://127.0.0.1/"/></Connect>')
    return play(CallPlan(url=URL, steps=(*keys_to_steps("1"), HangUp())), WsgiTransport(app), sockets=sockets).trace


def _relayed() -> list[Event]:
    """A call in which the caller interrupts a program's greeting."""
    greeting = '<ConversationRelay url="wss://127.0.0.1/" welcomeGreeting="Hello, how can I help you?"/>'
    app = webhook(voice=f"<Connect>{greeting}</Connect>")
    steps = (Hear("hello"), Wait(1), Speak("stop"), Wait(1), HangUp())
    return play(CallPlan(url=URL, steps=steps), WsgiTransport(app), sockets=SocketApp()).trace


def test_every_event_has_the_fields_of_the_contract() -> None:
    trace = [*call(_everything(), steps=keys_to_steps("1")).trace, *_streamed(), *_relayed()]
    seen = {event["event"] for event in trace}
    assert seen == set(FIELDS)
    for event in trace:
        name, fields = event["event"], set(event) - {"t", "event"}
        assert FIELDS[name] <= fields <= FIELDS[name] | OF_SOME.get(name, set()), event


def test_a_leg_has_a_duration_when_it_has_ended_and_not_before() -> None:
    outcome = call(_everything(), steps=keys_to_steps("1"))
    assert [("duration" in leg) for leg in outcome.events("leg")] == [False, False, False, True]


def test_play_of_tones_has_digits_in_place_of_a_url() -> None:
    play = call(webhook(voice='<Play digits="1"/>')).events("play")[0]
    assert play["digits"] == "1"
    assert "url" not in play


def test_repeated_parameters_are_a_list() -> None:
    outcome = call(webhook(voice="<Hangup/>"))
    assert isinstance(outcome.events("request")[0]["params"]["CallSid"], str)


def test_the_same_seed_gives_the_same_bytes() -> None:
    def lines(seed: int) -> list[str]:
        outcome = call(_everything(), steps=keys_to_steps("1"), seed=seed)
        return [json_line({**event, "ms": 0} if "ms" in event else event) for event in outcome.trace]

    assert lines(7) == lines(7)
    assert lines(7) != lines(8)


def test_a_line_is_json_and_names_its_scenario_when_there_are_several() -> None:
    assert json.loads(json_line({"t": 0.0, "event": "key"}, "one")) == {"scenario": "one", "t": 0.0, "event": "key"}
    assert "scenario" not in json.loads(json_line({"t": 0.0, "event": "key"}))


def test_a_call_of_twenty_minutes_takes_less_than_a_fifth_of_a_second_of_processor_time() -> None:
    legs = {"*": Leg.answer(5, talk=1200)}
    began = time.process_time()
    outcome = call(webhook(voice="<Dial>+4755568700</Dial>"), legs=legs)
    assert time.process_time() - began < 0.2
    assert outcome.seconds == 1205


def test_a_silent_caller_in_an_endless_menu_is_stopped_after_four_hours_within_seconds() -> None:
    began = time.process_time()
    outcome = call(webhook(voice="<Gather><Say>Press one</Say></Gather><Redirect>/voice</Redirect>"))
    assert outcome.seconds == 14_400
    assert time.process_time() - began < 10


_steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Press, st.text("0123456789*#", min_size=1, max_size=4), st.booleans()),
    st.builds(PressNow, st.text("0123456789*#", min_size=1, max_size=3)),
    st.builds(Wait, st.floats(0, 30)),
    st.builds(Hear, st.sampled_from(["press", "hello", "never"])),
    st.builds(Speak, st.sampled_from(["Bergen", "yes please"])),
    st.builds(HangUp),
)
_legs = st.sampled_from([Leg.answer(2, 9), Leg.answer(2), Leg.busy(), Leg.no_answer(), Leg.failed()])


@settings(max_examples=150, deadline=None)
@given(st.lists(_steps, max_size=6), _legs)
def test_time_never_goes_back_and_a_call_ends_once(steps: list[Step], leg: Leg) -> None:
    app = webhook(
        voice='<Say>Hello</Say><Gather input="dtmf speech" numDigits="2" action="/dial"><Say>Press two</Say></Gather>'
        "<Redirect>/dial</Redirect>",
        dial='<Dial action="/after" timeLimit="60"><Number url="/whisper" statusCallback="/status">+4755568700</Number>'
        "</Dial>",
        whisper='<Gather numDigits="1" action="/taken"><Say>Press one</Say></Gather><Hangup/>',
        taken="<Pause/>",
        after='<Record action="/bye"/>',
        bye="<Say>Goodbye</Say>",
        status="",
    )
    outcome = call(app, steps=tuple(steps), legs={"*": leg})
    times = [event["t"] for event in outcome.trace]
    assert times == sorted(times)
    assert [event["event"] for event in outcome.trace].count("ended") == 1
    assert outcome.trace[-1]["event"] == "ended"
    for event in outcome.trace:
        assert event.get("until", 0) is not None, event
        assert event.get("until", event["t"]) >= event["t"]
    _legs_are_over(outcome.trace)


def _legs_are_over(trace: list[dict[str, Any]]) -> None:
    last = {event["sid"]: event["status"] for event in trace if event["event"] == "leg"}
    assert set(last.values()) <= {"completed", "busy", "no-answer", "failed", "canceled"}


def test_a_plan_without_steps_is_a_silent_caller() -> None:
    assert CallPlan(url="http://127.0.0.1/").steps == ()


def test_a_summary_of_a_call_that_rang_many_names_the_first_and_counts_the_rest() -> None:
    legs = [{"t": float(n), "event": "leg", "to": f"+473900000{n}", "status": "initiated"} for n in range(9)]
    ended = {"t": 9.0, "event": "ended", "status": "completed", "duration": 9}
    assert "+4739000005 and 3 more; 0 requests" in summary(Outcome([*legs, ended], []))
