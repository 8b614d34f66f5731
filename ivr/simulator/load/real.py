"""A load test in real time: a thread for each call under way, each placed at its planned moment.

Calls do not wait for each other, unless as many as allowed are under way: then they start late, and that counts in
their latency.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from ivr.base.clock import Clock
from ivr.simulator.engine.effects import Fetch
from ivr.simulator.load.job import Job
from ivr.simulator.load.load_call import Answered, LoadCall
from ivr.simulator.load.tally import Tally
from ivr.simulator.session import Transport

_LOOK = 0.2  # seconds between two looks at whether the run was interrupted


class _StoppedError(Exception):
    """The run was interrupted while a call was under way."""


class RealRun:
    """`transport`: safe to use from several threads. `progress` is told of each call that has ended."""

    def __init__(self, job: Job, transport: Transport, clock: Clock, progress: Callable[[int], None]) -> None:
        self.tally = Tally()
        self._job = job
        self._transport = transport
        self._clock = clock
        self._progress = progress
        self._zero = clock.seconds()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._slots = threading.Semaphore(job.limit)
        self._full_until = 0.0  # when the limit last held a start back
        self._fault: BaseException | None = None

    def run(self) -> None:
        """Place all calls and wait for their ends. Raises what went wrong in this program, if anything did."""
        with ThreadPoolExecutor(self._job.limit, "caller") as callers:
            try:
                for number, planned in self._job.starts():
                    self._wait_until(planned or 0.0)
                    self._take_slot()
                    callers.submit(self._call, number, planned).add_done_callback(self._ended)
                callers.shutdown(wait=True)
            except (KeyboardInterrupt, _StoppedError):
                self._stop.set()
                callers.shutdown(wait=True, cancel_futures=True)
        self.tally.span_seconds = self._now
        self.tally.interrupted = self._stop.is_set()
        if self._fault is not None:
            raise self._fault

    @property
    def _now(self) -> float:
        return self._clock.seconds() - self._zero

    def _wait_until(self, moment: float) -> None:
        if self._stop.wait(max(moment - self._now, 0.0)):
            raise _StoppedError

    def _take_slot(self) -> None:
        """Wait until fewer calls than the limit are under way; no more than that are ever queued."""
        if self._slots.acquire(blocking=False):
            return
        while not self._slots.acquire(timeout=_LOOK):
            self._wait_until(0.0)
        self._full_until = self._now

    def _call(self, number: int, planned: float | None) -> None:
        started = self._now
        limited = planned is not None and planned < self._full_until
        planned = started if planned is None else planned
        with self._lock:
            self.tally.start(started - planned, limited=limited)
        call = self._job.begin(number, planned, started)
        with suppress(_StoppedError):
            call.play(
                lambda fetch: self._send(call, fetch),
                lambda moment: self._wait_until(call.started + moment),
            )
            with self._lock:
                self.tally.take(call.record(), call.samples)
                self._progress(1)

    def _send(self, call: LoadCall, fetch: Fetch) -> Answered:
        due = call.planned + call.now
        sent = self._now
        reply = self._transport.send(fetch)
        answered = self._now
        return Answered(reply, answered - due, answered - sent, counts=answered - sent)

    def _ended(self, future: "Future[None]") -> None:
        """A fault of this program ends the run; what an application does is never one."""
        self._slots.release()
        if not future.cancelled() and (fault := future.exception()) is not None:
            self._fault = None if isinstance(fault, KeyboardInterrupt) else fault
            self._stop.set()
