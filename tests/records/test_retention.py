"""After a day exact times are gone, after the days that are set everything: rows, and what the file held of them."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from ivr.base.clock import ManualClock
from ivr.operations.records.database import database_url
from ivr.operations.records.recorder import Recorder
from ivr.operations.records.retention import blur, count_older, give_back, purge
from ivr.operations.records.rows import milliseconds
from ivr.operations.records.tables import calls, facts, legs, losses, metadata, purges
from ivr.operations.records.writing import write_losses
from tests.conftest import EVENING
from tests.records.recorded_calls import beginning, callbacks, end_of_leg
from tests.records.test_writing import put, rows

BEGUN = EVENING + timedelta(seconds=37, milliseconds=250)  # not on the minute
DAY = timedelta(days=1)


def record(engine: Engine, start: datetime, *names: str) -> None:
    for name in names:
        put(engine, *beginning(name, start), *end_of_leg(name, start=start), *callbacks(name, start))


def oldest(engine: Engine) -> list[int]:
    """The earliest moment in every column of every table that holds one."""
    columns = [column for table in metadata.sorted_tables for column in table.columns if column.name.endswith("at")]
    assert len(columns) >= 12
    with engine.connect() as connection:
        found = [connection.scalar(select(func.min(column))) for column in columns]
    return [moment for moment in found if moment is not None]


def durations(engine: Engine) -> list[dict[str, Any]]:
    """Everything about calls, legs and facts with moments as milliseconds since the call began."""
    begun = {call["id"]: call["started_at"] for call in rows(engine, calls)}
    return [
        {
            name: value - begun[row.get("call_id") or row["id"]] if name.endswith("at") and value else value
            for name, value in row.items()
            if name != "fingerprint"
        }
        for table in (calls, legs, facts)
        for row in rows(engine, table)
    ]


def test_after_a_day_a_call_begins_on_the_minute_and_nothing_joins_it_any_more(engine_of_records: Engine) -> None:
    record(engine_of_records, BEGUN, "a" * 12, "b" * 12)
    before = durations(engine_of_records)
    assert blur(engine_of_records, BEGUN + DAY + timedelta(seconds=1)) == 2
    for call in rows(engine_of_records, calls):
        assert (call["fingerprint"], call["started_at"]) == (None, milliseconds(EVENING))
    assert durations(engine_of_records) == before


def test_within_a_day_times_are_exact_and_callbacks_still_find_their_call(engine_of_records: Engine) -> None:
    record(engine_of_records, BEGUN, "a" * 12)
    assert blur(engine_of_records, BEGUN + DAY) == 0
    (call,) = rows(engine_of_records, calls)
    assert (call["fingerprint"], call["started_at"]) == ("a" * 12, milliseconds(BEGUN))


def test_blurring_twice_is_blurring_once(engine_of_records: Engine) -> None:
    record(engine_of_records, BEGUN, "a" * 12)
    blur(engine_of_records, BEGUN + 2 * DAY)
    once = rows(engine_of_records, facts)
    assert blur(engine_of_records, BEGUN + 2 * DAY) == 0
    assert rows(engine_of_records, facts) == once


def test_after_a_purge_no_row_of_any_table_is_older_than_the_limit(engine_of_records: Engine) -> None:
    for age in range(40):
        record(engine_of_records, BEGUN - age * DAY, f"day-{age:08}")
        with engine_of_records.begin() as connection:
            write_losses(connection, {"the buffer was full": 7}, BEGUN - age * DAY)
    limit = BEGUN - 30 * DAY
    with engine_of_records.connect() as connection:
        would_go = count_older(connection, limit)
    gone = purge(engine_of_records, limit, BEGUN)
    assert gone == would_go
    assert (gone.calls, gone.legs, gone.notes) == (9, 9, 9)
    assert min(oldest(engine_of_records)) >= milliseconds(limit)
    assert len(rows(engine_of_records, calls)) == 31
    assert len(rows(engine_of_records, losses)) == 31


def test_a_purge_leaves_a_row_that_says_what_went_and_goes_itself_one_day(engine_of_records: Engine) -> None:
    record(engine_of_records, BEGUN, "a" * 12)
    purge(engine_of_records, BEGUN + DAY, BEGUN + 2 * DAY)
    (row,) = rows(engine_of_records, purges)
    assert (row["calls"], row["legs"], row["facts"], row["before"]) == (1, 1, 17, milliseconds(BEGUN + DAY))
    purge(engine_of_records, BEGUN + 3 * DAY, BEGUN + 40 * DAY)
    assert [each["at"] for each in rows(engine_of_records, purges)] == [milliseconds(BEGUN + 40 * DAY)]


def test_a_purge_with_nothing_to_remove_leaves_no_row(engine_of_records: Engine) -> None:
    assert not purge(engine_of_records, BEGUN, BEGUN).anything
    assert rows(engine_of_records, purges) == []


def test_many_calls_are_purged_in_small_transactions_and_counted_together(engine_of_records: Engine) -> None:
    put(engine_of_records, *(noted for number in range(1100) for noted in beginning(f"n{number:011}", BEGUN)[:1]))
    assert purge(engine_of_records, BEGUN + DAY, BEGUN + DAY).calls == 1100
    assert rows(engine_of_records, facts) == []


def test_nothing_of_a_purged_call_is_left_in_any_file_of_sqlite(tmp_path: Path) -> None:
    clock = ManualClock(BEGUN)
    url = database_url(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    run_recorder(url, clock, *beginning("oldoldoldold", BEGUN))
    held = _bytes_of(tmp_path)
    assert b"oldoldoldold" in held
    assert b"ask_postcode" in held
    clock.advance(31 * 24 * 3600)
    run_recorder(url, clock, *beginning("newnewnewnew", clock.now())[:1])
    assert b"oldoldoldold" not in _bytes_of(tmp_path)
    assert b"ask_postcode" not in _bytes_of(tmp_path)
    assert b"newnewnewnew" in _bytes_of(tmp_path)


def test_a_running_service_purges_by_itself(database: str, engine_of_records: Engine) -> None:
    clock = ManualClock(BEGUN)
    url = database_url(database)
    run_recorder(url, clock, *beginning("a" * 12, BEGUN))
    assert len(rows(engine_of_records, calls)) == 1
    clock.advance(2 * 24 * 3600)
    run_recorder(url, clock)
    assert [call["fingerprint"] for call in rows(engine_of_records, calls)] == [None]
    clock.advance(29 * 24 * 3600)
    run_recorder(url, clock)
    assert rows(engine_of_records, calls) == []
    assert rows(engine_of_records, facts) == []
    assert min(oldest(engine_of_records)) >= milliseconds(clock.now() - 30 * DAY)


def test_space_is_given_back(engine_of_records: Engine) -> None:
    record(engine_of_records, BEGUN, "a" * 12)
    give_back(engine_of_records)
    assert len(rows(engine_of_records, calls)) == 1


def run_recorder(url: Any, clock: ManualClock, *notes: Any) -> None:
    """The recorder for a moment, purge included."""
    recorder = Recorder(url, clock, days=30)
    recorder.start()
    end = time.monotonic() + 60
    while recorder.standing.database != "up":  # what is due is purged before it says so
        assert time.monotonic() < end
        time.sleep(0.02)
    for noted in notes:
        recorder(noted)
    recorder.close(60)
    assert recorder.standing.written == sum(len(noted.facts) for noted in notes)


def _bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
