"""What runs out on a live line is said 60, 30 and 7 days before: health, log, metrics, console."""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry, Gauge

from ivr.base.clock import OSLO, ManualClock
from ivr.line.service.bootstrap import create_app, load_edition
from ivr.line.service.metrics import EXPIRES, Meters, days_left
from ivr.line.service.settings import Settings
from tests.conftest import EVENING
from tests.test_live import TODAY, dated, live
from tests.web.console.operator import PASSWORD_HASH, SECRET, Operator, words
from tests.web.signed import signed_line

__all__ = ["live"]


def _signed(live: Settings, days: int = 200) -> Settings:
    """Numbers and checklist run out apart: the checklist is signed so many days from now."""
    day = TODAY + timedelta(days=days)
    return dated(live, directory_verified_on=day, fallback_tested_on=day, signed_on=day)


def _start(settings: Settings) -> None:
    load_edition(settings, ManualClock(EVENING))


@pytest.mark.parametrize(
    ("days", "counted"),
    [
        (295, {"within_60_days": 0, "within_30_days": 0, "within_7_days": 0, "passed": 0}),
        (296, {"within_60_days": 6, "within_30_days": 0, "within_7_days": 0, "passed": 0}),
        (326, {"within_60_days": 6, "within_30_days": 6, "within_7_days": 0, "passed": 0}),
        (349, {"within_60_days": 6, "within_30_days": 6, "within_7_days": 6, "passed": 0}),
        (356, {"within_60_days": 6, "within_30_days": 6, "within_7_days": 6, "passed": 6}),
    ],
)
def test_health_counts_the_numbers_whose_verification_ends_within_60_30_and_7_days(
    live: Settings, days: int, counted: dict[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    _start(live)
    clock = ManualClock(EVENING + timedelta(days=days))
    app = create_app(_signed(live), clock=clock, sink=lambda _: None)
    caplog.clear()
    found = app.test_client().get("/health/ready").json
    assert found
    assert found["expires"]["number"] == {"first": "2027-02-22", **counted}
    assert not caplog.records, "it was said at the start, and is said once a day"
    clock.advance(86_400)
    app.test_client().get("/health/ready")
    levels = [record.levelno for record in caplog.records if record.name == "ivr.live"]
    expected = logging.ERROR if days >= 348 else logging.WARNING
    assert levels == [expected]


def test_the_metric_is_the_moment_at_which_the_first_verification_ends(live: Settings) -> None:
    _start(live)
    meters = Meters()
    create_app(live, clock=ManualClock(EVENING), sink=lambda _: None, meters=meters)
    for kind, day in (("number", date(2027, 2, 22)), ("checklist", date(2027, 2, 2))):
        moment = datetime(day.year, day.month, day.day, tzinfo=OSLO).timestamp()
        assert meters.registry.get_sample_value(EXPIRES, {"kind": kind}) == moment


@pytest.mark.parametrize("days", [59.5, -1.0])
def test_prometheus_sees_the_days_that_are_left_when_it_asks(days: float) -> None:
    registry = CollectorRegistry()
    now = EVENING.timestamp()
    Gauge(EXPIRES, "x", ("kind",), registry=registry).labels("number").set(now + days * 86_400)
    (gauge,) = days_left(registry.collect(), now)
    (sample,) = gauge.samples
    assert (sample.name, sample.labels, sample.value) == ("ivr_days_left", {"kind": "number"}, days)


def test_nothing_is_left_of_a_line_that_is_not_live() -> None:
    assert list(days_left(Meters().registry.collect(), 0.0)) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (305, ""),
        (306, "3 dates of the checklist ends within 60 days"),
        (340, "3 dates of the checklist ends within 30 days"),
        (360, "3 dates of the checklist ends within 7 days"),
        (366, "3 dates of the checklist has ended"),
    ],
)
def test_the_checklist_runs_out_too(days: int, words: str, live: Settings, caplog: pytest.LogCaptureFixture) -> None:
    signed = _signed(live, 0)
    _start(signed)
    caplog.clear()
    clock = ManualClock(EVENING + timedelta(days=days))
    app = create_app(signed, clock=clock, sink=lambda _: None)
    found = (app.test_client().get("/health/ready").json or {})["expires"]["checklist"]
    assert found["first"] == str(TODAY + timedelta(days=366))
    lines = [record.getMessage() for record in caplog.records if "dates of the checklist" in record.getMessage()]
    assert (words in lines[0]) if words else not lines


def test_a_call_of_another_day_brings_the_line_of_the_log_where_nobody_asks_for_the_health(
    live: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    signed = _signed(live)
    _start(live)
    clock = ManualClock(EVENING + timedelta(days=300))
    line = signed_line(clock, signed)
    caplog.clear()
    clock.advance(86_400)
    assert line.post("/voice").status_code == 200
    assert [record.levelno for record in caplog.records if record.name == "ivr.live"] == [logging.WARNING]


def test_the_console_shows_what_must_be_verified_again(live: Settings) -> None:
    _start(live)
    with_console = replace(live, secret_key=SECRET, console_password_hash=PASSWORD_HASH)
    clock = ManualClock(EVENING + timedelta(days=330))
    operator = Operator(create_app(with_console, clock=clock, sink=lambda _: None))
    assert operator.log_in().status_code == 303
    assert "Numbers to verify again 6 within 60 days; 6 within 30, 0 within 7; 0 overdue" in words(operator.get("/"))
    assert "Checklist to sign again 2027-02-02 3 of its dates run out within 60 days" in words(operator.get("/"))


def test_a_line_that_is_not_live_has_no_verification_to_tell() -> None:
    app = create_app(Settings(), clock=ManualClock(EVENING), sink=lambda _: None)
    assert "expires" not in (app.test_client().get("/health/ready").json or {})
