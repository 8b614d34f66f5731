"""3. Whole calls through the real service in process, played by the simulator in virtual time.

The plain case: `1 1 5003`, a centre answers and takes the call. Counted with every webhook of the call, the whisper
and the status callback included.
"""

import time
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from typing import Any

from benchmarks.measure import Spread, once
from benchmarks.reference import slowness
from benchmarks.requests import BASE, ask
from benchmarks.yardsticks import PATH, plain_app
from ivr.base.test_account import AUTH_TOKEN
from ivr.cli.load import bundled_line
from ivr.simulator import CallPlan
from ivr.simulator.load import Job, Mix, Tally
from ivr.simulator.load.run import play_share, run

KEYS = "1 1 5003"
WEBHOOKS = 10  # of such a call
AT_LEAST = 1.1  # webhooks of calls, of the plain application's requests in the same processor time
A_YEAR = 3_200_000
AN_HOUR = 60  # minutes that a year of calls may take in two processes on the machine of the bounds
_TEMPLATE = CallPlan(
    url=f"{BASE}/voice",
    fallback_url=f"{BASE}/voice/fallback",
    status_callback=f"{BASE}/voice/status",
    auth_token=AUTH_TOKEN,
)


def measure(processes: int = 6, rounds: int = 20, calls: int = 10) -> dict[str, Any]:
    """In several processes, one after the other: where things come to lie in memory differs from one to the next, and
    moves the ratio more than the rounds of one process do."""
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        found = pool.starmap(_in_turns, [(rounds, calls)] * processes, chunksize=1)
    ratio = Spread.of([ratio for ratios, _ in found for ratio in ratios])
    return {
        "webhooks of a call": WEBHOOKS,
        "calls a core second": Spread.of([rate for _, rates in found for rate in rates]).as_json(),
        "ratios": {"webhooks of calls / plain requests": {**ratio.as_json(), "at least": AT_LEAST}},
        "calls a second where the plain application does 4400 requests": round(ratio.median * 4400 / WEBHOOKS),
    }


def _in_turns(rounds: int, calls: int) -> tuple[list[float], list[float]]:
    """By round: webhooks of calls to plain requests, and calls a second of processor time."""
    app, plain = bundled_line(), ask(plain_app(), PATH)
    job = partial(Job, template=_TEMPLATE, mix=Mix.of_keys(KEYS), make_app=lambda: app, calls=calls, concurrent=1)
    webhooks = sum(play_share(job()).results.values()) / calls
    if webhooks != WEBHOOKS:
        raise RuntimeError(f"a call of the plain case has {webhooks} webhooks now")
    once(plain, 200)
    ratios, rates = [], []
    for seed in range(rounds):
        request = once(plain, 100)
        began = time.process_time()
        tally = play_share(job(seed=seed))
        call = (time.process_time() - began) / calls
        _must_have_gone_well(tally, calls)
        ratios.append(webhooks * request / call)
        rates.append(1 / call)
    return ratios, rates


def one_call() -> Callable[[], object]:
    """A whole call, as often as it is called."""
    app = bundled_line()
    job = Job(_TEMPLATE, Mix.of_keys(KEYS), lambda: app, calls=1, concurrent=1)
    return lambda: _must_have_gone_well(play_share(job), 1)


def a_year(calls: int, processes: int = 2) -> dict[str, Any]:
    """So many calls of the plain case in two processes, and how long a national year would take at that speed: here,
    and on the machine of the bounds (`reference`)."""
    slow_before = slowness()
    job = Job(_TEMPLATE, Mix.of_keys(KEYS), bundled_line, calls=calls, concurrent=processes, processes=processes)
    began = time.perf_counter()
    tally = run(job)
    wall = time.perf_counter() - began
    _must_have_gone_well(tally, calls)
    minutes = A_YEAR / calls * tally.processor_seconds / processes / 60
    slow = (slow_before + slowness()) / 2
    return {
        "calls": calls,
        "processes": processes,
        "wall seconds": round(wall, 1),
        "processor seconds": round(tally.processor_seconds, 1),
        "minutes for a year, by the wall": round(A_YEAR / calls * wall / 60),
        "minutes for a year, by processor time": round(minutes),
        "times as slow as the machine of the bounds": round(slow, 2),
        "minutes for a year, on the machine of the bounds": {"median": round(minutes / slow), "at most": AN_HOUR},
    }


def _must_have_gone_well(tally: Tally, calls: int) -> None:
    """A fast call that reached nobody would be no result."""
    if (tally.completed, tally.reached, tally.with_errors) != (calls, calls, 0):
        raise RuntimeError(f"of {calls} calls {tally.reached} reached a person, {tally.with_errors} had errors")
