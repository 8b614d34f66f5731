"""Messages between the application and the Voice SDK on a call, with Twilio's own library."""

import json
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from ivr.base.errors import SimulatorError
from ivr.simulator import Account
from tests.library.apps import Documents

LINE, ANNA, BO, BASE = "+4721000000", "client:anna", "client:bo", "http://127.0.0.1:5000"


class Office:
    """An account whose line says hello, and Twilio's client."""

    def __init__(self, voice: str = '<Say>Hi.</Say><Pause length="60"/>') -> None:
        self.app = Documents(voice=voice, told="", after="<Say>Bye.</Say>")
        self.account = Account()
        self.account.number(LINE, voice=self.app)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def subscribe(self, sid: str, **options: Any) -> Any:
        return self.client.calls(sid).user_defined_message_subscriptions.create(callback=f"{BASE}/told", **options)

    def send(self, sid: str, content: object, **options: Any) -> Any:
        return self.client.calls(sid).user_defined_messages.create(content=json.dumps(content), **options)

    def told(self) -> list[dict[str, str]]:
        return [fields for path, fields in self.app.asked if path == "/told"]


def test_what_the_voice_sdk_sends_reaches_the_subscriptions_callback_signed_and_numbered() -> None:
    office = Office()
    caller = office.account.call(ANNA, LINE)
    caller.send_user_message({"before": "nobody is told"})
    subscription = office.subscribe(caller.sid)
    assert (subscription.sid[:2], subscription.call_sid) == ("ZY", caller.sid)
    office.account.wait(1)
    caller.send_user_message({"key1": "Hei på deg"})
    caller.send_user_message([1, 2])
    told = office.told()
    assert [(each["Content"], each["SequenceNumber"]) for each in told] == [
        ('{"key1":"Hei på deg"}', "1"),
        ("[1,2]", "2"),
    ]
    assert {(each["CallSid"], each["ContentType"]) for each in told} == {(caller.sid, "application/json")}
    assert (told[0]["Sid"][:2], told[0]["Timestamp"]) == ("KX", "Thu, 01 Jan 2026 00:00:01 +0000")
    requests = [event for event in caller.trace if event["event"] == "request" and event["url"].endswith("/told")]
    validator = RequestValidator(office.account.auth_token)
    assert [validator.validate(each["url"], each["params"], each["signature"]) for each in requests] == [True, True]
    assert _delete(office, caller.sid, subscription.sid)
    caller.send_user_message("nobody is told")
    assert len(office.told()) == 2


def _delete(office: Office, call: str, sid: str) -> bool:
    return bool(office.client.calls(call).user_defined_message_subscriptions(sid).delete())


def test_a_callback_that_fails_is_a_warning_and_the_call_goes_on() -> None:
    office = Office()
    caller = office.account.call(ANNA, LINE)
    office.client.calls(caller.sid).user_defined_message_subscriptions.create(callback=f"{BASE}/gone")
    caller.send_user_message("hello")
    assert (caller.warnings, caller.ended) == ([32711], None)


def test_what_the_application_sends_reaches_the_voice_sdk_of_its_call_or_leg() -> None:
    office = Office("<Dial><Client>bo</Client></Dial>")
    bo = office.account.phone(BO)
    caller = office.account.call(ANNA, LINE)
    leg = next(call for call in office.client.calls.list() if call.direction == "outbound-dial")
    office.send(leg.sid, {"patient": 7})  # rings
    bo.answer()
    message = office.send(caller.sid, {"nurse": "Bo"})
    assert (message.sid[:2], message.call_sid) == ("KX", caller.sid)
    office.subscribe(leg.sid)
    bo.send_user_message({"taken": True})
    assert (caller.user_messages, bo.user_messages) == ([{"nurse": "Bo"}], [{"patient": 7}])
    assert [(each["CallSid"], each["Content"]) for each in office.told()] == [(leg.sid, '{"taken":true}')]
    assert caller.warnings == []
    bo.hang_up()
    with pytest.raises(SimulatorError, match="not in a call"):
        bo.send_user_message("too late")


def test_the_same_idempotency_key_makes_nothing_new() -> None:
    office = Office()
    caller = office.account.call(ANNA, LINE)
    first, second = (office.send(caller.sid, 1, idempotency_key="k") for _ in range(2))
    assert (first.sid, caller.user_messages) == (second.sid, [1])
    first, second = (office.subscribe(caller.sid, idempotency_key="k") for _ in range(2))
    assert first.sid == second.sid
    caller.send_user_message("once")
    assert len(office.told()) == 1


def test_a_line_without_a_voice_sdk_gets_and_sends_nothing() -> None:
    office = Office()
    caller = office.account.call("+4791234567", LINE)
    office.send(caller.sid, "hello")
    assert [event["message"] for event in caller.trace if event["event"] == "warning"] == [
        "a user-defined message reaches nobody: +4791234567 has no Voice SDK, as client:anna has"
    ]
    with pytest.raises(SimulatorError, match="only a client"):
        caller.send_user_message("hello")


@pytest.mark.parametrize(("content", "code"), [("{", 32702), ("", 32702), (f'"{"x" * 10_000}"', 32703)])
def test_content_that_twilio_refuses_is_refused_with_its_number(content: str, code: int) -> None:
    office = Office()
    caller = office.account.call(ANNA, LINE)
    with pytest.raises(TwilioRestException) as refused:
        office.client.calls(caller.sid).user_defined_messages.create(content=content)
    assert refused.value.code == code


def test_a_call_that_is_over_has_no_messages() -> None:
    office = Office("<Say>Bye.</Say>")
    caller = office.account.call(ANNA, LINE)
    office.account.run()
    for act in (lambda: office.send(caller.sid, 1), lambda: office.subscribe(caller.sid)):
        with pytest.raises(TwilioRestException) as refused:
            act()
        assert refused.value.code == 21220
    with pytest.raises(TwilioRestException) as missing:
        _delete(office, caller.sid, "ZY0")
    assert missing.value.code == 20404
    with pytest.raises(SimulatorError, match="the call is over"):
        caller.send_user_message("hello")
