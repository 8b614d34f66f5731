"""A call as an object: where it stops, what the caller can do, what can be asked about it."""

from typing import Any

import pytest

from ivr.base.errors import SimulatorError
from ivr.simulator import Fault, Leg
from ivr.simulator.call_values import Request
from ivr.simulator.library import Call
from tests.library.apps import Documents, library


def test_a_call_plays_up_to_where_it_waits_for_a_key() -> None:
    call = Call(library())
    assert call.prompts == ["Welcome.", "For our hours, press 1.", "For the desk, press 2."]
    assert call.is_listening
    assert call.ended is None


def test_a_call_that_asks_nothing_plays_to_its_end() -> None:
    call = Call(Documents(voice="<Say>Closed.</Say>"))
    assert call.ended == "completed"
    assert not call.is_listening


def test_a_key_is_pressed_and_the_call_plays_on_to_where_it_waits_again() -> None:
    call = Call(library())
    call.press("1")
    assert call.last_prompt == "We are open from ten to six."
    assert call.is_listening


def test_keys_of_one_press_are_a_fifth_of_a_second_apart() -> None:
    call = Call(Documents(voice='<Gather numDigits="3" action="/got"/>', got="<Hangup/>"))
    call.press("503")
    assert [event["t"] for event in call.trace if event["event"] == "key"] == [0, 0.2, 0.4]


def test_a_gather_goes_on_waiting_until_it_has_all_its_keys() -> None:
    app = Documents(voice='<Gather numDigits="2" action="/got"/>', got="<Hangup/>")
    call = Call(app)
    call.press("5")
    assert call.is_listening
    call.press("0")
    assert app.fields("/got")["Digits"] == "50"


def test_a_key_waits_until_the_call_listens() -> None:
    call = Call(library(), play_on=False)
    call.press("1")
    key = next(event for event in call.trace if event["event"] == "key")
    assert key["heard"]
    assert call.seconds > key["t"] > 0


def test_a_key_pressed_now_is_lost_when_nothing_listens() -> None:
    call = Call(library(), play_on=False)
    call.press_now("1")
    assert not next(event for event in call.trace if event["event"] == "key")["heard"]
    assert call.last_prompt == "For the desk, press 2."


def test_a_key_cuts_a_prompt_when_the_call_was_not_played_on() -> None:
    call = Call(library(), play_on=False)
    call.press("1")
    assert [event["cut"] for event in call.trace if event["event"] == "say"][:2] == [False, True]


def test_speech_is_said_where_the_call_listens_to_speech() -> None:
    app = Documents(voice='<Gather input="speech" action="/got"><Say>Which place?</Say></Gather>', got="<Hangup/>")
    Call(app).say("Bergen")
    assert app.fields("/got")["SpeechResult"] == "Bergen"


def test_silence_lets_the_waiting_run_out() -> None:
    call = Call(library())
    before = call.seconds
    call.silence()
    assert call.last_prompt == "Goodbye."
    assert next(event["t"] for event in call.trace if event["event"] == "gather") == pytest.approx(before + 4)


def test_silence_ends_one_waiting_and_not_the_next() -> None:
    call = Call(Documents(voice='<Gather timeout="2"/><Gather timeout="3"/>'))
    call.silence()
    assert call.is_listening
    assert call.seconds == 2


def test_a_message_is_recorded_and_ended_by_silence() -> None:
    app = Documents(voice='<Record timeout="2" playBeep="false" action="/got"/>', got="<Hangup/>")
    call = Call(app)
    call.say("please call me back")
    call.silence()
    assert call.ended == "completed"
    assert app.fields("/got")["RecordingDuration"] == "4"


def test_waiting_stays_at_that_moment() -> None:
    call = Call(library())
    before = call.seconds
    call.wait(2.5)
    assert call.seconds == before + 2.5
    assert call.is_listening


def test_a_key_after_waiting_is_pressed_at_that_moment() -> None:
    call = Call(library())
    before = call.seconds
    call.wait(2.5)
    call.press("1")
    assert next(event["t"] for event in call.trace if event["event"] == "key") == before + 2.5


