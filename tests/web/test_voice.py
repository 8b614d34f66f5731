"""The routes: a call over HTTP, from the first word to the end of the talk."""

from datetime import UTC, timedelta, tzinfo
from email.utils import format_datetime
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

import pytest
from werkzeug.test import TestResponse

from ivr import __version__
from ivr.base.clock import OSLO, ManualClock
from ivr.base.phone_number import PhoneNumber
from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import (
    CallOver,
    CallStarted,
    CentrePickedUp,
    CentreScreened,
    FallbackAsked,
    LegStatus,
    LegTold,
    RescueEnded,
)
from ivr.line.service.settings import Profile, Settings
from tests.web.signed import SID, SignedLine, heard, next_url, signed_line

RED = ("legg på og ring en, en, tre", "hang up and dial one, one, three")


def _dialled(response: object) -> list[str]:
    document = ET.fromstring(response.data)  # type: ignore[attr-defined]  # noqa: S314 - our own bytes
    return [str(number.text) for number in document.iter("Number")]


@pytest.mark.parametrize(
    ("keys", "number"), [("1 1 5003 1", "+4755568700"), ("2 1 0150 1", "+4723487200"), ("1 1 9170 1", "+4739002100")]
)
def test_the_plain_case_dials_the_centre(line: SignedLine, keys: str, number: str) -> None:
    assert _dialled(line.press(*keys.split())) == [number]


def test_every_answer_is_xml_with_status_200(line: SignedLine) -> None:
    response = line.press("2", "9")
    assert response.status_code == 200
    assert response.content_type == "text/xml; charset=utf-8"
    assert heard(response).startswith("Hang up and dial one, one, three now. Hang up and dial")


def test_the_same_request_twice_gives_the_same_bytes(line: SignedLine) -> None:
    url = next_url(line.press("1", "1"))
    assert line.post(url, line.fields(Digits="5003")).data == line.post(url, line.fields(Digits="5003")).data


def test_facts_reach_the_sink_after_the_reply(line: SignedLine) -> None:
    line.press("1")
    assert isinstance(line.facts[0].facts[0], CallStarted)
    assert len(line.facts) == 2


def test_a_busy_centre_leads_to_its_backup(line: SignedLine) -> None:
    keys = [{"Digits": each} for each in ("1", "1", "5003", "", "1")]
    numbers = _dialled(line.play(*keys, {"DialCallStatus": "busy"}))
    assert len(numbers) == 1
    assert numbers != ["+4755568700"]


def test_a_talk_ends_with_a_last_word_and_a_hangup(line: SignedLine) -> None:
    keys = [{"Digits": each} for each in ("1", "1", "5003", "", "1")]
    response = line.play(*keys, {"DialCallStatus": "completed", "DialCallDuration": "30", "DialBridged": "true"})
    assert b"<Hangup" in response.data


def _whisper_url(line: SignedLine, *keys: str) -> str:
    return _whisper_of(line.press(*keys))


def _whisper_of(response: TestResponse) -> str:
    document = ET.fromstring(response.data)  # noqa: S314 - our own bytes
    return next(urldefrag(number.get("url", "")).url for number in document.iter("Number"))


LEG = {"CallSid": "CA" + "b" * 32, "ParentCallSid": SID, "Direction": "outbound-dial"}


def test_the_answering_person_hears_the_place_and_takes_the_call_with_1(line: SignedLine) -> None:
    whisper = line.post(_whisper_url(line, "2", "1", "5003", "1"), line.fields(**LEG))
    assert heard(whisper).startswith("Samtale fra legevaktruteren. Pasienten er i Bergen.")
    taken = line.post(next_url(whisper), line.fields(**LEG, Digits="1"))
    assert taken.data.endswith(b"<Response></Response>")


def test_a_machine_that_does_not_press_is_hung_up_on(line: SignedLine) -> None:
    whisper = line.post(_whisper_url(line, "2", "1", "5003", "1"), line.fields(**LEG))
    assert b"<Hangup" in line.post(next_url(whisper), line.fields(**LEG, Digits="")).data


def test_the_whisper_of_another_call_is_refused(line: SignedLine) -> None:
    url = _whisper_url(line, "2", "1", "5003", "1")
    stranger = LEG | {"ParentCallSid": "CA" + "c" * 32}
    assert line.post(url, line.fields(**stranger)).status_code == 403


def test_the_fallback_says_the_113_words_in_both_languages_and_rings_a_person(line: SignedLine) -> None:
    response = line.post("/voice/fallback", line.fields(ErrorCode="11200", ErrorUrl="http://x/voice"))
    assert all(words in heard(response) for words in RED)
    assert _dialled(response) == ["+4723487200"]


def test_after_the_fallbacks_leg_a_talk_ends_and_a_failure_begins_anew(line: SignedLine) -> None:
    url = next_url(line.post("/voice/fallback"))
    talked = line.post(url, line.fields(DialCallStatus="completed", DialCallDuration="9"))
    failed = line.post(url, line.fields(DialCallStatus="busy"))
    assert b"<Hangup" in talked.data
    assert b">/voice#ct=2000&amp;rt=4000&amp;tt=8000</Redirect>" in failed.data


