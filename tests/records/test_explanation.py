"""One call in plain words."""

import pytest
from sqlalchemy import Engine

from ivr.line.calls import Noted
from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import (
    CallOver,
    CallStarted,
    CentreDialled,
    CentreEnded,
    FallbackAsked,
    Informed,
    LegStatus,
    LegTold,
    Misunderstanding,
    Misunderstood,
    NodeEntered,
    PlaceFound,
    Reason,
    RedFlag,
    RescueEnded,
    StateLost,
)
from ivr.operations.languages import source_language
from ivr.operations.records.explanation import Names, reasons, story
from ivr.operations.records.reading import RecordedCall, find_call
from tests.records.recorded_calls import beginning, callbacks, end_of_leg, note
from tests.records.test_writing import put

NAMES = Names(
    {"bergen": "Bergen legevakt", "voss": "Voss legevakt", "": ""}.__getitem__, {"4601": "Bergen"}.__getitem__
)


def recorded(engine: Engine, *notes: Noted) -> RecordedCall:
    put(engine, *notes)
    with engine.connect() as connection:
        (found,) = find_call(connection, "")
    return found


def told(engine: Engine, *notes: Noted) -> list[str]:
    return list(reasons(recorded(engine, *notes), NAMES, source_language()))


def dialled(reason: Reason, centre: str = "bergen") -> Noted:
    return note(CentreDialled(centre, "", red_flag=True, reason=reason), step=4, after=20)


def test_a_plain_call_says_how_the_place_was_found_and_that_they_talked(engine_of_records: Engine) -> None:
    assert told(engine_of_records, *beginning(), *end_of_leg(), *callbacks()) == [
        "Bergen legevakt was rung because a postcode was keyed in Bergen, and it answers there.",
        "The caller was connected.",
    ]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.AREA, "this centre alone serves the area of the caller's number"),
        (Reason.DEFAULT, "this is the default centre"),
        (Reason.BACKUP, "it is the next backup of the centre that did not take the call"),
        (Reason.AGAIN, "chose to try it again"),
    ],
)
def test_a_centre_that_no_place_led_to_has_its_reason(engine_of_records: Engine, reason: Reason, words: str) -> None:
    first, last = told(engine_of_records, note(CallStarted(abroad=False)), dialled(reason))
    assert words in first
    assert last == "The caller hung up before any of this."


def test_a_centre_that_was_chosen_beside_the_one_found_is_named_with_it(engine_of_records: Engine) -> None:
    found = note(PlaceFound("postcode", "4601", "bergen"), step=3, after=15)
    assert told(engine_of_records, found, dialled(Reason.FOUND, "voss"))[0] == (
        "Voss legevakt was rung because the caller chose it beside Bergen legevakt, which has duty too."
    )


def test_a_centre_whose_number_was_keyed_needs_no_place(engine_of_records: Engine) -> None:
    found = note(PlaceFound("centre_number", "", "bergen"), step=3, after=15)
    assert (
        "because the centre's own number was keyed, and it answers there"
        in told(engine_of_records, found, dialled(Reason.FOUND))[0]
    )


def test_a_centre_of_part_of_the_week_is_told_with_its_duty_row(engine_of_records: Engine) -> None:
    asked = []

    def duty(centre: str, municipality: str, at: int) -> str:
        asked.append((centre, municipality))
        return "mon-fri 08:00–15:00, duty of Tuesday 2026-03-03 (coverage.csv, line 14)"

    found = recorded(engine_of_records, *beginning(), *end_of_leg(), *callbacks())
    first, _ = reasons(found, Names(NAMES.centre, NAMES.municipality, duty), source_language())
    assert first.endswith(
        "and it answers there: mon-fri 08:00–15:00, duty of Tuesday 2026-03-03 (coverage.csv, line 14)."
    )
    assert asked == [("bergen", "4601")]


def test_a_call_that_rang_nobody_says_so(engine_of_records: Engine) -> None:
    assert told(engine_of_records, note(CallStarted(abroad=False)), note(RedFlag("main"), step=1, after=9)) == [
        "No centre was rung.",
        "The caller pressed 9, heard the 113 instruction, and talked to no centre.",
    ]


def test_the_story_tells_everything_with_its_second(engine_of_records: Engine) -> None:
    happened = [
        note(CallStarted(abroad=True)),
        note(NodeEntered("main", "nb"), step=1, after=5),
        note(Misunderstood("main", Misunderstanding.SILENCE), step=2, after=10),
        note(Misunderstood("main", Misunderstanding.WRONG_KEY), step=3, after=15),
        note(Misunderstood("ask_postcode", Misunderstanding.NOT_FOUND), step=4, after=17),
        note(RedFlag("main"), step=4, after=20),
        note(Informed("fees"), step=5, after=25),
        dialled(Reason.DEFAULT)._replace(step=6),
        note(LegTold("bergen", LegStatus.CANCELED), step=7, after=35),
        note(CentreEnded("bergen", LegOutcome.FAILED), step=7, after=36),
        note(StateLost(), step=8, after=40),
        note(FallbackAsked("11200"), after=45),
        note(RescueEnded(LegOutcome.BUSY), after=50),
        note(CallOver(LegStatus.COMPLETED, 55), after=55),
    ]
    lines = dict(story(recorded(engine_of_records, *happened), NAMES, source_language()))
    assert lines == {
        0.0: "a call came from abroad; the reply with the 113 words was ready after 0 ms",
        5.0: "to main (nb)",
        10.0: "silence at main",
        15.0: "a key without meaning there at main",
        17.0: "what was keyed or spoken was not found at ask_postcode",
        20.0: "Bergen legevakt is rung, with the red flag",
        25.0: "heard the information of fees",
        35.0: "Bergen legevakt: the caller gave up",
        36.0: "Bergen legevakt: the connection failed",
        40.0: "the call's state could not be used; it continued at a safe node",
        45.0: "Twilio could not use our reply (error 11200) and used the fail-safe reply",
        50.0: "the default centre, rung by the fail-safe reply: it was busy",
        55.0: "the call is over after 55 s: completed",
    }
