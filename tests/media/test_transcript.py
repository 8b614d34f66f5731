"""What a person reads of a stream and of a conversation in text."""

from ivr.simulator import CallPlan, HangUp, Press, Speak, Step, Wait, WsgiTransport, play
from ivr.simulator.report import transcript
from tests.simulator.socket_app import SocketApp
from tests.simulator.webhook import URL, webhook

MARK = '{"event": "mark", "streamSid": "$sid", "mark": {"name": "end"}}'


def _lines(voice: str, on: dict[str, list[str]], *steps: Step) -> list[str]:
    plan = CallPlan(url=URL, steps=(*steps, HangUp()))
    outcome = play(plan, WsgiTransport(webhook(voice=voice)), sockets=SocketApp(on))
    return [str(line) for line in transcript(outcome.trace)][2:]


def test_a_stream_is_told_with_its_audio_its_marks_and_clears() -> None:
    on = {"start": ["audio 500", MARK, "audio 5000", MARK], "dtmf": ['{"event": "clear", "streamSid": "$sid"}']}
    assert _lines('<Connect><Stream url="wss://127.0.0.1/a"/></Connect>', on, Wait(1), Press("5")) == [
        "00:00.0  stream  wss://127.0.0.1/a started (both ways)",
        "00:00.0  hears   audio of the application for 1.0 s [cut]",
        "00:00.5  mark    'end' reached",
        "00:01.0  presses 5",
        "00:01.0  clear   the application drops its audio",
        "00:01.0  mark    'end' dropped",
        "00:01.0  stream  stopped",
        "00:01.0  ended   completed, 1 s since the answer",
    ]


def test_a_call_that_was_not_answered_is_not_told_to_have_been() -> None:
    assert _lines("<Reject/>", {})[-1] == "00:00.0  ended   no-answer"


def test_a_conversation_is_told_with_what_was_said_and_interrupted() -> None:
    voice = '<Connect><ConversationRelay url="wss://127.0.0.1/a" welcomeGreeting="one two three four five"/></Connect>'
    assert _lines(voice, {}, Wait(1), Speak("stop"), Wait(1)) == [
        "00:00.0  relay   wss://127.0.0.1/a started",
        "00:00.0  hears   [en-US] one two three four five [cut]",
        "00:01.0  interrupts after 1000 ms: 'one two' was heard",
        "00:01.4  says    'stop'",
        "00:02.4  relay   session completed",
        "00:02.4  ended   completed, 2 s since the answer",
    ]
