"""What an application may send in a ConversationRelay, and what is refused and why."""

import json

import pytest

from ivr.simulator.media.relay_messages import (
    RelayDigits,
    RelayEnd,
    RelayLanguage,
    RelayPlay,
    RelayText,
    read_relay_message,
)
from ivr.simulator.media.stream_messages import MessageError


def _read(**message: object) -> object:
    return read_relay_message(json.dumps(message))


def test_each_message_of_the_page_is_read_with_its_defaults() -> None:
    assert _read(type="text", token="Hello", last=True) == RelayText("Hello", True)
    assert _read(type="text", token="a", lang="nb-NO", interruptible=False, preemptible=True) == RelayText(
        "a", False, "nb-NO", "none", True
    )
    assert _read(type="play", source="https://example.org/a.mp3") == RelayPlay("https://example.org/a.mp3")
    assert _read(type="play", source="a", loop=3, interruptible="dtmf") == RelayPlay("a", 3, "dtmf")
    assert _read(type="sendDigits", digits="9www4085551212") == RelayDigits("9www4085551212")
    assert _read(type="language", ttsLanguage="sv-SE") == RelayLanguage("sv-SE", None)
    assert _read(type="end", handoffData="{}") == RelayEnd("{}")
    assert _read(type="end") == RelayEnd(None)


def test_a_loop_of_0_is_a_thousand_times_and_more_are_no_more() -> None:
    assert [_read(type="play", source="a", loop=loop) for loop in (0, 10**9)] == [RelayPlay("a", 1000)] * 2


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"foo": "bar"}, "type None is none of text, play, sendDigits, language, end"),
        ({"type": ["text"]}, "none of text"),
        ({"type": "text"}, "token of text"),
        ({"type": "text", "token": 7}, "token of text"),
        ({"type": "text", "token": "x" * 100_001}, "token of text"),
        ({"type": "text", "token": "a", "last": "true"}, "last of text must be true or false"),
        ({"type": "text", "token": "a", "lang": 1}, "lang of text"),
        ({"type": "text", "token": "a", "interruptible": "maybe"}, "interruptible of text"),
        ({"type": "play", "source": None}, "source of play"),
        ({"type": "play", "source": "a", "loop": -1}, "loop of play"),
        ({"type": "play", "source": "a", "loop": True}, "loop of play"),
        ({"type": "sendDigits", "digits": "1 2"}, "may hold"),
        ({"type": "language", "ttsLanguage": 1}, "ttsLanguage of language"),
        ({"type": "end", "handoffData": {"reason": "x"}}, "handoffData of end must be a text"),
    ],
)
def test_what_is_no_message_is_refused_and_says_why(message: dict[str, object], why: str) -> None:
    with pytest.raises(MessageError, match=why):
        _read(**message)
