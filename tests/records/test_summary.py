"""A call's rows follow from the set of its facts: no order, repetition or delay changes them."""

from itertools import permutations

import pytest

from ivr.line.calls import Noted
from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import (
    CallOver,
    CallStarted,
    CentreScreened,
    FallbackAsked,
    Informed,
    LegStatus,
    LegTold,
    Misunderstanding,
    Misunderstood,
    NodeEntered,
    RedFlag,
    RescueEnded,
    StateLost,
)
from ivr.operations.records.rows import fact_rows, milliseconds
from ivr.operations.records.summary import Columns, summarise
from tests.conftest import EVENING
from tests.records.recorded_calls import beginning, callbacks, end_of_leg, note

START = milliseconds(EVENING)


def summary(*notes: Noted) -> tuple[Columns, list[Columns]]:
    return summarise(row for noted in notes for row in fact_rows(noted, noted.at))


def call(*notes: Noted) -> Columns:
    return summary(*notes)[0]


def test_a_plain_call_in_one_row() -> None:
    row = call(*beginning(), *end_of_leg(), *callbacks())
    assert row == {
        "started_at": START,
        "last_at": START + 100_000,
        "ended_at": START + 100_000,
        "rang_at": START + 29_000,
        "answered_at": START + 40_000,
        "human_at": START + 45_000,
        "status": "completed",
        "disposition": "connected",
        "flow": "f1f1f1f1",
        "directory": "d2d2d2d2",
        "language": "nb",
        "node": "after_talk",
        "route": "postcode",
        "municipality": "4601",
        "centre": "bergen",
        "first_words_ms": 0,
        "silences": 0,
        "wrong_keys": 0,
        "not_found": 0,
        "faults": 0,
        "arrived": True,
        "abroad": False,
        "red_flag": False,
        "origin": "",
        "way": "open\nlanguage\nmain\nask_postcode\nconfirm\nconnect\nafter_talk",
    }


def test_a_leg_in_one_row() -> None:
    (leg,) = summary(*beginning(), *end_of_leg(), *callbacks())[1]
    assert leg == {
        "step": 5,
        "dialled_at": START + 20_000,
        "rang_at": START + 29_000,
        "answered_at": START + 40_000,
        "ended_at": START + 99_000,
        "centre": "bergen",
        "municipality": "4601",
        "reason": "found",
        "outcome": "talked",
        "accepted": True,
        "red_flag": False,
        "language": "nb",
        "origin": "",
    }


def test_every_order_drop_and_repetition_of_the_callbacks_gives_the_row_of_their_set() -> None:
    """All 325 arrangements of one to five of them, each with every single one repeated at the end."""
    count = 0
    for size in range(1, 6):
        for order in permutations(range(5), size):
            told = [callbacks()[index] for index in order]
            expected = summary(*beginning(), *(callbacks()[index] for index in sorted(order)))
            assert summary(*told, *beginning()) == expected
            for repeated in told:
                assert summary(*told, repeated, *beginning()) == expected
            count += 1
    assert count == 325


@pytest.mark.parametrize("lost", range(5))
def test_without_any_one_callback_the_call_is_still_known_to_have_been_connected(lost: int) -> None:
    told = [each for index, each in enumerate(callbacks()) if index != lost]
    row, (leg,) = summary(*beginning(), *end_of_leg(), *told)
    assert (row["disposition"], row["centre"], leg["outcome"], leg["accepted"]) == (
        "connected",
        "bergen",
        "talked",
        True,
    )


def test_of_two_final_statuses_the_row_does_not_depend_on_the_order() -> None:
    told = [note(LegTold("bergen", status), step=5, after=50) for status in (LegStatus.BUSY, LegStatus.NO_ANSWER)]
    assert summary(*beginning(), *told) == summary(*beginning(), *reversed(told))


def test_a_callback_for_a_call_that_nobody_saw_begin_is_an_orphan_with_its_own_beginning() -> None:
    row = call(note(CallOver(LegStatus.COMPLETED, 60), after=100))
    assert (row["arrived"], row["started_at"], row["ended_at"]) == (False, START + 40_000, START + 100_000)
    assert row["flow"] == ""


