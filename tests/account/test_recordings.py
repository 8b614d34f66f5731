"""Recordings of an account: who makes them, what REST tells of them, what is done to them, and what they sound like."""

import io
import json
import shutil
import wave
from array import array
from dataclasses import replace
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Account, Leg
from ivr.simulator.account.account_call import AccountCall
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.media.tones import key_frames
from ivr.simulator.media.ulaw import decode
from ivr.simulator.rest import RestReply
from tests.library.apps import Documents

LINE, ANNA, BO = "+4721000000", "+4791234567", "+4792222222"
BASE = "http://127.0.0.1:5000"
PAUSE = '<Say>Hello.</Say><Pause length="60"/>'
TOLD = 'recordingStatusCallback="/told" recordingStatusCallbackEvent="in-progress completed"'
RECORD = '<Record action="/after"/>'
RATE = 8000


class World:
    """An account with one number, its application, and Twilio's client."""

    def __init__(self, voice: str = PAUSE) -> None:
        self.app = Documents(voice=voice, told="", after="<Say>Thank you.</Say>")
        self.account = Account(legs={"*": Leg.answer(2, talk=20)})
        self.account.number(LINE, voice=self.app)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def call(self) -> AccountCall:
        return self.account.call(ANNA, LINE)

    def get(self, url: str, auth: tuple[str, str] | None = None) -> RestReply:
        return self.account.rest.request("GET", url, auth=auth)

    def wav(self, sid: str, query: str = "") -> tuple[int, "array[int]"]:
        """Channels, and samples; every file is 8 kHz and 16 bit."""
        reply = self.get(f"https://api.twilio.com/2010-04-01/Accounts/{self.account.sid}/Recordings/{sid}.wav{query}")
        assert (reply.status_code, reply.headers["content-type"]) == (200, "audio/x-wav")
        return read_wav(reply.content)

    def told(self) -> list[dict[str, str]]:
        return [fields for asked, fields in self.app.asked if asked == "/told"]

    def refused(self, path: str, **form: str) -> tuple[int, int]:
        """Status and code of a POST, or of a GET without a form."""
        url = f"https://api.twilio.com/2010-04-01/Accounts/{self.account.sid}/{path}"
        login = (self.account.sid, self.account.auth_token)
        reply = self.account.rest.request("POST" if form else "GET", url, data=form, auth=login)
        return reply.status_code, json.loads(reply.text)["code"]


def read_wav(content: bytes) -> tuple[int, "array[int]"]:
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (RATE, 2)
        return file.getnchannels(), array("h", file.readframes(file.getnframes()))


def tone_of(key: str) -> "array[int]":
    return decode(b"".join(key_frames(key)))


def where_heard(samples: "array[int]", key: str) -> list[float]:
    """The seconds at which the key's tone begins."""
    wanted, found, at = tone_of(key).tobytes(), [], 0
    audio = samples.tobytes()
    while (at := audio.find(wanted, at)) >= 0:
        found.append(at / 2 / RATE)
        at += len(wanted)
    return found


# Who makes them.


def test_what_record_has_taken_is_listed_and_fetched_at_the_address_that_the_action_was_told() -> None:
    world = World(f'<Record action="/after" timeout="4" trim="do-not-trim" {TOLD}/>')
    caller = world.call()
    world.account.wait(2.5)
    caller.press_now("5")
    world.account.run()
    told = world.app.fields("/after")
    (recording,) = world.client.recordings.list()
    assert (recording.sid, recording.source, recording.status) == (told["RecordingSid"], "RecordVerb", "completed")
    assert (recording.call_sid, recording.duration, recording.channels) == (caller.sid, told["RecordingDuration"], 1)
    fetched = json.loads(world.get(f"{told['RecordingUrl']}.json", (world.account.sid, world.account.auth_token)).text)
    assert fetched["sid"] == told["RecordingSid"]
    assert world.get(told["RecordingUrl"]).content == world.get(f"{told['RecordingUrl']}.wav").content


