"""Opening the database and bringing its tables to the newest form: SQLite by default, PostgreSQL by URL.

Knows both databases' habits, so that nothing else has to.
"""

import importlib.util
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from ivr.base.errors import SettingsError

_log = logging.getLogger("ivr.records")
_MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 116_117  # of PostgreSQL's advisory locks: one instance changes tables or purges, the others wait
_BUSY_SECONDS = 0.25  # that SQLite waits for another writer; the recorder tries again anyway
# SQLite's write-ahead log can corrupt the file when two connections checkpoint at once: https://sqlite.org/wal.html
# ("the WAL-reset bug"). Fixed in 3.51.3, and in the two older lines named here.
_WAL_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def database_url(setting: str) -> URL:
    """DATABASE_URL as SQLAlchemy wants it. Raises SettingsError: what is wrong, never the URL itself, which may hold a
    password."""
    try:
        url = make_url(setting)
    except ArgumentError:
        raise SettingsError(["DATABASE_URL is not a URL such as sqlite:///records.sqlite3"]) from None
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        if importlib.util.find_spec("psycopg") is None:
            raise SettingsError(
                ["DATABASE_URL names PostgreSQL: install its driver, pip install 'ivr-116117[postgres]'"]
            )
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    raise SettingsError(["DATABASE_URL must begin with sqlite:/// and a file, or with postgresql://"])


def open_database(url: URL, *, read_only: bool = False) -> Engine:
    """Connects to nothing yet. `read_only`: for reports; nothing is created or changed, and a query may take longer."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, read_only)
    options = f"-c statement_timeout={60_000 if read_only else 15_000} -c lock_timeout=5000 -c timezone=UTC"
    if read_only:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        pool_size=1,
        max_overflow=0,
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,  # milliseconds: a database that has vanished is noticed
            "application_name": "ivr",
            "options": options,
        },
    )


def _sqlite(url: URL, read_only: bool) -> Engine:
    path = Path(str(url.database))
    if read_only:
        url = url.set(database=f"file:{path.absolute()}", query={"mode": "ro", "uri": "true"})
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _BUSY_SECONDS if not read_only else 5})

    @event.listens_for(engine, "do_connect")
    def make_private(*_: Any) -> None:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # what SQLite makes beside it has the same mode

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, so that DDL is in them too
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute(f"PRAGMA journal_mode = {journal_mode()}")
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """WAL only where SQLite is free of the WAL-reset bug, else TRUNCATE."""
    line = [fixed for fixed in _WAL_FIXED if fixed[:2] == version[:2]]
    fixed = version >= line[0] if line else version >= _WAL_FIXED[-1]
    return "WAL" if fixed else "TRUNCATE"


def newest_revision() -> str:
    """Of the tables, as this version of the package knows them: the highest number among the migrations."""
    return max(file.stem.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(connection: Connection) -> str:
    """Of the tables, as they are in the database; "" if there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def prepare(setting: str) -> None:
    """Before the service takes calls: load what is slow to load, and make the tables if the database can be reached.
    If not, calls are taken all the same, and the recorder tries again. Raises SettingsError."""
    engine = open_database(database_url(setting))
    try:
        upgrade(engine)
    except Exception as error:  # noqa: BLE001 - no database is worth a service that does not start
        _log.warning("records: the database cannot be used yet: %s", said(error))
    engine.dispose()


def upgrade(engine: Engine) -> str:
    """Bring the tables to the newest form, unless they are already; the revision that they had.

    Several instances may do so at once: one does it while the others wait. Tables of a newer version of the package
    are left alone: between two versions columns and tables are only added.
    """
    with engine.connect() as connection, connection.begin():
        found = revision(connection)
    if found >= newest_revision():
        return found
    with alone(engine) as connection:
        found = revision(connection)
        if found < newest_revision():
            _migrate(connection)
    return found


@contextmanager
def alone(engine: Engine, lock: int = _LOCK) -> Iterator[Connection]:
    """A transaction beside which no other one of the same lock runs, whatever instance begins it. SQLite's all are like
    that (BEGIN IMMEDIATE)."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
        yield connection


def run_outside_transactions(engine: Engine, statement: str) -> None:
    """VACUUM and the like."""
    connection = engine.raw_connection()
    try:
        if engine.dialect.name == "postgresql":
            connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]
        connection.cursor().execute(statement)
    finally:
        connection.invalidate()  # not to be used again as it is now
        connection.close()


def _migrate(connection: Connection, to: str = "head") -> None:
    from alembic import command  # noqa: PLC0415 - slow to load, and needed once in a database's life
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # an index over a month of facts takes its time
    command.upgrade(config, to)


def said(error: Exception) -> str:
    """The kind of an error and the first line of what the database says; never the statement with its values."""
    words = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {words[:200]}"
