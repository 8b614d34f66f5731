"""A call, step by step: the machine's effects out, answers in; and the loop that plays one to its end.

`Session` knows no clock and no socket. `play` joins it to a caller, a transport and a pace (virtual time, or real).
"""

import time
from collections.abc import Callable
from typing import Protocol

from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.engine.call import Call
from ivr.simulator.engine.effects import Answer, Effect, Failed, Fetch, Pass, Response
from ivr.simulator.engine.machine import converse
from ivr.simulator.outcome import Outcome
from ivr.simulator.plan import CallPlan, Step
from ivr.simulator.trace import Event, Trace


class Transport(Protocol):
    """Sends one request exactly as it is; never raises for what the other side does."""

    def send(self, fetch: Fetch) -> Response | Failed: ...


class Session:
    """One call under way.

    `effect` is what the call wants next, None when it is over; answer it with `answer`. `observer` is told of every
    event as it is recorded (`Trace`).
    """

    def __init__(self, plan: CallPlan, observer: Callable[[Event], None] | None = None) -> None:
        self.trace = Trace(observer)
        self._call = Call(plan, self.trace)
        self._steps = converse(self._call)
        self._sent: list[tuple[str, str, int | None, bytes]] = []
        self.effect: Effect | None = next(self._steps)

    @property
    def now(self) -> float:
        """Seconds of call time."""
        return self._call.now

    def answer(self, answer: Answer) -> None:
        """Response or Failed for a Fetch, Happened for a Pass."""
        if isinstance(self.effect, Fetch):
            got = answer if isinstance(answer, Response) else None
            status, body = (got.status, got.body) if got else (None, b"")
            self._sent.append((self.effect.method, self.effect.url, status, body))
        try:
            self.effect = self._steps.send(answer)
        except StopIteration:
            self.effect = None

    def outcome(self, undone: tuple[Step, ...] = ()) -> Outcome:
        """What became of the call, once `effect` is None."""
        return Outcome(self.trace.events, self._sent, undone)


class Pace(Protocol):
    """Lets real time pass, or not, while the call goes from `now` to `until`; and what a request cost."""

    def reach(self, now: float, until: float) -> None: ...

    def cost(self, milliseconds: float) -> float: ...


class VirtualPace:
    """No real time passes, and requests take no call time."""

    def reach(self, now: float, until: float) -> None:
        pass

    def cost(self, milliseconds: float) -> float:
        return 0.0


class RealPace:
    """A second of call time is a second, and requests take as long as they take."""

    def reach(self, now: float, until: float) -> None:
        time.sleep(max(until - now, 0.0))

    def cost(self, milliseconds: float) -> float:
        return milliseconds / 1000


def play(
    plan: CallPlan,
    transport: Transport,
    *,
    pace: Pace | None = None,
    observer: Callable[[Event], None] | None = None,
) -> Outcome:
    """Play the call to its end: in virtual time, with the plan's steps as the caller, unless told otherwise."""
    session = Session(plan, observer)
    caller = ScriptedCaller(plan.steps)
    pace = pace or VirtualPace()
    while session.effect is not None:
        effect = session.effect
        if isinstance(effect, Pass):
            happened = caller.during(effect, session.now, session.trace.events)
            pace.reach(session.now, happened.at)
            session.answer(happened)
        else:
            session.answer(timed(transport, effect, pace))
    return session.outcome(caller.undone)


def timed(transport: Transport, fetch: Fetch, pace: Pace) -> Response | Failed:
    """Send, and say how long it took: real milliseconds always, call time as the pace has it."""
    began = time.perf_counter()
    reply = transport.send(fetch)
    milliseconds = (time.perf_counter() - began) * 1000
    if isinstance(reply, Failed):
        seconds = reply.seconds or pace.cost(milliseconds)
        return Failed(reply.kind, reply.message, seconds)
    return Response(reply.status, reply.headers, reply.body, milliseconds, reply.seconds + pace.cost(milliseconds))
