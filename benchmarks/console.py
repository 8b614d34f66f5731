"""How long the console's pages take over many recorded calls, on SQLite and on PostgreSQL, and how they find the rows.

    python -m benchmarks.console                  # 100 000 calls, in both
    python -m benchmarks.console --calls 10000 --database sqlite
    python -m benchmarks.console --records sqlite:////var/lib/ivr/records.sqlite3   # as it was at its latest call

The calls are those of benchmarks/records.py. A page is asked for in process, through the whole application, with a
session: first once, then ten times. The last column is processor time of one page, the database's own included.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from sqlalchemy import Engine, event, func, select
from werkzeug.security import generate_password_hash

from benchmarks.records import a_database, processor_time
from ivr.base.clock import OSLO, Clock, ManualClock, SystemClock
from ivr.line.directory import load_directory
from ivr.line.flow.events import OutageKind
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.operations.console.past_weeks import PastWeeks
from ivr.operations.records.changes import ChangedBy, latest_change
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.live import live_calls, versions
from ivr.operations.records.made_up import MadeUp, fill
from ivr.operations.records.outages import Marked, known_outages, switch
from ivr.operations.records.tables import calls
from ivr.operations.records.trail import trail

MOST_MILLISECONDS = 200
CHANGES = 500
TIMES = 10  # after the first
HEAD = f"    {'page':38} {'first':>6} {'median':>7} {'slowest':>8} {'processor':>10}"
PASSWORD = "a password for the benchmark"  # noqa: S105
PAGES = (
    "/",
    "/live",
    "/live/rows",
    "/figures",
    "/figures?day={yesterday}&by=hour",
    "/figures?day={yesterday}&by=centre",
    "/figures?day={yesterday}&by=county",
    "/figures?day={yesterday}&by=language",
    "/trends",
    "/calls",
    "/calls/{call}",
    "/centres",
    "/centres/bergen",
    "/verification",
    "/verification/bergen",
    "/directory",
    "/directory?q=berg",
    "/flow",
    "/prompts",
    "/announcement",
    "/changes",
    "/plan",
)


def pages(url: str, server: int | None, clock: Clock) -> Iterator[str]:
    """`server`: the process id of the database's, if it is one."""
    hashed = generate_password_hash(PASSWORD, "scrypt:1024:8:1")
    settings = Settings(secret_key="k" * 32, console_password_hash=hashed, database_url=url)
    app = create_app(settings, clock=clock, sink=lambda _: None)
    with closing(app.extensions["ivr"]):
        client = app.test_client()
        token = client.get("/console/login").text.partition('name="csrf" value="')[2].partition('"')[0]
        client.post("/console/login", data={"csrf": token, "name": "benchmark", "password": PASSWORD})
        yield from count_past_weeks(app.extensions["ivr"].past_weeks)
        yesterday = (clock.now() - timedelta(days=1)).date()
        call = client.get("/console/calls").text.partition("/console/calls/")[2].partition('"')[0]
        yield HEAD
        for path in PAGES:
            took: list[float] = []
            for number in range(1 + TIMES):
                if number == 1:
                    cpu = processor_time(server)
                begun = time.perf_counter()
                answer = client.get("/console" + path.format(yesterday=yesterday, call=call))
                took.append((time.perf_counter() - begun) * 1000)
                assert answer.status_code == 200, (path, answer.status_code)  # noqa: S101
            busy = (processor_time(server) - cpu) * 1000 / TIMES
            first, *others = took
            verdict = "" if max(took) < MOST_MILLISECONDS else f"  over {MOST_MILLISECONDS} ms"
            middle, slowest = statistics.median(others), max(others)
            yield f"    {path:38} {first:6.0f} {middle:7.0f} {slowest:8.0f} {busy:10.0f} ms{verdict}"


def count_past_weeks(past: PastWeeks) -> Iterator[str]:
    """What its thread does, which is over by then: no page is measured beside it."""
    past.close()
    begun = time.perf_counter()
    past.count_now()
    took = (time.perf_counter() - begun) * 1000
    yield f"  the weeks that are over are counted in {took:.0f} ms, and no page waits for it"


def plans(engine: Engine) -> Iterator[str]:
    """Each query of the pages other than the figures, and which indexes the database takes."""
    now = SystemClock().now()
    reads = {
        "live calls": lambda c: live_calls(c, now),
        "versions": versions,
        "outages": lambda c: known_outages(c, now),
        "a centre's latest": lambda c: latest_change(c, "bergen"),
        "changes": trail,
        "of a centre": lambda c: trail(c, centre="bergen"),
    }
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
    for name, read in reads.items():
        asked: list[tuple[str, object]] = []

        def note(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
            asked.append((statement, values))  # noqa: B023 - removed again below

        with engine.connect() as connection:
            event.listen(engine, "before_cursor_execute", note)
            read(connection)
            event.remove(engine, "before_cursor_execute", note)
            used = []
            for statement, values in asked:
                for row in connection.exec_driver_sql(f"{explain} {statement}", values):  # type: ignore[arg-type]
                    line = str(row[-1]).strip()
                    if "INDEX" in line.upper() or "Seq Scan" in line or line.startswith(("SCAN", "SEARCH")):
                        used.append(line.removeprefix("->").strip())
        yield f"    {name:18} {'; '.join(used)}"


def change_often(engine: Engine) -> None:
    """A long trail: one centre after the other, again and again."""
    now = SystemClock().now()
    names = sorted(load_directory(today=now.date()).centres)
    for number in range(CHANGES):
        marked = Marked(OutageKind.FAULT, now + timedelta(hours=1), "made up")
        centre = names[number % len(names)]
        with engine.connect() as connection:
            seen = latest_change(connection, centre)
        switch(engine, centre, marked, seen, ChangedBy("benchmark", now))


def over_records(url: str) -> Iterator[str]:
    """The pages over what a database holds, at the moment of its latest call."""
    engine = open_database(database_url(url), read_only=True)
    with engine.connect() as connection:
        count, latest = connection.execute(select(func.count(), func.max(calls.c.started_at))).one()
    engine.dispose()
    yield f"{count} calls"
    yield from pages(url, None, ManualClock(datetime.fromtimestamp(latest / 1000, OSLO)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--records", metavar="URL", help="a database with records, of which nothing is changed")
    chosen = parser.parse_args()
    if chosen.records:
        print("\n".join(over_records(chosen.records)))  # noqa: T201
        return
    now = SystemClock().now().astimezone(OSLO)
    for kind in chosen.database or ["sqlite", "postgresql"]:
        with a_database(kind) as (url, server):
            engine = open_database(database_url(url))
            upgrade(engine)
            count, took = fill(engine, MadeUp(load_directory(today=now.date()), ("nb", "en")), chosen.calls, now)
            change_often(engine)
            out = [f"{kind}: {chosen.calls} calls, {count} facts, {CHANGES} changes, filled in {took:.0f} s"]
            out += pages(url, server, SystemClock())
            out += ["  how the rows are found (figures: benchmarks.records):", *plans(engine)]
            engine.dispose()
            print("\n".join(out), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
