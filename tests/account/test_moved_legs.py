"""A leg that a <Dial> has begun is sent elsewhere over REST: it goes on by itself, and its parent does too."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Account, Leg
from tests.library.apps import Documents

LINE, DESK, ANNA, NURSE, BASE = "+4721000000", "+4722000000", "+4791234567", "+4790000001", "http://127.0.0.1:5000"
TOLD = 'statusCallback="/told" statusCallbackEvent="answered completed"'
DIAL = f'<Dial action="/after"><Number {TOLD}>{{}}</Number></Dial>'


class Talk:
    """Anna calls the line, which dials `to`; Twilio's client, and the leg as REST has it."""

    def __init__(self, to: str = NURSE, legs: dict[str, Leg] | None = None, **documents: str) -> None:
        known = {"after": '<Say>We are back.</Say><Pause length="30"/>', "told": "", **documents}
        self.app = Documents(voice=DIAL.format(to), **known)
        self.account = Account(legs=legs or {})
        self.account.number(LINE, voice=self.app)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    @property
    def leg(self) -> Any:
        (leg,) = (call for call in self.client.calls.list() if call.direction == "outbound-dial")
        return leg

    def told(self) -> list[dict[str, str]]:
        return [fields for path, fields in self.app.asked if path == "/told"]


def test_a_leg_goes_on_with_the_document_it_is_sent_to_and_its_parent_with_what_follows() -> None:
    talk = Talk(form='<Say>Please write the form.</Say><Pause length="20"/>')
    nurse = talk.account.phone(NURSE)
    caller = talk.account.call(ANNA, LINE)
    nurse.answer()
    talk.account.wait(10)
    leg = talk.leg
    moved = leg.update(url=f"{BASE}/form", method="POST")
    assert (moved.sid, moved.status, moved.parent_call_sid) == (leg.sid, "in-progress", caller.sid)
    nurse.hear("write the form")
    caller.hear("we are back")
    asked = talk.app.fields("/form")
    assert (asked["CallSid"], asked["ParentCallSid"], asked["To"]) == (leg.sid, caller.sid, NURSE)
    assert (asked["Direction"], asked["CallStatus"]) == ("outbound-dial", "in-progress")
    assert talk.app.fields("/after")["DialCallStatus"] == "completed"
    assert nurse.is_talking
    (update,) = (event for call in talk.account.calls for event in call.trace if event["event"] == "update")
    assert (update["t"], update["url"]) == (0.0, f"{BASE}/form")
    talk.account.wait(5)
    nurse.hang_up()
    assert (caller.ended, talk.leg.status) == (None, "completed")
    talk.account.run()


def test_the_end_of_a_leg_that_was_moved_is_told_once_with_the_time_since_its_answer() -> None:
    talk = Talk()
    nurse = talk.account.phone(NURSE)
    talk.account.call(ANNA, LINE)
    nurse.answer()
    talk.account.wait(10)
    talk.leg.update(twiml='<Response><Pause length="20"/></Response>')
    talk.account.run()
    told = [(each["CallStatus"], each.get("CallDuration"), each["SequenceNumber"]) for each in talk.told()]
    assert told == [("in-progress", None, "0"), ("completed", "30", "1")]
    assert {each["CallSid"] for each in talk.told()} == {talk.leg.sid}
    assert talk.leg.duration == "30"
    assert not nurse.is_talking


def test_two_who_talk_are_moved_into_a_conference_and_the_leg_can_be_moved_again() -> None:
    room = "<Dial><Conference>case</Conference></Dial>"
    talk = Talk(after=room, room=room, goodbye="<Say>Goodbye.</Say>")
    nurse = talk.account.phone(NURSE)
    caller = talk.account.call(ANNA, LINE)
    nurse.answer()
    talk.account.wait(3)
    leg = talk.leg
    leg.update(url=f"{BASE}/room")
    talk.account.wait(1)
    inside = talk.account.conferences["case"].participants
    assert {each.call_sid for each in inside} == {caller.sid, leg.sid}
    leg.update(url=f"{BASE}/goodbye")
    nurse.hear("goodbye")
    talk.account.wait(2)
    assert (talk.leg.status, caller.ended) == ("completed", None)


def test_a_call_of_the_account_at_the_other_end_talks_with_the_leg_that_was_moved() -> None:
    talk = Talk(DESK, menu="<Say>You pressed a key.</Say>", keys='<Play digits="7"/><Pause length="5"/>')
    gather = '<Gather numDigits="1" action="/menu" timeout="60"><Say>Desk.</Say></Gather>'
    talk.account.number(DESK, voice=Documents(voice=gather, menu="<Say>You pressed a key.</Say>"))
    caller = talk.account.call(ANNA, LINE)
    talk.account.wait(3)
    talk.leg.update(url=f"{BASE}/keys")
    talk.account.run()
    desk = next(call for call in talk.account.calls if call.to == DESK and call.direction == "inbound")
    assert desk.heard("you pressed a key")
    assert caller.heard("we are back")
    assert {call.ended for call in talk.account.calls} == {"completed"}


def test_a_far_end_that_hangs_up_by_itself_does_so_where_it_was_moved_to() -> None:
    talk = Talk("+4755568700", {"+4755568700": Leg.answer(2, talk=20)})
    talk.account.call(ANNA, LINE)
    talk.account.wait(12)
    talk.leg.update(twiml='<Response><Pause length="600"/></Response>')
    talk.account.wait(20)
    assert (talk.leg.status, talk.leg.duration) == ("completed", "20")


def test_a_leg_that_rings_is_not_moved_and_one_that_is_over_is_not_changed() -> None:
    talk = Talk()
    nurse = talk.account.phone(NURSE)
    talk.account.call(ANNA, LINE)
    talk.account.wait(1)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            talk.leg.update(url=f"{BASE}/after")
        assert refused.value.code == 21220
        if nurse.is_ringing:
            nurse.decline()
            talk.account.wait(1)


def test_a_leg_is_completed_over_rest() -> None:
    talk = Talk()
    nurse = talk.account.phone(NURSE)
    caller = talk.account.call(ANNA, LINE)
    nurse.answer()
    talk.account.wait(5)
    talk.leg.update(status="completed")
    caller.hear("we are back")
    assert (talk.leg.status, nurse.is_talking) == ("completed", False)
