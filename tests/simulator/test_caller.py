"""What a scripted caller does, step by step."""

import pytest

from ivr.simulator import HangUp, Hear, Leg, Press, PressNow, Wait, keys_to_steps
from tests.simulator.webhook import call, webhook

MENU = '<Gather numDigits="1" action="/next"><Say>For Norwegian, press 1</Say></Gather>'


def test_keys_are_pressed_as_soon_as_the_call_listens_again() -> None:
    app = webhook(voice='<Say>Welcome</Say><Gather numDigits="1" action="/next"/>', next='<Gather numDigits="4"/>')
    outcome = call(app, steps=keys_to_steps("1 5003"))
    assert [(key["t"], key["digit"]) for key in outcome.events("key")] == [
        (0.4, "1"),
        (0.4, "5"),
        (0.6, "0"),
        (0.8, "0"),
        (1.0, "3"),
    ]


def test_a_group_waits_for_a_new_listening_and_not_for_the_same() -> None:
    app = webhook(voice='<Gather action="/next"/>', next='<Gather numDigits="1" action="/last"/>', last="<Hangup/>")
    call(app, steps=keys_to_steps("1 2"))
    assert app.asked[1].get("Digits") == "1"
    assert app.asked[2].get("Digits") == "2"


@pytest.mark.parametrize("keys", ["1a", "ABC", "1;2"])
def test_what_is_no_key_is_refused(keys: str) -> None:
    with pytest.raises(ValueError, match="no key of a telephone"):
        keys_to_steps(keys)


def test_hear_waits_until_the_prompt_has_started() -> None:
    app = webhook(voice=f"<Say>one two three four five</Say>{MENU}", next="<Hangup/>")
    outcome = call(app, steps=(Hear("PRESS  1"), Press("1")))
    assert [key["t"] for key in outcome.events("key")] == [2.0]


def test_hear_does_not_match_what_was_heard_before_the_last_key() -> None:
    app = webhook(voice=MENU, next=MENU.replace("/next", "/last"), last="<Hangup/>")
    outcome = call(app, steps=(Hear("press 1"), Press("2"), Hear("press 1"), Press("1")))
    assert [asked.get("Digits") for asked in app.asked] == [None, "2", "1"]
    assert outcome.undone == ()


def test_hear_matches_a_sentence_that_two_voices_share() -> None:
    app = webhook(
        voice='<Gather numDigits="1"><Say>You said</Say><Say language="nb-NO">Bergen</Say><Say>Right?</Say></Gather>'
    )
    assert call(app, steps=(Hear("you said bergen right"), Press("1"), HangUp())).undone == ()


def test_what_is_never_heard_is_left_undone() -> None:
    outcome = call(webhook(voice="<Say>Hello</Say>"), steps=(Hear("Goodbye"), Press("1")))
    assert outcome.undone == (Hear("Goodbye"), Press("1"))


def test_press_now_presses_whether_the_call_listens_or_not() -> None:
    outcome = call(webhook(voice="<Say>one two three four five</Say>"), steps=(Wait(1), PressNow("12")))
    assert [(key["t"], key["heard"]) for key in outcome.events("key")] == [(1.0, False), (1.2, False)]


def test_a_talk_that_listens_for_star_alone_is_no_invitation_to_press() -> None:
    app = webhook(voice='<Dial hangupOnStar="true" timeLimit="30">+4755568700</Dial><Gather numDigits="1"/>')
    outcome = call(app, steps=(Press("1"),), legs={"*": Leg.answer(2)})
    assert [(key["t"], key["heard"]) for key in outcome.events("key")] == [(32.0, True)]


def test_waits_add_up_in_call_time() -> None:
    outcome = call(webhook(voice='<Pause length="60"/>'), steps=(Wait(10), Wait(5.5), HangUp()))
    assert outcome.seconds == 15.5


def test_a_far_end_that_is_not_named_does_not_answer() -> None:
    outcome = call(webhook(voice="<Dial>+4755568700</Dial>"), legs={"+4711111111": Leg.busy()})
    assert outcome.events("leg")[-1]["status"] == "no-answer"


def test_the_first_pattern_that_matches_a_number_counts() -> None:
    legs = {"+4755*": Leg.busy(), "*": Leg.answer()}
    outcome = call(webhook(voice="<Dial>+4755568700</Dial>"), legs=legs)
    assert outcome.events("leg")[-1]["status"] == "busy"


def test_a_whisper_is_heard_by_the_callee_and_not_by_the_caller() -> None:
    app = webhook(voice='<Dial><Number url="/whisper">+4755568700</Number></Dial>', whisper="<Say>A call</Say>")
    outcome = call(app)
    assert outcome.heard == []
    assert outcome.whispered == ["A call"]


def test_an_action_on_silence_is_asked_without_a_caller() -> None:
    app = webhook(voice='<Gather actionOnEmptyResult="true" action="/next"/>', next="<Hangup/>")
    assert call(app).seconds == 5
