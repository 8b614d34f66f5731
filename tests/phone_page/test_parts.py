"""The parts behind the page, each alone: curl lines, speech, the map of the flow, orders, the log."""

import re
import shlex
import wave
from html import unescape
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.line.service.bootstrap import Edition
from ivr.simulator import CallPlan, HttpTransport, Session, WsgiTransport, keys_to_steps
from ivr.simulator.engine.effects import Fetch
from ivr.simulator.languages import pages
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.plan import Noise, Speak, Step
from ivr.simulator.rest_server import RestServer
from ivr.simulator.session import play
from ivr.simulator.web_phone.curl import as_curl
from ivr.simulator.web_phone.flow_map import FlowMap, MapEdge, Position
from ivr.simulator.web_phone.line import BundledLine, load_line, pictured
from ivr.simulator.web_phone.live import PhoneCall
from ivr.simulator.web_phone.log import Log
from ivr.simulator.web_phone.page_requests import OrderError, obey, read_order
from ivr.simulator.web_phone.phone import Phone, Webhook
from ivr.simulator.web_phone.phones import MOST, Phones
from ivr.simulator.web_phone.running_clock import RunningClock
from ivr.simulator.web_phone.scenario_recorder import ScenarioRecorder
from ivr.simulator.web_phone.translations import translations
from tests.phone_page.person import Person
from tests.simulator.webhook import URL, webhook


def test_a_curl_line_sends_the_same_signed_request() -> None:
    fetch = Session(CallPlan(URL, from_="+4791234567")).effect
    assert isinstance(fetch, Fetch)
    words = shlex.split(as_curl(fetch))
    headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
    fields = dict(parse_qsl(words[words.index("--data-raw") + 1], keep_blank_values=True))
    assert words[:3] == ["curl", "-i", URL]
    assert fields["From"] == "+4791234567"
    assert RequestValidator(AUTH_TOKEN).validate(URL, fields, headers["X-Twilio-Signature"])


def test_a_curl_line_of_a_get_has_no_body() -> None:
    fetch = Session(CallPlan(URL, method="GET")).effect
    assert isinstance(fetch, Fetch)
    line = as_curl(fetch)
    assert "-X GET" in line
    assert "--data" not in line


# Speech


def _program(folder: Path, body: str) -> str:
    path = folder / "espeak-ng"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_a_prompt_is_spoken_once_and_kept(tmp_path: Path) -> None:
    program = _program(tmp_path, f'cat; echo " $*" | tee -a {tmp_path}/calls')
    speaker = Speaker(program)
    first = speaker.speak("Hei", "nb-NO")
    assert first is not None
    assert first.decode().startswith("Hei -v nb -s 150")
    assert speaker.speak("Hei", "nb-NO") == first
    assert len((tmp_path / "calls").read_text().splitlines()) == 1


def _wav(seconds: int) -> bytes:
    """8 000 bytes a second, with the sizes that a program writes to a pipe."""
    sound = BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000 * seconds))
    return sound.getvalue().replace((8000 * seconds).to_bytes(4, "little"), b"\x00\xf0\xff\x7f", 1)


def test_a_prompt_takes_as_long_as_the_voice_and_its_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "three.wav").write_bytes(_wav(3))
    speaker = Speaker(_program(tmp_path, f'cat "{tmp_path}/three.wav"'))
    assert speaker.seconds("Hei", "nb-NO") == 3
    with wave.open(BytesIO(speaker.speak("Hei", "nb-NO") or b"")) as sound:
        assert sound.getnframes() == 3 * 8000
    app = webhook(voice='<Say language="nb-NO">Hei</Say><Say language="nb-NO">Hei igjen</Say>')
    events = play(CallPlan(URL, voice=speaker.seconds), WsgiTransport(app)).events("say")
    assert [event["until"] - event["t"] for event in events] == [3, 3]
    assert Speaker(_program(tmp_path, "cat")).seconds("Hei", "nb-NO") is None


@pytest.mark.parametrize("body", ["exit 1", "exit 0"])
def test_a_voice_that_fails_is_silence(tmp_path: Path, body: str) -> None:
    assert Speaker(_program(tmp_path, body)).speak("Hei", "nb-NO") is None


def test_without_a_program_or_a_voice_there_is_silence(tmp_path: Path) -> None:
    assert not Speaker().can_speak
    assert Speaker().speak("Hei", "nb-NO") is None
    no_such_voice = _program(tmp_path, '[ "$2" != se ] && cat')
    assert Speaker(no_such_voice).speak("Bures", "se-NO") is None
    assert Speaker(no_such_voice).speak("Hei", "nb-NO") == b"Hei"


