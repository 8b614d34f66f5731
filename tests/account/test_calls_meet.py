"""Calls of one account meet: two numbers, a phone that is picked up, and one clock for all of them."""

import re

import pytest

from ivr.base.errors import SimulatorError
from ivr.simulator import Account, Leg, Wait
from ivr.simulator.account.world import MOST_AT_ONCE
from ivr.simulator.plan import HangUp, Press
from tests.library.apps import Documents, library

LINE, DESK, NURSE, ANNA = "+4721000000", "+4722000000", "+4790000001", "+4791234567"


def _two(first: str, second: str, **more: str) -> tuple[Account, Documents, Documents]:
    """Two numbers, each with an application of its own."""
    line, desk = Documents(voice=first, **more), Documents(voice=second, menu="<Say>Bread is sold out.</Say>")
    account = Account()
    account.number(LINE, voice=line)
    account.number(DESK, voice=desk)
    return account, line, desk


def test_a_call_of_an_account_is_what_a_session_plays() -> None:
    account = Account()
    account.number(LINE, voice=library())
    call = account.call(ANNA, LINE)
    call.press("1")
    assert call.heard("open from ten to six")
    account.run()
    assert call.ended == "completed"
    assert [str(request) for request in call.requests] == ["POST /voice", "POST /menu"]


def test_a_dial_of_a_number_of_the_account_places_a_call_with_a_sid_of_its_own() -> None:
    account, _, desk = _two(f"<Dial>{DESK}</Dial>", "<Say>The desk is closed.</Say>")
    caller = account.call(ANNA, LINE)
    account.run()
    at_desk = account.calls[1]
    told = desk.fields("/voice")
    assert (told["From"], told["To"], told["Direction"], told["CallStatus"]) == (ANNA, DESK, "inbound", "ringing")
    assert told["CallSid"] == at_desk.sid != caller.sid
    assert "ParentCallSid" not in told
    leg = caller.leg(DESK)
    assert (leg.status, caller.ended, at_desk.ended) == ("completed", "completed", "completed")


def test_who_dials_hears_the_other_number_and_its_keys_reach_it() -> None:
    account, _, desk = _two(
        f"<Dial>{DESK}</Dial>", '<Gather numDigits="1" action="/menu"><Say>For bread, press 4.</Say></Gather>'
    )
    caller = account.call(ANNA, LINE)
    caller.hear("for bread")
    caller.press("4")
    assert desk.fields("/menu")["Digits"] == "4"
    assert caller.heard("sold out")


def test_the_end_of_one_call_ends_the_leg_of_the_other() -> None:
    account, line, _ = _two(
        f'<Dial action="/after">{DESK}</Dial>',
        '<Say>Hi.</Say><Pause length="7"/>',
        after="<Say>They hung up.</Say>",
    )
    caller = account.call(ANNA, LINE)
    account.run()
    told = line.fields("/after")
    assert (told["DialCallStatus"], told["DialCallDuration"]) == ("completed", "7")
    assert caller.heard("they hung up")


def test_the_caller_who_hangs_up_ends_the_other_call() -> None:
    account, _, _ = _two(f"<Dial>{DESK}</Dial>", '<Say>Please hold.</Say><Pause length="60"/>')
    caller = account.call(ANNA, LINE)
    account.wait(10)
    caller.hang_up()
    assert [call.ended for call in account.calls] == ["completed", "completed"]
    assert caller.leg(DESK).seconds == 10


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_number_that_rejects_is_busy_or_does_not_answer(reason: str, status: str) -> None:
    account, line, _ = _two(f'<Dial action="/after">{DESK}</Dial>', f'<Reject reason="{reason}"/>', after="<Hangup/>")
    account.call(ANNA, LINE)
    account.run()
    assert line.fields("/after")["DialCallStatus"] == status


def test_a_number_that_does_not_pick_up_rings_until_the_timeout() -> None:
    account, line, _ = _two(
        f'<Dial timeout="10" action="/after">{DESK}</Dial>', '<Pause length="60"/><Say>Hello.</Say>', after="<Hangup/>"
    )
    account.call(ANNA, LINE)
    account.run()
    assert line.fields("/after")["DialCallStatus"] == "no-answer"
    assert [call.ended for call in account.calls] == ["completed", "no-answer"]
    assert account.now == 15


