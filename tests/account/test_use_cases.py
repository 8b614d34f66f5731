"""What an account is for, each with an application of its own (`applications`)."""

import io
import wave
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from twilio.rest import Client

from ivr.simulator import Account
from ivr.simulator.account.account_call import AccountCall
from tests.account.applications import (
    AGENTS,
    LINE,
    call_back,
    coaching,
    nurses,
    reminder,
    support_queue,
    voicemail,
    warm_transfer,
)
from tests.library.apps import Documents

ANNA, BO, EXPERT = "+4791111111", "+4792222222", "+4793333333"


@pytest.fixture
def client(ivr_account: Account) -> Client:
    return Client(ivr_account.sid, ivr_account.auth_token, http_client=ivr_account.rest)


@pytest.fixture
def click(ivr_account: Account) -> Callable[[Flask, str], None]:
    """Somebody presses a button on the application's screen."""

    def post(app: Flask, path: str) -> None:
        browser: Any = app.test_client()
        assert browser.post(path).status_code == 200
        ivr_account.wait(0)

    return post


def _is_taken(caller: AccountCall) -> bool:
    """Whether an agent talks with the caller."""
    legs = [event for event in caller.trace if event["event"] == "leg"]
    return bool(legs) and legs[-1]["status"] == "in-progress"


def test_warm_transfer(ivr_account: Account, client: Client, click: Callable[[Flask, str], None]) -> None:
    app = warm_transfer(client, EXPERT)
    ivr_account.number(LINE, voice=app)
    ivr_account.number(AGENTS, voice=app, path="/desk")
    expert = ivr_account.phone(EXPERT)

    caller = ivr_account.call(ANNA, LINE)
    desk = ivr_account.call(BO, AGENTS)
    room = ivr_account.conferences["case"]
    ivr_account.wait(20)
    click(app, "/ask")
    caller.hear("we ask a colleague")
    expert.answer()
    by_label = {each.label: each for each in room.participants}
    assert room.heard_by(by_label["expert"]) == [desk.sid]  # the two talk about the caller, who hears music
    click(app, "/join")
    assert room.heard_by(by_label["caller"]) == [desk.sid, by_label["expert"].call_sid]
    desk.hang_up()
    assert room.heard_by(by_label["caller"]) == [by_label["expert"].call_sid]
    caller.hang_up()
    assert not expert.is_talking


def test_queue_with_two_agents_and_five_callers(ivr_account: Account) -> None:
    app = support_queue()
    ivr_account.number(LINE, voice=app)
    ivr_account.number(AGENTS, voice=app, path="/agent")
    callers = [ivr_account.call(f"+479000000{number}", LINE) for number in range(1, 6)]
    assert callers[4].heard("you are number 5")

    agents = [ivr_account.call(f"+479200000{number}", AGENTS) for number in (1, 2)]
    ivr_account.wait(30)
    assert [_is_taken(caller) for caller in callers] == [True, True, False, False, False]
    assert callers[2].heard("you are number 1")
    for caller in callers:
        assert _is_taken(caller)
        caller.hang_up()
        ivr_account.wait(60)
    assert ivr_account.queues["support"].waiters == []
    assert [agent.status for agent in agents] == ["in-progress", "in-progress"]


@pytest.mark.parametrize("machine", [False, True])
def test_outbound_reminder_with_machine_detection(ivr_account: Account, client: Client, machine: bool) -> None:
    app = reminder()
    base = ivr_account.serves(app)
    ivr_account.number(LINE)
    anna = ivr_account.phone(ANNA)
    sid = client.calls.create(to=ANNA, from_=LINE, url=f"{base}/reminder", machine_detection="DetectMessageEnd").sid
    anna.answer(machine=machine)
    if machine:
        anna.hear("this is a message")
    else:
        anna.hear("press 1 to confirm")
        anna.press("1")
        anna.hear("thank you")
    ivr_account.run()
    assert app.config["CONFIRMED"] == ([] if machine else [ANNA])
    assert client.calls(sid).fetch().answered_by == ("machine_end_beep" if machine else "human")


