"""Calls that the application places and changes over REST, with Twilio's own library."""

import json
from contextlib import nullcontext
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Account, Leg
from ivr.simulator.outcome import Outcome
from tests.library.apps import Documents

LINE, DESK, ANNA = "+4721000000", "+4722000000", "+4791234567"
BASE = "http://127.0.0.1:5000"
REMINDER = '<Gather numDigits="1" action="/menu"><Say>You have an appointment. Press 1.</Say></Gather>'


class World:
    """An account with one number, its application, and Twilio's client."""

    def __init__(self, legs: dict[str, Leg | str] | None = None, **documents: str) -> None:
        documents = {"voice": REMINDER, "menu": "<Say>Thank you.</Say>", "told": "", "amd": "", **documents}
        self.app = Documents(**documents)
        self.account = Account(legs=legs)
        self.account.number(LINE, voice=self.app)
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def place(self, to: str = ANNA, **options: Any) -> str:
        """A call to `to`; its sid."""
        options = {"url": f"{BASE}/voice", **options}
        return str(self.client.calls.create(to=to, from_=LINE, **options).sid)

    def told(self, path: str = "/told") -> list[dict[str, str]]:
        return [fields for asked, fields in self.app.asked if asked == path]


def test_a_call_is_queued_when_it_is_created_and_then_rings_and_is_answered() -> None:
    world = World()
    anna = world.account.phone(ANNA)
    created = world.client.calls.create(to=ANNA, from_=LINE, url=f"{BASE}/voice")
    assert (created.status, created.direction) == ("queued", "outbound-api")
    anna.answer()
    assert world.client.calls(created.sid).fetch().status == "in-progress"
    told = world.app.fields("/voice")
    assert (told["CallStatus"], told["Direction"], told["From"], told["To"]) == (
        "in-progress",
        "outbound-api",
        LINE,
        ANNA,
    )
    assert told["CallSid"] == created.sid
    anna.hear("appointment")
    anna.press("1")
    anna.hear("thank you")
    world.account.run()
    call = world.client.calls(created.sid).fetch()
    assert (call.status, call.duration) == ("completed", "1")


