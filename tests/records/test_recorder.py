"""The buffer and its thread: never in the way of a call, and every fact that does not arrive is counted."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select, text

from ivr.base.clock import SystemClock
from ivr.line.calls import Noted
from ivr.line.flow.facts import NodeEntered
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.recorder import BUFFER_FULL, MOST_WAITING, REFUSED, Recorder
from ivr.operations.records.tables import calls, facts, losses
from tests.records.recorded_calls import beginning, callbacks, facts_in, note

NOW = SystemClock().now()  # the recorder of these tests purges too: nothing may be old


@pytest.fixture
def recorder(database: str) -> Iterator[Recorder]:
    made = Recorder(database_url(database), SystemClock(), days=30)
    yield made
    made.close()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it did not come to it"
        time.sleep(0.02)


def count(engine: Engine, table: object = facts) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def many(number: int, prefix: str = "call") -> list[Noted]:
    return [noted for each in range(number) for noted in beginning(f"{prefix}{each:08}", NOW)]


def big(name: str, size: int) -> Noted:
    return note(*(NodeEntered(f"n{each}", "nb") for each in range(size)), call=name, start=NOW)


def hold(connection: Connection) -> None:
    """Let no other connection write."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE calls IN ACCESS EXCLUSIVE MODE"))


def test_what_is_noted_is_in_the_database_once_the_recorder_is_closed(
    recorder: Recorder, engine_of_records: Engine
) -> None:
    recorder.start()
    notes = [*many(300), *(noted for each in range(300) for noted in callbacks(f"call{each:08}", NOW))]
    for noted in notes:
        recorder(noted)
    recorder.close(30)
    assert count(engine_of_records) == facts_in(notes) == recorder.standing.written
    assert count(engine_of_records, calls) == 300
    assert (recorder.standing.waiting, recorder.standing.lost) == (0, 0)


def test_the_tables_are_made_by_the_thread(recorder: Recorder, database: str) -> None:
    recorder.start()
    until(lambda: recorder.standing.database == "up")
    recorder(beginning("first", NOW)[0])
    recorder.close(30)
    assert recorder.standing.written == 3


def test_a_locked_database_keeps_nobody_waiting_and_loses_nothing(
    recorder: Recorder, engine_of_records: Engine
) -> None:
    recorder.start()
    until(lambda: recorder.standing.database == "up")
    notes = many(100)
    with engine_of_records.begin() as connection:
        hold(connection)
        for noted in notes:
            recorder(noted)
        assert recorder.standing.waiting == facts_in(notes)
    recorder.close(60)
    assert count(engine_of_records) == facts_in(notes)


def test_what_the_buffer_cannot_hold_is_counted_exactly_and_told_when_the_database_is_back(
    recorder: Recorder, engine_of_records: Engine
) -> None:
    recorder.start()
    until(lambda: recorder.standing.database == "up")
    with engine_of_records.begin() as connection:
        hold(connection)
        for each in range(12):
            recorder(big(f"big{each:09}", 999))
        standing = recorder.standing
        assert standing.waiting == 10 * 999 <= MOST_WAITING
        assert standing.lost == 2 * 999
    recorder.close(60)
    assert count(engine_of_records) == 10 * 999 == recorder.standing.written
    with engine_of_records.connect() as connection:
        assert connection.execute(select(losses.c.facts, losses.c.reason)).all() == [(2 * 999, BUFFER_FULL)]


def test_a_database_that_is_gone_and_comes_back_gets_everything(postgres: str) -> None:
    url = database_url(postgres)
    server = open_database(url.set(database="postgres")).execution_options(isolation_level="AUTOCOMMIT")
    recorder = Recorder(url, SystemClock(), days=30)
    recorder.start()
    until(lambda: recorder.standing.database == "up")
    with server.connect() as administrator:
        administrator.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false'))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        administrator.execute(text(others), {"name": url.database})
        notes = many(20)
        for noted in notes:
            recorder(noted)
        until(lambda: recorder.standing.database == "down")
        assert recorder.standing.waiting == facts_in(notes)
        administrator.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true'))
    recorder.close(60)
    assert (recorder.standing.written, recorder.standing.lost) == (facts_in(notes), 0)
    server.dispose()


def test_a_file_that_is_no_database_is_left_as_it_is_until_it_is_repaired(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite3"
    file.write_bytes(b"this is no database" * 100)
    recorder = Recorder(database_url(f"sqlite:///{file}"), SystemClock(), days=30)
    recorder.start()
    notes = many(5)
    for noted in notes:
        recorder(noted)
    until(lambda: recorder.standing.database == "down")
    assert file.read_bytes() == b"this is no database" * 100
    file.unlink()
    recorder.close(60)
    assert (recorder.standing.written, recorder.standing.lost) == (facts_in(notes), 0)


def test_what_the_database_refuses_is_lost_alone_and_counted(postgres: str) -> None:
    url = database_url(postgres)
    engine = open_database(url)
    upgrade(engine)
    recorder = Recorder(url, SystemClock(), days=30)
    recorder.start()
    refused = note(NodeEntered("a\0b", "nb"), call="refused", start=NOW)  # PostgreSQL has no NUL in a text
    for noted in [*many(3, "be4-"), refused, *many(3, "aft-")]:
        recorder(noted)
    recorder.close(60)
    assert count(engine) == facts_in(many(6))
    with engine.connect() as connection:
        assert connection.execute(select(losses.c.facts, losses.c.reason)).all() == [(1, REFUSED)]
    engine.dispose()


def test_at_the_end_it_waits_for_the_database_no_longer_than_it_may(
    recorder: Recorder, engine_of_records: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.start()
    until(lambda: recorder.standing.database == "up")
    with engine_of_records.begin() as connection:
        hold(connection)
        recorder(beginning("late", NOW)[0])
        begun = time.monotonic()
        recorder.close(1.0)
        assert time.monotonic() - begun < 5
    assert recorder.standing.lost == 3
    assert "3 facts lost, not in the database: the service ended" in caplog.text


def test_facts_after_the_end_are_counted_as_lost(recorder: Recorder) -> None:
    recorder.start()
    recorder.close(30)
    recorder(beginning("late", NOW)[0])
    assert recorder.standing.lost == 3


def test_a_process_that_was_forked_has_a_thread_of_its_own(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    program = f"""
import os
from ivr.base.clock import SystemClock
from ivr.operations.records.database import database_url
from ivr.operations.records.recorder import Recorder
from tests.records.test_recorder import NOW, beginning
recorder = Recorder(database_url({url!r}), SystemClock(), days=30)
recorder.start()
for child in range(2):
    if os.fork() == 0:
        for noted in beginning(f"child{{child}}", NOW):
            recorder(noted)
        recorder.close(30)
        os._exit(0 if recorder.standing.written == 9 else 1)
print([os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2)])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[0, 0]"
    engine = open_database(database_url(url))
    assert count(engine, calls) == 2
    engine.dispose()


def test_without_records_sqlalchemy_is_not_loaded() -> None:
    program = "import sys; from ivr.line import create_app; create_app(); sys.exit('sqlalchemy' in sys.modules)"
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60, env=clean).returncode == 0