def test_a_phone_is_picked_up_and_two_people_talk_until_one_hangs_up() -> None:
    line = Documents(voice=f'<Dial action="/after">{NURSE}</Dial>', after="<Say>Goodbye.</Say>")
    account = Account()
    account.number(LINE, voice=line)
    nurse = account.phone(NURSE)
    caller = account.call(ANNA, LINE)
    assert nurse.is_ringing
    assert nurse.caller_id == ANNA
    account.wait(4)
    nurse.answer()
    assert nurse.is_talking
    account.wait(20)
    nurse.hang_up()
    assert line.fields("/after")["DialCallDuration"] == "20"
    assert caller.heard("goodbye")
    assert not nurse.is_talking


def test_a_phone_hears_the_whisper_and_takes_the_call_with_a_key() -> None:
    line = Documents(
        voice=f'<Dial action="/after"><Number url="/whisper">{NURSE}</Number></Dial>',
        whisper='<Gather numDigits="1" action="/take"><Say>A caller from Oslo. Press 1.</Say></Gather><Hangup/>',
        take="<Say>Connecting.</Say>",
        after="<Hangup/>",
    )
    account = Account()
    account.number(LINE, voice=line)
    nurse = account.phone(NURSE)
    caller = account.call(ANNA, LINE)
    nurse.answer()
    nurse.hear("from Oslo")
    account.wait(2)
    nurse.press("1")
    nurse.hear("connecting")
    account.wait(5)
    assert not caller.heard("Oslo")
    caller.hang_up()
    assert not nurse.is_talking
    assert line.fields("/after")["DialBridged"] == "true"


def test_a_phone_in_a_call_is_busy_for_the_next_one() -> None:
    line = Documents(voice=f'<Dial action="/after">{NURSE}</Dial>', after="<Say>Try later.</Say>")
    account = Account()
    account.number(LINE, voice=line)
    nurse = account.phone(NURSE)
    first = account.call(ANNA, LINE)
    nurse.answer()
    second = account.call("+4792222222", LINE)
    assert second.leg(NURSE).status == "busy"
    assert second.heard("try later")
    assert first.leg(NURSE).status == "in-progress"


@pytest.mark.parametrize("how", ["busy", "no-answer", "failed"])
def test_a_phone_that_is_declined_says_how(how: str) -> None:
    account = Account()
    line = Documents(voice=f'<Dial action="/after">{NURSE}</Dial>', after="<Hangup/>")
    account.number(LINE, voice=line)
    nurse = account.phone(NURSE)
    account.call(ANNA, LINE)
    account.wait(3)
    nurse.decline(how)  # type: ignore[arg-type]
    account.run()
    assert line.fields("/after")["DialCallStatus"] == how


def test_a_number_that_nobody_knows_behaves_as_legs_say_and_does_not_answer_otherwise() -> None:
    line = Documents(voice='<Dial action="/after">+4755555555</Dial>', after="<Hangup/>")
    account = Account()
    account.number(LINE, voice=line)
    account.call(ANNA, LINE)
    account.run()
    assert line.fields("/after")["DialCallStatus"] == "no-answer"
    account.set_leg("+4755555555", Leg.answer(2, talk=6))
    account.call(ANNA, LINE)
    account.run()
    assert line.fields("/after")["DialCallDuration"] == "6"


def test_two_people_call_each_other_through_two_numbers() -> None:
    """Anna calls one number, which dials the other, which rings Bo."""
    account, _, _ = _two(f"<Dial>{DESK}</Dial>", f"<Say>One moment.</Say><Dial>{NURSE}</Dial>")
    bo = account.phone(NURSE)
    anna = account.call(ANNA, LINE)
    anna.hear("one moment")
    bo.answer()
    account.wait(30)
    anna.hang_up()
    assert not bo.is_talking
    assert [call.ended for call in account.calls] == ["completed", "completed"]


def test_calls_share_one_clock() -> None:
    account = Account()
    line = Documents(voice='<Say>Welcome.</Say><Pause length="30"/>', status="")
    account.number(LINE, voice=line, status_callback="/status")
    account.call(ANNA, LINE)
    account.wait(12)
    second = account.call("+4792222222", LINE)
    account.run(until=20)
    assert (account.now, second.seconds) == (20, 8)
    account.run()
    stamps = [fields["Timestamp"] for path, fields in line.asked if path == "/status"]
    assert stamps == ["Thu, 01 Jan 2026 00:00:30 +0000", "Thu, 01 Jan 2026 00:00:42 +0000"]


