"""The figures of calls whose figures are known by hand, on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.base.clock import OSLO
from ivr.line.calls import Noted
from ivr.line.flow.events import LegOutcome
from ivr.line.flow.facts import (
    CallOver,
    CallStarted,
    CentreDialled,
    CentreEnded,
    CentrePickedUp,
    CentreScreened,
    LegStatus,
    LegTold,
    Misunderstanding,
    Misunderstood,
    NodeEntered,
    PlaceFound,
    Reason,
    RedFlag,
)
from ivr.operations.records.figures import Figures, Grouping, NodeFigures, Period, TimeSpread, figures
from ivr.operations.records.writing import write_losses
from tests.conftest import EVENING
from tests.records.recorded_calls import note
from tests.records.test_writing import put

DAY = Period(EVENING.replace(hour=0), EVENING.replace(hour=0) + timedelta(days=1))
LATER = DAY.end + timedelta(days=1)


def counted(engine: Engine, by: Grouping | None = None, period: Period = DAY, now: datetime = LATER) -> Figures:
    with engine.connect() as connection:
        return figures(connection, period, by, now)


def call(
    name: str, *, answer: float | None, rang: float | None = 29, start: datetime = EVENING, **at: Any
) -> list[Noted]:
    """A call that dials after 20 s, rings after `rang` and is answered `answer` seconds after that, or never."""
    centre, place, language = at.get("centre", "bergen"), at.get("place", "4601"), at.get("language", "nb")
    about = {"call": f"{name:>12}", "start": start}
    notes = [
        note(CallStarted(abroad=False), NodeEntered("open", ""), **about),
        note(PlaceFound("postcode", place, centre), NodeEntered("confirm", language), step=1, after=15, **about),
        note(CentreDialled(centre, place, red_flag=False, reason=Reason.FOUND), step=2, after=20, **about),
    ]
    if rang is not None:
        notes.append(note(LegTold(centre, LegStatus.RINGING), step=3, after=rang, **about))
    if answer is None:
        return [*notes, note(CentreEnded(centre, LegOutcome.NO_ANSWER), step=3, after=60, **about)]
    answered = (20 if rang is None else rang) + answer
    return [
        *notes,
        note(CentrePickedUp(centre), step=3, after=answered, **about),
        note(CentreScreened(centre, accepted=True), step=3, after=answered + 5, **about),
        note(CentreEnded(centre, LegOutcome.TALKED), step=3, after=answered + 60, **about),
        note(CallOver(LegStatus.COMPLETED, 99), after=answered + 61, **about),
    ]


def test_the_official_figure_counts_from_ringing_with_the_unanswered_and_without_the_menu(
    engine_of_records: Engine,
) -> None:
    answers = [0, 60, 119.9, 120.9, 121, 600.5, 601, None, None, None]
    put(engine_of_records, *(noted for n, answer in enumerate(answers) for noted in call(f"c{n}", answer=answer)))
    total = counted(engine_of_records).total
    assert (total.legs, total.answered, total.untold) == (10, 7, 0)
    assert total.share_within(120) == 0.4
    assert total.share_within(600) == 0.6
    assert total.answer_times.median == 120


def test_ours_count_from_the_arrival_of_the_call(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("a", answer=31), *call("b", answer=None))
    total = counted(engine_of_records).total
    assert dict(total.to_ringing) == {29: 2}
    assert dict(total.to_human) == {65: 1}  # 29 to ringing, 31 to the answer, 5 until the person took the call
    assert dict(total.first_words) == {0: 2}


def test_where_nobody_told_that_it_rang_the_dialling_counts_and_is_said(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("a", answer=31, rang=None))
    total = counted(engine_of_records).total
    assert (total.untold, dict(total.answer_times)) == (1, {31: 1})


def test_a_leg_that_may_still_ring_does_not_count_yet(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("a", answer=None)[:-1])
    assert counted(engine_of_records, now=EVENING + timedelta(minutes=2)).total.legs == 0
    assert counted(engine_of_records, now=EVENING + timedelta(minutes=10)).total.share_within(120) == 0.0


def test_without_any_leg_there_is_no_share(engine_of_records: Engine) -> None:
    total = counted(engine_of_records).total
    assert (total.share_within(120), total.to_human.median) == (None, None)


def test_calls_and_legs_are_grouped(engine_of_records: Engine) -> None:
    put(
        engine_of_records,
        *call("a", answer=10),
        *call("b", answer=200, language="en"),
        *call("c", answer=None, centre="oslo", place="0301"),
    )
    by_centre = counted(engine_of_records, Grouping.CENTRE).groups
    assert {name: (group.calls, group.share_within(120)) for name, group in by_centre.items()} == {
        "bergen": (2, 0.5),
        "oslo": (1, 0.0),
    }
    assert {name: group.legs for name, group in counted(engine_of_records, Grouping.COUNTY).groups.items()} == {
        "03": 1,
        "46": 2,
    }
    assert {name: group.answered for name, group in counted(engine_of_records, Grouping.LANGUAGE).groups.items()} == {
        "en": 1,
        "nb": 1,
    }


@pytest.mark.parametrize("by", list(Grouping))
def test_whatever_the_groups_the_total_is_the_same(engine_of_records: Engine, by: Grouping) -> None:
    put(engine_of_records, *call("a", answer=10), *call("b", answer=None, centre="oslo", place="0301", language="en"))
    assert counted(engine_of_records, by).total == counted(engine_of_records).total


def test_hours_are_those_of_oslo_also_in_the_night_when_the_clocks_go_back(engine_of_records: Engine) -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=OSLO)
    for hour in range(4):  # 00:30, 01:30, 02:30 and 02:30 again
        start = datetime.fromtimestamp(night.timestamp() + hour * 3600, OSLO)
        put(engine_of_records, *call(f"h{hour}", answer=10, start=start))
    period = Period(night.replace(minute=0), night.replace(minute=0) + timedelta(days=1))
    groups = counted(engine_of_records, Grouping.HOUR, period, now=period.end + timedelta(days=1)).groups
    assert {hour: group.calls for hour, group in groups.items()} == {"00": 1, "01": 1, "02": 2}


def test_the_hours_of_all_that_ever_was_can_be_asked_for(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("a", answer=10))
    ever = Period(datetime(1, 1, 2, tzinfo=OSLO), datetime(9999, 12, 30, tzinfo=OSLO))
    assert {hour: group.calls for hour, group in counted(engine_of_records, Grouping.HOUR, ever).groups.items()} == {
        "20": 1
    }


def test_what_callers_did_at_a_node(engine_of_records: Engine) -> None:
    def at_main(name: str, *notes: Noted) -> None:
        begin = note(CallStarted(abroad=False), NodeEntered("main", "nb"), call=name)
        put(engine_of_records, begin, *notes)

    over = CallOver(LegStatus.COMPLETED, 9)
    at_main("went on     ", note(NodeEntered("other", "nb"), step=1, after=5, call="went on     "))
    silent = note(
        Misunderstood("main", Misunderstanding.SILENCE), NodeEntered("main", "nb"), step=1, after=5, call="silent      "
    )
    at_main("silent      ", silent, note(over, after=9, call="silent      "))
    wrong = note(
        Misunderstood("main", Misunderstanding.WRONG_KEY),
        NodeEntered("main", "nb"),
        step=1,
        after=5,
        call="wrong       ",
    )
    at_main("wrong       ", wrong, note(NodeEntered("other", "nb"), step=2, after=9, call="wrong       "))
    unknown = note(Misunderstood("main", Misunderstanding.NOT_FOUND), step=1, after=5, call="unknown     ")
    at_main("unknown     ", unknown, note(NodeEntered("other", "nb"), step=2, after=9, call="unknown     "))
    at_main("red         ", note(RedFlag("main"), NodeEntered("red", "nb"), step=1, after=5, call="red         "))
    main = next(each for each in counted(engine_of_records).funnel if each.node == "main")
    assert main == NodeFigures("main", entered=7, silences=1, wrong_keys=1, not_found=1, hang_ups=1, red_flags=1)
    assert main.went_on == 3


def test_red_flags_and_ends_are_counted(engine_of_records: Engine) -> None:
    put(
        engine_of_records, note(CallStarted(abroad=False)), note(RedFlag("main"), step=1, after=3), *call("b", answer=9)
    )
    total = counted(engine_of_records).total
    assert (total.calls, total.red_flags, dict(total.dispositions)) == (2, 1, {"red_flag": 1, "connected": 1})


def test_calls_outside_the_period_orphans_and_losses(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("a", answer=9, start=DAY.end), *call("b", answer=9, start=DAY.start))
    put(engine_of_records, note(CallOver(LegStatus.COMPLETED, 9), call="orphan", after=20))
    with engine_of_records.begin() as connection:
        write_losses(connection, {"the buffer was full": 7, "the database refused them": 2}, EVENING)
    found = counted(engine_of_records)
    assert (found.total.calls, found.orphans, found.lost) == (1, 1, 9)


def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    spread = TimeSpread({1: 1, 2: 8, 9: 1})
    assert [spread.quantile(share) for share in (0.1, 0.11, 0.5, 0.9, 0.91, 1.0)] == [1, 2, 2, 2, 9, 9]
    assert (TimeSpread().median, spread.up_to(2)) == (None, 9)
