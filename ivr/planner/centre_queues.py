"""All centres of the nation as queues: a simulation of discrete events on one heap.

A call rings a centre; a free operator takes it, else it waits there, those in danger to life first, then in order of
arrival, until its ring time is over and the line goes on to the next centre of its ladder, or its caller gives up.
A free operator takes a call `pick_up` seconds after it was given to them. Knows numbers alone: no names, no clock.

A plain heap, because it plays far more calls a second than a library whose processes are generators; docs/planner.md
has the measurement.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from random import Random
from typing import Any

Ladder = tuple[tuple[float, int, float], ...]  # seconds after the first ring, centre, seconds it rings
_LATER, _STAFF = -1, -2
_MOST_ATTEMPTS = 5
GAVE_UP = -1


@dataclass(frozen=True)
class QueueHabits:
    """Means in seconds. `patience` 0: endless."""

    pick_up: float
    patience: float
    talk: float
    redial_share: float
    redial_after: float


class QueuedCall:
    """A call that waits. `end`: when its caller gives up. `stage`: which ring of its ladder is the present one."""

    __slots__ = (
        "attempt",
        "end",
        "first",
        "handle",
        "key",
        "ladder",
        "place",
        "red",
        "rings",
        "since",
        "stage",
        "to_ring",
    )

    def __init__(  # noqa: PLR0913, PLR0917 - what a call is made of
        self, first: float, ladder: Ladder, handle: float, end: float, key: int, place: int, red: bool, to_ring: float
    ) -> None:
        self.first = first
        self.ladder = ladder
        self.handle = handle
        self.end = end
        self.key = key
        self.place = place
        self.red = red
        self.to_ring = to_ring
        self.stage = 0
        self.attempt = 0
        self.since = first
        self.rings = False  # a centre rings just now


# What became of a call: first ring, place, first centre, centre that took it, seconds waited, handle, red, seconds to
# the first ring, key, stage, attempt.
Done = tuple[float, int, int, int, float, float, bool, float, int, int, int]


class CentreQueues:
    """`operators`: by centre at the start. `changes`: (second, centre, how many more), in order of time.

    `waited` and `area`: the seconds that calls waited while they rang, summed over calls, and the number of ringing
    calls without operator over time, summed over time. Little's law: they are one number.
    """

    def __init__(
        self, operators: Sequence[int], changes: Sequence[tuple[float, int, int]], habits: QueueHabits
    ) -> None:
        self.done: list[Done] = []
        self.waited = 0.0
        self.area = 0.0
        self.pick_up = habits.pick_up
        self._free = list(operators)
        self._red: list[deque[tuple[QueuedCall, int]]] = [deque() for _ in operators]
        self._queue: list[deque[tuple[QueuedCall, int]]] = [deque() for _ in operators]
        self._changes = deque(changes)
        self._habits = habits
        self._heap: list[Any] = []
        self._order = 0
        self._ringing = 0
        self._seen = 0.0

    def run(self, calls: Sequence[tuple[float, Ladder, float, float, int, int, bool, float]]) -> list[int]:
        """First rings in order of time: when, ladder, handle, patience, key, place, red, seconds to the ring. Returns
        the numbers of those that had to wait; all others were taken at once. Those that waited come into `done`."""
        heap, free, waiting = self._heap, self._free, []
        self._load_changes(calls[-1][0] if calls else 0.0)
        for number, (at, ladder, handle, patience, key, place, red, to_ring) in enumerate(calls):
            while heap and heap[0][0] <= at:
                self._next(heappop(heap))
            centre = ladder[0][1]
            if free[centre] > 0:
                free[centre] -= 1
                heappush(heap, (at + handle, centre))
            else:
                waiting.append(number)
                self._ring(at, QueuedCall(at, ladder, handle, at + patience, key, place, red, to_ring))
        return waiting

    def finish(self) -> None:
        """Play on until every call has ended."""
        self._load_changes(inf)
        while self._heap:
            self._next(heappop(self._heap))

    def _load_changes(self, until: float) -> None:
        while self._changes and self._changes[0][0] <= until:
            at, centre, more = self._changes.popleft()
            self._push(at, _STAFF, (centre, more))

    def _push(self, at: float, kind: int, what: Any) -> None:
        self._order += 1
        heappush(self._heap, (at, kind, self._order, what))

    def _next(self, event: Any) -> None:
        if event[1] >= 0:
            self._free[event[1]] += 1
            self._serve(event[0], event[1])
        elif event[1] == _STAFF:
            centre, more = event[3]
            self._free[centre] += more
            self._serve(event[0], centre)
        else:
            self._later(event[0], *event[3])

    def _ring(self, now: float, call: QueuedCall) -> None:
        """The centre of the call's present stage rings."""
        centre = call.ladder[call.stage][1]
        if self._free[centre] > 0:
            self._free[centre] -= 1
            self._take(now, call, centre)
            return
        self._count(now, 1)
        call.rings, call.since = True, now
        (self._red if call.red else self._queue)[centre].append((call, call.stage))
        until = min(now + max(call.ladder[call.stage][2] - self._habits.pick_up, 0.0), call.end)
        if until < inf:
            self._push(until, _LATER, (call, call.stage))

    def _serve(self, now: float, centre: int) -> None:
        """Free operators take those who wait at their centre."""
        for queue in (self._red[centre], self._queue[centre]):
            while self._free[centre] > 0 and queue:
                call, stage = queue.popleft()
                if call.rings and call.stage == stage:
                    self._silence(now, call)
                    self._free[centre] -= 1
                    self._take(now, call, centre)

    def _take(self, now: float, call: QueuedCall, centre: int) -> None:
        heappush(self._heap, (now + call.handle, centre))
        call.rings = False
        self._end(now - call.first + self._habits.pick_up, call, centre)
        call.end = -1.0

    def _later(self, now: float, call: QueuedCall, stage: int) -> None:
        """The ring time of a stage is over, the caller's patience is, or the line rings the next centre."""
        if call.end < 0 or call.stage != stage:
            return
        if call.rings:
            self._silence(now, call)
            call.stage += 1
            self._go_on(now, call)
        else:
            self._ring(now, call)

    def _go_on(self, now: float, call: QueuedCall) -> None:
        """To the next ring, unless the caller has given up by then."""
        at = call.first + call.ladder[call.stage][0] if call.stage < len(call.ladder) else inf
        if now < call.end and at < call.end:
            self._push(max(at, now), _LATER, (call, call.stage))
            return
        self._end(call.end - call.first, call, GAVE_UP)
        end, call.end = call.end, -1.0
        self._redial(end, call)

    def _redial(self, now: float, call: QueuedCall) -> None:
        habits, random = self._habits, Random(call.key * _MOST_ATTEMPTS + call.attempt)  # noqa: S311 - a simulation
        if call.attempt + 1 >= _MOST_ATTEMPTS or random.random() >= habits.redial_share:
            return
        first = now + random.expovariate(1 / habits.redial_after) + call.to_ring
        handle, patience = random.expovariate(1 / habits.talk), random.expovariate(1 / habits.patience)
        again = QueuedCall(first, call.ladder, handle, first + patience, call.key, call.place, call.red, call.to_ring)
        again.attempt = call.attempt + 1
        self._push(first, _LATER, (again, 0))

    def _end(self, waited: float, call: QueuedCall, centre: int) -> None:
        self.done.append(
            (
                *(call.first, call.place, call.ladder[0][1], centre, waited, call.handle, call.red, call.to_ring),
                *(call.key, call.stage, call.attempt),
            )
        )

    def _silence(self, now: float, call: QueuedCall) -> None:
        """The call rings no longer."""
        self._count(now, -1)
        self.waited += now - call.since
        call.rings = False

    def _count(self, now: float, more: int) -> None:
        self.area += self._ringing * (now - self._seen)
        self._seen = now
        self._ringing += more
