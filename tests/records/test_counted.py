"""Calls by centre, day and hour for the planner: nothing so small that it could point at a person."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from ivr.base.clock import OSLO
from ivr.operations.records.counted import HEAD, counted_calls, told
from ivr.operations.records.figures import Period
from ivr.operations.records.writing import write
from ivr.planner.counted_calls import read_counted
from tests.conftest import EVENING
from tests.records.recorded_calls import beginning


def _hour(day: int, hour: int) -> int:
    return int(datetime(2026, 3, day, hour, tzinfo=OSLO).timestamp()) // 3600


def test_small_hours_become_one_row_of_the_day_and_small_days_are_left_out() -> None:
    found = told(
        [("voss", _hour(3, 20), 7), ("voss", _hour(3, 21), 4), ("voss", _hour(3, 22), 2), ("voss", _hour(4, 1), 4)]
    )
    assert found.rows == ("voss,2026-03-03,20,7", "voss,2026-03-03,,6")
    assert found.left_out == 4


def test_calls_of_no_centre_are_left_out_and_said() -> None:
    assert told([("", _hour(3, 20), 9)]).left_out == 9


def test_the_records_make_a_file_that_the_planner_reads(engine_of_records: Engine, tmp_path: Path) -> None:
    notes = [note for number in range(6) for note in beginning(f"{number:012}", EVENING)]
    with engine_of_records.begin() as connection:
        write(connection, [(noted, noted.at) for noted in notes])
        found = counted_calls(connection, Period(EVENING - timedelta(days=1), EVENING + timedelta(days=1)))
    path = tmp_path / "counted.csv"
    path.write_text("\n".join((HEAD, *found.rows)), "utf-8")
    rows = read_counted(path, {"bergen"}, EVENING.date(), EVENING.date()).rows
    assert [(row.place, row.hour, row.calls) for row in rows] == [("bergen", EVENING.hour, 6.0)]
