"""<Connect><Stream>: a program on a real WebSocket has the call."""

from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from ivr.base.test_account import AUTH_TOKEN
from ivr.simulator import Call
from ivr.simulator.media.tones import key_frames, tone
from tests.library.apps import Documents
from tests.media.bot import Bot, connect, running
from tests.media.hearing import audio_of, key_of, keys_in, linear, power, seconds_of_sound


def _echo(bot: Bot, message: dict[str, Any]) -> None:
    if message["event"] == "media":
        bot.send(event="media", streamSid=message["streamSid"], media={"payload": message["media"]["payload"]})


def _plays(audio: bytes, *marks: str) -> Any:
    """Plays this at the start, then sends the marks."""

    def answer(bot: Bot, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            bot.play(message["streamSid"], audio)
            for name in marks:
                bot.send(event="mark", streamSid=message["streamSid"], mark={"name": name})

    return answer


def test_the_program_hears_connected_start_media_and_stop_in_this_order_with_rising_numbers() -> None:
    with running() as bot, Call(connect(bot, inside='<Parameter name="who" value="Kari"/>')) as call:
        call.wait(1)
        call.hang_up()
        bot.ended.wait(5)
    kinds = [each["event"] for each in bot.heard]
    assert (kinds[:2], kinds[-1], set(kinds[2:-1])) == (["connected", "start"], "stop", {"media"})
    assert [each["sequenceNumber"] for each in bot.heard[1:]] == [str(n) for n in range(1, len(kinds))]
    start = bot.heard[1]["start"]
    assert (start["tracks"], start["customParameters"]) == (["inbound"], {"who": "Kari"})


def test_a_frame_is_20_ms_of_ulaw_and_a_second_of_call_time_is_50_of_them() -> None:
    with running() as bot, Call(connect(bot)) as call:
        call.wait(2)
    media = [each["media"] for each in bot.events("media")]
    assert [each["timestamp"] for each in media] == [str(20 * n) for n in range(100)]
    assert [each["chunk"] for each in media] == [str(n) for n in range(1, 101)]
    assert len(audio_of(bot.heard, "inbound")) == 16_000


def test_what_the_caller_says_takes_its_time_on_the_inbound_track() -> None:
    with running() as bot, Call(connect(bot)) as call:
        call.wait(1)
        call.say("one two three four five")  # 150 words a minute: 2 s
        call.wait(2)
    assert seconds_of_sound(audio_of(bot.heard, "inbound")) == pytest.approx(2.0, abs=0.021)


def test_a_key_is_a_dtmf_message_and_not_in_the_audio() -> None:
    with running() as bot, Call(connect(bot)) as call:
        call.press("5#")
        call.wait(1)
    assert [each["dtmf"] for each in bot.events("dtmf")] == [
        {"track": "inbound_track", "digit": "5"},
        {"track": "inbound_track", "digit": "#"},
    ]
    assert keys_in(audio_of(bot.heard, "inbound")) == ""


def test_the_programs_audio_is_heard_as_it_was_sent_and_takes_its_time() -> None:
    sound = tone((440,), 50) + b"".join(key_frames("7"))
    with running(_plays(sound)) as bot, Call(connect(bot)) as call:
        call.wait(3)
        (heard,) = call.streamed
        (event,) = (each for each in call.trace if each["event"] == "stream_audio")
    assert heard.ulaw == sound
    assert power(linear(heard.ulaw[:8000]), 440) > 100 * power(linear(heard.ulaw[:8000]), 500)
    assert keys_in(heard.ulaw[8000:]) == "7"
    assert (event["t"], event["until"], event["cut"]) == (0.0, 1.2, False)
    assert bot.heard


def test_an_echo_gives_back_what_the_caller_said_and_later() -> None:
    with running(_echo) as bot, Call(connect(bot)) as call:
        call.say("one two three four five")
        call.wait(3)
        (heard,) = call.streamed
    assert seconds_of_sound(heard.ulaw) == pytest.approx(2.0, abs=0.021)
    assert audio_of(bot.heard, "inbound").startswith(heard.ulaw)


def test_a_mark_comes_back_when_the_audio_before_it_was_played() -> None:
    with running(_plays(tone((440,), 100), "played")) as bot, Call(connect(bot)) as call:
        call.wait(1.9)
        before = bot.events("mark")
        call.wait(0.2)
        marks = [(each["t"], each["name"], each["cleared"]) for each in call.trace if each["event"] == "mark"]
    assert not before
    assert [each["mark"] for each in bot.events("mark")] == [{"name": "played"}]
    assert marks == [(2.0, "played", False)]


def test_clear_silences_the_audio_and_sends_its_marks_back() -> None:
    plays = _plays(tone((440,), 500), "one", "two")

    def answer(bot: Bot, message: dict[str, Any]) -> None:
        plays(bot, message)
        if message["event"] == "dtmf":
            bot.send(event="clear", streamSid=message["streamSid"])

    with running(answer) as bot, Call(connect(bot)) as call:
        call.wait(1)
        call.press("1")
        call.wait(1)
        (heard,) = call.streamed
        (event,) = (each for each in call.trace if each["event"] == "stream_audio")
        dropped = [each["name"] for each in call.trace if each["event"] == "mark" and each["cleared"]]
    assert heard.seconds == pytest.approx(1.0, abs=0.1)
    assert event["cut"]
    assert [each["mark"]["name"] for each in bot.events("mark")] == dropped == ["one", "two"]


def test_when_the_program_closes_the_socket_the_next_verb_is_executed() -> None:
    def answer(bot: Bot, message: dict[str, Any]) -> None:
        if message["event"] == "dtmf":
            bot.close()

    with running(answer) as bot, Call(connect(bot, after="<Say>Goodbye</Say>")) as call:
        call.wait(1)
        assert not call.heard("Goodbye")
        call.press("1")
        assert call.heard("Goodbye")
        assert (call.ended, call.warnings) == ("completed", [])


def test_the_action_is_asked_when_the_stream_is_over() -> None:
    def answer(bot: Bot, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            bot.close()

    with running(answer) as bot:
        app = Documents(
            voice=f'<Connect action="/after"><Stream url="{bot.url()}"/></Connect><Say>never</Say>',
            after="<Say>Thank you</Say>",
        )
        with Call(app) as call:
            assert call.prompts == ["Thank you"]


def test_the_callback_is_told_that_the_stream_has_begun_and_ended() -> None:
    with running() as bot:
        app = connect(bot, name="talk", statusCallback="/told")
        with Call(app) as call:
            call.wait(1)
            call.hang_up()
        told = [fields for path, fields in app.asked if path == "/told"]
    assert [each["StreamEvent"] for each in told] == ["stream-started", "stream-stopped"]
    assert {each["StreamName"] for each in told} == {"talk"}
    assert {each["StreamSid"] for each in told} == {bot.heard[1]["streamSid"]}
    assert told[1]["Timestamp"] == "2026-01-01T00:00:01.000Z"


def test_the_handshake_is_signed_over_the_url_of_the_socket() -> None:
    with running() as bot, Call(connect(bot)):
        pass
    signature = bot.headers["X-Twilio-Signature"]
    assert RequestValidator(AUTH_TOKEN).validate(bot.url(), {}, signature)
    assert not RequestValidator(AUTH_TOKEN).validate(bot.url("/other"), {}, signature)


def test_a_url_may_be_relative_to_the_document() -> None:
    with running() as bot:
        app = Documents(voice='<Connect><Stream url="/relative"/></Connect>')
        with Call(app, base_url=f"http://127.0.0.1:{bot.port}"):
            pass
        assert bot.path == "/relative"


def test_a_wrong_message_is_31951_once_and_the_stream_goes_on() -> None:
    def answer(bot: Bot, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            bot.send_text("what?")
            bot.send_text("how?")
            bot.play(message["streamSid"], b"\x00" * 160)

    with running(answer) as bot, Call(connect(bot), allow_errors=True) as call:
        call.wait(1)
        assert call.warnings == [31951]
        assert call.streamed[0].ulaw == b"\x00" * 160


def test_two_calls_of_the_same_kind_have_the_same_trace() -> None:
    def one() -> list[dict[str, Any]]:
        with running(_plays(tone((440,), 20), "a")) as bot, Call(connect(bot), seed=7) as call:
            call.wait(1)
            call.press("1")
            call.say("hello there")
            call.hang_up()
            hidden = ("ms", "bytes", "url")
            return [{name: value for name, value in event.items() if name not in hidden} for event in call.trace]

    assert one() == one()


def test_silence_is_no_key() -> None:
    assert key_of(b"\xff" * 160) == ""
