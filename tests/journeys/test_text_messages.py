"""The number of a centre as a text message, from the key to Twilio's API: played by the simulator on both sides, with
the real client between them."""

import logging
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ivr.base.clock import ManualClock
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.line.calls import Noted
from ivr.line.service.bootstrap import Behind, create_app
from ivr.line.service.metrics import Meters
from ivr.line.service.settings import Profile, Settings
from ivr.simulator import CallPlan, Leg, Outcome, WsgiTransport, keys_to_steps, play
from ivr.simulator.rest_messages import Message
from ivr.simulator.rest_server import RestServer
from tests import privacy
from tests.conftest import EVENING
from tests.web.signed import SignedLine, next_url, signed_line

MOBILE, FOREIGN, LANDLINE = "+4791234567", "+46701234567", "+4755123456"
NUMBER = "2 2 4 1 5003 1 1 1"  # English, another centre, abroad, a number, Bergen (two keys too early): it is read
MENU = "To hear it again, press 1. To be connected, press 2. For a different place, press 3."
OFFER = "To get the number as a text message, press 4."
SENDING = "We are sending the number of Bergen legevakt to the phone that you are calling from."
ENGLISH = (
    "If life is in danger, dial 113 in Norway; in other countries the emergency number there, in Europe 112. "
    "Bergen legevakt: +47 55 56 87 00"
)
BOKMAAL = (
    "Står det om liv, ring 113 i Norge; i andre land nødnummeret der, i Europa 112. Bergen legevakt: +47 55 56 87 00"
)


@pytest.fixture
def twilio() -> Iterator[RestServer]:
    server = RestServer()
    yield server
    server.close()


@dataclass
class Line:
    """A line that sends text messages by way of `api`, or one that sends none."""

    api: str = ""
    sender: str = "Legevakt"
    profile: Profile = Profile.SIMULATOR

    def __post_init__(self) -> None:
        on = {"text_sender": self.sender, "api_url": self.api} if self.api else {}
        self.noted: list[Noted] = []
        self.settings = Settings(profile=self.profile, **on)
        self.app = create_app(self.settings, clock=ManualClock(EVENING), sink=self.noted.append)

    def call(self, keys: str, from_: str = MOBILE, legs: dict[str, Leg] | None = None, **more: Any) -> Outcome:
        legs = legs or {"*": Leg.answer(3, talk=10)}
        plan = CallPlan(
            url="http://127.0.0.1:5000/voice",
            steps=keys_to_steps(keys),
            from_=from_,
            to="+4739000000",
            legs=legs,
            account_sid=ACCOUNT_SID,
            auth_token=AUTH_TOKEN,
            **more,
        )
        return play(plan, WsgiTransport(self.app))

    @property
    def behind(self) -> Behind:
        behind: Behind = self.app.extensions["ivr"]
        return behind

    def close(self) -> None:
        """Everything is sent, or lost."""
        self.behind.close()


def test_the_key_sends_exactly_these_words_and_the_call_goes_on_to_the_centre(twilio: RestServer) -> None:
    line = Line(twilio.url)
    outcome = line.call(f"{NUMBER} 4")
    line.close()
    assert SENDING in " ".join(outcome.heard)
    assert outcome.dialled == ["+4755568700"]
    assert twilio.app.messages == [Message(MOBILE, "Legevakt", ENGLISH)]
    assert line.behind.texts_standing() == {"waiting": 0, "sent": 1, "lost": 0}


def test_the_offer_is_heard_after_the_number_and_what_was_there_before(twilio: RestServer) -> None:
    heard = Line(twilio.url).call(NUMBER).heard
    assert heard.index(OFFER) == heard.index(MENU) + 1


def test_the_message_is_in_the_language_of_the_call(twilio: RestServer) -> None:
    line = Line(twilio.url)
    line.call("1 2 4 1 5003 1 1 1 4")
    line.close()
    assert [sent.body for sent in twilio.app.messages] == [BOKMAAL]


def test_a_foreign_caller_gets_one_too_from_a_number_if_that_is_the_sender(twilio: RestServer) -> None:
    line = Line(twilio.url, sender="+4759440000")
    line.call("2 1 5003 1 1 1 4", FOREIGN)
    line.close()
    assert twilio.app.messages == [Message(FOREIGN, "+4759440000", ENGLISH)]


def test_after_two_centres_failed_the_number_is_read_and_can_be_sent(twilio: RestServer) -> None:
    line = Line(twilio.url)
    line.call("2 1 5003 1 1 1 3 4", legs={"*": Leg.busy()})
    line.close()
    assert twilio.app.messages == [Message(MOBILE, "Legevakt", ENGLISH)]


@pytest.mark.parametrize("keys", [f"{NUMBER} 4 * 4", f"{NUMBER} 4 # 4", f"{NUMBER} 44", f"{NUMBER} 4 2 1 5003 1 1 1 4"])
def test_asking_twice_is_one_message(keys: str, twilio: RestServer) -> None:
    line = Line(twilio.url)
    line.call(keys)
    line.close()
    assert len(twilio.app.messages) == 1


def test_for_another_place_there_is_another_message(twilio: RestServer) -> None:
    line = Line(twilio.url)
    line.call(f"{NUMBER} 4 2 1 0150 1 1 1 4")
    line.close()
    assert [sent.body.rpartition(". ")[2].partition(":")[0] for sent in twilio.app.messages] == [
        "Bergen legevakt",
        "Oslo legevakt",
    ]