def test_waiting_past_the_end_is_no_fault() -> None:
    call = Call(library())
    call.wait(60)
    assert call.ended == "completed"


def test_a_caller_can_hang_up_while_a_leg_rings() -> None:
    call = Call(library())
    call.press("1")
    call.press("2", play_on=False)
    call.wait(1)
    call.hang_up()
    assert call.leg("+4755568700").status == "canceled"
    assert call.ended == "completed"


def test_hanging_up_before_the_answer_is_no_answer() -> None:
    call = Call(Documents(voice='<Pause length="9"/><Say>Hello</Say>'), play_on=False)
    call.hang_up()
    assert call.ended == "no-answer"


def test_playing_on_goes_to_where_the_call_waits() -> None:
    call = Call(library(), play_on=False)
    assert call.prompts == ["Welcome."]
    call.play_on()
    assert call.is_listening
    assert call.last_prompt == "For the desk, press 2."


def test_a_prompt_that_is_repeated_without_end_is_not_listened_to_for_ever() -> None:
    call = Call(Documents(voice='<Gather numDigits="1" action="/got"><Say loop="0">Press 1</Say></Gather>', got=""))
    assert call.seconds == pytest.approx(300, abs=1)
    call.silence()
    assert call.seconds == pytest.approx(805, abs=1)  # 1000 times, and then the timeout


def test_far_ends_behave_as_planned() -> None:
    call = Call(library(), legs={"+4755568700": "busy", "*": Leg.answer(2, talk=40)})
    call.press("1")
    call.press("1")
    assert call.dialled == ["+4755568700"]
    assert call.leg("+4755568700").status == "busy"


def test_a_far_end_can_be_changed_before_it_is_dialled() -> None:
    call = Call(library(), legs={"*": "busy"})
    call.set_leg("+4755568700", Leg.answer(1, talk=33))
    call.press("1")
    call.press("1")
    assert call.leg("+4755568700").status == "completed"
    assert call.leg("+4755568700").seconds == 33


def test_a_far_end_is_one_that_exists() -> None:
    with pytest.raises(SimulatorError, match="one of answer, busy, no-answer, failed"):
        Call(library(), legs={"*": "asleep"})


def test_a_leg_that_was_not_dialled_is_an_error_that_tells_the_transcript() -> None:
    with pytest.raises(SimulatorError, match=r"(?s)\+4755568700 was not dialled.*hears .*Welcome"):
        Call(library()).leg("+4755568700")


def test_requests_tell_what_the_application_was_asked_and_answered() -> None:
    call = Call(library())
    call.press("1")
    assert [str(request) for request in call.requests] == ["POST /voice", "POST /menu"]
    asked: Request = call.requests[1]
    assert asked.params["Digits"] == "1"
    assert asked.purpose == "action"
    assert asked.status == 200
    assert b"from ten to six" in asked.body


def test_a_request_without_a_reply_has_no_status() -> None:
    call = Call(library(), faults=[Fault(1, "refuse")])
    assert call.requests[0].status is None
    assert call.requests[0].body == b""


def test_warnings_are_twilios_codes() -> None:
    assert Call(Documents(voice="<Say>Hi</Say><Sing/>")).warnings == [12200]


def test_an_application_that_fails_is_told_in_the_transcript() -> None:
    call = Call(Documents(), path="/nowhere")
    assert call.ended == "failed"
    assert "answered 404" in call.transcript


def test_options_go_into_the_requests() -> None:
    app = library()
    Call(app, from_="+4755123456", to="+4739000000", account_sid="AC" + "1" * 32)
    asked = app.fields("/voice")
    assert (asked["From"], asked["To"], asked["AccountSid"]) == ("+4755123456", "+4739000000", "AC" + "1" * 32)


def test_callbacks_and_fallback_may_be_paths() -> None:
    app = Documents(sorry="<Say>Sorry.</Say>", status="")
    call = Call(app, path="/broken", fallback_url="/sorry", status_callback="/status")
    assert call.heard("sorry")
    assert [request.purpose for request in call.requests][-2:] == ["fallback", "status"]


