"""A call, step by step: the machine's effects out, answers in. `Session.drive` is the one loop that plays calls.

`Session` knows no clock and no socket. `play` joins it to a caller, a transport and a pace (virtual time, or real).
Orders from outside (`redirect`, `complete`) come in where time passes: at once, or after the request under way.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import Literal, NamedTuple, Protocol

from ivr.base.errors import SimulatorError
from ivr.simulator.call_values import StreamedAudio
from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import (
    Answer,
    CallUpdate,
    Effect,
    Failed,
    Fetch,
    Happened,
    OpenSocket,
    Pass,
    Response,
    SocketAnswer,
    SocketEffect,
    Steps,
    UseSocket,
)
from ivr.simulator.engine.machine import converse
from ivr.simulator.engine.shared import SharedState
from ivr.simulator.outcome import Outcome
from ivr.simulator.plan import CallPlan, Fault, FaultKind, Leg, Step
from ivr.simulator.player import GLANCE, CallPlayer
from ivr.simulator.trace import Event, Trace
from ivr.simulator.transports.websocket import WebSockets, sockets_for

_BEFORE_ANSWER = ("queued", "initiated", "ringing")
_SOCKET_EFFECTS = (OpenSocket, UseSocket)


class Transport(Protocol):
    """Sends one request exactly as it is; never raises for what the other side does."""

    def send(self, fetch: Fetch) -> Response | Failed: ...


class Sockets(Protocol):
    """Opens WebSockets to the application and uses them; never raises for what the other side does."""

    def act(self, effect: SocketEffect) -> SocketAnswer: ...


class RestNote(NamedTuple):
    """A request of the REST API, and the status of its answer."""

    method: str
    path: str
    params: Mapping[str, str]
    status: int


class Session:
    """One call under way.

    `effect` is what the call wants next, None when it is over; answer it with `answer`. `observer` is told of every
    event as it is recorded (`Trace`). `sockets`: of streams; they are used here, so that no driver sees them. `shared`:
    with the other calls of an account. `story`: what is played, a call unless told otherwise. `reached`: how far a
    driver has got inside the present Pass; an order comes then. `is_at_socket`: a stream's messages are exchanged.

    Not for several threads, with two exceptions: a mishap may come from another one, and an order while a Fetch or an
    exchange with a socket is under way.
    """

    def __init__(
        self,
        plan: CallPlan,
        observer: Callable[[Event], None] | None = None,
        sockets: Sockets | None = None,
        shared: SharedState | None = None,
        story: Callable[[RunningCall], Steps[None]] = converse,
    ) -> None:
        self._sockets = sockets or WebSockets()
        self.trace = Trace(observer)
        self._call = RunningCall(_numbered(plan), self.trace, shared)
        self._steps = story(self._call)
        self._sent: list[tuple[str, str, int | None, bytes]] = []
        self._orders: deque[tuple[CallUpdate, RestNote | None]] = deque()
        self._notes: deque[RestNote] = deque()  # of requests that came while the application was asked
        self.holds_updates = False  # an update waits for `let_in`
        self.reached = 0.0
        self.wake: Callable[[], None] | None = None
        self.effect: Effect | None = None
        self.is_at_socket = False
        self._go(None)

    @property
    def now(self) -> float:
        """Seconds of call time."""
        return self._call.now

    @property
    def sid(self) -> str:
        return self._call.line.sid

    @property
    def plan(self) -> CallPlan:
        """As orders have changed it."""
        return self._call.plan

    @property
    def status(self) -> str:
        """The CallStatus."""
        return self._call.line.status

    @property
    def direction(self) -> str:
        """`inbound`, or `outbound-api`."""
        return self._call.line.direction

    @property
    def answered_by(self) -> str:
        """`human`, `machine_start`, ...; "" where no machine was looked for, or not yet."""
        return self._call.answered_by

    @property
    def call(self) -> RunningCall:
        """What is played: for an account, which records it."""
        return self._call

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        return self._call.requests

    @property
    def far_ends(self) -> list[tuple[str, Leg]]:
        """Who was dialled, in order, and how each has behaved so far: what a person there decided is in it."""
        return [(far.line.to, far.plan) for far in self._call.far_ends]

    @property
    def talks_with(self) -> str:
        """The sid of the leg that the caller is connected to; "" when there is none."""
        for far in reversed(self._call.far_ends):
            if far.bridged_at is not None and not far.is_over:
                return far.line.sid
        return ""

    @property
    def faults_met(self) -> list[Fault]:
        """The faults of `mishap`, each with the number of the request that met it."""
        return self._call.mishaps.met

    @property
    def streamed(self) -> list[StreamedAudio]:
        """What the application has played to the caller, stream after stream."""
        return [StreamedAudio(each.sid, each.noun.name, bytes(each.playback.played)) for each in self._call.all_streams]

    def mishap(self, kind: FaultKind | None, value: float = 0.0, *, stays: bool = False) -> None:
        """The next request meets this fault; with `stays`, each from now on, until it is another or None."""
        self._call.mishaps.arm(kind, value, stays=stays)

    def drive(self, send: Callable[[Fetch], Response | Failed | None], live: Callable[[Pass], Happened | None]) -> None:
        """Answer what the call wants, until it is over or one of the two has no answer: there the call stays.

        `send`: a request and its reply. `live`: what happens while time passes.
        """
        while (effect := self.effect) is not None:
            answer = send(effect) if isinstance(effect, Fetch) else live(effect)
            if answer is None:
                return
            self.answer(answer)

    def answer(self, answer: Answer) -> None:
        """Response or Failed for a Fetch, Happened for a Pass."""
        if isinstance(self.effect, Fetch):
            got = answer if isinstance(answer, Response) else None
            status, body = (got.status, got.body) if got else (None, b"")
            self._sent.append((self.effect.method, self.effect.url, status, body))
        while self._notes:
            self._record(self._notes.popleft(), self.now)
        self._go(answer)
        if self._orders:
            self.let_updates_in()

    def redirect(
        self,
        url: str = "",
        *,
        method: str = "POST",
        twiml: str = "",
        fallback_url: str | None = None,
        status_callback: str | None = None,
    ) -> None:
        """Leave what the call is doing for the document at `url`, or for `twiml`. Raises SimulatorError 21220."""
        self.order(CallUpdate("", url, method, twiml, fallback_url, status_callback))

    def complete(self, status: Literal["completed", "canceled"] = "completed") -> None:
        """End the call; `canceled` only while it rings. Raises SimulatorError 21220."""
        self.order(CallUpdate(status))

    def order(self, order: CallUpdate, note: RestNote | None = None) -> None:
        """`note`: the request that it came with. Raises SimulatorError 21220 when the call is over, or is to be
        redirected before it is answered."""
        if self.effect is None:
            raise SimulatorError("the call is over", code=21220)
        if not order.status and self.direction == "outbound-api" and self.status in _BEFORE_ANSWER:
            raise SimulatorError(f"Call is not in-progress ({self.status}). Cannot redirect.", code=21220)
        if order.status == "canceled" and self.status not in _BEFORE_ANSWER:
            return
        self._orders.append((order, note))
        if self.wake is not None:
            self.wake()
        else:
            self.let_updates_in()

    def let_updates_in(self) -> None:
        """Let orders in where time passes, one after another; a request under way is waited for."""
        while self._orders and isinstance(self.effect, Pass) and not (self.holds_updates or self.is_at_socket):
            self._go(self.let_in(min(max(self.now, self.reached), self.effect.until)))

    @property
    def is_updated(self) -> bool:
        """Whether an update has come that has not acted yet."""
        return bool(self._orders)

    def let_in(self, at: float) -> Happened:
        """The first update that has come acts now: the answer to the present Pass."""
        order, note = self._orders.popleft()
        plan = self._call.plan
        fallback = plan.fallback_url if order.fallback_url is None else order.fallback_url
        callback = plan.status_callback if order.status_callback is None else order.status_callback
        self._call.plan = replace(plan, fallback_url=fallback, status_callback=callback)
        if note is not None:
            self._record(note, at)
        self.trace.add(at, "update", status=order.status, url=order.url, twiml=order.twiml)
        return Happened(at, order)

    def note(self, note: RestNote) -> None:
        """The application has made a request that changes nothing. It is recorded if it came within a request of the
        call: only then is its moment the same each time."""
        if isinstance(self.effect, Fetch):
            self._notes.append(note)

    def _record(self, note: RestNote, at: float) -> None:
        self.trace.add(at, "rest", method=note.method, path=note.path, params=dict(note.params), status=note.status)

    def _go(self, answer: Answer | SocketAnswer | None) -> None:
        """On to the next effect that is the driver's."""
        try:
            effect = next(self._steps) if answer is None else self._steps.send(answer)
            while isinstance(effect, _SOCKET_EFFECTS):
                self.is_at_socket = True
                effect = self._steps.send(self._sockets.act(effect))
            self.effect = effect
        except StopIteration:
            self.effect = None
        finally:
            self.is_at_socket = False

    def outcome(self, undone: tuple[Step, ...] = (), gave_up: str = "") -> Outcome:
        """What became of the call, once `effect` is None."""
        return Outcome(self.trace.events, self._sent, undone, self._call.mishaps.by_request, gave_up)