def test_a_request_that_twilio_repeats_is_answered_the_same_and_sends_nothing_more(twilio: RestServer) -> None:
    line = signed_line(ManualClock(EVENING), Settings(text_sender="Legevakt", api_url=twilio.url))
    reading = line.press("2", "2", "4", "1", "5003", "1")
    first, second = (line.post(next_url(reading), line.fields(Digits="4")) for _ in range(2))
    line.app.extensions["ivr"].close()
    assert first.data == second.data
    assert len(twilio.app.messages) == 1


@pytest.mark.parametrize(
    "caller", ["anonymous", "", "+266696687", "+17378742833", "+47266696687", LANDLINE, "+8823412345678", "client:anna"]
)
def test_who_cannot_get_a_text_message_is_offered_none(caller: str, twilio: RestServer) -> None:
    line, off = Line(twilio.url), Line()
    keys = "2 1 5003 1 1 1" if caller.startswith("+88") else NUMBER
    heard = line.call(keys, caller).heard
    assert MENU in heard
    assert OFFER not in heard
    assert heard == off.call(keys, caller).heard
    assert line.call(f"{keys} 4", caller).heard == off.call(f"{keys} 4", caller).heard
    line.close()
    assert twilio.app.messages == []


def test_where_it_is_off_nobody_hears_of_it_and_the_key_means_nothing() -> None:
    line = Line()
    outcome = line.call(f"{NUMBER} 4")
    assert "I did not catch that." in outcome.heard
    assert MENU in outcome.heard
    assert "text message" not in " ".join(outcome.heard)
    assert line.behind.texts is None
    assert "text_messages" not in line.app.test_client().get("/health/ready").get_json()


def test_a_call_that_does_not_ask_hears_the_same_documents_on_and_off(twilio: RestServer) -> None:
    documents = []
    for settings in (Settings(), Settings(text_sender="Legevakt", api_url=twilio.url)):
        line = signed_line(ManualClock(EVENING), settings)
        documents.append([line.press(*keys).data for keys in (["2", "1", "5003"], ["1", "1", "5003", "1"], ["1", "9"])])
    assert documents[0] == documents[1]


def test_9_and_0_work_where_the_message_is_confirmed(twilio: RestServer) -> None:
    line = Line(twilio.url)
    heard = line.call(f"{NUMBER} 4 9").heard
    assert heard[heard.index("We are sending the number of") + 1] == "Hang up and dial one, one, three now."
    assert line.call(f"{NUMBER} 4 0").dialled == ["+4755568700"]
    line.close()


def test_a_practice_line_says_in_writing_that_it_is_one(twilio: RestServer) -> None:
    line = Line(twilio.url, profile=Profile.PRACTICE)
    line.call(f"{NUMBER} 4")
    line.close()
    assert [sent.body for sent in twilio.app.messages] == [
        "If life is in danger, dial 113 in Norway; in other countries the emergency number there, in Europe 112. "
        "This is from a practice line. For a real doctor, call 116 117. Bergen legevakt: +47 55 56 87 00"
    ]


def test_an_api_that_refuses_costs_no_call_and_is_counted(twilio: RestServer, caplog: pytest.LogCaptureFixture) -> None:
    line = Line(twilio.url, sender="a name that is too long")
    with caplog.at_level(logging.DEBUG):
        outcome = line.call(f"{NUMBER} 4")
        line.close()
    assert outcome.heard == Line(twilio.url).call(f"{NUMBER} 4").heard
    assert line.behind.texts_standing() == {"waiting": 0, "sent": 0, "lost": 1}
    assert "a text message is lost: Twilio's error 21212" in caplog.text


def test_an_api_that_is_not_there_costs_no_call_and_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    server = RestServer()
    url = server.url
    server.close()
    line = Line(url)
    with caplog.at_level(logging.DEBUG):
        outcome = line.call(f"{NUMBER} 4")
        line.close()
    assert outcome.dialled == ["+4755568700"]
    assert line.app.test_client().get("/health/ready").get_json()["text_messages"] == {
        "waiting": 0,
        "sent": 0,
        "lost": 1,
    }
    assert "a text message is lost: api.twilio.com: ConnectionError" in caplog.text


def test_the_number_is_in_nothing_that_is_said_in_no_token_fact_or_log_line(
    twilio: RestServer, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(twilio.url)
    with caplog.at_level(logging.DEBUG):
        outcome = line.call(f"{NUMBER} 4")
        line.close()
    assert len(twilio.app.messages) == 1
    answered = [each for each in outcome.trace if each["event"] not in ("call", "request")]
    tokens = [each["url"].partition("?t=")[2].partition(".")[0] for each in outcome.trace if each["event"] == "request"]
    remembered = [urlsafe_b64decode(token + "==").decode() for token in tokens if token]
    assert any('"node":"send_number"' in each for each in remembered)
    assert MOBILE[3:] not in repr((answered, remembered, line.noted))
    privacy.check(caplog.text)


def test_sent_and_lost_are_counted_for_prometheus(twilio: RestServer) -> None:
    meters = Meters()
    settings = Settings(text_sender="Legevakt", api_url=twilio.url)
    app = create_app(settings, clock=ManualClock(EVENING), sink=lambda _: None, meters=meters)
    SignedLine(app).press("2", "2", "4", "1", "5003", "1", "4")
    app.extensions["ivr"].close()
    assert meters.registry.get_sample_value("ivr_text_messages_total", {"outcome": "sent"}) == 1
