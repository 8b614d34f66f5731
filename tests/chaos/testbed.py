"""Where faults play: the service, the fallback host, callers on demand, and the history of what happened to them.

A fault says what breaks and for whom; here is how calls are placed (many at once, or in step with each other) while it
does. Must not know any one fault, nor what is right or wrong in a history.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ivr.simulator import CallPlan, HttpTransport
from ivr.simulator.load.chance import Weighted
from ivr.simulator.load.mix import FarEndKind, Mix
from ivr.simulator.load.mix_file import load_mix
from ivr.simulator.session import Transport
from tests.chaos.call import ChaosCall, Tamper
from tests.chaos.service import Service, Serving

OVERRIDES = "#ct=2000&rt=4000&tt=8000&rc=1"  # as docs and README tell to configure the number
MIX = load_mix(Path(__file__).parent / "mix.yaml")
THREADS = 6
Spoil = Callable[[CallPlan, Random], CallPlan]


@dataclass(frozen=True)
class Who:
    """Who calls, and what becomes of their plans and requests. `kinds`: beginnings of the names of kinds of the mix, or
    everybody. `ends`: how far ends behave, else as in the mix. `spoil`: changes a plan. `tamper`: by the call's number,
    what changes its requests on their way."""

    kinds: tuple[str, ...] = ("",)
    ends: tuple[FarEndKind, ...] = ()
    spoil: Spoil = lambda plan, random: plan
    tamper: Callable[[int], Tamper] = lambda number: lambda fetch: fetch

    def mix(self) -> Mix:
        chosen = [index for index, kind in enumerate(MIX.kinds.items) if kind.name.startswith(self.kinds)]
        bounds = (0.0, *MIX.kinds.bounds)
        kinds = Weighted.of(
            [MIX.kinds.items[index] for index in chosen], [bounds[index + 1] - bounds[index] for index in chosen]
        )
        return Mix(kinds, Weighted.of(self.ends, [1.0] * len(self.ends)) if self.ends else MIX.far_ends)


EVERYBODY = Who()


class History:
    """A file of one JSON object a line. A call's lines are written together, once it is over."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._output = file.open("w", encoding="utf-8")

    def placed(self, number: int) -> None:
        self._write([{"event": "placed", "call": number}])

    def over(self, call: ChaosCall) -> None:
        self._write([{"call": call.number, **event} for event in call.lines()])

    def close(self) -> None:
        self._output.close()

    def _write(self, events: list[dict[str, object]]) -> None:
        text = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
        with self._lock:
            self._output.write(text)


class Stage:
    """One fault after another plays here, on one port. `scale`: of the numbers of calls that faults ask for."""

    def __init__(self, folder: Path, port: int, fallback_url: str, seed: int = 0, scale: float = 1.0) -> None:
        self.folder = folder
        self.port = port
        self.random = Random(seed)  # noqa: S311 - the same every time, not a secret
        self.transport: Transport = HttpTransport()
        self.fallback_url = fallback_url
        self._seed, self._scale = seed, scale
        self._service: Service | None = None
        self._restarts = 0  # of services that are gone
        self._history: History | None = None
        self._fault = ""
        self._number = 0
        self._numbers = threading.Lock()

    # The service

    @property
    def service(self) -> Service:
        assert self._service is not None, "a fault asks serve() first"
        return self._service

    def serve(self, serving: Serving | None = None) -> Service:
        """The service, started in this way; the one that runs already if it was."""
        serving = serving or Serving()
        if self._service is None or self._service.serving != serving:
            self.use(Service(serving, self.port, self.folder / "service.log"))
        return self.service

    def use(self, service: Service) -> None:
        """This one, started now, in place of the one that runs."""
        self.close()
        self._service = service
        service.start()

    def close(self) -> None:
        if self._service is not None:
            self._service.stop()
            self._restarts += self._service.restarts
            self._service = None

    @property
    def restarts(self) -> int:
        """How often a service was started anew, reloaded or lost a worker, all told."""
        return self._restarts + (self._service.restarts if self._service else 0)

    @contextmanager
    def recording(self, fault: str) -> Iterator[Path]:
        """The history of what is played inside, at this file."""
        self._fault, self._number = fault, 0
        history = self._history = History(self.folder / f"{fault}.jsonl")
        try:
            yield history.file
        finally:
            history.close()
            self._history = None

    # Calls

    def count(self, calls: int) -> int:
        return max(round(calls * self._scale), 1)

    def place(self, who: Who = EVERYBODY) -> ChaosCall:
        """A call, placed now; it belongs into the history of the fault that plays."""
        assert self._history is not None
        with self._numbers:
            self._number += 1
            number = self._number
        random = Random(f"{self._seed} {self._fault} {number}")  # noqa: S311 - the same every time, not a secret
        public = self.service.public
        template = CallPlan(
            url=f"{public}/voice{OVERRIDES}", fallback_url=self.fallback_url, status_callback=f"{public}/voice/status"
        )
        plan, habits = who.mix().draw(template, random.getrandbits(32), number)
        call = ChaosCall(number, who.spoil(plan, random), habits, who.tamper(number))
        self._history.placed(number)
        return call

    def finish(self, call: ChaosCall) -> None:
        """Play a call to its end, and write it down."""
        while call.step(self.transport):
            pass
        self.written(call)

    def written(self, call: ChaosCall) -> None:
        assert self._history is not None
        self._history.over(call)

    def play(self, calls: int, who: Who = EVERYBODY, threads: int = THREADS) -> None:
        """So many calls, several at once."""
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(lambda: self.finish(self.place(who))) for _ in range(self.count(calls))]:
                done.result()

    def play_while(self, disturb: Callable[[], None], calls: int, who: Who = EVERYBODY, threads: int = THREADS) -> None:
        """Calls, several at once, until `disturb` has returned, and so many at least."""
        enough = threading.Event()

        def keep_calling() -> None:
            while not enough.is_set() or self._number < self.count(calls):
                self.finish(self.place(who))

        with ThreadPoolExecutor(threads) as pool:
            callers = [pool.submit(keep_calling) for _ in range(threads)]
            try:
                disturb()
            finally:
                enough.set()
            for caller in callers:
                caller.result()

    def play_in_step(self, calls: int, after: Mapping[int, Callable[[], None]], who: Who = EVERYBODY) -> None:
        """All calls send their n-th request, then `after[n]` happens, if there is one, and so on."""
        under_way = [self.place(who) for _ in range(self.count(calls))]
        step = 0
        with ThreadPoolExecutor(THREADS) as pool:
            while under_way:
                goes_on = list(pool.map(lambda call: call.step(self.transport), under_way))
                for call, more in zip(under_way, goes_on, strict=True):
                    if not more:
                        self.written(call)
                under_way, step = [call for call, more in zip(under_way, goes_on, strict=True) if more], step + 1
                if under_way and step in after:
                    after[step]()
