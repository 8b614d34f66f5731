"""<Start><Stream>: a program hears the call, on a real WebSocket, while the document goes on."""

from itertools import groupby

import pytest

from ivr.simulator import Call
from tests.library.apps import Documents
from tests.media.bot import Bot, running
from tests.media.hearing import audio_of, keys_in, seconds_of_sound


def _start(bot: Bot, track: str, then: str) -> Documents:
    return Documents(
        voice=f'<Start><Stream name="ear" url="{bot.url()}" track="{track}"/></Start>{then}',
        next="<Say>Thank you</Say>",
    )


def test_a_key_sounds_on_the_inbound_track_and_is_no_message() -> None:
    with running() as bot:
        app = _start(bot, "inbound_track", '<Gather numDigits="3" finishOnKey="" action="/next"/>')
        with Call(app) as call:
            call.press("5#0")
        bot.ended.wait(5)
    assert keys_in(audio_of(bot.heard, "inbound")) == "5#0"
    assert not bot.events("dtmf")


def test_what_the_caller_hears_sounds_on_the_outbound_track_for_as_long_as_it_takes() -> None:
    with running() as bot:
        then = '<Say>one two three four five</Say><Pause length="2"/><Play digits="1w9"/><Pause length="1"/>'
        with Call(_start(bot, "outbound_track", then)) as call:
            assert call.seconds == pytest.approx(2 + 2 + 0.9 + 1)
        bot.ended.wait(5)
    audio = audio_of(bot.heard, "outbound")
    assert seconds_of_sound(audio[:32_000]) == pytest.approx(2.0, abs=0.021)
    assert keys_in(audio) == "19"
    assert seconds_of_sound(audio[16_000:32_000]) == 0
    assert not audio_of(bot.heard, "inbound")


def test_words_into_a_gather_sound_on_the_inbound_track_and_the_tracks_come_side_by_side() -> None:
    with running() as bot:
        app = _start(bot, "both_tracks", '<Gather input="speech" speechTimeout="1" action="/next"/>')
        with Call(app) as call:
            call.say("one two three four five")
        bot.ended.wait(5)
    assert seconds_of_sound(audio_of(bot.heard, "inbound")) == pytest.approx(2.0, abs=0.021)
    assert len(audio_of(bot.heard, "inbound")) == len(audio_of(bot.heard, "outbound"))
    moments = [each["media"]["timestamp"] for each in bot.events("media")]
    assert {len(list(group)) for _, group in groupby(moments)} == {2}


def test_stop_ends_the_stream_and_the_call_goes_on() -> None:
    with running() as bot:
        then = '<Pause length="1"/><Stop><Stream name="ear"/></Stop><Pause length="5"/>'
        with Call(_start(bot, "inbound_track", then)) as call:
            assert (call.ended, call.seconds) == ("completed", 6.0)
        bot.ended.wait(5)
    assert len(bot.events("media")) == 50
    assert bot.heard[-1]["event"] == "stop"


def test_a_program_that_closes_its_socket_ends_the_stream_alone() -> None:
    def answer(bot: Bot, message: dict[str, object]) -> None:
        if message["event"] == "start":
            bot.close()

    with running(answer) as bot, Call(_start(bot, "inbound_track", "<Say>It goes on</Say>")) as call:
        assert call.heard("It goes on")
        assert (call.ended, call.warnings) == ("completed", [])


def test_a_stream_and_a_program_that_has_the_call_run_side_by_side() -> None:
    with running() as ear, running() as mouth:
        app = _start(ear, "inbound_track", f'<Connect><Stream url="{mouth.url()}"/></Connect>')
        with Call(app) as call:
            call.press("7")
            call.wait(1)
        ear.ended.wait(5)
    assert keys_in(audio_of(ear.heard, "inbound")) == "7"
    assert [each["dtmf"]["digit"] for each in mouth.events("dtmf")] == ["7"]
    assert keys_in(audio_of(mouth.heard, "inbound")) == ""


def test_a_call_without_streams_opens_nothing() -> None:
    with running() as bot, Call(Documents(voice="<Say>Hello</Say>")) as call:
        assert call.streamed == []
        assert bot.heard == []
