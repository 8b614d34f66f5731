"""Programs on a WebSocket in an account: one that echoes, and one that hands the caller over to a person's phone."""

from base64 import b64decode
from typing import Any

import requests

from ivr.simulator import Account
from tests.media.bot import Bot, connect, running
from tests.media.test_conversation_relay import _app, _nurse_line

LINE, NURSE, ANNA = "+4721000000", "+4755568700", "+4791234567"


def _echo(bot: Bot, message: dict[str, Any]) -> None:
    if message["event"] == "media" and len(bot.events("media")) <= 50:
        bot.play(message["streamSid"], b64decode(message["media"]["payload"]))


def test_a_bot_echoes_in_two_calls_at_once(ivr_account: Account) -> None:
    with running(_echo) as first, running(_echo) as second:
        ivr_account.number(LINE, voice=connect(first))
        ivr_account.number("+4722000000", voice=connect(second))
        callers = [ivr_account.call(ANNA, LINE), ivr_account.call("+4792222222", "+4722000000")]
        ivr_account.wait(3)
        for caller in callers:
            caller.hang_up()
        assert len({bot.heard[1]["start"]["callSid"] for bot in (first, second)}) == 2
        for caller in callers:
            assert any(event["event"] == "stream_audio" for event in caller.trace)


def test_a_conversation_is_handed_over_to_a_persons_phone(ivr_account: Account) -> None:
    with running(_nurse_line) as bot:
        ivr_account.number(LINE, voice=_app(bot, welcomeGreeting="Hello, what is it about?"))
        nurse = ivr_account.phone(NURSE)
        caller = ivr_account.call(ANNA, LINE)
        caller.say("my ear hurts")
        caller.hear("You said my ear hurts")
        caller.say("I want a nurse")
        caller.hear("a nurse will talk to you")
        nurse.answer()
        assert nurse.caller_id == ANNA
        ivr_account.wait(60)
        nurse.hang_up()
        ivr_account.run()
        assert caller.leg(NURSE).seconds == 60


def test_a_bot_moves_its_own_call_over_rest_before_it_answers_on_the_socket(ivr_account: Account) -> None:
    """The REST API answers while the messages of a stream are exchanged; the call is moved after them."""
    answered: list[int] = []

    def moves(bot: Bot, message: dict[str, Any]) -> None:
        if message["event"] == "media" and len(bot.events("media")) == 100:
            (start,) = bot.events("start")
            path = f"/2010-04-01/Accounts/{ivr_account.sid}/Calls/{start['start']['callSid']}.json"
            moved = {"Twiml": "<Response><Say>Moved by REST.</Say></Response>"}
            login = ivr_account.sid, ivr_account.auth_token
            answer = requests.post(f"{ivr_account.rest_url}{path}", data=moved, auth=login, timeout=10)
            answered.append(answer.status_code)

    assert ivr_account.rest_url.startswith("http://127.0.0.1:")
    with running(moves) as bot:
        ivr_account.number(LINE, voice=connect(bot))
        caller = ivr_account.call(ANNA, LINE)
        caller.hear("Moved by REST.")
        assert 2 <= caller.seconds < 3
        ivr_account.run()
    assert answered == [200]
    assert caller.ended == "completed"