def test_status_callbacks_come_in_order_for_the_events_that_were_asked_for() -> None:
    world = World(legs={ANNA: Leg.answer(3)})
    events = ["initiated", "ringing", "answered", "completed"]
    sid = world.place(status_callback=f"{BASE}/told", status_callback_event=events)
    world.account.run()
    told = world.told()
    assert [each["CallStatus"] for each in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [each["SequenceNumber"] for each in told] == ["0", "1", "2", "3"]
    assert {each["CallSid"] for each in told} == {sid}
    assert {each["CallbackSource"] for each in told} == {"call-progress-events"}
    assert told[-1]["CallDuration"] == "1"
    assert "CallDuration" not in told[0]
    assert told[2]["Timestamp"] == "Thu, 01 Jan 2026 00:00:03 +0000"


def test_only_the_end_is_told_when_no_event_is_named() -> None:
    world = World(legs={ANNA: "busy"})
    world.place(status_callback=f"{BASE}/told")
    world.account.run()
    assert [each["CallStatus"] for each in world.told()] == ["busy"]


@pytest.mark.parametrize(
    ("leg", "status"), [("busy", "busy"), ("failed", "failed"), ("no-answer", "no-answer"), ("answer", "completed")]
)
def test_a_call_ends_as_the_far_end_behaves_and_asks_the_webhook_only_when_answered(leg: str, status: str) -> None:
    world = World(legs={ANNA: leg})
    sid = world.place()
    world.account.run()
    assert world.client.calls(sid).fetch().status == status
    assert ("/voice" in [path for path, _ in world.app.asked]) == (status == "completed")


def test_nobody_answers_within_the_timeout_and_its_five_seconds() -> None:
    world = World()
    world.place(timeout=20)
    world.account.run()
    assert world.account.now == 25


def test_a_call_ends_at_its_time_limit_counted_from_the_answer() -> None:
    world = World(legs={ANNA: Leg.answer(3)}, voice='<Pause length="600"/>')
    sid = world.place(time_limit=60)
    world.account.run()
    assert world.client.calls(sid).fetch().duration == "60"


def test_inline_twiml_is_executed_and_no_webhook_is_asked() -> None:
    world = World(legs={ANNA: Leg.answer(1, keys="")})
    sid = world.place(url=None, twiml="<Response><Say>Hello Anna.</Say></Response>")
    world.account.run()
    assert world.account.calls[0].heard("hello Anna")
    assert f"calls {ANNA}: TwiML that came with it" in world.account.transcript
    assert world.app.asked == []
    assert world.client.calls(sid).fetch().status == "completed"


def test_digits_are_sent_once_the_call_is_answered_and_reach_a_number_of_the_account() -> None:
    world = World(menu="<Say>Extension 12.</Say>", voice='<Gather numDigits="2" action="/menu" timeout="20"/>')
    world.account.number(DESK, voice=Documents(voice='<Gather numDigits="2" action="/menu"/>', menu="<Say>Two.</Say>"))
    world.place(DESK, send_digits="wwww42", twiml="<Response><Pause length='9'/></Response>", url=None)
    world.account.run()
    at_desk = world.account.calls[1]
    assert at_desk.requests[-1].params["Digits"] == "42"


def test_two_calls_of_the_application_meet() -> None:
    """It calls a number of the same account, whose webhook answers."""
    world = World(voice="<Say>I am the first.</Say>")
    world.account.number(DESK, voice=Documents(voice="<Say>I am the second.</Say><Pause length='5'/>"))
    sid = world.place(DESK)
    world.account.run()
    first, second = world.account.calls
    assert (first.sid, first.direction, second.direction) == (sid, "outbound-api", "inbound")
    assert (second.from_, first.ended, second.ended) == (LINE, "completed", "completed")


@pytest.mark.parametrize(
    ("machine", "detection", "options", "found", "second"),
    [
        (False, "Enable", {}, "human", 5),
        (True, "Enable", {}, "machine_start", 7),
        (True, "DetectMessageEnd", {}, "machine_end_beep", 13),
        (True, "DetectMessageEnd", {"machine_detection_timeout": 5}, "unknown", 8),
    ],
)
def test_the_webhook_waits_for_the_detection_of_a_machine(
    machine: bool, detection: str, options: dict[str, Any], found: str, second: int
) -> None:
    world = World(legs={ANNA: Leg.answer(3, machine=machine)})
    sid = world.place(machine_detection=detection, **options)
    world.account.run()
    assert world.app.fields("/voice")["AnsweredBy"] == found
    assert world.client.calls(sid).fetch().answered_by == found
    asked = next(event for event in world.account.calls[0].trace if event["event"] == "request")
    assert asked["t"] == second


def test_an_asynchronous_detection_is_told_while_the_call_goes_on() -> None:
    world = World(legs={ANNA: Leg.answer(3, machine=True)}, voice='<Say>Hello.</Say><Pause length="30"/>')
    callback = f"{BASE}/amd"
    sid = world.place(machine_detection="Enable", async_amd="true", async_amd_status_callback=callback)
    world.account.run()
    assert "AnsweredBy" not in world.app.fields("/voice")
    told = world.app.fields("/amd")
    assert told["AnsweredBy"] == "machine_start"
    assert (told["CallSid"], told["MachineDetectionDuration"]) == (sid, "4000")
    requests = Outcome(world.account.calls[0].trace, []).events("request")
    assert [request["t"] for request in requests] == [3, 7]


def test_an_update_acts_at_the_present_moment_and_stands_in_the_trace() -> None:
    world = World(voice='<Pause length="60"/>', menu="<Say>Thank you.</Say>")
    anna = world.account.phone(ANNA)
    sid = world.place()
    anna.answer()
    world.account.wait(10)
    world.client.calls(sid).update(url=f"{BASE}/menu", method="POST")
    anna.hear("thank you")
    update = next(event for event in world.account.calls[0].trace if event["event"] == "update")
    assert (update["t"], update["url"]) == (10, f"{BASE}/menu")


def test_a_call_that_rings_is_canceled_and_one_that_talks_is_completed() -> None:
    world = World(voice='<Pause length="60"/>')
    anna = world.account.phone(ANNA)
    first = world.place()
    world.account.wait(2)
    world.client.calls(first).update(status="canceled")
    assert world.client.calls(first).fetch().status == "canceled"
    assert not anna.is_ringing
    second = world.place()
    anna.answer()
    world.client.calls(second).update(status="canceled")
    assert anna.is_talking
    world.client.calls(second).update(status="completed")
    assert world.client.calls(second).fetch().status == "completed"
    assert not anna.is_talking


def test_a_call_that_rings_cannot_be_redirected_and_one_whose_detection_runs_can() -> None:
    world = World(voice='<Pause length="60"/>', menu="<Say>Thank you.</Say>")
    anna = world.account.phone(ANNA)
    sid = world.place(machine_detection="Enable")
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls(sid).update(url=f"{BASE}/menu")
    assert refused.value.code == 21220
    anna.answer()
    world.client.calls(sid).update(url=f"{BASE}/menu")
    anna.hear("thank you")
    world.account.run()
    assert world.client.calls(sid).fetch().status == "completed"


def test_the_application_may_place_a_call_while_it_answers_a_webhook() -> None:
    world = World()
    account, client = world.account, world.client
    placed: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        placed.append(str(client.calls.create(to=ANNA, from_=LINE, url=f"{BASE}/voice").sid))
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [b"<Response><Say>We call you back.</Say></Response>"]

    account.number(DESK, voice=app)
    anna = account.phone(ANNA)
    caller = account.call(ANNA, DESK)
    assert caller.heard("call you back")
    anna.answer()
    assert [call.sid for call in account.calls if call.direction == "outbound-api"] == placed


def test_calls_are_listed_newest_first_with_filters_and_pages() -> None:
    world = World(legs={"*": Leg.answer(1, talk=5)}, voice="<Dial>+4799999999</Dial>")
    first, second, third = (world.place(f"+479000000{number}") for number in (1, 2, 3))
    world.account.run()
    calls = world.client.calls
    assert [call.sid for call in calls.list() if call.direction == "outbound-api"] == [third, second, first]
    assert [call.sid for call in calls.list(to="+4790000002")] == [second]
    assert {call.direction for call in calls.list(parent_call_sid=first)} == {"outbound-dial"}
    assert len(calls.list(status="completed")) == 6
    assert calls.list(status="busy") == []
    assert len(calls.list(page_size=2)) == 6
    assert len(calls.list(from_=LINE, page_size=1, limit=2)) == 2
    started = calls(first).fetch().start_time
    assert len(calls.list(start_time=started.date())) == 6
    assert calls.list(start_time_before="2025-12-31") == []
    assert len(calls.list(start_time_after="2025-12-31")) == 6


def test_a_leg_that_was_dialled_is_ended_over_rest() -> None:
    world = World(voice=f'<Dial action="/menu">{ANNA}</Dial>')
    anna = world.account.phone(ANNA)
    caller = world.account.call("+4792222222", LINE)
    anna.answer()
    leg = next(call for call in world.client.calls.list() if call.direction == "outbound-dial")
    assert (leg.to, leg.parent_call_sid, leg.status) == (ANNA, caller.sid, "in-progress")
    world.client.calls(leg.sid).update(status="completed")
    world.account.wait(0.01)
    assert caller.heard("thank you")
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls(leg.sid).update(url=f"{BASE}/voice")
    assert refused.value.code == 21220


def test_the_record_of_a_call_is_deleted_only_when_it_is_over() -> None:
    world = World()
    world.account.phone(ANNA)
    sid = world.place()
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls(sid).delete()
    assert refused.value.status == 409
    world.account.run()
    assert world.client.calls(sid).delete()
    assert world.client.calls.list() == []
    with pytest.raises(TwilioRestException) as gone:
        world.client.calls(sid).fetch()
    assert gone.value.code == 20404


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"to": "12"}, 21211),
        ({"to": ""}, 21201),
        ({"from_": "+4799999999"}, 21210),
        ({"from_": "nobody"}, 21212),
        ({"from_": ""}, 21213),
        ({"url": None}, 21205),
        ({"url": "ftp://example.org"}, 21205),
        ({"application_sid": "AP0"}, 21218),
        ({"status_callback": "nowhere"}, 21609),
        ({"status_callback_event": ["begun"]}, 21626),
        ({"twiml": "x" * 4001}, 32018),
        ({"timeout": 601}, 20001),
        ({"machine_detection": "Perhaps"}, 20001),
        ({"send_digits": "12x"}, 20001),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_number(options: dict[str, Any], code: int) -> None:
    world = World()
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls.create(**{"to": ANNA, "from_": LINE, "url": f"{BASE}/voice", **options})
    assert (refused.value.code, refused.value.status) == (code, 400)
    assert world.account.calls == []


