"""Opening a database and making its tables, on SQLite and PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from ivr.base.errors import SettingsError
from ivr.operations.records import database as module
from ivr.operations.records.database import (
    database_url,
    journal_mode,
    newest_revision,
    open_database,
    revision,
    upgrade,
)
from ivr.operations.records.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_knows(engine_of_records: Engine) -> None:
    with engine_of_records.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        indexes = {index["name"] for name in metadata.tables for index in inspect(connection).get_indexes(name)}
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= indexes


def test_the_migrations_are_one_chain_in_the_order_of_their_numbers() -> None:
    files = sorted((Path(module.__file__).with_name("migrations") / "versions").glob("[0-9]*.py"))
    numbers = [path.stem.partition("_")[0] for path in files]
    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)]
    for path, number, before in zip(files, numbers, (None, *numbers), strict=False):
        down = f'"{before}"' if before else "None"
        assert f'revision = "{number}"\ndown_revision = {down}\n' in path.read_text("utf-8"), path.name


def test_an_upgrade_says_what_there_was_and_does_nothing_twice(database: str) -> None:
    engine = open_database(database_url(database))
    assert upgrade(engine) == ""
    assert upgrade(engine) == newest_revision()
    with engine.connect() as connection:
        assert revision(connection) == newest_revision()
    engine.dispose()


def test_instances_that_start_at_once_make_the_tables_once(database: str) -> None:
    def start(_: int) -> None:
        engine = open_database(database_url(database))
        while True:
            try:
                upgrade(engine)
            except DBAPIError:  # SQLite waits a quarter of a second for another writer, and the recorder tries again
                continue
            break
        engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))
    engine = open_database(database_url(database))
    with engine.connect() as connection:
        assert revision(connection) == newest_revision()
    engine.dispose()


def test_a_migration_on_postgresql_may_take_its_time(postgres: str) -> None:
    engine = open_database(database_url(postgres))
    with engine.begin() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "15s"
        module._migrate(connection)
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "15s"
    engine.dispose()


def test_tables_of_a_newer_version_are_left_alone(engine_of_records: Engine) -> None:
    with engine_of_records.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert upgrade(engine_of_records) == "9999"


def test_a_reader_changes_nothing(engine_of_records: Engine, database: str) -> None:
    reader = open_database(database_url(database), read_only=True)
    with reader.connect() as connection, pytest.raises(DBAPIError, match=r"(?i)read-?\s?only"):
        connection.execute(text("DELETE FROM calls"))
    reader.dispose()


def test_a_reader_makes_no_file(tmp_path: Path) -> None:
    reader = open_database(database_url(f"sqlite:///{tmp_path}/none.sqlite3"), read_only=True)
    with pytest.raises(DBAPIError):
        reader.connect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_common_name_of_postgresql_is_understood(scheme: str) -> None:
    assert database_url(f"{scheme}://u:p@h/d").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "wrong", ["records.sqlite3", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "://", "sqlite:///"]
)
def test_another_url_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL") as refused:
        database_url(wrong.replace("//h", "//u:secret@h"))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "TRUNCATE"),
        ((3, 44, 5), "TRUNCATE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "TRUNCATE"),
        ((3, 50, 6), "TRUNCATE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "TRUNCATE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
    ],
)
def test_the_write_ahead_log_is_used_only_where_it_cannot_corrupt(version: tuple[int, int, int], mode: str) -> None:
    assert journal_mode(version) == mode