@pytest.mark.parametrize(
    ("language", "voice"), [("nn-NO", "nb"), ("no", "nb"), ("en-US", "en-gb"), ("pl-PL", "pl"), ("UK-ua", "uk")]
)
def test_a_language_has_the_voice_of_its_folder_or_the_one_of_its_name(
    tmp_path: Path, language: str, voice: str
) -> None:
    assert Speaker(_program(tmp_path, 'echo "$2"')).speak("Hei", language) == f"{voice}\n".encode()


@pytest.mark.parametrize("language", ["", "-", "x-klingon", "../nb", "nb/../en", "mb_voice"])
def test_what_is_no_language_is_silence(tmp_path: Path, language: str) -> None:
    assert Speaker(_program(tmp_path, "cat")).speak("Hei", language) is None


# The map of the flow

PLAN = FlowMap(
    name="small",
    words={},
    start="open",
    nodes={"open": "say", "menu": "menu", "ring": "ring", "bye": "end", "red": "danger"},
    ways=(MapEdge("open", "menu", ""), MapEdge("menu", "ring", "1"), MapEdge("ring", "bye", "talked")),
    ends=frozenset({"bye"}),
    red_flag="red",
    person="ring",
)


def test_the_way_runs_along_the_lines_and_key_nine_jumps() -> None:
    position = Position(PLAN)
    position.reply(b'<Gather action="http://h/voice/menu?s=1">')
    assert position.way == ["open", "menu"]
    position.reply(b'<Gather action="/voice/red?s=1">')
    assert position.way == ["open", "menu", "red"]


def test_a_reply_that_names_no_node_is_an_end_or_changes_nothing() -> None:
    position = Position(PLAN)
    position.reply(b'<Dial action="/voice/ring?s=1">')
    position.reply(b"<Response/>")
    assert position.node == "bye"
    position.reply(b"<Response/>")
    assert position.node == "bye"


def test_the_picture_is_in_each_language_of_the_page_with_the_titles_of_the_flow(edition: Edition) -> None:
    plan = pictured(edition).plan
    assert set(plan.words) == set(pages())
    for code, words in plan.words.items():
        assert set(words.titles) == set(plan.nodes)
        assert len(words.labels) == len(plan.ways)
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", words.svg)
        assert set(map(unescape, texts)) >= set(words.titles.values())
        left = set()
        for text in map(unescape, texts):
            known = (*words.titles.values(), *pages()[code].words.values())
            bare = re.sub("|".join(re.escape(each) for each in sorted(known, key=len, reverse=True)), "", text)
            left |= set(re.findall(r"[^\W\d]{4,}", bare))
        assert not left or code == "en", left


def test_a_text_is_laid_beside_its_translation_sentence_by_sentence_where_they_have_as_many() -> None:
    hi, one = {"nb": "Hei. Vent litt!", "en": "Hi. Please wait!"}, {"nb": "Takk.", "en": "Thank you. So long."}
    assert translations([hi, one, hi]) == [
        {"nb": "Hei.", "en": "Hi."},
        {"nb": "Vent litt!", "en": "Please wait!"},
        {"nb": "Takk.", "en": "Thank you. So long."},
    ]


# Orders


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"from": "me"}, "the caller's number"),
        ({"from": 5}, "from is a text"),
        ({"to": "anonymous"}, "the number called"),
        ({"moment": "tonight"}, "a date and a time"),
        ({"moment": "1999-01-01T00:00"}, "between the years"),
        ({"legs": []}, "legs are numbers"),
        ({"legs": {"*": "asleep"}}, "a leg is a number"),
        ({"legs": {"drop table": "busy"}}, "a leg is a number"),
        ({"speed": 3}, "the speed is one of 1, 2, 4, 20"),
        ({"speed": True}, "the speed is one of"),
    ],
)
def test_an_order_that_is_none_is_refused_in_a_sentence(asked: dict[str, object], words: str) -> None:
    with pytest.raises(OrderError, match=words):
        read_order(asked)


def test_an_hour_that_the_clocks_skip_becomes_the_one_after_it() -> None:
    moment = read_order({"moment": "2026-03-29T02:30"}).moment
    assert moment is not None
    assert moment.isoformat() == "2026-03-29T03:30:00+02:00"


def test_exceptions_come_before_the_rule() -> None:
    legs = read_order({"legs": {"*": "answer", "+4755568700": "busy"}}).legs
    assert legs is not None
    assert list(legs) == ["+4755568700", "*"]