_NUMBERS: defaultdict[str, "count[int]"] = defaultdict(lambda: count(1))
_COUNTING = threading.Lock()


def _numbered(plan: CallPlan) -> CallPlan:
    """The plan with its call's number: every call of a process has its own, unless the plan says which call it is."""
    if plan.number is not None:
        return plan
    if plan.seed is not None:
        return replace(plan, number=1)
    with _COUNTING:
        return replace(plan, number=next(_NUMBERS[plan.name]))


class LiveCalls(Protocol):
    """Where live calls are found (`ivr.simulator.rest`)."""

    def add(self, session: Session) -> None: ...


class Pace(Protocol):
    """Lets real time pass, or not, while the call goes from `now` to `until` or to where `stops`, and says how far it
    has got; and what a request cost."""

    def reach(self, now: float, until: float, stops: Callable[[], bool]) -> float: ...

    def cost(self, milliseconds: float) -> float: ...


class VirtualPace:
    """No real time passes, and requests take no call time."""

    def reach(self, now: float, until: float, stops: Callable[[], bool]) -> float:
        return until

    def cost(self, milliseconds: float) -> float:
        return 0.0


class RealPace:
    """A second of call time is a second, and requests take as long as they take."""

    def reach(self, now: float, until: float, stops: Callable[[], bool]) -> float:
        began = time.monotonic()
        while (left := until - now - (time.monotonic() - began)) > 0:
            if stops():
                return until - left
            time.sleep(min(left, GLANCE))
        return until

    def cost(self, milliseconds: float) -> float:
        return milliseconds / 1000


