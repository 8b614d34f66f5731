"""A load test in virtual time: calls interleaved by call time, their requests answered one at a time.

Callers cost no waiting. Requests are put to the application in the order in which they are due, and a request that is
due while an earlier one is still being answered waits for it: one queue, one server, with the service times that were
measured. So the latency from the planned moment is what one worker would have shown at that rate, and calls couple
nowhere else: what a caller does never depends on the speed of this machine.
"""

from heapq import heappop, heappush
from itertools import count

from ivr.base.clock import Clock
from ivr.simulator.engine.effects import Fetch
from ivr.simulator.load.job import Job
from ivr.simulator.load.load_call import Answered, LoadCall
from ivr.simulator.load.tally import Tally
from ivr.simulator.session import Transport


class VirtualRun:
    """`clock` measures how long the application takes; nothing else here is real time."""

    def __init__(self, job: Job, transport: Transport, clock: Clock) -> None:
        self.tally = Tally()
        self._job = job
        self._transport = transport
        self._clock = clock
        self._limit = job.limit
        self._starts = job.starts()
        self._upcoming = next(self._starts, None)
        self._live: list[tuple[float, int, _Waiting]] = []
        self._order = count()  # of two at the same moment, the one that came first
        self._now = 0.0
        self._free_at = 0.0  # when the application has answered all that was asked so far

    def step(self) -> bool:
        """Start one call, or send one request; False when all is done."""
        if self._may_start():
            self._start()
        elif self._live:
            self._go_on()
        else:
            return False
        return True

    def _may_start(self) -> bool:
        if self._upcoming is None or len(self._live) >= self._limit:
            return False
        start = self._upcoming[1]
        return start is None or not self._live or start <= self._live[0][0]

    def _start(self) -> None:
        assert self._upcoming is not None  # noqa: S101 - _may_start has looked
        number, start = self._upcoming
        self._upcoming = next(self._starts, None)
        planned = max(self._now, self._free_at) if start is None else start
        started = max(planned, self._now)
        self.tally.start(started - planned, limited=started > planned)
        self._play_on(_Waiting(self._job.begin(number, planned, started)))

    def _go_on(self) -> None:
        self._now, _, waiting = heappop(self._live)
        effect = waiting.call.effect
        if isinstance(effect, Fetch):
            self._play_on(waiting, self._send(waiting, effect))
        else:
            self.tally.take(waiting.call.record(), waiting.call.samples)
            self.tally.span_seconds = max(self._now, self._free_at)

    def _send(self, waiting: "_Waiting", fetch: Fetch) -> Answered:
        due = waiting.due()
        began = self._clock.seconds()
        reply = self._transport.send(fetch)
        service = self._clock.seconds() - began
        self._free_at = max(self._free_at, self._now) + service
        waiting.answered(self._free_at)
        return Answered(reply, self._free_at - due, service)

    def _play_on(self, waiting: "_Waiting", answered: Answered | None = None) -> None:
        """On to the call's next request, or to its end. `answered`: the request that it waits for."""
        call = waiting.call
        if answered is not None:
            call.take(answered)
        call.play(_later)
        heappush(self._live, (call.started + call.now, next(self._order), waiting))


def _later(_: Fetch) -> None:
    """A request waits for its turn."""


class _Waiting:
    """A call that waits for its turn; remembers its last reply."""

    def __init__(self, call: LoadCall) -> None:
        self.call = call
        self._asked_at = -1.0  # call time
        self._answered_at = 0.0  # time of the run

    def due(self) -> float:
        """When the wanted request should be sent: at its call time, counted from the planned start; but one that
        follows another in the same moment cannot be due before that was answered."""
        now = self.call.now
        return self._answered_at if now == self._asked_at else self.call.planned + now

    def answered(self, at: float) -> None:
        self._asked_at, self._answered_at = self.call.now, at
