"""`python -m benchmarks.planner`: planned calls against calls that `ivr load` plays, side by side; a year; a sweep.

Rates are calls a second of processor time, in turns, so that other work on the machine stretches both. The year is
played in a process of its own, whose memory is measured. The sweep is the whole command, from its start to its last
line, in one process and in two, in turns; it is measured by the wall: that is what cores are for.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np

from benchmarks.calls import one_call
from benchmarks.measure import Spread
from ivr.line.service.settings import Settings
from ivr.planner.build import Builder
from ivr.planner.journey_cache import Store
from ivr.planner.period import PlannedPeriod
from ivr.planner.plan import Plan
from ivr.planner.scene import PlannedScene, play

AT_LEAST = 100  # planned calls for one that `ivr load` plays, in the same processor time
_LOADED = 30  # calls of `ivr load` in a round
_TURNS = 3
_PLANS = 16
_SWEEP = f"""\
name: Oslo gets more operators
from: 2027-02-01
to: 2027-02-28
sweep: {{operators: {list(range(20, 20 + _PLANS))}}}
changes:
  - {{centre: oslo, operators: $operators}}
"""
_YEAR = PlannedPeriod(date(2027, 1, 1), date(2027, 12, 31))


def _scene(period: PlannedPeriod) -> PlannedScene:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ivr" / "journeys"
    return Builder(Settings(), Store(cache)).scene(Plan("a plan", period))


def rates(rounds: int) -> tuple[Spread, Spread, Spread]:
    """Planned calls, calls of `ivr load`, and their ratio, round by round."""
    week, call = _scene(PlannedPeriod(date(2027, 2, 1), date(2027, 2, 7))), one_call()
    call()
    planned, loaded = [], []
    for seed in range(rounds):
        began = time.process_time()
        tally = play(week, seed, 0)
        planned.append(tally.callers / (time.process_time() - began))
        began = time.process_time()
        for _ in range(_LOADED):
            call()
        loaded.append(_LOADED / (time.process_time() - began))
    ratios = [a / b for a, b in zip(planned, loaded, strict=True)]
    return Spread.of(planned), Spread.of(loaded), Spread.of(ratios)


def year(period: PlannedPeriod) -> tuple[int, float, float]:
    """Callers, seconds of processor time, and megabytes at most, of one run."""
    scene = _scene(period)
    began = time.process_time()
    callers = play(scene, 1, 0).callers
    return callers, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sweep(processes: int) -> float:
    """Seconds of the wall for `ivr plan --sweep`: sixteen plans of four weeks, five runs each."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sweep.yaml"
        file.write_text(_SWEEP, "utf-8")
        command = [sys.executable, "-m", "ivr", "plan", "--sweep", str(file), "--processes", str(processes)]
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planner", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--no-sweep", action="store_true")
    options = parser.parse_args()
    planned, loaded, ratio = rates(options.rounds)
    click.echo(f"planned calls a core second  {planned.median:10.0f}  ({planned.low:.0f} to {planned.high:.0f})")
    click.echo(f"calls of ivr load            {loaded.median:10.0f}  ({loaded.low:.0f} to {loaded.high:.0f})")
    click.echo(f"ratio, at least {AT_LEAST}          {ratio.median:10.0f}  ({ratio.low:.0f} to {ratio.high:.0f})")
    for months in (3, 6, 12):
        last = date(2027, months, 30 if months < 12 else 31)
        with get_context("spawn").Pool(1) as pool:
            callers, seconds, megabytes = pool.apply(year, (PlannedPeriod(_YEAR.first, last),))
        click.echo(f"{callers:9} callers: {seconds:6.1f} s of one core, {megabytes:4.0f} MB at most")
    if not options.no_sweep:
        turns = [(sweep(1), sweep(2)) for _ in range(_TURNS)]
        faster = Spread.of([one / two for one, two in turns])
        one, two = (float(np.median(each)) for each in zip(*turns, strict=True))
        click.echo(
            f"{_PLANS} plans: {one:.1f} s in one process, {two:.1f} s in two: {faster.median:.2f} times faster "
            f"({faster.low:.2f} to {faster.high:.2f})"
        )


if __name__ == "__main__":
    main()