def test_a_call_is_recorded_from_its_answer_to_its_end_and_its_recording_is_told() -> None:
    world = World(legs={ANNA: Leg.answer(3, talk=20)}, voice='<Pause length="60"/>')
    events = ["in-progress", "completed"]
    world.place(
        record=True,
        recording_channels="dual",
        recording_status_callback=f"{BASE}/amd",
        recording_status_callback_event=events,
        status_callback=f"{BASE}/told",
    )
    world.account.run()
    told = world.told("/amd")
    assert [each["RecordingStatus"] for each in told] == events
    assert (told[1]["RecordingDuration"], told[1]["RecordingChannels"]) == ("20", "2")
    assert told[1]["RecordingSource"] == "OutboundAPI"
    assert world.told()[-1]["RecordingSid"] == told[1]["RecordingSid"]
    assert world.told()[-1]["RecordingDuration"] == "20"


def test_a_call_that_is_not_answered_has_no_recording() -> None:
    world = World(legs={ANNA: "busy"})
    world.place(record=True, recording_status_callback=f"{BASE}/amd", status_callback=f"{BASE}/told")
    world.account.run()
    assert world.told("/amd") == []
    assert "RecordingSid" not in world.told()[-1]


def test_what_is_not_simulated_is_refused_by_name() -> None:
    world = World()
    with pytest.raises(TwilioRestException, match=r"Byoc of POST .*Calls.json is not simulated") as refused:
        world.place(byoc="BY0")
    assert refused.value.status == 501
    with pytest.raises(TwilioRestException, match=r"GET .*/Balance.json is not simulated"):
        world.client.balance.fetch()


