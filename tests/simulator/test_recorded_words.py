"""A caller who leaves a message: words last, a key ends them, and each step waits for the one before it."""

import pytest

from ivr.simulator import Call, HangUp, Outcome, Press, Speak, Wait, WsgiTransport, keys_to_steps
from ivr.simulator.load import Mix
from ivr.simulator.load.job import Job
from ivr.simulator.load.load_call import Answered
from ivr.simulator.plan import CallPlan, PressNow, Step
from ivr.simulator.report import transcript
from tests.simulator.webhook import URL, Webhook, call, webhook

FIVE_WORDS = "my cat is very ill"  # 2 s at 150 words a minute


def _voicemail(attributes: str = "") -> Webhook:
    return webhook(voice=f'<Record action="/done" playBeep="false" {attributes}/>', done="<Say>Thank you</Say>")


def _left(app: Webhook, *steps: Step) -> Outcome:
    return call(app, steps=steps)


def _told(app: Webhook) -> tuple[str | None, str | None]:
    """RecordingDuration and Digits, as the action was told."""
    return app.asked[1].get("RecordingDuration"), app.asked[1].get("Digits")


def test_words_and_a_hang_up_make_a_recording_of_the_spoken_length() -> None:
    app = _voicemail()
    outcome = _left(app, Speak(FIVE_WORDS), HangUp())
    assert _told(app) == ("2", "hangup")
    assert (outcome.undone, outcome.seconds) == ((), 2.0)


def test_words_and_a_key_make_a_recording_that_the_key_ends() -> None:
    app = _voicemail('finishOnKey="#"')
    outcome = _left(app, Speak(FIVE_WORDS), Press("#"))
    assert _told(app) == ("2", "#")
    assert outcome.heard == ["Thank you"]


def test_two_sentences_are_recorded_one_after_the_other() -> None:
    app = _voicemail()
    outcome = _left(app, Speak(FIVE_WORDS), Wait(1), Speak("please ring me"), HangUp())
    assert _told(app) == ("4", "hangup")
    assert outcome.events("record")[0]["speech"] == f"{FIVE_WORDS} please ring me"


def test_words_that_are_longer_than_the_recording_are_over_with_it() -> None:
    app = _voicemail('maxLength="1"')
    outcome = _left(app, Speak(FIVE_WORDS), HangUp())
    assert _told(app)[0] == "1"
    assert outcome.seconds == 1.0


def test_a_step_after_words_in_a_gather_waits_until_they_are_spoken() -> None:
    app = webhook(voice='<Gather input="speech" action="/heard"/>', heard="<Say>Thank you</Say>")
    outcome = _left(app, Speak(FIVE_WORDS), Wait(1), HangUp())
    assert outcome.seconds == 3.0


@pytest.mark.parametrize("key", list("0123456789*#"))
def test_any_key_of_the_command_line_ends_a_recording(key: str) -> None:
    app = _voicemail()
    outcome = _left(app, *keys_to_steps(key))
    assert (outcome.undone, _told(app)[1]) == ((), key)


def test_each_group_of_the_command_line_is_for_the_next_gather_or_record() -> None:
    app = webhook(
        voice='<Gather numDigits="1" action="/leave"/>',
        leave='<Record action="/more"/>',
        more='<Record action="/sure" finishOnKey="#"/>',
        sure='<Gather numDigits="2" action="/end"/>',
        end="<Hangup/>",
    )
    outcome = call(app, steps=keys_to_steps("1 5 # 42"))
    assert outcome.undone == ()
    assert [asked.get("Digits") for asked in app.asked] == [None, "1", "5", "#", "42"]


def test_a_key_in_the_middle_of_a_word_ends_a_recording() -> None:
    app = _voicemail()
    caller = Call(app, play_on=False)
    caller.say(FIVE_WORDS, play_on=False)
    caller.wait(1)
    caller.press_now("7")
    assert _told(app) == ("1", "7")


def test_keys_that_do_not_end_a_recording_are_recorded() -> None:
    app = _voicemail('finishOnKey="*"')
    _left(app, PressNow("1"), Wait(1), Press("*"))
    assert _told(app) == ("1", "*")


def test_what_was_said_into_a_recording_stands_in_trace_and_transcript() -> None:
    outcome = _left(_voicemail(), Speak(FIVE_WORDS), HangUp())
    assert f"records 2 s: {FIVE_WORDS!r}" in "\n".join(map(str, transcript(outcome.trace)))
    silent = _left(_voicemail(), HangUp())
    assert "speech" not in silent.events("record")[0]


def test_the_callers_of_a_load_test_press_keys_in_a_recording_too() -> None:
    app = webhook(voice='<Gather numDigits="1" action="/leave"/>', leave='<Record action="/done"/>', done="<Hangup/>")
    live = Job(CallPlan(url=URL), Mix.of_keys("1 5"), calls=1).begin(0, 0.0, 0.0)
    live.play(lambda fetch: Answered(WsgiTransport(app).send(fetch), 0.0, 0.0))
    assert [asked.get("Digits") for asked in app.asked] == [None, "1", "5"]
