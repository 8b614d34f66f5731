"""One call of a load test while it is under way: its session, its caller, and how long each of its requests took.

Knows no clock: whoever plays it says when a request was due, sent and answered.
"""

from collections.abc import Callable
from typing import NamedTuple

from ivr.simulator.engine.effects import Failed, Fetch, Happened, Pass, Response
from ivr.simulator.load.call_record import CallRecord, node_of, read_record
from ivr.simulator.load.caller import MixCaller
from ivr.simulator.load.mix import Habits
from ivr.simulator.load.tally import Sample
from ivr.simulator.plan import CallPlan
from ivr.simulator.session import Session

Reply = Response | Failed


class Answered(NamedTuple):
    """A request's reply. `latency`: seconds since it was due; `service`: since it was sent. `counts`: the call time it
    took, besides what a fault adds."""

    reply: Reply
    latency: float
    service: float
    counts: float = 0.0


def at_once(_moment: float) -> None:
    """No real time passes while call time does."""


class LoadCall:
    """`planned`, `started`: seconds of the run; the call time of a request counts from either."""

    def __init__(self, plan: CallPlan, habits: Habits, planned: float, started: float) -> None:
        self.planned = planned
        self.started = started
        self.samples: list[Sample] = []
        self._kind = habits.kind
        self._caller = MixCaller(habits)
        self._session = Session(plan)

    @property
    def now(self) -> float:
        """Seconds of call time."""
        return self._session.now

    @property
    def effect(self) -> Fetch | Pass | None:
        """What the call wants next; None when it has ended."""
        return self._session.effect

    @property
    def node(self) -> str:
        """What the request that is wanted is counted under."""
        return node_of(self._session.trace.events[-1])

    def play(self, send: Callable[[Fetch], Answered | None], reach: Callable[[float], None] = at_once) -> None:
        """Play on until the call is over, or `send` has no answer: there the request stays wanted.

        `reach` waits for a moment of call time.
        """

        def answer(fetch: Fetch) -> Reply | None:
            answered = send(fetch)
            return None if answered is None else self._counted(answered)

        def live(effect: Pass) -> Happened:
            happened = self._caller.during(effect, session.now, session.trace.events)
            reach(happened.at)
            return happened

        session = self._session
        session.drive(answer, live)

    def take(self, answered: Answered) -> None:
        """The answer to the request that is wanted."""
        self._session.answer(self._counted(answered))

    def _counted(self, answered: Answered) -> Reply:
        reply, latency, service, counts = answered
        result = str(reply.status) if isinstance(reply, Response) else reply.kind
        self.samples.append(Sample(self.node, latency, service, result))
        if isinstance(reply, Response):
            return Response(reply.status, reply.headers, reply.body, service * 1000, reply.seconds + counts)
        return reply._replace(seconds=reply.seconds or counts)

    def record(self) -> CallRecord:
        """What is kept of it, once it has ended."""
        caller = self._caller
        unpressed = caller.has_keys_left and not caller.hung_up
        return read_record(self._kind, self._session.trace.events, hung_up=caller.hung_up, unpressed=unpressed)
