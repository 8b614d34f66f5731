"""Outages reach the calls of a process from memory; a database in trouble takes none away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from ivr.base.clock import ManualClock
from ivr.line.flow.events import Outage, OutageKind
from ivr.operations.records.changes import ChangedBy
from ivr.operations.records.database import database_url
from ivr.operations.records.outage_watch import OutageWatch
from ivr.operations.records.outages import Marked, switch
from tests.conftest import EVENING

UNTIL = EVENING + timedelta(hours=1)


@pytest.fixture
def watch(database: str, engine_of_records: Engine, clock: ManualClock) -> Iterator[OutageWatch]:
    watch = OutageWatch(database_url(database), clock)
    watch.start()
    yield watch
    watch.close()


def _mark(engine: Engine) -> None:
    switch(engine, "bergen", Marked(OutageKind.FAULT, UNTIL), 0, ChangedBy("Kari", EVENING))


def test_a_change_is_known_after_the_next_look(watch: OutageWatch, engine_of_records: Engine) -> None:
    assert watch() == ()
    _mark(engine_of_records)
    watch.look_now()
    assert watch() == (Outage("bergen", OutageKind.FAULT, UNTIL),)


def test_what_is_known_stays_while_the_database_is_in_trouble(watch: OutageWatch, engine_of_records: Engine) -> None:
    _mark(engine_of_records)
    watch.look_now()
    with engine_of_records.begin() as connection:
        connection.execute(text("ALTER TABLE outages RENAME TO elsewhere"))
    watch.look_now()
    assert [each.centre for each in watch()] == ["bergen"]
    with engine_of_records.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO outages"))
        connection.execute(text("DELETE FROM outages"))
    watch.look_now()
    assert watch() == ()


def test_a_watch_without_a_database_knows_of_no_outage_and_ends(tmp_path: Path, clock: ManualClock) -> None:
    watch = OutageWatch(database_url(f"sqlite:///{tmp_path}/none.sqlite3"), clock)
    watch.start()
    assert watch() == ()
    watch.close()
    assert not list(tmp_path.iterdir())
