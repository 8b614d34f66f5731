"""What is heard, and how long it takes."""

import pytest

from ivr.explore.ear import Event, hear, length


def _say(text: str, start: float, until: float, language: str = "en-GB", **more: str) -> Event:
    return {"event": "say", "t": start, "until": until, "text": text, "language": language, **more}


LISTEN: Event = {"event": "listen", "t": 0.0, "timeout": 7}
WORDS = "If life is in danger, hang up and dial one, one, three."


def test_english_takes_its_words_and_a_rest_at_each_comma_and_stop() -> None:
    assert length(_say(WORDS, 0, 4.8)) == pytest.approx(4.8 + 3 * 0.15 + 0.4)


def test_norwegian_is_slower_by_the_word() -> None:
    assert length(_say("ett to tre fire", 0, 1.6, "nb-NO")) == pytest.approx(4 * 60 / 145)


def test_a_language_without_a_pace_has_the_simulators() -> None:
    assert length(_say("okta guokte", 0, 0.8, "se-NO")) == pytest.approx(0.8)


def test_the_113_words_are_told_when_they_have_been_said() -> None:
    heard = hear([_say(f"{WORDS} Now something else.", 0, 6), LISTEN, _say("Press 1.", 6, 6.8)])
    assert heard.told == {"en": pytest.approx(12 * 0.4 + 3 * 0.15)}
    assert (heard.wait, heard.cut) == (7, pytest.approx(1.2))


def test_words_that_a_key_can_cut_are_not_told() -> None:
    assert hear([LISTEN, _say(WORDS, 0, 4.8)]).told == {}


def test_what_the_other_end_hears_is_not_the_callers() -> None:
    heard = hear([_say(WORDS, 0, 4.8, leg="CA1"), {"event": "pause", "t": 4.8, "until": 8.8}])
    assert heard.texts == ()
    assert heard.deaf == pytest.approx(4)
