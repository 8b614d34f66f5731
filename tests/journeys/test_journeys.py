"""Whole calls through the real service: what is heard, in which order, and after how many seconds of call time."""

from typing import Any

import pytest

from ivr.simulator import Fault, Leg
from tests.journeys.conftest import Call

RED = "Legg på og ring en, en, tre nå."
LISTENING = [
    "1",
    "1 2",
    "1 2 4",
    "1 3",
    "1 3 1",
    "1 3 2",
    "1 3 3",
    "1 1 5003",
    "1 2 3 82000000",
    "1 1 * 3 82537",
    "1 9",
]
ENTRIES = ["1 1", "1 1 0000", "1 2 2", "1 2 3", "1 1 * 3"]


def _first(trace: list[dict[str, Any]], event: str, **fields: object) -> dict[str, Any]:
    return next(each for each in trace if each["event"] == event and fields.items() <= each.items())


def _said_after(trace: list[dict[str, Any]], key: str) -> str:
    """The first prompt after the last time `key` was pressed."""
    last = max(index for index, each in enumerate(trace) if each["event"] == "key" and each["digit"] == key)
    return str(next(each["text"] for each in trace[last:] if each["event"] == "say"))


@pytest.mark.parametrize("caller", ["anonymous", "+266696687", "+17378742833", "+1266696687", "+4786282452253"])
def test_a_caller_with_a_withheld_number_hears_the_main_menu(caller: str, call: Call) -> None:
    heard = " ".join(call("1", from_=caller).heard)
    assert "Du har tre valg." in heard
    assert "virker bare i Norge" not in heard


@pytest.mark.parametrize("caller", ["+17378742834", "+8613812345678", "+79161234567", "+26622123456", "+3548656696"])
def test_a_caller_with_a_foreign_number_hears_the_abroad_menu(caller: str, call: Call) -> None:
    assert "virker bare i Norge" in " ".join(call("1", from_=caller).heard)


@pytest.mark.parametrize("keys", LISTENING)
def test_9_gives_the_113_words_as_the_next_thing_heard(keys: str, call: Call) -> None:
    assert _said_after(call(f"{keys} 9").trace, "9") == RED


@pytest.mark.parametrize("keys", ENTRIES)
def test_in_an_entry_star_and_then_9_gives_the_113_words(keys: str, call: Call) -> None:
    group = f"{keys} *9" if keys.endswith("* 3") else f"{keys} * 9"
    assert _said_after(call(group).trace, "9") == RED


def test_9_at_the_language_question_is_answered_in_both_languages(call: Call) -> None:
    heard = call("9").heard
    after = heard[heard.index("For English, press 2.") :] if "For English, press 2." in heard else heard
    assert RED in after
    assert "Hang up and dial one, one, three now." in after


def test_the_first_113_words_are_over_within_six_seconds_and_cannot_be_cut(call: Call) -> None:
    say = _first(call("1 1 5003 1").trace, "say")
    assert say["text"] == "Står det om liv, legg på og ring en, en, tre."
    assert say["until"] <= 6
    assert say["cut"] is False


def test_silence_from_start_to_end_reaches_a_ringing_centre_within_95_seconds(call: Call) -> None:
    outcome = call("")
    assert outcome.dialled == ["+4723487200"]
    assert _first(outcome.trace, "leg", status="ringing")["t"] <= 95


@pytest.mark.parametrize("key", ["4", "5", "8", "#"])
def test_wrong_keys_from_start_to_end_reach_a_ringing_centre(key: str, call: Call) -> None:
    assert call(" ".join(key * 12)).dialled == ["+4723487200"]


@pytest.mark.parametrize("far_end", [Leg.busy(), Leg.no_answer(), Leg.failed(), Leg.answer(1, talk=1)])
def test_a_first_centre_that_fails_leads_to_its_backup_without_a_key(far_end: Leg, call: Call) -> None:
    outcome = call("1 1 5003 1", {"+4755568700": far_end, "*": Leg.answer(3, talk=10)})
    assert len(outcome.dialled) == 2
    assert outcome.dialled[0] == "+4755568700"
    assert outcome.ended == "completed"


def test_a_machine_that_answers_does_not_swallow_the_call(call: Call) -> None:
    outcome = call("1 1 5003 1", {"+4755568700": Leg.answer(3, machine=True), "*": Leg.answer(3, talk=10)})
    assert len(outcome.dialled) == 2


def test_a_caller_gets_a_choice_after_at_most_two_minutes_of_ringing(call: Call) -> None:
    trace = call("1 1 5003 1 0", {"*": Leg.no_answer()}).trace
    rung = _first(trace, "leg", status="ringing")["t"]
    choice = next(each["t"] for each in trace if each["event"] == "listen" and each["t"] > rung)
    assert choice - rung <= 120


def test_when_nobody_answers_the_call_goes_on_until_twilio_ends_it(call: Call) -> None:
    outcome = call("1 1 5003 1", {"*": Leg.busy()})
    assert outcome.ended == "completed"
    assert outcome.seconds >= 14_000
    assert "Vi får ikke tak i noen legevakt nå. Kan det ikke vente, legg på og ring en, en, tre." in outcome.heard


def test_no_document_of_ours_earns_a_warning(call: Call) -> None:
    for keys in ("1 1 5003 1", "2 1 0150 1", "2 9", "1 3 1 2 3 3", "2 2 4 1 5003 1 1 2", "1 1 * 3 82537 1 1"):
        assert call(keys).warnings == []


def test_english_is_english_but_for_the_names(call: Call) -> None:
    outcome = call("2 1 5003")  # and then silence: every prompt is heard to its end
    says = [each for each in outcome.trace if each["event"] == "say" and "leg" not in each]
    chosen = next(index for index, each in enumerate(says) if each["text"].startswith("In every menu"))
    norwegian = [each["text"] for each in says[chosen:] if each["language"] == "nb-NO"]
    assert [text.strip(" ,.") for text in norwegian] == ["Bergen legevakt", "Bergen", "Bergen legevakt"]
    assert {each["voice"] for each in says[chosen:]} == {"Polly.Amy-Neural", "Polly.Ida-Neural"}


def test_norwegian_is_norwegian_throughout(call: Call) -> None:
    says = [each for each in call("1 1 5003 1").trace if each["event"] == "say"]
    chosen = next(index for index, each in enumerate(says) if each["text"].startswith("I alle menyer"))
    assert {each["language"] for each in says[chosen:]} == {"nb-NO"}


def test_a_dead_service_ends_at_the_fallback_not_in_silence(call: Call) -> None:
    outcome = call("1 1", faults=(Fault(3, "status", 503),))
    assert any("Noe gikk galt hos oss. Står det om liv, legg på og ring en, en, tre." in text for text in outcome.heard)
    assert outcome.dialled == ["+4723487200"]


@pytest.mark.parametrize("called", ["+4721000000", "+4739000000", "116117"])
def test_the_line_shows_its_own_number_to_a_centre_whatever_number_was_called(call: Call, called: str) -> None:
    outcome = call("1 1 5003 1", to=called)
    assert outcome.warnings == []
    assert {leg["from"] for leg in outcome.events("leg")} == {"+4739000000"}
    assert "completed" in [leg["status"] for leg in outcome.events("leg")]
