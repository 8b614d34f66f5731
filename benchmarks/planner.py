"""`python -m benchmarks.planner`: planned calls against calls that `ivr load` plays, side by side; a year; a sweep.

Rates are calls a second of processor time, in turns, so that other work on the machine stretches both. The year is
played in a process of its own, whose memory is measured. The sweep is measured by the wall: that is what cores are for.
"""

import argparse
import os
import resource
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
from ivr.planner.kept import Store
from ivr.planner.period import Period
from ivr.planner.plan import Operators, Plan, When
from ivr.planner.run import Run, Where, run_all
from ivr.planner.scene import Scene, play

AT_LEAST = 100  # planned calls for one that `ivr load` plays, in the same processor time
_LOADED = 30  # calls of `ivr load` in a round
_PLANS = 16
_YEAR = Period(date(2027, 1, 1), date(2027, 12, 31))


def _scene(period: Period, *changes: Operators) -> Scene:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ivr" / "journeys"
    plan = Plan("a plan", period, changes=changes)
    return Builder(Settings(), Store(cache)).scene(plan)


def rates(rounds: int) -> tuple[Spread, Spread, Spread]:
    """Planned calls, calls of `ivr load`, and their ratio, round by round."""
    week, call = _scene(Period(date(2027, 2, 1), date(2027, 2, 7))), one_call()
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


def year(period: Period) -> tuple[int, float, float]:
    """Callers, seconds of processor time, and megabytes at most, of one run."""
    scene = _scene(period)
    began = time.process_time()
    callers = play(scene, 1, 0).callers
    return callers, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sweep(processes: int) -> float:
    """Seconds of the wall for sixteen plans of four weeks."""
    four_weeks = Period(date(2027, 2, 1), date(2027, 2, 28))
    scenes = [_scene(four_weeks, Operators("oslo", more, False, When())) for more in range(_PLANS)]
    began = time.perf_counter()
    run_all([Run(scene, 1, 0) for scene in scenes], Where(processes))
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
            callers, seconds, megabytes = pool.apply(year, (Period(_YEAR.first, last),))
        click.echo(f"{callers:9} callers: {seconds:6.1f} s of one core, {megabytes:4.0f} MB at most")
    if not options.no_sweep:
        turns = [(sweep(1), sweep(2)) for _ in range(2)]
        faster = float(np.median([one / two for one, two in turns]))
        one, two = turns[0]
        click.echo(f"{_PLANS} plans: {one:.1f} s in one process, {two:.1f} s in two: {faster:.2f} times faster")


if __name__ == "__main__":
    main()
