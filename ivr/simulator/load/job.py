"""What a load test is to do, as one value that can be handed to another process.

A call is known by its number: number, seed and mix say who calls and when, so that any share of the calls can be played
anywhere and the sums are the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice

from ivr.simulator.load.arrivals import Arrivals, planned
from ivr.simulator.load.load_call import LoadCall
from ivr.simulator.load.mix import Mix
from ivr.simulator.plan import CallPlan
from ivr.simulator.transports.wsgi import WsgiApp

DEFAULT_CONCURRENT = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """`template`: where and how every call is placed. `make_app`: the application in process, made anew in each
    process (a function of a module, so that it can be sent there); None: over HTTP, where `cafile` is HttpTransport's.
    `arrivals`: None for one call after another, as fast as they are answered. `concurrent`: the most calls under way
    in all processes together.
    """

    template: CallPlan
    mix: Mix
    make_app: Callable[[], WsgiApp] | None = None
    arrivals: Arrivals | None = None
    calls: int | None = None
    seconds: float | None = None
    concurrent: int = DEFAULT_CONCURRENT
    seed: int = 0
    real_time: bool = False
    cafile: str | None = None
    processes: int = 1
    share: int = 0

    def __post_init__(self) -> None:
        if self.arrivals is None and self.calls is None:
            raise ValueError("without arrivals a run needs a number of calls")

    def starts(self) -> Iterator[tuple[int, float | None]]:
        """This process's calls: number, and planned start (None: when the call before it has ended)."""
        if self.arrivals is None:
            return ((number, None) for number in range(self.share, self.calls or 0, self.processes))
        times = planned(self.arrivals, self.seed, self.calls, self.seconds)
        return islice(zip(count(), times, strict=False), self.share, None, self.processes)

    @property
    def planned(self) -> int:
        """How many calls all processes together are to place."""
        if self.arrivals is None:
            return self.calls or 0
        return sum(1 for _ in planned(self.arrivals, self.seed, self.calls, self.seconds))

    @property
    def limit(self) -> int:
        """The most calls under way in this process, at least one."""
        return max(len(range(self.share, self.concurrent, self.processes)), 1)

    def begin(self, number: int, start: float, started: float) -> LoadCall:
        """The call of this number, planned for `start`, which begins now."""
        plan, habits = self.mix.draw(self.template, self.seed, number)
        return LoadCall(plan, habits, start, started)