def test_each_way_to_record_makes_one_that_is_found_at_its_call_and_its_conference() -> None:
    for voice, source in (
        (f'<Dial record="record-from-answer">{BO}</Dial>', "DialVerb"),
        ('<Dial><Conference record="record-from-start">Room</Conference></Dial>', "Conference"),
        (RECORD, "RecordVerb"),
    ):
        world = World(voice)
        first, second = world.call(), world.call()
        world.account.wait(15)
        for call in (second, first):
            if call.ended is None:
                call.hang_up()
        world.account.run()
        recording = next(each for each in world.client.recordings.list() if each.call_sid in (first.sid, second.sid))
        assert recording.source == source
        assert world.client.calls(recording.call_sid).recordings.list()[0].sid == recording.sid
        assert world.client.calls(recording.call_sid).recordings(recording.sid).fetch().source == source
        if source == "Conference":
            room = world.client.conferences.list()[0]
            assert room.recordings.list()[0].sid == recording.sid
            assert recording.conference_sid == room.sid
            assert world.client.conferences(room.sid).recordings(recording.sid).fetch().duration == "15"


def test_a_call_that_was_created_with_record_has_a_recording_of_its_whole_length() -> None:
    world = World()
    made = world.client.calls.create(to=ANNA, from_=LINE, url=f"{BASE}/voice", record=True, recording_channels="dual")
    world.account.run()
    (recording,) = world.client.calls(str(made.sid)).recordings.list()
    channels, samples = world.wav(str(recording.sid))
    assert (recording.source, channels, len(samples)) == ("OutboundAPI", 2, 20 * RATE * 2)
    assert world.wav(str(recording.sid), "?RequestedChannels=1")[0] == 1


# What they sound like.


def test_a_key_is_heard_as_its_tones_at_the_moment_it_was_pressed_and_the_rest_is_silence() -> None:
    world = World()
    caller = world.call()
    world.account.wait(1)
    recording = world.client.calls(caller.sid).recordings.create(recording_channels="dual")
    world.account.wait(3)
    caller.press_now("7")
    world.account.wait(6)
    caller.hang_up()
    world.account.run()
    channels, samples = world.wav(str(recording.sid))
    caller_side, other_side = samples[::2], samples[1::2]
    assert (channels, len(caller_side)) == (2, 9 * RATE)
    assert where_heard(caller_side, "7") == [3.0]
    assert not any(other_side)
    assert not any(caller_side[: 3 * RATE])
    assert not any(caller_side[3 * RATE + len(tone_of("7")) :])


def test_tones_of_a_document_are_on_the_side_that_the_caller_hears() -> None:
    world = World(f'<Play digits="wwww9"/>{PAUSE}')
    caller = world.call()
    world.account.wait(1)
    recording = world.client.calls(caller.sid).recordings.create(recording_track="outbound")
    world.account.wait(5)
    caller.press_now("1")
    world.account.wait(1)
    caller.hang_up()
    world.account.run()
    channels, samples = world.wav(str(recording.sid))
    assert (channels, where_heard(samples, "9"), where_heard(samples, "1")) == (1, [1.0], [])


def test_a_trimmed_recording_has_the_length_of_what_was_said() -> None:
    world = World(f'<Record action="/after" {TOLD}/>')
    caller = world.call()
    world.account.wait(3)
    caller.say("one two three four five six seven eight nine ten")
    world.account.run()
    told = world.told()[-1]
    assert told["RecordingDuration"] == "4"
    assert int(world.app.fields("/after")["RecordingDuration"]) > 4
    assert world.client.recordings(told["RecordingSid"]).fetch().duration == "4"
    assert len(world.wav(told["RecordingSid"])[1]) == 4 * RATE


def test_a_recording_of_nothing_but_silence_has_a_file_without_sound() -> None:
    world = World(RECORD)
    world.call()
    world.account.wait(20)
    assert world.wav(str(world.client.recordings.list()[0].sid)) == (1, array("h"))


