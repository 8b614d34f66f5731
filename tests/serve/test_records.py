"""The real server process while its database is slow, locked, full, broken or gone: no call notices, no fact is
miscounted."""

import re
import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import Engine, event, func, select, text
from twilio.request_validator import RequestValidator

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.operations.records.database import database_url, open_database
from ivr.operations.records.recorder import BUFFER_FULL, MOST_WAITING
from ivr.operations.records.tables import calls, facts, losses
from tests.serve.server import Server, next_target, serving, wait_for

INPUTS = ({"Digits": "1"}, {"Digits": "1"}, {"Digits": "5003"}, {"Digits": ""}, {"Digits": "1"})
TALKED = {"DialCallStatus": "completed", "DialCallDuration": "30", "DialBridged": "true"}
FACTS_OF_A_CALL = 15  # 3 on arrival, 3 after the language, 1, 2 (place, confirm), 1 (heard), 2 (connect, dialled), 2, 1


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Server]:
    with serving(log=tmp_path / "log", DATABASE_URL=database) as server:
        wait_for(server, lambda ready: bool(ready["records"]["database"] == "up"))
        yield server


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database_url(database))
    if engine.dialect.name == "sqlite":
        # The recorder gives up after a quarter of a second and tries again; these tests wait for their turn.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 60000"))
    yield engine
    engine.dispose()


def call(server: Server, number: int) -> list[str]:
    """A plain call, to the end: every document, without its tokens."""
    sid = {"CallSid": f"CA{number:032x}"}
    documents = [server.post("/voice", **sid)]
    for each in (*INPUTS, TALKED):
        documents.append(server.post(next_target(documents[-1]), **sid, **each))
    server.post("/voice/status", **sid, **{"CallStatus": "completed", "CallDuration": "60"})
    return [re.sub(r"t=[\w.-]+", "t=", document) for document in documents]


def settled(server: Server) -> dict[str, Any]:
    """How the records stand once nothing waits."""
    found = wait_for(server, lambda ready: ready["records"]["database"] == "up" and not ready["records"]["waiting"])
    return dict(found["records"])


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


# What can be wrong: each begins the trouble and ends it.


@contextmanager
def locked(engine: Engine, _: Server) -> Iterator[None]:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE facts IN ACCESS EXCLUSIVE MODE"))
        yield


def _trigger(engine: Engine, does: str) -> Callable[[], None]:
    """PostgreSQL itself does something before a call is written. Returns what takes it away again."""
    with engine.begin() as connection:
        body = f"CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NEW; END $$"
        connection.execute(text(body))
        connection.execute(text("CREATE TRIGGER trouble BEFORE INSERT ON calls EXECUTE FUNCTION trouble()"))

    def take_away() -> None:
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION trouble CASCADE"))

    return take_away


@contextmanager
def slow(engine: Engine, _: Server) -> Iterator[None]:
    """Every transaction takes a second or more: PostgreSQL sleeps, SQLite counts to ten million."""
    if engine.dialect.name == "postgresql":
        take_away = _trigger(engine, "PERFORM pg_sleep(2)")
        yield
        take_away()
        return
    counting = "SELECT count(*) FROM ten a, ten b, ten c, ten d, ten e, ten f, ten g"
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE ten (n)"))
        connection.execute(text("INSERT INTO ten VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)"))
        connection.execute(text(f"CREATE TRIGGER trouble BEFORE INSERT ON calls BEGIN {counting}; END"))
    yield
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER trouble"))


