"""What leaves the house: nothing that could point at a person, nothing that a spreadsheet runs."""

import csv
import io

import pytest
from sqlalchemy import Engine

from ivr.operations.records.export import FEW, as_csv, call_cells, cells, group_cells
from ivr.operations.records.figures import Group, Grouping, TimeSpread
from ivr.operations.records.reading import newest_calls
from tests.records.test_figures import DAY, call, counted
from tests.records.test_writing import put


def exported(engine: Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        return [dict(row) for row in call_cells(newest_calls(connection, DAY, 100))]


def test_a_place_with_fewer_than_five_calls_is_not_named(engine_of_records: Engine) -> None:
    for number in range(5):
        put(engine_of_records, *call(f"b{number}", answer=9))
    for number in range(4):
        put(engine_of_records, *call(f"o{number}", answer=9, centre="oslo", place="0301"))
    table = exported(engine_of_records)
    assert {(row["municipality"], row["centre"]) for row in table} == {("4601", "bergen"), (FEW, FEW)}


def test_an_exported_call_has_its_hour_and_durations_and_no_id(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("a", answer=31))
    (row,) = exported(engine_of_records)
    assert row["hour"] == "2026-03-03T20+01:00"
    assert (row["seconds_to_ringing"], row["seconds_to_human"], row["seconds_to_end"]) == (29, 65, 121)
    assert not {"id", "fingerprint", "started_at"} & row.keys()


def test_small_numbers_of_a_group_are_not_told(engine_of_records: Engine) -> None:
    for number in range(6):
        put(engine_of_records, *call(f"b{number}", answer=9 if number else None))
    put(engine_of_records, *call("o", answer=9, centre="oslo", place="0301"))
    bergen, oslo = group_cells(counted(engine_of_records, Grouping.CENTRE))
    assert (bergen["centre"], bergen["calls"], bergen["connected"], bergen["nobody_answered"]) == ("bergen", 6, 5, FEW)
    assert bergen["share_answered_within_120_s"] == 0.8333
    assert (oslo["calls"], oslo["connected"], oslo["red_flags"]) == (FEW, FEW, 0)
    assert oslo["median_seconds_to_human"] is oslo["share_answered_within_120_s"] is None


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, FEW), (4, FEW), (5, 5)])
def test_from_one_to_four_is_small(count: int, shown: object) -> None:
    assert cells(Group(calls=count))["calls"] == shown


def test_a_median_of_fewer_than_five_is_not_told() -> None:
    assert cells(Group(calls=4, to_human=TimeSpread({9: 4})))["median_seconds_to_human"] is None
    assert cells(Group(calls=5, to_human=TimeSpread({9: 5})))["median_seconds_to_human"] == 9


@pytest.mark.parametrize("formula", ["=1+1", "+47", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(formula: str) -> None:
    (_, row) = csv.reader(io.StringIO(as_csv([{"route": formula, "seconds": 5}]), newline=""))
    assert row == [f"'{formula}", "5"]


def test_a_table_of_nothing_is_empty() -> None:
    assert as_csv([]) == ""