def test_a_url_whose_origin_nobody_has_named_is_not_asked() -> None:
    world = World(legs={ANNA: Leg.answer(1)})
    sid = world.place(url="http://example.org/voice")
    world.account.run()
    call = world.account.calls[0]
    assert call.warnings == [11200]
    assert world.client.calls(sid).fetch().status == "failed"


def test_every_request_stands_in_the_log() -> None:
    world = World()
    sid = world.place()
    with pytest.raises(TwilioRestException):
        world.client.calls("CA0").fetch()
    path = f"/2010-04-01/Accounts/{world.account.sid}/Calls"
    assert [str(request) for request in world.account.rest_log] == [
        f"POST {path}.json 201",
        f"GET {path}/CA0.json 404",
    ]
    assert world.account.rest_log[0].fields["To"] == ANNA
    assert sid == world.account.calls[0].sid


CALL_FIELDS = """sid date_created date_updated parent_call_sid account_sid to to_formatted from from_formatted
phone_number_sid status start_time end_time duration price price_unit direction answered_by api_version forwarded_from
group_sid caller_name queue_time trunk_sid uri subresource_uris"""


def test_a_call_has_all_the_fields_of_twilios_schema() -> None:
    """twilio-oai, twilio_api_v2010.json, api.v2010.account.call."""
    world = World()
    sid = world.place()
    reply = world.account.rest.request(
        "GET",
        f"https://api.twilio.com/2010-04-01/Accounts/{world.account.sid}/Calls/{sid}.json",
        auth=(world.account.sid, world.account.auth_token),
    )
    assert set(json.loads(reply.text)) == set(CALL_FIELDS.split())


def test_a_call_names_the_number_of_the_account_that_it_came_to_or_shows() -> None:
    world = World()
    number = world.client.incoming_phone_numbers.list()[0].sid
    placed = world.client.calls.create(to=ANNA, from_=LINE, url=f"{BASE}/voice")
    came = world.account.call(ANNA, LINE)
    assert (placed.phone_number_sid, world.client.calls(came.sid).fetch().phone_number_sid) == (number, number)


@pytest.mark.parametrize(
    ("to", "from_", "code"),
    [
        (LINE, LINE, 21211),  # twilio.com/docs/api/errors/21211
        (ANNA, "client:jack", 21212),  # a number is called from a number
        (ANNA, "sip:jack@sip.example", 21212),
        ("sip:anna@sip.example", "client:jack", 0),
        ("sip:anna@sip.example", "jack", 0),  # twilio.com/docs/voice/api/sip-making-calls
        ("client:anna", "jack", 21212),
        ("client:anna", "client:jack", 0),
    ],
)
def test_who_may_call_whom(to: str, from_: str, code: int) -> None:
    world = World(legs={to: "busy"})
    with pytest.raises(TwilioRestException) if code else nullcontext() as refused:
        world.client.calls.create(to=to, from_=from_, url=f"{BASE}/voice")
    assert code == (refused.value.code if refused else 0)


def test_a_number_does_not_text_itself() -> None:
    mobile, world = "+4790000009", World()
    world.account.number(mobile)
    with pytest.raises(TwilioRestException) as refused:
        world.client.messages.create(to=mobile, from_=mobile, body="Hello")
    assert refused.value.code == 21266
