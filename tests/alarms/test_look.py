"""What the records say is an alarm, and what is none."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.line.flow.events import LegOutcome, OutageKind
from ivr.line.flow.facts import CallMarked, CallOrigin, FallbackAsked, RescueEnded
from ivr.operations.alarms import Alarm, Limits, look, switched_notes
from ivr.operations.records.announcements import SwitchedOn, announce
from ivr.operations.records.changes import ChangedBy
from ivr.operations.records.outages import Marked, plan, switch
from ivr.operations.records.writing import write_losses
from tests.conftest import EVENING
from tests.records.recorded_calls import note
from tests.records.test_figures import call
from tests.records.test_writing import put

NOW, HOUR = EVENING + timedelta(minutes=30), timedelta(hours=1)


def _alarms(engine: Engine, limits: Limits | None = None) -> list[Alarm]:
    with engine.connect() as connection:
        return look(connection, NOW, limits or Limits())


def _kinds(engine: Engine) -> list[str]:
    return sorted(alarm.key for alarm in _alarms(engine))


def _calls(engine: Engine, in_time: int, late: int, **about: str) -> None:
    for number in range(in_time + late):
        answer = 10 if number < in_time else 121
        put(engine, *call(f"c{number}", answer=answer, start=EVENING + timedelta(seconds=number), **about))


def test_nothing_is_wrong_where_nobody_called(engine_of_records: Engine) -> None:
    assert _alarms(engine_of_records) == []


@pytest.mark.parametrize(
    ("in_time", "late", "kinds"), [(16, 4, []), (15, 5, ["answered_in_time"]), (14, 5, []), (0, 0, [])]
)
def test_the_share_answered_within_two_minutes_is_judged_from_twenty_rings_on(
    in_time: int, late: int, kinds: list[str], engine_of_records: Engine
) -> None:
    _calls(engine_of_records, in_time, late)
    assert _kinds(engine_of_records) == kinds


def test_the_alarm_says_the_share_and_the_limit(engine_of_records: Engine) -> None:
    _calls(engine_of_records, 15, 5)
    (alarm,) = _alarms(engine_of_records)
    assert alarm.words == "75% of 20 rings were answered within two minutes; the limit is 80%"


def _unanswered(engine: Engine, names: str, start: int = 0, centre: str = "bergen") -> None:
    for number, name in enumerate(names):
        begun = EVENING + timedelta(seconds=60 * (start + number))
        put(engine, *call(name, answer=None if name.islower() else 10, start=begun, centre=centre))


@pytest.mark.parametrize(
    ("rings", "kinds"),
    [("ab", []), ("abc", ["centre_silent:bergen"]), ("abcD", []), ("Dabc", ["centre_silent:bergen"])],
)
def test_a_centre_is_silent_that_answered_none_of_its_last_three_rings(
    rings: str, kinds: list[str], engine_of_records: Engine
) -> None:
    _unanswered(engine_of_records, rings)
    assert _kinds(engine_of_records) == kinds


def test_each_silent_centre_is_an_alarm_of_its_own(engine_of_records: Engine) -> None:
    _unanswered(engine_of_records, "abc")
    _unanswered(engine_of_records, "efg", centre="oslo")
    assert _kinds(engine_of_records) == ["centre_silent:bergen", "centre_silent:oslo"]


def test_what_was_before_the_last_hour_is_no_alarm_any_more(engine_of_records: Engine) -> None:
    _unanswered(engine_of_records, "abc", start=-120)
    put(engine_of_records, note(FallbackAsked("11200"), after=-7200))
    assert _alarms(engine_of_records) == []


@pytest.mark.parametrize("fact", [FallbackAsked("11200"), RescueEnded(LegOutcome.TALKED)])
def test_callers_who_hear_the_fail_safe_are_an_alarm(
    fact: FallbackAsked | RescueEnded, engine_of_records: Engine
) -> None:
    put(engine_of_records, note(fact))
    assert _kinds(engine_of_records) == ["fail_safe"]


def test_lost_records_are_an_alarm_with_their_number(engine_of_records: Engine) -> None:
    with engine_of_records.begin() as connection:
        write_losses(connection, Counter({"the buffer was full": 7}), NOW)
    (alarm,) = _alarms(engine_of_records)
    assert (alarm.kind, alarm.words.partition(" ")[0]) == ("records_lost", "7")


def test_calls_of_a_load_test_are_no_alarm_about_centres(engine_of_records: Engine) -> None:
    for name in "abcdef":
        put(engine_of_records, *call(name, answer=None), note(CallMarked(CallOrigin.LOAD), call=f"{name:>12}"))
    assert _alarms(engine_of_records) == []


def test_a_silent_centre_that_somebody_has_taken_out_of_service_is_no_alarm_while_it_is(
    engine_of_records: Engine,
) -> None:
    _unanswered(engine_of_records, "abc")
    assert _kinds(engine_of_records) == ["centre_silent:bergen"]
    by = ChangedBy("Kari", EVENING)
    plan(engine_of_records, "bergen", None, Marked(OutageKind.FAULT, NOW + HOUR, "", NOW + HOUR / 2), 0, by)
    assert _kinds(engine_of_records) == ["centre_silent:bergen"]  # not yet
    switch(engine_of_records, "bergen", Marked(OutageKind.FAULT, NOW + HOUR / 4), 1, by)
    assert _kinds(engine_of_records) == []


def test_what_people_have_switched_is_told_beside_the_alarms(engine_of_records: Engine) -> None:
    by, later = ChangedBy("Kari", EVENING), NOW + HOUR
    switch(engine_of_records, "bergen", Marked(OutageKind.FAULT, NOW + HOUR / 2), 0, by)
    plan(engine_of_records, "oslo", None, Marked(OutageKind.CLOSED, later + HOUR, "", later), 0, by)
    announce(engine_of_records, SwitchedOn("waiting", later), 0, by)
    with engine_of_records.connect() as connection:
        assert switched_notes(connection, NOW, str.title) == [
            "Bergen is out of service until 21:00, Tuesday 3 March 2026",
            "Oslo will be out of service from 21:30, Tuesday 3 March 2026 until 22:30, Tuesday 3 March 2026",
            "every caller hears the announcement 'waiting' until 21:30, Tuesday 3 March 2026",
        ]
        assert switched_notes(connection, later + 2 * HOUR) == []
