"""Many calls in one virtual clock: the call whose next moment comes first goes on first; of two, the older one.

Requests take no time, and are answered before time passes. Everything has a bound, so that applications which call each
other for ever end in an error. Knows calls; what they have to do with each other stands in `switchboard`.
"""

import math
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from heapq import heappop, heappush
from itertools import count

from ivr.base.errors import SimulatorError
from ivr.simulator.account.routes import Routes
from ivr.simulator.account.running import Party, Running
from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import (
    CallUpdate,
    Failed,
    FarAct,
    Fetch,
    Happened,
    Input,
    Key,
    Pass,
    Response,
    SocketAnswer,
    SocketEffect,
    Speech,
    Steps,
    Wake,
)
from ivr.simulator.engine.shared import SharedState
from ivr.simulator.plan import CallPlan, HangUp
from ivr.simulator.session import Session, Sockets, VirtualPace, timed
from ivr.simulator.trace import Event

MOST_AT_ONCE = 2_000  # calls under way; ours
MOST_STEPS_AT_A_MOMENT = 10_000  # requests and acts without any time between them; ours
MOST_STEPS_OF_A_CALL = 100  # that many more for each call under way
LONGEST_RUN = 86_400.0  # seconds of account time in one `run`; ours
BUSY_SECONDS = 0.05  # of real time, for what the application still asks after it has answered; ours
IDLE_SECONDS = 3.0  # the same, where nothing else is left to happen; ours
_NEWS = ("leg", "status", "play")


class SocketsOutside:
    """The sockets of one call. While messages are exchanged, as while a webhook is asked, the application may use the
    REST API."""

    def __init__(self, sockets: Sockets, outside: Callable[[], AbstractContextManager[None]]) -> None:
        self._sockets = sockets
        self._outside = outside

    def act(self, effect: SocketEffect) -> SocketAnswer:
        with self._outside():
            return self._sockets.act(effect)


