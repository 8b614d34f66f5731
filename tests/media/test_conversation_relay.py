"""<ConversationRelay>: a program on a real WebSocket converses with the caller in text."""

from typing import Any

from twilio.request_validator import RequestValidator

from ivr.base.test_account import AUTH_TOKEN
from ivr.simulator import Call
from tests.library.apps import Documents
from tests.media.bot import Bot, running


def _nurse_line(bot: Bot, message: dict[str, Any]) -> None:
    """Answers in pieces, as a language model does, and hands over to a person on request."""
    if message["type"] != "prompt":
        return
    if "nurse" in message["voicePrompt"]:
        bot.send(type="end", handoffData='{"reason": "wants a nurse"}')
        return
    for token in ("You said ", message["voicePrompt"], "."):
        bot.send(type="text", token=token, last=False)
    bot.send(type="text", token="", last=True)


def _app(bot: Bot, **attributes: str) -> Documents:
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return Documents(
        voice=f'<Connect action="/after"><ConversationRelay url="{bot.url("/relay")}"{more}/></Connect>',
        after='<Say>A nurse will talk to you.</Say><Dial action="/done">+4755568700</Dial>',
        done="<Hangup/>",
    )


def test_a_conversation_goes_to_and_fro_and_ends_with_a_person() -> None:
    with running(_nurse_line) as bot:
        app = _app(bot, welcomeGreeting="Hello, what is it about?")
        with Call(app) as call:
            assert call.prompts == ["Hello, what is it about?"]
            call.say("my ear hurts")
            assert call.last_prompt == "You said my ear hurts."
            call.say("I want a nurse")
            assert call.heard("A nurse will talk to you")
            assert call.dialled == ["+4755568700"]
        told = app.fields("/after")
    assert (told["SessionStatus"], told["HandoffData"]) == ("ended", '{"reason": "wants a nurse"}')
    assert told["SessionId"] == bot.heard[0]["sessionId"]
    assert [each["type"] for each in bot.heard] == ["setup", "prompt", "prompt"]


def test_the_handshake_is_signed_over_the_url_of_the_socket() -> None:
    with running() as bot, Call(_app(bot)) as call:
        call.wait(1)
        assert RequestValidator(AUTH_TOKEN).validate(bot.url("/relay"), {}, bot.headers["X-Twilio-Signature"])


def test_words_interrupt_in_the_middle_of_a_text() -> None:
    with running(_nurse_line) as bot:
        app = _app(bot, welcomeGreeting="one two three four five six seven eight nine ten")
        with Call(app, play_on=False) as call:
            call.wait(1.2)
            call.say("stop")
            call.hang_up()
        bot.ended.wait(5)
    assert bot.events("interrupt") == [
        {"type": "interrupt", "utteranceUntilInterrupt": "one two three", "durationUntilInterruptMs": "1200"}
    ]


def test_a_program_that_answers_late_is_waited_for() -> None:
    def slow(bot: Bot, message: dict[str, Any]) -> None:
        if message["type"] == "prompt":
            bot.send(type="text", token="Let me ", last=False)
            bot.ended.wait(0.5)  # it thinks, in real time
            bot.send(type="text", token="see.", last=True)

    with running(slow) as bot, Call(_app(bot)) as call:
        call.say("hello")
        assert call.prompts == ["Let me see."]
        assert call.seconds < 3


def test_the_trace_is_the_same_every_time() -> None:
    def one() -> list[dict[str, Any]]:
        with running(_nurse_line) as bot, Call(_app(bot, welcomeGreeting="Hello"), seed=3) as call:
            call.say("my ear hurts")
            call.say("the left one")
            call.hang_up()
            hidden = ("ms", "url", "bytes")
            return [{name: value for name, value in event.items() if name not in hidden} for event in call.trace]

    assert one() == one()