@contextmanager
def full(engine: Engine, server: Server) -> Iterator[None]:
    """No file of the service may grow: the kernel refuses. PostgreSQL says that its disk is full."""
    if engine.dialect.name == "postgresql":
        take_away = _trigger(engine, "RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'")
        yield
        take_away()
        return
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text("ascii").split()
    size = Path(str(engine.url.database)).stat().st_size
    for child in children:
        resource.prlimit(int(child), resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    yield
    for child in children:
        resource.prlimit(int(child), resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def gone(engine: Engine, _: Server) -> Iterator[None]:
    """PostgreSQL ends every connection and takes no new one; SQLite's file is moved away, and a folder is in its
    place."""
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        away = file.rename(file.with_suffix(".away"))
        file.mkdir()
        yield
        file.rmdir()
        away.rename(file)
        return
    name = engine.url.database
    engine.dispose()
    server = open_database(engine.url.set(database="postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as administrator:
        administrator.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        administrator.execute(text(others), {"name": name})
        yield
        administrator.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    server.dispose()


@contextmanager
def broken(engine: Engine, _: Server) -> Iterator[None]:
    """SQLite's file is overwritten; PostgreSQL says that its data are corrupted."""
    if engine.dialect.name == "postgresql":
        take_away = _trigger(engine, "RAISE EXCEPTION 'invalid page' USING ERRCODE = 'data_corrupted'")
        yield
        take_away()
        return
    file = Path(str(engine.url.database))
    whole = file.read_bytes()
    file.write_bytes(b"\0" * 4096 + whole[4096:])
    yield
    file.write_bytes(whole)


def test_whatever_befalls_the_database_calls_go_on_unchanged_and_no_fact_is_lost(
    served: Server, engine: Engine
) -> None:
    """One trouble after the other, on one server; ten calls in each."""
    expected, made = call(served, 0), 1
    for trouble in (slow, locked, full, gone, broken):
        settled(served)
        with trouble(engine, served):
            assert [call(served, made + number) for number in range(10)] == [expected] * 10, trouble
            assert served.ready()["records"]["waiting"] > 0, trouble
        made += 10
        standing = settled(served)
        assert (standing["written"], standing["lost"]) == (made * FACTS_OF_A_CALL, 0), trouble
        assert count(engine, facts) == made * FACTS_OF_A_CALL, trouble
    with engine.connect() as connection:
        ends = connection.execute(select(calls.c.disposition, func.count()).group_by("disposition"))
        assert ends.all() == [("connected", made)]


def test_what_the_buffer_cannot_hold_is_counted_exactly(served: Server, engine: Engine) -> None:
    """3 facts an arrival, until one thousand more than the buffer holds have come."""
    arrivals = MOST_WAITING // 3 + 334
    with locked(engine, served), ExitStack() as stack:
        connection = stack.enter_context(closing(HTTPConnection(str(urlsplit(served.base).netloc), timeout=60)))
        for number in range(arrivals):
            assert b"<Gather" in _arrive(connection, served.base, number)
        standing = served.ready()["records"]
        assert standing["waiting"] == MOST_WAITING // 3 * 3
        assert standing["lost"] == 3 * arrivals - standing["waiting"]
    assert settled(served)["lost"] == standing["lost"]
    assert count(engine, facts) == standing["waiting"]
    with engine.connect() as connection_:
        told = select(losses.c.reason, func.sum(losses.c.facts)).group_by(losses.c.reason)
        assert connection_.execute(told).all() == [(BUFFER_FULL, standing["lost"])]


def _arrive(connection: HTTPConnection, base: str, number: int) -> bytes:
    form = {
        "CallSid": f"CA{number:032x}",
        "AccountSid": ACCOUNT_SID,
        "From": "+4791234567",
        "To": "+4739000000",
        "CallStatus": "ringing",
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": RequestValidator(AUTH_TOKEN).compute_signature(f"{base}/voice", form),
    }
    connection.request("POST", "/voice", urlencode(form), headers)
    return connection.getresponse().read()


def test_a_server_that_is_told_to_stop_writes_what_waits_first(database: str, engine: Engine, tmp_path: Path) -> None:
    with serving("--workers", "2", log=tmp_path / "log", DATABASE_URL=database) as server:
        for number in range(20):
            call(server, number)
    assert count(engine, facts) == 20 * FACTS_OF_A_CALL
    assert count(engine, calls) == 20


def test_a_database_that_cannot_be_used_does_not_keep_the_server_from_starting(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").mkdir()
    with serving(log=tmp_path / "log", DATABASE_URL=f"sqlite:///{tmp_path}/records.sqlite3") as server:
        assert len(call(server, 1)) == len(INPUTS) + 2
        standing = server.ready()["records"]
        assert (standing["waiting"], standing["lost"]) == (FACTS_OF_A_CALL, 0)
    log = (tmp_path / "log").read_text("utf-8")
    assert f"{FACTS_OF_A_CALL} facts lost, not in the database: the service ended" in log


def test_nothing_of_a_call_is_in_the_log(served: Server, tmp_path: Path) -> None:
    """So no line of it can be kept for too long."""
    call(served, 7)
    settled(served)
    served.process.terminate()
    served.process.wait(60)
    log = (tmp_path / "log").read_text("utf-8")
    assert not re.search(r"\b(?:CA[0-9a-f]{32}|\+47\d{8}|\d{8}|5003)\b", log), log


def test_the_file_of_records_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "state" / "records.sqlite3"
    with serving(log=tmp_path / "log", DATABASE_URL=f"sqlite:///{file}") as server:
        settled(server)
        assert file.stat().st_mode & 0o777 == 0o600