class World:
    """`on_change`: what follows when the application has changed something over REST. `outside`: around each request.

    `turn`: around everything that happens, where other threads act on the account too. `pause`: lets them for so many
    seconds of real time; whether one did.

    `on_event` is told of what matters to other calls, `on_input` of what somebody on a line presses or says."""

    def __init__(self, routes: Routes) -> None:
        self.now = 0.0
        self.calls: list[Running] = []
        self.shared: SharedState | None = None
        self.on_event: Callable[[Running, Event], None] = lambda _running, _event: None
        self.on_input: Callable[[Running, Key | Speech], None] = lambda _running, _what: None
        self.on_change: Callable[[], None] = self.settle
        self.outside: Callable[[], AbstractContextManager[None]] = nullcontext
        self.turn: Callable[[], AbstractContextManager[None]] = nullcontext
        self.pause: Callable[[float], bool] = lambda _seconds: False
        self.on_trace: Callable[[Running, Event], None] = lambda _running, _event: None
        self._routes = routes
        self._by_sid: dict[str, Running] = {}  # calls, and each leg with the call that has dialled it
        self._live: dict[str, Running] = {}
        self._asking: deque[Running] = deque()  # calls with a request to be sent
        self._due: list[tuple[float, int, Running, int]] = []  # when, which call, and in which of its turns
        self._news: deque[tuple[Running, Event]] = deque()
        self._acts: deque[tuple[Running, Input | FarAct | Wake]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._is_settling = False
        self._was_asked = False  # the application, since time last passed
        self._steps = 0  # at the present moment
        self._peak = 0  # calls under way at once, at the present moment

    @property
    def under_way(self) -> int:
        return len(self._live)

    @property
    def is_full(self) -> bool:
        return len(self._live) >= MOST_AT_ONCE

    def place(self, plan: CallPlan, party: Party | None = None) -> Running:
        """A new call, now. Its first request is sent when time next passes, or with `settle`."""
        if self.is_full:
            raise SimulatorError(f"the account has {MOST_AT_ONCE} calls under way, and may have no more (our bound)")
        running = Running(plan, self.now, len(self.calls) + 1, party)
        sockets = SocketsOutside(self._routes.sockets(), self.outside)
        running.session = Session(plan, partial(self._observe, running), sockets, self.shared)
        self.calls.append(running)
        self._by_sid[running.sid] = running
        self._live[running.sid] = running
        self._peak = max(self._peak, len(self._live))
        self._turn(running)
        return running

    def errand(self, plan: CallPlan, story: Callable[[RunningCall], Steps[None]]) -> Session:
        """Requests that belong to no call, made as soon as time passes."""
        running = Running(plan, self.now, 0)
        running.session = Session(plan, story=story)
        self._live[running.sid] = running
        self._turn(running)
        return running.session

    def act(self, running: Running, what: Input | FarAct) -> None:
        """Somebody on the call's line, or at a leg of it, does something now. Too late, it does nothing."""
        self._acts.append((running, what))

    def find(self, sid: str) -> Running | None:
        """The call that has this sid, or the one that has dialled the leg that has it."""
        return self._by_sid.get(sid)

    def running(self, sid: str) -> Running:
        """The call under way with this sid."""
        return self._live[sid]

    def wake(self, sid: str) -> None:
        """What the call shares with others has changed."""
        running = self._live.get(sid)
        if running is not None:
            self._acts.append((running, Wake()))

    def order(self, running: Running, order: CallUpdate) -> None:
        """The application changes the call. Raises SimulatorError 21220 when it is over."""
        running.session.reached = running.call_time(self.now)
        running.session.order(order)
        if running.session.is_at_socket:
            return  # it is let in, and has its turn, once the messages are exchanged
        if not isinstance(running.session.effect, Fetch):
            self._turn(running)
        elif running not in self._asking:
            self._asking.append(running)

    def hang_up(self, running: Running) -> None:
        """Whoever is on the line hangs up."""
        if not running.is_over:
            self.act(running, HangUp())

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        heappush(self._timers, (self.now + seconds, next(self._order), what))

    def run(self, reached: Callable[[], bool], until: float = math.inf) -> bool:
        """Let time pass until `reached`, or up to `until`; False when nothing is left to happen before."""
        with self.turn():
            return self._run(reached, until)

    def _run(self, reached: Callable[[], bool], until: float) -> bool:
        limit = self.now + LONGEST_RUN
        self._settle()
        while not reached():
            at = self._next()
            if self._waited_for_the_application(is_idle=at == until == math.inf):
                self._settle()
                continue
            if at > until or at == math.inf:
                self._reach(until if until < math.inf else self.now)
                return False
            if at > limit:
                raise SimulatorError(f"{LONGEST_RUN:g} s have passed, and it has not come to that (our bound)")
            self._reach(at)
            self._settle()
        return True

    def _waited_for_the_application(self, *, is_idle: bool) -> bool:
        """Whether it has asked the REST API, by itself, since it was asked last."""
        was_asked, self._was_asked = self._was_asked, False
        return (was_asked and self.pause(BUSY_SECONDS)) or (is_idle and self.pause(IDLE_SECONDS))

    @property
    def next_at(self) -> float:
        """When something happens next; infinite when nothing does."""
        return self.now if self._asking or self._news or self._acts else self._next()

    def settle(self) -> None:
        """Everything that happens at this moment, until only time can bring more. Within a request that the application
        makes while it is asked itself, there is nothing to do: it happens when that request is answered."""
        with self.turn():
            self._settle()

    def _settle(self) -> None:
        if self._is_settling:
            return
        self._is_settling = True
        try:
            while self._settle_requests() or self._settle_news() or self._settle_due():
                pass
        finally:
            self._is_settling = False

    # One step.

    def _reach(self, at: float) -> None:
        if at > self.now:
            self.now, self._steps, self._peak = at, 0, len(self._live)

    def _next(self) -> float:
        """When something happens next."""
        while self._due and self._due[0][3] != self._due[0][2].turn:
            heappop(self._due)  # something else has happened to that call meanwhile
        timer = self._timers[0][0] if self._timers else math.inf
        return min(timer, self._due[0][0]) if self._due else timer

    def _go_on(self) -> None:
        """What `_next` has found."""
        self._count()
        if self._timers and (not self._due or self._timers[0][0] <= self._due[0][0]):
            heappop(self._timers)[2]()
            return
        _, _, running, _ = heappop(self._due)
        effect = running.session.effect
        assert isinstance(effect, Pass)  # noqa: S101 - else another turn would have begun
        self._happen(running, running.planned(effect))

    def _happen(self, running: Running, happened: Happened) -> None:
        running.done(happened)
        running.session.answer(happened)
        self._turn(running)
        if isinstance(happened.what, Key | Speech):
            self.on_input(running, happened.what)

    def _turn(self, running: Running) -> None:
        """The call wants something new: a request, or time."""
        running.turn += 1
        effect = running.session.effect
        if isinstance(effect, Fetch):
            self._asking.append(running)
        elif isinstance(effect, Pass):
            at = running.started + running.planned(effect).at
            heappush(self._due, (at, running.number, running, running.turn))
        else:
            self._live.pop(running.sid, None)

    def _settle_requests(self) -> bool:
        if not self._asking:
            return False
        self._count()
        running = self._asking.popleft()
        if isinstance(effect := running.session.effect, Fetch):
            running.session.answer(self._send(running, effect))
            self._turn(running)
        return True

    def _settle_news(self) -> bool:
        if self._news:
            self.on_event(*self._news.popleft())
            return True
        if self._acts:
            self._count()
            running, what = self._acts.popleft()
            effect = running.session.effect
            if isinstance(effect, Pass):
                at = min(running.call_time(self.now), max(effect.until, running.session.now))
                self._happen(running, Happened(at, what))
            return True
        return False

    def _settle_due(self) -> bool:
        """What is due at this moment already."""
        if self._next() > self.now:
            return False
        self._go_on()
        return True

    def _send(self, running: Running, fetch: Fetch) -> Response | Failed:
        number, self._was_asked = running.session.requests, True
        with self.outside():
            reply = timed(self._routes, fetch, VirtualPace())
        if isinstance(reply, Response):
            running.bodies[number] = reply.body
        return reply

    def _observe(self, running: Running, event: Event) -> None:
        self.on_trace(running, event)
        if event["event"] == "leg":
            self._by_sid.setdefault(event["sid"], running)
        if event["event"] in _NEWS and event.get("until") is None:
            self._news.append((running, event))

    def _count(self) -> None:
        self._steps += 1
        most = MOST_STEPS_AT_A_MOMENT + MOST_STEPS_OF_A_CALL * self._peak
        if self._steps > most:
            raise SimulatorError(f"more than {most} requests and acts at one moment: a loop (our bound)")
