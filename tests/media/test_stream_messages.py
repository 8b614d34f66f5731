"""The messages of a Media Stream, field by field as on Twilio's page, and what of an application's is refused."""

import json

import pytest

from ivr.simulator.media.stream_messages import (
    AppClear,
    AppMark,
    AppMedia,
    MessageError,
    StreamMessages,
    read_message,
)

SID, CALL, ACCOUNT = "MZ" + "1" * 32, "CA" + "2" * 32, "AC" + "3" * 32


def _made() -> StreamMessages:
    return StreamMessages(SID, CALL, ACCOUNT)


def test_connected_names_the_protocol_and_has_no_number() -> None:
    assert json.loads(_made().connected()) == {"event": "connected", "protocol": "Call", "version": "1.0.0"}


def test_start_tells_the_sids_the_tracks_the_format_and_the_parameters() -> None:
    assert json.loads(_made().start(("inbound",), {"a": "b"})) == {
        "event": "start",
        "sequenceNumber": "1",
        "start": {
            "accountSid": ACCOUNT,
            "streamSid": SID,
            "callSid": CALL,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"a": "b"},
        },
        "streamSid": SID,
    }


def test_numbers_are_texts_and_chunks_are_counted_for_each_track() -> None:
    made = _made()
    made.start(("inbound", "outbound"), {})
    told = [
        json.loads(made.media(track, at, b"\xff\x00"))
        for track, at in (("inbound", 0), ("outbound", 0), ("inbound", 20))
    ]
    assert [each["sequenceNumber"] for each in told] == ["2", "3", "4"]
    assert [each["media"]["chunk"] for each in told] == ["1", "1", "2"]
    assert told[2]["media"] == {"track": "inbound", "chunk": "2", "timestamp": "20", "payload": "/wA="}


def test_dtmf_mark_and_stop_have_the_fields_of_the_page() -> None:
    made = _made()
    assert json.loads(made.dtmf("5")) == {
        "event": "dtmf",
        "sequenceNumber": "1",
        "dtmf": {"track": "inbound_track", "digit": "5"},
        "streamSid": SID,
    }
    assert json.loads(made.mark("a"))["mark"] == {"name": "a"}
    assert json.loads(made.stop())["stop"] == {"accountSid": ACCOUNT, "callSid": CALL}


def test_an_application_sends_media_marks_and_clears() -> None:
    def read(**message: object) -> object:
        return read_message(json.dumps({"streamSid": SID, **message}), SID)

    assert read(event="media", media={"payload": "/wA="}) == AppMedia(b"\xff\x00")
    assert read(event="mark", mark={"name": "a"}) == AppMark("a")
    assert read(event="clear") == AppClear()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no JSON object"),
        ('{"event":"stop"}', "none of media, mark, clear"),
        ('{"event":["media"]}', "none of media, mark, clear"),
        ('{"event":"clear"}', "streamSid None"),
        ('{"event":"clear","streamSid":"MZ0"}', "is not MZ1"),
        (f'{{"event":"media","streamSid":"{SID}"}}', "no payload"),
        (f'{{"event":"media","streamSid":"{SID}","media":[]}}', "no payload"),
        (f'{{"event":"media","streamSid":"{SID}","media":{{"payload":7}}}}', "no payload"),
        (f'{{"event":"media","streamSid":"{SID}","media":{{"payload":"a b"}}}}', "not base64"),
        (f'{{"event":"media","streamSid":"{SID}","media":{{"payload":"é"}}}}', "not base64"),
        (f'{{"event":"media","streamSid":"{SID}","media":{{"payload":"UklGRg=="}}}}', "header"),
        (f'{{"event":"mark","streamSid":"{SID}"}}', "no name"),
        (f'{{"event":"mark","streamSid":"{SID}","mark":{{"name":"{"x" * 501}"}}}}', "no name"),
    ],
)
def test_what_twilio_does_not_take_is_refused_and_named(text: str, why: str) -> None:
    with pytest.raises(MessageError, match=why):
        read_message(text, SID)
