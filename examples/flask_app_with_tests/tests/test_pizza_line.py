"""Calls to the pizza line. `ivr_call` signs with the token that pyproject.toml names, as Twilio would."""

import pytest

from pizza_line import create_app

KITCHEN = "+4755568700"


@pytest.fixture
def app():
    return create_app(auth_token="the-token-of-the-tests", kitchen=KITCHEN)


def test_a_pizza_is_ordered_by_key_and_voice(ivr_call, app):
    call = ivr_call(app)
    assert call.heard("for a Margherita, press 1")
    call.press("1")
    call.say("5 Harbour Street")
    assert call.heard("Margherita will be at 5 Harbour Street")
    assert call.ended == "completed"
    assert call.warnings == []


def test_a_key_without_a_pizza_leads_back_to_the_menu(ivr_call, app):
    call = ivr_call(app)
    call.press("7")
    assert call.heard("nothing on key 7")
    assert call.heard("Welcome", new=True)
    assert call.is_listening


def test_who_presses_nothing_reaches_the_kitchen(ivr_call, app):
    call = ivr_call(app)
    call.silence()
    assert call.dialled == [KITCHEN]
    assert call.heard("Thank you")


def test_a_busy_kitchen_takes_a_message(ivr_call, app):
    call = ivr_call(app, legs={KITCHEN: "busy"})
    call.press("0")
    assert call.leg(KITCHEN).status == "busy"
    call.say("two large ones with olives and no cheese please")
    call.press("#")
    assert call.heard("your message of 4 seconds")


def test_the_kitchen_rings_for_no_longer_than_half_a_minute(ivr_call, app):
    call = ivr_call(app, legs={KITCHEN: "no-answer"})
    before = call.seconds
    call.press("0")
    assert call.heard("leave a message")
    assert call.seconds - before < 30


def test_a_caller_may_hang_up_while_the_kitchen_rings(ivr_call, app):
    call = ivr_call(app)
    call.press("0", play_on=False)
    call.wait(2)
    call.hang_up()
    assert call.leg(KITCHEN).status == "canceled"


def test_a_key_cuts_the_menu(ivr_call, app):
    call = ivr_call(app, play_on=False)
    call.press("1")
    assert not call.heard("talk to the kitchen")
    assert call.heard("where do you live")


def test_a_request_that_is_not_signed_by_twilio_is_refused(ivr_call, app):
    call = ivr_call(app, auth_token="somebody-elses")
    assert call.ended == "failed"
    assert [request.status for request in call.requests] == [403]
