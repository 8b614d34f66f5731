"""Streams and transcriptions of a live call that the application starts over REST, with Twilio's own library."""

import json
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from ivr.simulator import Account
from ivr.simulator.account.account_call import AccountCall
from tests.library.apps import Documents
from tests.media.bot import connect, running
from tests.media.hearing import audio_of, keys_in

LINE, ANNA, BASE = "+4721000000", "+4791234567", "http://127.0.0.1:5000"


class Talk:
    """One caller in a call of `voice`, and Twilio's client."""

    def __init__(self, voice: str = '<Say>Hi.</Say><Pause length="60"/>', **documents: str) -> None:
        self.app = Documents(voice=voice, told="", **documents)
        self.account = Account()
        self.account.number(LINE, voice=self.app)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)
        self.caller: AccountCall = self.account.call(ANNA, LINE)

    @property
    def call(self) -> Any:
        return self.client.calls(self.caller.sid)

    def told(self) -> list[dict[str, str]]:
        return [fields for path, fields in self.app.asked if path == "/told"]


def _refused(act: Any, **options: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as refused:
        act(**options)
    return refused.value.status, refused.value.code


# Streams.


def test_a_stream_over_rest_opens_the_socket_at_the_moment_of_the_request_and_is_stopped() -> None:
    with running() as ear:
        talk = Talk()
        talk.account.wait(5)
        options = {"parameter1_name": "ward", "parameter1_value": "7", "track": "inbound_track"}
        told = {"status_callback": f"{BASE}/told"}
        stream = talk.call.streams.create(url=ear.url(), name="ear", **told, **options)
        assert (stream.status, stream.name, stream.call_sid) == ("in-progress", "ear", talk.caller.sid)
        talk.account.wait(1)
        talk.caller.press_now("7")
        talk.account.wait(1)
        stopped = talk.call.streams(stream.sid).update(status="stopped")
        assert (stopped.sid, stopped.status) == (stream.sid, "stopped")
        ear.ended.wait(5)
        talk.account.wait(2)
    assert [message["event"] for message in ear.heard[:2]] == ["connected", "start"]
    start = ear.heard[1]["start"]
    assert (start["streamSid"], start["callSid"], start["tracks"]) == (stream.sid, talk.caller.sid, ["inbound"])
    assert start["customParameters"] == {"ward": "7"}
    assert len(ear.events("media")) == 100
    assert keys_in(audio_of(ear.heard, "inbound")) == "7"
    assert ear.heard[-1]["event"] == "stop"
    assert [each["StreamEvent"] for each in talk.told()] == ["stream-started", "stream-stopped"]
    assert talk.caller.ended is None


def test_a_stream_that_start_began_is_stopped_over_rest_by_its_name() -> None:
    with running() as ear:
        talk = Talk(f'<Start><Stream name="ear" url="{ear.url()}"/></Start><Pause length="60"/>')
        talk.account.wait(1)
        assert talk.call.streams("ear").update(status="stopped").status == "stopped"
        ear.ended.wait(5)
        talk.account.wait(1)
        assert _refused(talk.call.streams("ear").update, status="stopped") == (404, 20404)
    assert len(ear.events("media")) == 50


def test_a_stream_over_rest_ends_with_the_call() -> None:
    with running() as ear:
        talk = Talk('<Say>Hi.</Say><Pause length="2"/>')
        talk.account.wait(1)
        talk.call.streams.create(url=ear.url())
        talk.account.run()
        ear.ended.wait(5)
    assert ear.heard[-1]["event"] == "stop"
    assert _refused(talk.call.streams.create, url="wss://127.0.0.1:9/") == (400, 21220)


def test_a_stream_over_rest_that_cannot_begin_is_told_and_is_over() -> None:
    talk = Talk()
    told = f"{BASE}/told"
    stream = talk.call.streams.create(url="ws://127.0.0.1:9/", name="ear", status_callback=told)
    assert (stream.status, talk.caller.warnings) == ("in-progress", [31902])
    assert [each["StreamEvent"] for each in talk.told()] == ["stream-error"]
    assert _refused(talk.call.streams(stream.sid).update, status="stopped") == (400, 21220)
    talk.call.streams.create(url="wss://example.com/", name="ear")
    assert talk.caller.warnings == [31902, 11200]


def test_an_application_starts_a_stream_before_it_answers_a_webhook() -> None:
    with running() as ear:
        account = Account()
        client = Client(account.sid, account.auth_token, http_client=account.rest)

        def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            document = "<Say>Hi.</Say><Redirect>/next</Redirect>"
            if environ["PATH_INFO"] == "/next":
                client.calls(account.calls[0].sid).streams.create(url=ear.url())
                document = '<Pause length="1"/>'
            start_response("200 OK", [("Content-Type", "text/xml")])
            return [f"<Response>{document}</Response>".encode()]

        account.number(LINE, voice=app)
        account.call(ANNA, LINE)
        account.run()
        ear.ended.wait(5)
    assert len(ear.events("media")) == 50


def test_a_call_has_four_streams_and_each_name_once() -> None:
    with running() as ear:
        talk = Talk()
        for name in "abcd":
            talk.call.streams.create(url=ear.url(), name=name)
        assert _refused(talk.call.streams.create, url=ear.url(), name="e") == (400, 20001)
        talk.call.streams("a").update(status="stopped")
        assert _refused(talk.call.streams.create, url=ear.url(), name="b") == (400, 20001)
        assert talk.call.streams.create(url=ear.url(), name="a").status == "in-progress"
        talk.caller.hang_up()  # else the bot waits ten seconds for its sockets to be closed


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"url": ""}, 31923),
        ({"url": "https://127.0.0.1/"}, 31922),
        ({"url": "wss://127.0.0.1/", "track": "all"}, 31941),
        ({"url": "wss://127.0.0.1/", "status_callback": "nowhere"}, 21609),
    ],
)
def test_a_stream_that_twilio_refuses_is_refused_with_its_number(options: dict[str, str], code: int) -> None:
    talk = Talk()
    assert _refused(talk.call.streams.create, **options) == (400, code)
    assert talk.caller.warnings == []


