"""`make bench`: measure, print the table, keep the figures in benchmarks/results/ and put them into docs/benchmarks.md.

python -m benchmarks [SECTION ...] [--year CALLS] [--against TREE] [--no-docs]
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from benchmarks import account, against, calls, directory, growth, instructions, profile, start, under_load, webhook
from benchmarks.measure import start_with_bytecode
from benchmarks.table import into_docs, judged

_RESULTS = Path(__file__).parent / "results"
LATEST = _RESULTS / "latest.json"
_SECTIONS: dict[str, Callable[[], dict[str, Any]]] = {
    "webhook": webhook.measure,
    "instructions": instructions.measure,
    "server": under_load.measure,
    "calls": calls.measure,
    "start": start.measure,
    "directory": directory.measure,
    "growth": growth.measure,
    "account": account.measure,
    "profile": profile.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(_SECTIONS)}; all if left out")
    parser.add_argument("--year", type=int, metavar="CALLS", help="also play so many calls in two processes")
    parser.add_argument("--against", type=Path, metavar="TREE", help="also play calls in turns with another build")
    parser.add_argument("--no-docs", action="store_true", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    unknown = [name for name in options.sections if name not in _SECTIONS]
    if unknown:
        parser.error(f"no such section: {', '.join(unknown)}")
    start_with_bytecode()
    first = time.perf_counter()
    for name in options.sections or _SECTIONS:
        began = time.perf_counter()
        click.echo(f"{name} ... ", nl=False)
        _keep(name, _SECTIONS[name])
        click.echo(f"{time.perf_counter() - began:.0f} s")
    if options.year:
        click.echo(f"{options.year} calls in two processes ...")
        _keep("a year", partial(calls.a_year, options.year))
    if options.against:
        click.echo(f"calls in turns with {options.against.resolve().name} ...")
        _keep("against", partial(against.measure, options.against.resolve()))
    click.echo(f"altogether {time.perf_counter() - first:.0f} s")
    kept = _kept()
    for row in judged(kept):
        click.echo(str(row))
    if not options.no_docs:
        into_docs(kept)
    return 0


def _kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LATEST.read_text("utf-8")) if LATEST.is_file() else {}
    return found


def _keep(name: str, measure: Callable[[], dict[str, Any]]) -> None:
    """Each section as soon as it is measured: a run that is broken off loses only what it had not come to."""
    found = {"measured": _now(), "machine": _machine(), **measure()}
    LATEST.write_text(json.dumps({**_kept(), name: found}, indent=1) + "\n", "utf-8")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _machine() -> dict[str, Any]:
    """In general terms; and how much else it had to do, because that is what moves the figures most."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load before (1 minute)": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
