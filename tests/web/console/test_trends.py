"""The page of weeks: counted as a report counts, across a change of the clocks, and past days behind the page."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from ivr.base.clock import ManualClock
from ivr.operations.console.days import midnight
from ivr.operations.console.past_weeks import PastWeeks
from ivr.operations.languages import source_language
from ivr.operations.records.figures import Grouping, Period, figures
from tests.conftest import EVENING
from tests.records.test_figures import call
from tests.records.test_writing import put
from tests.web.console.operator import Operator, words

THIS_WEEK = date(2026, 3, 2)  # EVENING is a Tuesday
DAY = timedelta(days=1)


def _rows(operator: Operator) -> dict[str, list[str]]:
    """The cells of each week."""
    page = operator.get("/trends")
    assert page.status_code == 200
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", page.text, re.DOTALL)
    return {re.sub(r"<[^>]*>", "", head).strip(): re.findall(r">([^<]*)</td>", cells) for head, cells in rows}


@pytest.fixture
def past(app: Flask) -> PastWeeks:
    """Of the console, counted when a test says so and by no thread."""
    past: PastWeeks = app.extensions["ivr"].past_weeks
    past.close()
    return past


@pytest.fixture
def with_weeks(operator: Operator, engine_of_records: Engine, past: PastWeeks) -> Operator:
    """This week one call that a centre answered in time; last week one in time, one late and one that nobody answered;
    the week before nothing; three weeks ago one on the last minute of its Sunday."""
    sunday = midnight(THIS_WEEK - 14 * DAY) - timedelta(minutes=1)
    put(
        engine_of_records,
        *call("now", answer=10),
        *call("early", answer=60, start=EVENING - 7 * DAY),
        *call("late", answer=130, start=EVENING - 7 * DAY),
        *call("never", answer=None, start=EVENING - 6 * DAY),
        *call("sunday", answer=5, start=sunday),
    )
    past.count_now()
    return operator


def test_each_week_has_its_calls_both_shares_and_who_reached_nobody(with_weeks: Operator) -> None:
    assert _rows(with_weeks) == {
        "week 10, from 2 Mar 2026 so far": ["1", "100.0 %", "100.0 %", "0"],
        "week 9, from 23 Feb 2026": ["3", "33.3 %", "33.3 %", "1"],
        "week 8, from 16 Feb 2026": ["0", "–", "–", "0"],
        "week 7, from 9 Feb 2026": ["1", "100.0 %", "100.0 %", "0"],
    }


def test_the_weeks_are_those_of_the_report(with_weeks: Operator, engine_of_records: Engine) -> None:
    period = Period(midnight(THIS_WEEK - 21 * DAY), midnight(THIS_WEEK + 7 * DAY))
    with engine_of_records.connect() as connection:
        groups = figures(connection, period, Grouping.WEEK, EVENING).groups
    shown = _rows(with_weeks)
    assert len(groups) == 3
    for monday, group in groups.items():
        name = source_language().week(date.fromisoformat(monday))
        (cells,) = (cells for head, cells in shown.items() if head.startswith(name))
        share = group.share_within(120)
        assert cells[:2] == [str(group.calls), "–" if share is None else source_language().percent(share)]


def test_a_week_without_a_call_breaks_the_lines_and_all_is_drawn(with_weeks: Operator) -> None:
    page = with_weeks.get("/trends").text
    assert [page.count(f'<path class="{css}"') for css in "ab"] == [2, 2]
    assert page.count("<rect ") == 8  # calls and nobody, of four weeks
    assert page.count('role="img"') == 3


def _calls(operator: Operator) -> list[str]:
    """Of this week and of the last one."""
    return [cells[0] for cells in _rows(operator).values()][:2]


def test_days_that_are_over_are_those_of_the_last_count_and_today_is_counted_each_time(
    with_weeks: Operator, engine_of_records: Engine, past: PastWeeks, clock: ManualClock
) -> None:
    assert _calls(with_weeks) == ["1", "3"]
    put(engine_of_records, *call("more", answer=10), *call("before", answer=1, start=EVENING - 7 * DAY))
    put(engine_of_records, *call("yesterday", answer=1, start=EVENING - DAY))
    assert _calls(with_weeks) == ["2", "3"]
    clock.advance(600)
    past.count_now()
    assert _calls(with_weeks) == ["3", "4"]
    assert "the last time on Tue 3 Mar 2026 20:10" in words(with_weeks.get("/trends"))


def test_after_midnight_nothing_is_missing_though_nothing_was_counted_since(
    with_weeks: Operator, engine_of_records: Engine, clock: ManualClock
) -> None:
    clock.advance(DAY.total_seconds())
    with_weeks.log_in()
    put(engine_of_records, *call("tomorrow", answer=10, start=EVENING + DAY / 2))
    assert _calls(with_weeks) == ["2", "3"]
    clock.advance(6 * DAY.total_seconds())
    with_weeks.log_in()
    assert _calls(with_weeks) == ["0", "2"]


def test_a_page_before_the_first_count_says_that_it_is_under_way(with_weeks: Operator, past: PastWeeks) -> None:
    past.known = None
    assert "The weeks are being counted." in words(with_weeks.get("/trends"))


def test_a_line_without_a_call_says_so(operator: Operator, past: PastWeeks) -> None:
    past.count_now()
    assert "No call is recorded yet." in words(operator.get("/trends"))


def test_a_week_begins_at_midnight_in_oslo_on_both_sides_of_a_change_of_the_clocks(engine_of_records: Engine) -> None:
    mondays = [date(2026, 3, 23), date(2026, 3, 30), date(2026, 10, 19), date(2026, 10, 26)]
    edges = [midnight(each) + shift for each in mondays for shift in (timedelta(minutes=-1), timedelta(0))]
    put(engine_of_records, *(each for at in edges for each in call(f"{at:%m%d%H%M}", answer=1, start=at)))
    period = Period(midnight(date(2026, 3, 1)), midnight(date(2026, 12, 1)))
    with engine_of_records.connect() as connection:
        groups = figures(connection, period, Grouping.WEEK, midnight(date(2027, 1, 1))).groups
    assert {monday: group.calls for monday, group in groups.items()} == {
        "2026-03-16": 1,
        "2026-03-23": 2,
        "2026-03-30": 1,
        "2026-10-12": 1,
        "2026-10-19": 2,
        "2026-10-26": 1,
    }