def test_the_fallbacks_whisper_needs_no_state(line: SignedLine) -> None:
    url = _whisper_of(line.post("/voice/fallback"))
    assert "Stedet er ikke kjent" in heard(line.post(url, line.fields(**LEG)))


def test_the_status_callback_is_noted_whatever_call_it_is_about(line: SignedLine) -> None:
    assert line.post("/voice/status", line.fields(CallStatus="completed", CallDuration="9")).status_code == 204


def test_health_tells_versions(line: SignedLine) -> None:
    client = line.app.test_client()
    assert client.get("/health/live").json == {"status": "live", "version": __version__}
    ready = client.get("/health/ready").json
    assert ready is not None
    assert (ready["status"], ready["profile"]) == ("ready", "simulator")
    assert len(ready["flow"]) == len(ready["directory"]) == 8


PRACTICE = Settings(profile=Profile.PRACTICE, practice_number=PhoneNumber("+4739009999"))


def test_a_practice_line_rings_the_practice_number_alone(clock: ManualClock) -> None:
    line = signed_line(clock, PRACTICE)
    assert "practice line" in heard(line.press("2"))
    assert _dialled(line.press("2", "1", "5003", "1")) == ["+4739009999"]
    assert _dialled(line.post("/voice/fallback")) == ["+4739009999"]


def test_a_practice_line_without_a_number_rings_nobody(clock: ManualClock) -> None:
    line = signed_line(clock, Settings(profile=Profile.PRACTICE))
    response = line.press("2", "1", "5003", "1")
    assert _dialled(response) == []
    assert "On a real line, Bergen legevakt would answer now" in heard(response)
    fallback = line.post("/voice/fallback")
    assert _dialled(fallback) == []
    assert b">/voice#ct=2000&amp;rt=4000&amp;tt=8000</Redirect>" in fallback.data


LEG = {"CallSid": "CA" + "c" * 32, "ParentCallSid": "CA" + "a" * 32}


def _noted_last(line: SignedLine) -> tuple[object, ...]:
    return line.facts[-1].facts


def test_the_whisper_and_its_key_are_noted_of_the_callers_call(line: SignedLine) -> None:
    url = _whisper_url(line, "1", "1", "5003", "1")
    line.post(url, line.fields(**LEG))
    assert _noted_last(line) == (CentrePickedUp("bergen"),)
    line.post(url.replace("whisper", "whisper/taken"), line.fields(Digits="1", **LEG))
    assert _noted_last(line) == (CentreScreened("bergen", accepted=True),)
    assert {noted.call for noted in line.facts} == {line.facts[0].call}


@pytest.mark.parametrize(
    ("word", "status"),
    [("ringing", LegStatus.RINGING), ("answered", LegStatus.IN_PROGRESS), ("canceled", LegStatus.CANCELED)],
)
@pytest.mark.parametrize("zone", [UTC, OSLO], ids=["as Twilio writes it", "of another zone"])
def test_a_callback_of_a_leg_is_noted_with_its_own_time(
    line: SignedLine, clock: ManualClock, word: str, status: LegStatus, zone: tzinfo
) -> None:
    url = _whisper_url(line, "1", "1", "5003", "1").replace("whisper", "status")
    told = clock.now() - timedelta(seconds=10)
    moment = {"Timestamp": format_datetime(told.astimezone(zone))}
    assert line.post(url, line.fields(**LEG | {"CallStatus": word}, **moment)).status_code == 204
    assert _noted_last(line) == (LegTold("bergen", status),)
    assert line.facts[-1].at == told
    assert line.facts[-1].step == 6


@pytest.mark.parametrize(("sent", "seconds"), [("61", 61), ("", 0), ("1e3", 0), ("9" * 7, 0), ("\u0661", 0)])
def test_the_end_of_a_call_is_noted_with_its_seconds(line: SignedLine, sent: str, seconds: int) -> None:
    fields = line.fields(CallStatus="completed", CallDuration=sent, Timestamp="yesterday")
    assert line.post("/voice/status", fields).status_code == 204
    assert _noted_last(line) == (CallOver(LegStatus.COMPLETED, seconds),)


def test_a_status_that_twilio_does_not_document_is_answered_and_not_noted(line: SignedLine) -> None:
    line.facts.clear()
    assert line.post("/voice/status", line.fields(CallStatus="foo")).status_code == 204
    assert line.facts == []


def test_the_fail_safe_ways_are_noted(line: SignedLine) -> None:
    line.post("/voice/fallback", line.fields(ErrorCode="11200"))
    assert _noted_last(line) == (FallbackAsked("11200"),)
    line.post("/voice/rescue", line.fields(DialCallStatus="busy"))
    assert _noted_last(line) == (RescueEnded(LegOutcome.BUSY),)
    line.post("/voice/rescue", line.fields())
    assert _noted_last(line) == (RescueEnded(LegOutcome.FAILED),)