def test_keys_of_everybody_in_a_conference_are_in_its_recording_while_they_are_in_it() -> None:
    world = World('<Dial><Conference record="record-from-start">Room</Conference></Dial><Pause length="9"/>')
    first, second = world.call(), world.call()
    room = world.client.conferences.list()[0]
    world.account.wait(1)
    first.press_now("1")
    world.account.wait(1)
    second.press_now("2")
    world.account.wait(1)
    third = world.call()
    room.participants(first.sid).delete()
    world.account.wait(1)
    first.press_now("3")
    third.press_now("4")
    world.account.wait(1)
    for call in (second, third):
        call.hang_up()
    world.account.run()
    (recording,) = world.client.conferences(room.sid).recordings.list()
    _, samples = world.wav(str(recording.sid))
    assert [where_heard(samples, key) for key in "1234"] == [[1.0], [2.0], [], [4.0]]
    assert len(samples) == 5 * RATE


def test_what_was_said_is_a_transcription_at_the_address_that_the_callback_was_told() -> None:
    world = World('<Record action="/after" transcribe="true" transcribeCallback="/told"/>')
    caller = world.call()
    world.account.wait(3)
    caller.say("my son has had a fever since last night")
    world.account.run()
    told = world.told()[-1]
    login = (world.account.sid, world.account.auth_token)
    fetched = json.loads(world.get(f"{told['TranscriptionUrl']}.json", login).text)
    assert (fetched["sid"], fetched["transcription_text"]) == (told["TranscriptionSid"], told["TranscriptionText"])
    of_recording = world.client.recordings(told["RecordingSid"]).transcriptions
    assert [each.sid for each in of_recording.list()] == [each.sid for each in world.client.transcriptions.list()]
    assert world.client.transcriptions(fetched["sid"]).fetch().recording_sid == told["RecordingSid"]
    assert of_recording(fetched["sid"]).delete()
    assert world.client.transcriptions.list() == []
    assert world.refused("Recordings/RE0/Transcriptions.json") == (404, 20404)


# What is done to them.


def test_a_recording_of_a_live_call_begins_at_the_moment_of_the_request_and_is_told() -> None:
    world = World()
    caller = world.call()
    world.account.wait(5)
    events = ["in-progress", "completed"]
    made = world.client.calls(caller.sid).recordings.create(
        recording_status_callback=f"{BASE}/told", recording_status_callback_event=events
    )
    assert (made.status, made.source, made.track, made.duration) == (
        "in-progress",
        "StartCallRecordingAPI",
        "both",
        None,
    )
    world.account.wait(0)
    assert world.told()[0]["RecordingStartTime"] == "Thu, 01 Jan 2026 00:00:05 +0000"
    world.account.wait(10)
    caller.hang_up()
    world.account.run()
    assert [each["RecordingStatus"] for each in world.told()] == events
    assert (world.told()[1]["RecordingDuration"], world.told()[1]["RecordingSid"]) == ("10", made.sid)


@pytest.mark.parametrize(("behaviour", "length", "heard"), [("skip", 8, [1.0, 5.0]), ("silence", 12, [1.0, 9.0])])
def test_a_pause_is_left_out_or_silent_and_what_is_pressed_in_it_is_not_heard(
    behaviour: str, length: int, heard: list[float]
) -> None:
    world = World()
    caller = world.call()
    world.account.wait(1)
    tape = world.client.calls(caller.sid).recordings(world.client.calls(caller.sid).recordings.create().sid)
    world.account.wait(1)
    caller.press_now("8")
    world.account.wait(3)
    assert tape.update(status="paused", pause_behavior=behaviour).status == "paused"
    world.account.wait(1)
    caller.press_now("8")
    world.account.wait(3)
    assert tape.update(status="in-progress").status == "in-progress"
    world.account.wait(1)
    caller.press_now("8")
    world.account.wait(3)
    caller.hang_up()
    world.account.run()
    recording = tape.fetch()
    _, samples = world.wav(str(recording.sid))
    assert (recording.duration, len(samples), where_heard(samples, "8")) == (str(length), length * RATE, heard)