def _played(seed: int) -> str:
    account, _, _ = _two(f"<Dial>{DESK}</Dial>", f"<Say>One moment.</Say><Dial>{NURSE}</Dial>")
    account = Account(seed=seed)
    account.number(LINE, voice=Documents(voice=f"<Dial>{DESK}</Dial>"))
    account.number(DESK, voice=Documents(voice=f"<Say>One moment.</Say><Dial>{NURSE}</Dial>"))
    nurse = account.phone(NURSE)
    callers = [account.call(f"+479{number}000000", LINE, steps=(Wait(number), HangUp())) for number in range(1, 6)]
    nurse.answer()
    account.run()
    assert all(caller.ended for caller in callers)
    return re.sub(r'"ms":[0-9.e-]+', '"ms":0', account.traces)


def test_the_same_acts_make_the_same_bytes_and_another_seed_other_sids() -> None:
    assert _played(1) == _played(1)
    assert _played(1) != _played(2)


def test_numbers_that_dial_each_other_for_ever_end_in_an_error_or_in_legs_that_fail() -> None:
    account, _, _ = _two(f"<Dial>{DESK}</Dial>", f"<Dial>{LINE}</Dial>")
    account.call(ANNA, LINE)
    account.run()
    assert len(account.calls) <= MOST_AT_ONCE
    assert {call.ended for call in account.calls} == {"completed"}


def test_waiting_for_what_never_comes_is_an_error_with_the_transcript() -> None:
    account = Account()
    account.number(LINE, voice=library())
    call = account.call(ANNA, LINE)
    with pytest.raises(SimulatorError, match=r"the call ended \(completed\) before 'bread' was heard[\s\S]*Welcome"):
        call.hear("bread")
    with pytest.raises(SimulatorError, match="does not ring"):
        account.phone(NURSE).answer()
    with pytest.raises(SimulatorError, match="it has not come to that"):
        account.run(until=lambda: False)


def test_nobody_can_act_on_the_line_of_a_call_that_another_call_has_rung() -> None:
    account, _, _ = _two(f"<Dial>{DESK}</Dial>", '<Gather><Say>Hello.</Say></Gather><Pause length="9"/>')
    account.call(ANNA, LINE)
    account.wait(1)
    with pytest.raises(SimulatorError, match="a call of the account is on this line"):
        account.calls[1].press("1")


def test_tones_that_a_dial_sends_are_keys_for_the_number_that_answers() -> None:
    account, _, desk = _two(
        f'<Dial><Number sendDigits="ww12">{DESK}</Number></Dial>', '<Gather numDigits="2" action="/menu"/>'
    )
    account.call(ANNA, LINE)
    account.run()
    assert desk.fields("/menu")["Digits"] == "12"


def test_callers_with_steps_act_by_themselves() -> None:
    account = Account()
    account.number(LINE, voice=library())
    first = account.call(ANNA, LINE, keys="1")
    second = account.call("+4792222222", LINE, steps=(Wait(2), Press("1")))
    account.run()
    assert first.heard("ten to six")
    assert second.heard("ten to six")


def test_another_application_at_the_same_address_is_refused() -> None:
    account = Account()
    account.number(LINE, voice=library(), base_url="http://127.0.0.1:5000")
    with pytest.raises(SimulatorError, match="give this one its own base_url"):
        account.number(DESK, voice=library(), base_url="http://127.0.0.1:5000")
    with pytest.raises(SimulatorError, match="there already"):
        account.number(LINE, voice=library())


def test_a_call_that_went_wrong_is_told_when_the_account_is_closed() -> None:
    account = Account()
    account.number(LINE, voice=Documents(voice="<Play>nowhere.mp3</Play><Redirect>/gone</Redirect>"))
    account.call(ANNA, LINE)
    with pytest.raises(SimulatorError, match="went wrong"):
        account.close()


def test_a_far_end_that_is_set_for_all_numbers_is_neither_a_phone_nor_a_number_of_the_account() -> None:
    account, other = Account(), "+4790000009"
    nurse = account.phone(NURSE)
    account.number(LINE, voice=Documents(voice=f"<Dial>{NURSE}</Dial><Dial>{other}</Dial>"))
    account.set_leg("*", "busy")
    caller = account.call(ANNA, LINE)
    nurse.answer()
    account.wait(2)
    nurse.hang_up()
    account.run()
    assert [caller.leg(number).status for number in (NURSE, other)] == ["completed", "busy"]