def test_a_wsgi_application_is_called_at_the_address_it_believes_in() -> None:
    call = Call(library(), path="/voice?lang=en", base_url="https://example.org")
    assert call.requests[0].url == "https://example.org/voice?lang=en"


def test_the_token_of_the_environment_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    def signature(**options: Any) -> str:
        return str(
            next(event for event in Call(library(), number=1, **options).trace if event["event"] == "request")[
                "signature"
            ]
        )

    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "one")
    assert signature() == signature(auth_token="one") != signature(auth_token="two")


def test_a_url_is_called_over_http() -> None:
    call = Call("http://127.0.0.1:1/voice")
    assert call.ended == "failed"
    assert call.warnings[-1] == 11202


@pytest.mark.parametrize("url", ["127.0.0.1:5000/voice", "ftp://127.0.0.1/voice", "http://"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(SimulatorError, match="not an http or https URL"):
        Call(url)


@pytest.mark.parametrize("keys", ["", "a", "1 2", 1])
def test_only_keys_can_be_pressed(keys: Any) -> None:
    with pytest.raises(SimulatorError, match="keys are a text of 0-9"):
        Call(library()).press(keys)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("press", "1"), ("press_now", "1"), ("say", "yes"), ("wait", 1), ("silence", None), ("hang_up", None)],
)
def test_a_call_that_is_over_takes_nothing_more_and_tells_the_transcript(name: str, arguments: object) -> None:
    call = Call(Documents(voice="<Say>Closed today.</Say>"))
    with pytest.raises(SimulatorError, match=r"(?s)the call is over \(completed\).*Closed today"):
        getattr(call, name)(*([arguments] if arguments is not None else []))


def test_a_call_that_ends_before_it_listens_is_an_error_that_tells_the_transcript() -> None:
    call = Call(Documents(voice="<Say>Closed today.</Say>"), play_on=False)
    with pytest.raises(SimulatorError, match=r"(?s)ended \(completed\) before it listened for '1'.*Closed today"):
        call.press("1")


def test_keys_that_the_call_does_not_stay_for_are_an_error() -> None:
    call = Call(Documents(voice='<Gather numDigits="1" action="/got"/>', got="<Hangup/>"))
    with pytest.raises(SimulatorError, match="before the caller could press '03'"):
        call.press("503")


def test_a_call_is_hung_up_at_the_end_of_its_block() -> None:
    with Call(library()) as call:
        assert call.ended is None
    assert call.ended == "completed"


def test_what_fails_inside_the_block_tells_the_transcript() -> None:
    with pytest.raises(AssertionError) as failure, Call(library()):
        raise AssertionError("as a test would")
    assert "For the desk, press 2." in failure.value.__notes__[0]


def test_an_error_of_the_call_tells_the_transcript_once() -> None:
    with pytest.raises(SimulatorError) as failure, Call(library()) as call:
        call.leg("113")
    assert not getattr(failure.value, "__notes__", [])


def test_the_same_seed_gives_the_same_call() -> None:
    def events() -> list[dict[str, Any]]:
        call = Call(library(), seed=3)
        call.press("1")
        return [event for event in call.trace if event["event"] != "response"]

    assert events() == events()


def test_a_call_says_how_it_stands() -> None:
    call = Call(library())
    assert repr(call) == "<Call listening at 4.4 s, last heard 'For the desk, press 2.'>"
    call.hang_up()
    assert repr(call).startswith("<Call ended completed at 4.4 s")
    assert str(call) == call.transcript


def test_a_dial_may_show_a_number_that_the_call_names_as_the_accounts() -> None:
    app = Documents(voice='<Dial callerId="+4799999999">+4755568700</Dial>')
    assert Call(app, caller_ids=["+4799999999"], legs={"*": "busy"}).warnings == []
    assert Call(app, legs={"*": "busy"}, allow_errors=True).warnings == [13214]