def test_a_recording_is_stopped_at_the_moment_of_the_request_and_the_call_goes_on() -> None:
    world = World(f'<Dial record="record-from-answer" action="/after" {TOLD}>{BO}</Dial>')
    caller = world.call()
    world.account.wait(7)
    stopped = world.client.calls(caller.sid).recordings("Twilio.CURRENT").update(status="stopped")
    assert stopped.status == "stopped"
    world.account.wait(0)
    assert [each["RecordingStatus"] for each in world.told()] == ["in-progress", "completed"]
    assert (world.told()[1]["RecordingDuration"], caller.status) == ("5", "in-progress")
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls(caller.sid).recordings(str(stopped.sid)).update(status="in-progress")
    assert refused.value.code == 21220
    world.account.run()
    assert world.client.recordings(str(stopped.sid)).fetch().duration == "5"
    assert world.app.fields("/after")["RecordingDuration"] == "5"
    assert len(world.told()) == 2


def test_the_recording_of_a_conference_is_stopped_when_the_one_who_began_it_has_left() -> None:
    world = World(f'<Dial><Conference record="record-from-start" {TOLD}>Room</Conference></Dial>')
    calls = [world.call() for _ in range(3)]
    room = world.client.conferences.list()[0]
    world.account.wait(4)
    calls[1].hang_up()  # the conference, and its recording, began with the second
    world.account.wait(4)
    world.client.conferences(room.sid).recordings("Twilio.CURRENT").update(status="stopped")
    world.account.wait(0)
    assert (world.told()[-1]["RecordingStatus"], world.told()[-1]["RecordingDuration"]) == ("completed", "8")
    for call in calls:
        if call.ended is None:
            call.hang_up()
    world.account.run()
    assert [each["RecordingStatus"] for each in world.told()] == ["in-progress", "completed"]


def test_a_deleted_recording_is_not_found_and_neither_is_its_file() -> None:
    world = World(RECORD)
    world.call()
    world.account.wait(20)
    (recording,) = world.client.recordings.list()
    assert recording.delete()
    assert world.client.recordings.list() == []
    assert world.get(f"{recording.media_url}.wav").status_code == 404
    assert world.refused(f"Recordings/{recording.sid}.json") == (404, 20404)


# What is refused, and who may fetch.


def test_what_cannot_be_done_to_a_recording_is_refused_by_name() -> None:
    world = World(f"<Dial>{BO}</Dial>")
    caller = world.call()
    world.account.wait(5)
    leg = world.client.calls.list(parent_call_sid=caller.sid)[0].sid
    made = world.client.calls(caller.sid).recordings.create()
    assert world.refused(f"Recordings/{made.sid}.wav") == (404, 20404)  # it is not over
    with pytest.raises(TwilioRestException, match="only one that is over"):
        made.delete()
    path = f"Calls/{caller.sid}/Recordings"
    assert world.refused(f"{path}/{made.sid}.json", Status="completed") == (400, 20001)
    assert world.refused(f"{path}/{made.sid}.json", PauseBehavior="skip") == (400, 20001)
    assert world.refused(f"{path}.json", Trim="trim-silence") == (501, 0)
    assert world.refused(f"{path}.json", RecordingStatusCallback="nowhere") == (400, 21205)
    assert world.refused(f"Calls/{leg}/Recordings.json", Trim="do-not-trim") == (501, 0)
    assert world.refused("Calls/CA0/Recordings.json") == (404, 20404)
    world.account.run()
    assert world.refused(f"Recordings/{made.sid}.mp3") == (501, 0)
    assert world.refused(f"Recordings/{made.sid}.wav?RequestedChannels=3") == (400, 20001)
    assert world.refused(f"{path}.json", RecordingTrack="both") == (400, 21220)  # the call is over


def test_a_file_is_fetched_without_a_login_and_a_wrong_login_is_refused() -> None:
    world = World(RECORD)
    world.call()
    world.account.wait(20)
    url = str(world.client.recordings.list()[0].media_url)
    assert world.get(url).status_code == 200
    assert world.get(url, (world.account.sid, "wrong")).status_code == 401
    assert world.get(f"{url}.json").status_code == 401


