import io
import wave

import echo_bot


def test_what_the_caller_says_is_heard_again(serve, ivr_call):
    call = ivr_call(serve(echo_bot.app))
    assert call.heard("Say something")
    call.say("good morning, is anybody there")  # five words: two seconds
    call.wait(3)
    (heard,) = call.streamed
    with wave.open(io.BytesIO(heard.wav)) as file:
        assert file.getframerate() == 8000
        sound = [abs(sample) for sample in memoryview(file.readframes(file.getnframes())).cast("h")]
    loud = sum(sample > 1000 for sample in sound) / 8000
    assert 1 < loud < 2.1  # a sine is not loud all the time


def test_the_key_9_ends_it(serve, ivr_call):
    call = ivr_call(serve(echo_bot.app))
    call.press("9")
    assert call.heard("Goodbye")
    assert call.ended == "completed"


def test_nobody_but_twilio_is_let_in(serve, ivr_call):
    call = ivr_call(serve(echo_bot.app), auth_token="somebody else's")
    assert call.warnings == [31920]  # the handshake was answered with 403
    assert call.heard("Goodbye")