@pytest.mark.parametrize(
    ("asked", "steps"),
    [
        ({"do": "say", "text": "Os ", "heard_as": "Oslo", "confidence": 0.4}, Speak("Os", "Oslo", 0.4)),
        ({"do": "say", "text": "Os"}, Speak("Os")),
        ({"do": "noise", "seconds": 3}, Noise(3)),
        ({"do": "noise", "seconds": 3, "heard_as": "Os", "confidence": 0.2}, Noise(3, "Os", 0.2)),
    ],
    ids=["recognised wrongly", "as said", "noise", "noise taken for words"],
)
def test_what_is_recognised_of_speech_and_noise_is_recorded_as_a_step(asked: dict[str, object], steps: Step) -> None:
    recorder, acts = ScenarioRecorder(), list[Any]()
    obey(SimpleNamespace(do=acts.append), asked)  # type: ignore[arg-type]
    recorder.add(acts[0], 1.0, [], listened=True)
    assert recorder.steps[-1] == steps


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"do": "dance"},
        {"do": "key", "digit": "12"},
        {"do": "key"},
        {"do": "say", "text": " "},
        {"do": "say", "text": "Bergen", "heard_as": 5},
        {"do": "say", "text": "Bergen", "confidence": 1.5},
        {"do": "say", "text": "Bergen", "confidence": True},
        {"do": "noise"},
        {"do": "noise", "seconds": 3600},
        {"do": "far", "sid": "CA1", "act": "sleep"},
        {"do": "far", "sid": "CA1", "act": "press", "key": "x"},
        {"do": "fault", "kind": "fire"},
        {"do": "fault", "kind": "late", "value": 3},
        {"do": "fault", "kind": "delay", "value": -1},
        {"do": "fault", "kind": "delay", "value": "long"},
        {"do": "pace", "speed": 7},
    ],
)
def test_an_act_that_is_none_is_refused(asked: dict[str, object]) -> None:
    call = PhoneCall(CallPlan(URL), WsgiTransport(webhook(voice="")), Person([]))
    with pytest.raises(OrderError):
        obey(call, asked)


# The log, the clock, the phones


def test_a_listener_gets_what_it_has_not_seen_and_nothing_of_former_calls() -> None:
    log = Log()
    for number in range(3):
        log.tell({"n": number})
    assert log.after(1, 0) == (3, [{"n": 1}, {"n": 2}])
    log.clear()
    log.tell({"n": 3})
    assert log.after(0, 0) == (4, [{"n": 3}])
    assert log.after(4, 0) == (4, [])


def test_call_time_runs_at_its_speed_and_stands_when_stopped() -> None:
    wall = [100.0]
    clock = RunningClock(lambda: wall[0])
    assert clock.left(5) is None
    clock.start()
    wall[0] += 2
    clock.run_at(4)
    wall[0] += 2
    assert clock.now == 10
    assert clock.left(14) == 1
    clock.stop()
    wall[0] += 50
    assert clock.now == 10


def test_beyond_the_most_a_phone_goes_whose_page_is_gone() -> None:
    phones = Phones(lambda _: Phone(Webhook(URL), None, WsgiTransport(webhook(voice=""))))
    first, second = phones.new(), phones.new()
    with first.log.listening():
        others = [phones.new() for _ in range(MOST - 1)]
        assert phones.get(first.id) is first
        assert phones.get(second.id) is None
        assert phones.get(others[-1].id) is others[-1]
    phones.close()


# A phone in front of the bundled line, and of somebody's webhook


def test_the_callers_of_a_bundled_line_hear_the_announcement_that_it_was_loaded_with() -> None:
    line = BundledLine(load_line("waiting"))
    try:
        outcome = play(CallPlan(line.url, steps=keys_to_steps("1")), HttpTransport())
    finally:
        line.close()
    assert "Det er lengre ventetid enn vanlig hos legevaktene nå." in outcome.heard


def test_a_phone_asks_as_its_webhook_is_set_up() -> None:
    app = webhook(voice="<Hangup/>")
    target = Webhook(URL, params={"Site": "north"}, account_sid="AC" + "1" * 32)
    phone = Phone(target, None, WsgiTransport(app))
    phone.place(read_order({"from": "+4755123456", "to": "116117"}))
    assert phone.call
    assert phone.call.join(30)
    asked = app.asked[0]
    fields = [asked.get(name) for name in ("From", "To", "Site", "AccountSid")]
    assert fields == ["+4755123456", "116117", "north", "AC" + "1" * 32]


def test_the_application_changes_the_call_of_a_page_over_rest() -> None:
    """In the middle of a pause that would last for minutes."""
    app, rest = webhook(voice='<Pause length="600"/><Hangup/>', moved="<Say>Moved</Say><Hangup/>"), RestServer()
    phone = Phone(Webhook(URL), None, WsgiTransport(app), rest=rest)
    try:
        phone.place(read_order({"speed": 20}))
        assert phone.call
        session = phone.call.session
        client = Client(ACCOUNT_SID, AUTH_TOKEN)
        client.api.base_url = rest.url
        client.calls(session.sid).update(url=URL.replace("voice", "moved"))
        assert phone.call.join(30)
        assert [event["text"] for event in session.trace.events if event["event"] == "say"] == ["Moved"]
    finally:
        phone.close()
        rest.close()