OVER = note(CallOver(LegStatus.COMPLETED, 30), after=30)
ARRIVED = note(CallStarted(abroad=True), NodeEntered("open", ""))
CANCELED = note(LegTold("bergen", LegStatus.CANCELED), step=5, after=30)


@pytest.mark.parametrize(
    ("notes", "disposition"),
    [
        ([ARRIVED, OVER], "abandoned"),
        ([ARRIVED, note(CallOver(LegStatus.FAILED, 0), after=1)], "failed"),
        ([ARRIVED, note(Informed("when_gp"), step=3, after=20), OVER], "informed"),
        ([ARRIVED, note(RedFlag("main"), step=1, after=9), OVER], "red_flag"),
        ([*beginning(), *end_of_leg(outcome=LegOutcome.BUSY)], "nobody_answered"),
        ([*beginning(), note(LegTold("bergen", LegStatus.NO_ANSWER), step=5, after=60), OVER], "nobody_answered"),
        ([*beginning(), CANCELED, OVER], "abandoned"),
        ([*beginning(), CANCELED, *end_of_leg(outcome=LegOutcome.FAILED)[1:], OVER], "abandoned"),
        ([*beginning(), *end_of_leg(outcome=LegOutcome.BUSY), note(RedFlag("fail"), step=6, after=99)], "red_flag"),
        ([*beginning(), note(RedFlag("confirm"), step=4, after=17), *end_of_leg()], "connected"),
        ([ARRIVED, note(RescueEnded(LegOutcome.TALKED), after=40), OVER], "connected"),
        ([ARRIVED, note(RescueEnded(LegOutcome.BUSY), after=40), OVER], "abandoned"),
    ],
)
def test_how_a_call_ended(notes: list[Noted], disposition: str) -> None:
    assert call(*notes)["disposition"] == disposition


def test_a_leg_that_the_caller_did_not_wait_for_was_given_up() -> None:
    assert summary(*beginning(), CANCELED)[1][0]["outcome"] == "gave_up"


def test_a_person_who_took_a_call_that_then_broke_answered_but_did_not_talk() -> None:
    taken = note(CentreScreened("bergen", accepted=True), step=5, after=45)
    row, (leg,) = summary(*beginning(), taken, *end_of_leg(outcome=LegOutcome.FAILED))
    assert (leg["accepted"], leg["outcome"], row["disposition"]) == (True, "failed", "nobody_answered")


def test_a_machine_that_picked_up_is_no_answer() -> None:
    machine = note(CentreScreened("bergen", accepted=False), step=5, after=60)
    completed = note(LegTold("bergen", LegStatus.COMPLETED), step=5, after=61)
    row, (leg,) = summary(*beginning(), *end_of_leg()[:1], machine, completed)
    assert (leg["accepted"], leg["outcome"], row["human_at"]) == (False, "no_answer", None)


def test_silences_wrong_keys_codes_not_found_and_faults_are_counted() -> None:
    row = call(
        ARRIVED,
        note(Misunderstood("main", Misunderstanding.SILENCE), step=1, after=9),
        note(Misunderstood("main", Misunderstanding.WRONG_KEY), step=2, after=19),
        note(Misunderstood("ask_name", Misunderstanding.NOT_FOUND), step=4, after=24),
        note(Misunderstood("ask_name", Misunderstanding.NOT_FOUND), step=5, after=26),
        note(StateLost(), step=3, after=29),
        note(FallbackAsked("11200"), after=39),
    )
    assert (row["silences"], row["wrong_keys"], row["not_found"], row["faults"], row["abroad"]) == (1, 1, 2, 2, True)


def test_an_error_code_that_is_no_number_is_not_kept() -> None:
    (row,) = fact_rows(note(FallbackAsked("4791")), EVENING)
    assert row.value == "4791"
    (row,) = fact_rows(note(FallbackAsked("a\0b")), EVENING)
    assert row.value == ""
