"""A job, played to its end: in this process, or shared out over several whose sums are merged.

Measures wall and processor time from when the application is ready.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import replace
from typing import Any

from ivr.base.clock import Clock, SystemClock
from ivr.simulator.load.job import Job
from ivr.simulator.load.real import RealRun
from ivr.simulator.load.tally import Tally
from ivr.simulator.load.virtual import VirtualRun
from ivr.simulator.session import Transport
from ivr.simulator.target import application
from ivr.simulator.transports import HttpTransport, WsgiTransport

Progress = Callable[[int], None]
_LOOK = 0.2  # seconds between two looks at how far the other processes are


def silent(calls: int) -> None:
    """Progress that nobody watches."""


def run(job: Job, progress: Progress = silent) -> Tally:
    """The sums of all processes. `progress` is told how many more calls have ended; Ctrl-C ends the run early, and
    what was counted until then is returned."""
    tally = play_share(job, progress) if job.processes == 1 else _shared_out(job, progress)
    tally.planned = job.planned
    return tally


def play_share(job: Job, progress: Progress = silent, clock: Clock | None = None) -> Tally:
    """This process's calls. `clock` measures how long the application takes."""
    if job.make_app is not None:
        return _play(job, WsgiTransport(application(job.make_app())), progress, clock or SystemClock())
    transport = HttpTransport(cafile=job.cafile, keep_alive=True)
    try:
        return _play(job, transport, progress, clock or SystemClock())
    finally:
        transport.close()


def _play(job: Job, transport: Transport, progress: Progress, clock: Clock) -> Tally:
    began, spent = time.perf_counter(), time.process_time()
    tally = (_in_real_time if job.real_time else _in_virtual_time)(job, transport, progress, clock)
    tally.wall_seconds = time.perf_counter() - began
    tally.processor_seconds = time.process_time() - spent
    return tally


def _in_real_time(job: Job, transport: Transport, progress: Progress, clock: Clock) -> Tally:
    running = RealRun(job, transport, clock, progress)
    running.run()
    return running.tally


def _in_virtual_time(job: Job, transport: Transport, progress: Progress, clock: Clock) -> Tally:
    running = VirtualRun(job, transport, clock)
    told = 0
    try:
        while running.step():
            if running.tally.completed > told:
                progress(running.tally.completed - told)
                told = running.tally.completed
    except KeyboardInterrupt:
        running.tally.interrupted = True
    return running.tally


def _shared_out(job: Job, progress: Progress) -> Tally:
    """Processes are started anew and not forked: nothing of this one is theirs by accident."""
    context = multiprocessing.get_context("spawn")
    ended, stop = context.Value("q", 0), context.Value("b", 0)
    pool = ProcessPoolExecutor(job.processes, context, initializer=_join, initargs=(ended, stop))
    with pool:
        shares = [pool.submit(_other_share, replace(job, share=share)) for share in range(job.processes)]
        _watch(shares, ended, stop, progress)
        whole = Tally()
        for share in shares:
            whole.merge(share.result())
    return whole


def _watch(shares: "list[Future[Tally]]", ended: Any, stop: Any, progress: Progress) -> None:
    told, waiting = 0, set(shares)
    while waiting:
        try:
            waiting = wait(waiting, _LOOK).not_done
            now = int(ended.value)
            progress(now - told)
            told = now
        except KeyboardInterrupt:
            stop.value = 1


_shared: dict[str, Any] = {}  # what this process shares with the one that started it


def _join(ended: Any, stop: Any) -> None:
    """In each process, once: Ctrl-C is the first process's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _shared.update(ended=ended, stop=stop)


def _other_share(job: Job) -> Tally:
    return play_share(job, _tell)


def _tell(calls: int) -> None:
    with _shared["ended"].get_lock():
        _shared["ended"].value += calls
    if _shared["stop"].value:
        raise KeyboardInterrupt
