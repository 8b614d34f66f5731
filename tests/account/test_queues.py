"""Queues with real calls: order, positions and times, agents who dial in, and what each action is told."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator import Account
from ivr.simulator.account.account_call import AccountCall
from tests.library.apps import Documents

LINE, AGENTS = "+4721000000", "+4722000000"
WAIT = '<Say>You wait.</Say><Pause length="10"/>'
BASE = "http://127.0.0.1:5000"


class Switch:
    """An account with a number whose callers wait in a queue, and one where agents take them."""

    def __init__(self, **documents: str) -> None:
        known = {
            "voice": '<Enqueue action="/left" waitUrl="/wait">support</Enqueue><Say>Next verb.</Say>',
            "wait": WAIT,
            "left": "<Say>Thank you for waiting.</Say>",
            "agent": '<Dial action="/done" timeout="20"><Queue>support</Queue></Dial>',
            "done": "<Say>Next, please.</Say>",
        }
        self.app = Documents(**(known | documents))
        self.account = Account()
        self.account.number(LINE, voice=self.app)
        self.account.number(AGENTS, voice=self.app, path="/agent")
        self.client = Client(self.account.sid, self.account.auth_token, http_client=self.account.rest)

    def caller(self, number: int) -> AccountCall:
        return self.account.call(f"+479000000{number}", LINE)

    def agent(self, number: int = 1) -> AccountCall:
        return self.account.call(f"+479100000{number}", AGENTS)

    def told(self, path: str) -> list[dict[str, str]]:
        return [fields for asked, fields in self.app.asked if asked == path]


def test_the_first_who_came_is_the_first_who_is_taken() -> None:
    switch = Switch()
    first, second = switch.caller(1), switch.caller(2)
    switch.account.wait(30)
    agent = switch.agent()
    switch.account.wait(60)
    agent.hang_up()
    assert switch.app.fields("/left")["CallSid"] == first.sid
    assert switch.app.fields("/left")["QueueResult"] == "bridged"
    assert first.heard("thank you for waiting")
    assert second.status == "in-progress"
    assert [member.call_sid for member in switch.client.queues.list()[0].members.list()] == [second.sid]


def test_positions_sizes_and_times_are_true() -> None:
    switch = Switch(wait='<Pause length="100"/>')
    switch.caller(1)
    switch.account.wait(40)
    switch.caller(2)
    told = switch.told("/wait")
    assert (told[0]["QueuePosition"], told[0]["CurrentQueueSize"], told[0]["QueueTime"]) == ("1", "1", "0")
    assert (told[1]["QueuePosition"], told[1]["CurrentQueueSize"], told[1]["QueueTime"]) == ("2", "2", "0")
    assert (told[1]["AvgQueueTime"], told[1]["MaxQueueSize"]) == ("20", "1000")


def test_those_behind_move_up_when_somebody_leaves() -> None:
    switch = Switch()
    first, _second, third = (switch.caller(number) for number in (1, 2, 3))
    switch.account.wait(1)
    first.hang_up()
    switch.account.wait(30)
    latest = next(told for told in reversed(switch.told("/wait")) if told["CallSid"] == third.sid)
    assert (latest["QueuePosition"], latest["CurrentQueueSize"]) == ("2", "2")
    assert switch.told("/left")[0]["QueueResult"] == "hangup"


def test_the_agents_action_is_told_of_the_caller_who_was_taken() -> None:
    switch = Switch()
    caller = switch.caller(1)
    switch.account.wait(25)
    agent = switch.agent()
    switch.account.wait(40)
    caller.hang_up()
    told = switch.app.fields("/done")
    assert (told["DialCallStatus"], told["DialBridged"], told["DequeueResult"]) == ("completed", "true", "bridged")
    assert (told["DequeuedCallSid"], told["DialCallSid"]) == (caller.sid, caller.sid)
    assert (told["DequeuedCallQueueTime"], told["DequeuedCallDuration"]) == ("25", "40")
    assert agent.heard("next, please")


def test_an_agent_waits_for_the_next_caller_until_the_timeout() -> None:
    switch = Switch()
    waiting = switch.caller(1)
    first = switch.agent()
    second = switch.agent(2)
    switch.account.wait(10)
    assert not second.heard("next, please")
    caller = switch.caller(2)
    switch.account.wait(30)
    assert switch.told("/done") == []
    caller.hang_up()
    waiting.hang_up()
    assert [told["DequeueResult"] for told in switch.told("/done")] == ["bridged", "bridged"]
    assert second.heard("next, please")
    assert first.heard("next, please")


def test_an_empty_queue_and_one_that_does_not_exist_are_told() -> None:
    switch = Switch(nobody='<Dial action="/done"><Queue>nowhere</Queue></Dial>')
    caller = switch.caller(1)
    caller.hang_up()
    switch.agent()
    switch.account.wait(21)
    told = switch.app.fields("/done")
    assert (told["DialCallStatus"], told["DequeueResult"]) == ("no-answer", "queue-empty")
    switch.account.number("+4723000000", voice=switch.app, path="/nobody")
    switch.account.call("+4790000001", "+4723000000")
    told = switch.app.fields("/done")
    assert (told["DialCallStatus"], told["DequeueResult"]) == ("failed", "queue-not-found")


def test_the_caller_hears_the_queues_url_before_the_two_talk() -> None:
    switch = Switch(
        agent='<Dial action="/done"><Queue url="/about">support</Queue></Dial>',
        about="<Say>This call may be recorded.</Say>",
    )
    caller = switch.caller(1)
    switch.account.wait(15)
    agent = switch.agent()
    caller.hear("may be recorded")
    told = switch.app.fields("/about")
    assert (told["CallSid"], told["DequeingCallSid"], told["QueueTime"]) == (caller.sid, agent.sid, "15")
    switch.account.wait(10)
    assert caller.leg("queue:support").status == "in-progress"
    agent.hang_up()
    assert caller.heard("thank you for waiting")


def test_a_caller_who_hangs_up_while_the_url_is_heard_is_bridging_in_process_and_the_next_is_taken() -> None:
    switch = Switch(
        agent='<Dial action="/done"><Queue url="/about">support</Queue></Dial>',
        about="<Say>This call may be recorded for your own safety.</Say>",
    )
    first, second = switch.caller(1), switch.caller(2)
    agent = switch.agent()
    switch.account.wait(1)
    first.hang_up()
    switch.account.wait(10)
    assert switch.told("/left")[0]["QueueResult"] == "bridging-in-process"
    agent.hang_up()
    assert switch.app.fields("/done")["DequeuedCallSid"] == second.sid


def test_a_full_queue_takes_nobody() -> None:
    switch = Switch()
    switch.client.queues.create(friendly_name="support", max_size=1)
    switch.caller(1)
    second = switch.caller(2)
    assert switch.app.fields("/left")["QueueResult"] == "queue-full"
    assert "QueueTime" not in switch.app.fields("/left")
    assert second.warnings == [14207]


def test_leave_leads_on() -> None:
    switch = Switch(wait="<Say>You wait.</Say><Leave/>")
    caller = switch.caller(1)
    caller.hear("thank you for waiting")
    assert switch.app.fields("/left")["QueueResult"] == "leave"


def test_a_wait_url_that_fails_is_an_error() -> None:
    switch = Switch(voice='<Enqueue action="/left" waitUrl="/gone">support</Enqueue>')
    caller = switch.caller(1)
    assert switch.app.fields("/left")["QueueResult"] == "error"
    assert caller.warnings == [11217]


def test_a_member_is_dequeued_over_rest() -> None:
    switch = Switch(elsewhere="<Say>You are first.</Say>")
    first, second = switch.caller(1), switch.caller(2)
    queue = switch.client.queues.list()[0]
    switch.account.wait(12)
    front = queue.members("Front").fetch()
    assert (front.call_sid, front.position, front.wait_time) == (first.sid, 1, 12)
    queue.members(second.sid).update(url=f"{BASE}/elsewhere")
    assert second.heard("you are first")
    assert switch.told("/left")[0]["QueueResult"] == "redirected"
    queue.members("Front").update(url=f"{BASE}/elsewhere")
    assert first.heard("you are first")
    with pytest.raises(TwilioRestException) as refused:
        queue.members("Front").fetch()
    assert refused.value.code == 20404


def test_a_caller_who_is_redirected_in_the_talk_leaves_the_agent() -> None:
    switch = Switch(elsewhere="<Say>You are moved.</Say>")
    caller = switch.caller(1)
    agent = switch.agent()
    switch.account.wait(5)
    switch.client.calls(caller.sid).update(url=f"{BASE}/elsewhere")
    assert caller.heard("you are moved")
    assert switch.app.fields("/left")["QueueResult"] == "redirected-from-bridged"
    assert agent.heard("next, please")


def test_queues_are_made_changed_and_deleted_over_rest() -> None:
    switch = Switch()
    queues = switch.client.queues
    made = queues.create(friendly_name="night", max_size=3)
    assert (made.friendly_name, made.max_size, made.current_size) == ("night", 3, 0)
    assert queues(made.sid).update(friendly_name="late", max_size=4).friendly_name == "late"
    switch.caller(1)
    switch.account.wait(10)
    support = next(queue for queue in queues.list() if queue.friendly_name == "support")
    assert (support.current_size, support.average_wait_time) == (1, 10)
    with pytest.raises(TwilioRestException) as refused:
        queues(support.sid).delete()
    assert refused.value.code == 20001
    assert queues(made.sid).delete()
    with pytest.raises(TwilioRestException):
        queues(made.sid).fetch()


@pytest.mark.parametrize(
    "options", [{"friendly_name": "x" * 65}, {"friendly_name": "support"}, {"friendly_name": "a", "max_size": 5001}]
)
def test_a_queue_that_cannot_be_made_is_refused(options: dict[str, Any]) -> None:
    switch = Switch()
    switch.client.queues.create(friendly_name="support")
    with pytest.raises(TwilioRestException) as refused:
        switch.client.queues.create(**options)
    assert refused.value.code == 20001
