"""What is heard, and how long it takes."""

import pytest

from ivr.base.bundled import bundled_flow
from ivr.line.languages import languages_beside, load_prompts
from ivr.proof.explore.hearing import Event, Hearing


def _say(text: str, start: float, until: float, language: str = "en-GB", **more: str) -> Event:
    return {"event": "say", "t": start, "until": until, "text": text, "language": language, **more}


EAR = Hearing(load_prompts(languages_beside(bundled_flow())).languages.values())
LISTEN: Event = {"event": "listen", "t": 0.0, "timeout": 7}
WORDS = "If life is in danger, hang up and dial one, one, three."


def test_english_takes_its_letters_and_a_rest_at_each_comma_and_stop() -> None:
    assert EAR.length(_say(WORDS, 0, 4.8)) == pytest.approx((40 + 12) * 0.061 + 3 * 0.35 + 0.4)


def test_a_long_word_takes_as_long_as_its_letters() -> None:
    assert EAR.length(_say("legevaktruteren", 0, 0.4, "nb-NO")) == pytest.approx(16 * 0.068)


def test_a_digit_takes_as_long_as_a_word_and_longer_in_a_number() -> None:
    assert EAR.length(_say("trykk 12", 0, 1.2, "nb-NO")) == pytest.approx((6 + 5 + 5) * 0.068)
    assert EAR.length(_say("ring 113", 0, 1.6, "nb-NO")) == pytest.approx((5 + 7 + 7 + 7) * 0.068)


def test_a_break_that_the_simulator_makes_is_kept() -> None:
    assert EAR.length(_say("en to", 0, 1.3, "nb-NO")) == pytest.approx(6 * 0.068 + 0.5)


def test_a_language_without_a_pace_has_the_simulators() -> None:
    assert EAR.length(_say("okta guokte", 0, 0.8, "se-NO")) == pytest.approx(0.8)


def test_the_113_words_are_told_when_they_have_been_said() -> None:
    heard = EAR.hear([_say(f"{WORDS} Now something else.", 0, 6), LISTEN, _say("Press 1.", 6, 6.8)])
    assert heard.told == {"en": pytest.approx((40 + 12) * 0.061 + 3 * 0.35)}
    assert (heard.wait, heard.cut) == (7, pytest.approx(11 * 0.061 + 0.4))


def test_words_that_a_key_can_cut_are_not_told() -> None:
    assert EAR.hear([LISTEN, _say(WORDS, 0, 4.8)]).told == {}


def test_what_the_other_end_hears_is_not_the_callers() -> None:
    heard = EAR.hear([_say(WORDS, 0, 4.8, leg="CA1"), {"event": "pause", "t": 4.8, "until": 8.8}])
    assert heard.texts == ()
    assert heard.deaf == pytest.approx(4)
