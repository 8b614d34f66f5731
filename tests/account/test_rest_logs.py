"""Notifications and events of a call over REST."""

import socket
from typing import Any
from urllib.parse import parse_qs

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Account, Leg
from ivr.simulator.account.account_call import AccountCall
from tests.library.apps import Documents

LINE, ANNA, NURSE = "+4721000000", "+4791234567", "+4755568700"
WRONG = f'<Dial callerId="+4799999999">{NURSE}</Dial><Redirect>/gone</Redirect>'


class Office:
    def __init__(self, voice: str, allow_origins: tuple[str, ...] = ()) -> None:
        self.account = Account(legs={"*": Leg.answer(2, talk=20)}, allow_errors=True, allow_origins=allow_origins)
        self.account.number(LINE, voice=Documents(voice=voice))
        self.client: Any = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def call(self) -> AccountCall:
        caller = self.account.call(ANNA, LINE)
        self.account.run()
        return caller


def test_warnings_and_errors_of_a_call_are_its_notifications_the_newest_first() -> None:
    office = Office(WRONG)
    caller = office.call()
    notifications = office.client.calls(caller.sid).notifications
    listed = notifications.list()
    assert [(each.error_code, each.log) for each in listed] == [("11217", "0"), ("13214", "1")]
    assert [each.error_code for each in notifications.list(log=1)] == ["13214"]
    error = notifications(listed[0].sid).fetch()
    assert (error.request_url, error.request_method) == ("http://127.0.0.1:5000/gone", "POST")
    assert parse_qs(error.request_variables)["CallSid"] == [caller.sid]
    assert parse_qs(error.message_text)["LogLevel"] == ["ERROR"]
    assert error.response_headers == "Content-Type=text%2Fxml"
    assert error.more_info == f"https://www.twilio.com/docs/errors/{error.error_code}"
    with pytest.raises(TwilioRestException) as unknown:
        notifications("NO0").fetch()
    assert unknown.value.code == 20404


def test_a_call_in_which_nothing_went_wrong_has_no_notifications() -> None:
    office = Office("<Say>Hello.</Say>")
    caller = office.call()
    assert office.client.calls(caller.sid).notifications.list() == []


def test_the_notifications_of_all_calls_are_those_of_the_account_the_newest_first() -> None:
    office = Office(WRONG)
    calls = [office.call() for _ in range(2)]
    listed = office.client.notifications.list()
    newest, oldest = reversed(calls), ("11217", "13214")
    assert [(each.call_sid, each.error_code) for each in listed] == [
        (call.sid, code) for call in newest for code in oldest
    ]
    assert listed[0].fetch().request_url == "http://127.0.0.1:5000/gone"
    assert office.client.notifications.list(log=1, message_date_after="2027-01-01") == []


def test_every_request_about_a_call_is_an_event_of_it_the_oldest_first() -> None:
    office = Office(WRONG)
    caller = office.call()
    events = office.client.calls(caller.sid).events.list()
    assert [(each.request["url"], each.response["response_code"]) for each in events] == [
        ("http://127.0.0.1:5000/voice", 200),
        ("http://127.0.0.1:5000/gone", 404),
    ]
    assert events[0].request["parameters"]["CallSid"] == caller.sid
    assert NURSE in events[0].response["response_body"]


def test_a_leg_that_was_dialled_has_no_log_of_its_own() -> None:
    office = Office(f"<Dial>{NURSE}</Dial>")
    leg = office.client.calls.list(parent_call_sid=office.call().sid)[0]
    assert leg.notifications.list() == []
    assert leg.events.list() == []


def test_a_request_that_was_not_answered_has_no_response() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
        office = Office(f"<Redirect>{nowhere}/voice</Redirect>", allow_origins=(nowhere,))
        caller = office.call()
    events = office.client.calls(caller.sid).events.list()
    assert [(each.request["url"], each.response is None) for each in events] == [
        ("http://127.0.0.1:5000/voice", False),
        (f"{nowhere}/voice", True),
        (f"{nowhere}/voice", True),  # Twilio tries again once
    ]