def play(  # noqa: PLR0913 - one argument for each part of the world that a call meets
    plan: CallPlan,
    transport: Transport,
    *,
    pace: Pace | None = None,
    observer: Callable[[Event], None] | None = None,
    rest: LiveCalls | None = None,
    sockets: Sockets | None = None,
) -> Outcome:
    """Play the call to its end: in virtual time, with the plan's steps as the caller, unless told otherwise.

    `rest`: where the application can find the call while it runs. `sockets`: real ones, unless told otherwise.
    """
    paced = pace or VirtualPace()
    session = Session(plan, observer, sockets or sockets_for(transport, real_time=isinstance(paced, RealPace)))
    if rest is not None:
        rest.add(session)
    player = CallPlayer(session, ScriptedCaller(plan.steps), paced, can_be_updated=rest is not None)
    session.drive(lambda fetch: timed(transport, fetch, paced), player.live)
    return session.outcome(player.caller.undone, player.gave_up)


def timed(transport: Transport, fetch: Fetch, pace: Pace) -> Response | Failed:
    """Send, and say how long it took: real milliseconds always, call time as the pace has it."""
    began = time.perf_counter()
    reply = transport.send(fetch)
    milliseconds = (time.perf_counter() - began) * 1000
    if isinstance(reply, Failed):
        seconds = reply.seconds or pace.cost(milliseconds)
        return Failed(reply.kind, reply.message, seconds)
    return Response(reply.status, reply.headers, reply.body, milliseconds, reply.seconds + pace.cost(milliseconds))
