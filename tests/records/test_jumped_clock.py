"""A clock that jumped purges nothing, and it is said why: what is purged is gone for good."""

import logging
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from ivr.base.clock import OSLO, ManualClock, SystemClock
from ivr.base.errors import SettingsError
from ivr.cli import group
from ivr.line.service.bootstrap import load_edition
from ivr.line.service.settings import Settings
from ivr.operations.records.database import database_url
from ivr.operations.records.tables import calls
from tests.conftest import EVENING
from tests.deploy.nginx import ROOT
from tests.records.test_figures import call
from tests.records.test_retention import run_recorder
from tests.records.test_writing import put, rows

DAY = timedelta(days=1)


def _run(database: str, now: datetime) -> None:
    run_recorder(database_url(database), ManualClock(now))


def _recorded(engine: Engine, *days: int) -> None:
    """Calls of so many days before EVENING."""
    for day in days:
        put(engine, *call(f"c{day}", answer=None, start=EVENING - day * DAY))


@pytest.mark.parametrize("year", [2036, 2027, 2099])
def test_a_clock_that_is_years_ahead_purges_nothing_and_says_why(
    year: int, database: str, engine_of_records: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    _recorded(engine_of_records, 0, 1, 29)
    _run(database, EVENING.replace(year=year))
    assert len(rows(engine_of_records, calls)) == 3
    (line,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert f"nothing is purged: the clock says {year}-03-03 20:00" in line.getMessage()
    assert "ivr records purge --clock-is-right" in line.getMessage()


@pytest.mark.parametrize("days", [9, 20, 45])
def test_a_jump_of_weeks_purges_nothing_either(days: int, database: str, engine_of_records: Engine) -> None:
    _recorded(engine_of_records, 0, 1, 29)
    _run(database, EVENING + days * DAY)
    assert len(rows(engine_of_records, calls)) == 3


def test_calls_under_the_wrong_clock_do_not_make_it_right(database: str, engine_of_records: Engine) -> None:
    _recorded(engine_of_records, 0, 1, 29)
    wrong = EVENING.replace(year=2036)
    put(engine_of_records, *call("wrong", answer=None, start=wrong))
    _run(database, wrong + timedelta(minutes=5))
    assert len(rows(engine_of_records, calls)) == 4


def test_a_clock_that_is_behind_is_told(
    database: str, engine_of_records: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    _recorded(engine_of_records, 0)
    _run(database, datetime(1970, 1, 1, 1, tzinfo=OSLO))
    assert len(rows(engine_of_records, calls)) == 1
    assert "the clock says 1970-01-01 01:00, and there is a record of 2026-03-03" in caplog.text
    assert "it is behind" in caplog.text


@pytest.mark.parametrize("days", [0, 1, 3])
def test_a_service_that_was_off_for_some_days_purges_as_ever(
    days: int, database: str, engine_of_records: Engine
) -> None:
    _recorded(engine_of_records, 0, 33)
    _run(database, EVENING + days * DAY)
    assert len(rows(engine_of_records, calls)) == 1


def _purge(database: str, *arguments: str) -> tuple[int, str]:
    environment = {"DATABASE_URL": database, "IVR_PROFILE": ""}
    result = CliRunner().invoke(group, ["records", "purge", *arguments], env=environment)
    return result.exit_code, result.output


@pytest.mark.parametrize("ahead", [timedelta(days=-3650), timedelta(days=-8), timedelta(days=2)])
def test_the_command_refuses_a_clock_that_does_not_fit_the_newest_record(
    ahead: timedelta, database: str, engine_of_records: Engine
) -> None:
    put(engine_of_records, *call("c", answer=None, start=SystemClock().now() + ahead))
    code, output = _purge(database, "--days", "0")
    assert code == 1
    assert "nothing was removed: the clock says" in output
    assert len(rows(engine_of_records, calls)) == 1
    assert _purge(database, "--days", "0", "--clock-is-right")[0] == 0
    assert len(rows(engine_of_records, calls)) == (1 if ahead > timedelta(0) else 0)


def test_a_clock_that_was_never_set_does_not_start_and_says_so() -> None:
    with pytest.raises(SettingsError, match="the clock of this machine shows 1970-01-01: set the clock"):
        load_edition(Settings(), ManualClock(datetime(1970, 1, 1, 1, tzinfo=OSLO)))


def test_the_unit_waits_for_the_clock_to_be_set() -> None:
    unit = (ROOT / "deploy" / "ivr@.service").read_text("utf-8")
    for key in ("After", "Wants"):
        (line,) = [line for line in unit.splitlines() if line.startswith(f"{key}=")]
        assert "time-sync.target" in line.split("=")[1].split()