def test_a_stream_that_connect_began_is_not_stopped_over_rest() -> None:
    with running() as bot:
        account = Account()
        account.number(LINE, voice=connect(bot))
        caller = account.call(ANNA, LINE)
        account.wait(1)
        client = Client(account.sid, account.auth_token, http_client=account.rest)
        sid = bot.heard[1]["streamSid"]
        assert _refused(client.calls(caller.sid).streams(sid).update, status="stopped") == (400, 20001)
        assert _refused(client.calls(caller.sid).streams(sid).update, status="stopped2") == (400, 20001)
        caller.hang_up()


# Transcriptions.

GATHER = '<Gather input="speech" action="/voice" timeout="30" speechTimeout="1"><Say>Where are you?</Say></Gather>'


def test_what_is_said_is_told_to_the_transcriptions_callback_signed_and_in_order() -> None:
    talk = Talk(GATHER)
    transcription = talk.call.transcriptions.create(
        name="words", status_callback_url=f"{BASE}/told", inbound_track_label="patient", language_code="nb-NO"
    )
    assert (transcription.sid[:2], transcription.status) == ("GT", "in-progress")
    talk.account.wait(3)
    talk.caller.say("in Bergen")
    talk.account.wait(6)
    assert talk.call.transcriptions("words").update(status="stopped").status == "stopped"
    talk.caller.say("nobody is told")
    talk.account.wait(3)
    told = talk.told()
    assert [each["TranscriptionEvent"].removeprefix("transcription-") for each in told] == [
        *("started", "content", "content", "content", "stopped")
    ]
    assert [each["SequenceId"] for each in told] == ["1", "2", "3", "4", "5"]
    assert {each["TranscriptionSid"] for each in told} == {transcription.sid}
    said = [(each["Track"], json.loads(each["TranscriptionData"])["transcript"]) for each in told[1:4]]
    assert said == [
        ("outbound_track", "Where are you?"),
        ("inbound_track", "in Bergen"),
        ("outbound_track", "Where are you?"),
    ]
    assert (told[0]["Track"], told[0]["InboundTrackLabel"], told[0]["LanguageCode"]) == (
        *("both_tracks", "patient", "nb-NO"),
    )
    requests = [event for event in talk.caller.trace if event["event"] == "request" and event["url"].endswith("/told")]
    validator = RequestValidator(talk.account.auth_token)
    assert all(validator.validate(each["url"], each["params"], each["signature"]) for each in requests)
    assert len(requests) == len(told)


def test_one_track_is_transcribed_and_what_was_cut_is_told_as_far_as_it_was_heard() -> None:
    talk = Talk('<Gather numDigits="1" action="/menu"><Say>one two three four five six</Say></Gather>', menu="<Pause/>")
    talk.call.transcriptions.create(track="outbound_track", status_callback_url=f"{BASE}/told")
    talk.account.wait(1.2)
    talk.caller.press("1")
    talk.account.run()
    told = talk.told()
    assert [each["TranscriptionEvent"] for each in told] == [
        *("transcription-started", "transcription-content", "transcription-stopped")
    ]
    assert json.loads(told[1]["TranscriptionData"])["transcript"] == "one two three"
    assert _refused(talk.call.transcriptions("words").update, status="stopped") == (400, 21220)


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"track": "all"}, 400, 20001),
        ({"status_callback_url": "nowhere"}, 400, 17585),
        ({"partial_results": True}, 501, 0),
        ({"intelligence_service": "GA0"}, 501, 0),
        ({"name": "words"}, 400, 20001),
    ],
)
def test_a_transcription_that_cannot_be_is_refused(options: dict[str, Any], status: int, code: int) -> None:
    talk = Talk()
    talk.call.transcriptions.create(name="words")
    assert _refused(talk.call.transcriptions.create, **options) == (status, code)
    assert _refused(talk.call.transcriptions("other").update, status="stopped") == (404, 20404)
    assert _refused(talk.call.transcriptions("words").update, status="in-progress") == (400, 20001)


# What needs a connector.


def test_what_needs_a_connector_is_refused_as_for_an_account_that_has_none() -> None:
    talk = Talk()
    told = {"idempotency_key": "1", "status_callback": f"{BASE}/told"}
    assert _refused(talk.call.payments.create, **told) == (400, 64004)
    assert _refused(talk.call.payments.create, idempotency_key="", status_callback="") == (400, 20001)
    assert _refused(talk.call.payments("PK0").update, **told, status="complete") == (404, 20404)
    assert _refused(talk.call.siprec.create, connector_name="recorder") == (400, 31940)
    assert _refused(talk.call.siprec("SR0").update, status="stopped") == (404, 20404)
    assert talk.told() == []