def test_recordings_are_listed_newest_first_by_call_and_by_date() -> None:
    world = World(RECORD)
    first = world.call()
    world.account.wait(86_400)
    second = world.call()
    world.account.wait(20)
    listed: Any = world.client.recordings.list
    newest = [each.call_sid for each in listed()]
    assert (newest[0], newest[-1]) == (second.sid, first.sid)
    assert {each.call_sid for each in listed(call_sid=first.sid)} == {first.sid}
    dated = world.get(
        f"https://api.twilio.com/2010-04-01/Accounts/{world.account.sid}/Recordings.json?DateCreated=2026-01-02",
        (world.account.sid, world.account.auth_token),
    )
    assert {each["call_sid"] for each in json.loads(dated.text)["recordings"]} == {second.sid}


FIELDS = """sid account_sid call_sid conference_sid api_version date_created date_updated start_time duration status
channels source price price_unit error_code encryption_details uri"""


@pytest.mark.parametrize(
    ("where", "more"),
    [("", "media_url subresource_uris"), ("Calls/{call}/", "track"), ("Conferences/{conference}/", "")],
)
def test_a_recording_has_all_the_fields_of_twilios_schema(where: str, more: str) -> None:
    """twilio-oai, twilio_api_v2010.json, api.v2010.account.recording, ...call_recording, ...conference_recording."""
    world = World('<Dial><Conference record="record-from-start">Room</Conference></Dial>')
    world.call()
    world.call()
    room = world.client.conferences.list()[0]
    (recording,) = room.recordings.list()
    path = where.format(call=recording.call_sid, conference=room.sid) + f"Recordings/{recording.sid}.json"
    reply = world.get(
        f"https://api.twilio.com/2010-04-01/Accounts/{world.account.sid}/{path}",
        (world.account.sid, world.account.auth_token),
    )
    assert set(json.loads(reply.text)) == set(f"{FIELDS} {more}".split())


class _Buzz(Speaker):
    """Speaks every text as one second of a buzz that is 11 025 samples a second."""

    def speak(self, text: str, language: str) -> bytes | None:
        if not text:
            return None
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(11_025)
            file.writeframes(array("h", [9000, 9000, -9000, -9000] * 2756).tobytes())
        return out.getvalue()


def test_words_are_heard_where_they_were_said_and_a_key_cuts_them() -> None:
    world = World(f'<Say>Hello.</Say><Record action="/after"/>{PAUSE}')
    core = world.account._core
    core.options = replace(core.options, speaker=_Buzz("buzz"))
    caller = world.call()
    whole = world.client.calls(caller.sid).recordings.create(recording_channels="dual")
    world.account.wait(3)
    caller.say("Please call me back.")
    world.account.run()
    _, samples = world.wav(str(whole.sid))
    said, heard = samples[::2], samples[1::2]
    assert any(heard[: RATE // 2])
    assert any(said)
    of_verb = next(each for each in world.client.recordings.list() if each.source == "RecordVerb")
    _, taken = world.wav(str(of_verb.sid))
    assert max(abs(sample) for sample in taken[:RATE]) == pytest.approx(9000, rel=0.2)
    assert not any(taken[RATE + 100 : 2 * RATE])


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_real_voice_speaks_the_words_where_the_account_asks_for_it() -> None:
    world = World('<Say language="nb-NO">Hei, dette er en prøve.</Say><Pause length="20"/>')
    world.account = Account(speech=True)
    world.account.number(LINE, voice=world.app)
    world.client = Client(world.account.sid, world.account.auth_token, http_client=world.account.rest)
    caller = world.call()
    recording = world.client.calls(caller.sid).recordings.create()
    world.account.wait(10)
    caller.hang_up()
    world.account.run()
    _, samples = world.wav(str(recording.sid))
    loud = [place for place, sample in enumerate(samples) if abs(sample) > 500]
    assert 0.3 < (loud[-1] - loud[0]) / RATE < 5