def test_call_back_when_an_agent_is_free(
    ivr_account: Account, client: Client, click: Callable[[Flask, str], None]
) -> None:
    app = call_back(client, [BO])
    ivr_account.number(LINE, voice=app)
    agent = ivr_account.phone(BO)
    anna = ivr_account.phone(ANNA)
    first = ivr_account.call(ANNA, LINE)
    first.press("1")
    first.hear("we call you back")
    first.hang_up()
    ivr_account.wait(300)
    click(app, "/free")
    anna.answer()
    anna.hear("your call-back")
    agent.answer()
    assert agent.caller_id == LINE
    ivr_account.wait(30)
    anna.hang_up()
    assert not agent.is_talking


def test_a_voicemail_is_fetched_and_attached_to_a_mail(ivr_account: Account, client: Client) -> None:
    app = voicemail(client, lambda url: ivr_account.rest.request("GET", url).content)
    ivr_account.number(LINE, voice=app)

    anna = ivr_account.call(ANNA, LINE)
    anna.hear("after the tone")
    anna.say("This is Anna. My son has had a fever since last night, please call me back")
    anna.press("#")
    anna.hear("we have your message")
    ivr_account.run()

    (mail,) = app.config["OUTBOX"]
    (attached,) = mail.iter_attachments()
    with wave.open(io.BytesIO(attached.get_content())) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert (attached.get_content_type(), round(seconds)) == ("audio/x-wav", 6)  # 16 words, at 150 a minute
    assert mail["Subject"] == f"Message of 6 s from {ANNA}"
    assert client.recordings.list() == []


def test_a_coach_whispers_to_an_agent(ivr_account: Account) -> None:
    app = coaching()
    ivr_account.number(LINE, voice=app)
    ivr_account.number(AGENTS, voice=app, path="/agent")
    ivr_account.number("+4723000000", voice=app, path="/coach")
    customer, agent = ivr_account.call(ANNA, LINE), ivr_account.call(BO, AGENTS)
    coach = ivr_account.call(EXPERT, "+4723000000")
    room = ivr_account.conferences["case"]
    heard = {each.call_sid: room.heard_by(each) for each in room.participants}
    assert coach.sid in heard[agent.sid]
    assert coach.sid not in heard[customer.sid]


def test_two_people_call_each_other_through_two_numbers(ivr_account: Account) -> None:
    """Each has a number of the account; the other one's phone rings behind it."""
    ivr_account.number(LINE, voice=Documents(voice=f'<Dial callerId="{AGENTS}">{ANNA}</Dial>'))
    ivr_account.number(AGENTS, voice=Documents(voice=f'<Dial callerId="{LINE}">{BO}</Dial>'))
    anna, bo = ivr_account.phone(ANNA), ivr_account.phone(BO)
    from_anna = ivr_account.call(ANNA, AGENTS)
    bo.answer()
    assert bo.caller_id == LINE
    ivr_account.wait(20)
    from_anna.hang_up()
    from_bo = ivr_account.call(BO, LINE)
    anna.answer()
    assert anna.caller_id == AGENTS
    from_bo.hang_up()
    assert not anna.is_talking


def test_ten_callers_and_three_nurses_with_red_flags_first(ivr_account: Account, client: Client) -> None:
    app: Any = nurses(client)
    ivr_account.number(LINE, voice=app)
    ivr_account.number(AGENTS, voice=app, path="/nurse")
    callers = [
        ivr_account.call(f"+479000000{number}", LINE, keys="9" if number in (6, 8) else "") for number in range(10)
    ]
    ivr_account.wait(60)
    assert all(caller.heard("113") for caller in callers)  # before anything else, and while they wait
    assert len(ivr_account.queues["red"].waiters) == 2

    started: list[str] = []
    for number in range(3):
        ivr_account.call(f"+479200000{number}", AGENTS)
    waiting = list(callers)
    while waiting:
        talking = [
            caller
            for caller in waiting
            if "in-progress" in [leg["status"] for leg in caller.trace if leg["event"] == "leg"]
        ]
        assert len(talking) == min(3, len(waiting))
        for caller in talking:
            started.append(caller.from_[-1])
            waiting.remove(caller)
        ivr_account.wait(120)
        for caller in talking:
            caller.hang_up()
        ivr_account.wait(10)
    assert set(started[:3]) == {"0", "6", "8"}
    assert sorted(started) == list("0123456789")
