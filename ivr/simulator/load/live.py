"""One call of a load test while it is under way: its session, its caller, and how long each of its requests took.

Knows no clock: whoever plays it says when a request was due, sent and answered.
"""

from ivr.simulator.engine.effects import Failed, Fetch, Pass, Response
from ivr.simulator.load.caller import MixCaller
from ivr.simulator.load.mix import Habits
from ivr.simulator.load.record import CallRecord, node_of, read_record
from ivr.simulator.load.tally import Sample
from ivr.simulator.plan import CallPlan
from ivr.simulator.session import Session

Reply = Response | Failed


class LiveCall:
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

    def next_moment(self, effect: Pass) -> float:
        """Let the caller live through `effect`; the call time that is reached when it does."""
        happened = self._caller.during(effect, self.now, self._session.trace.events)
        self._happened = happened
        return happened.at

    def reach(self) -> None:
        """The moment that `next_moment` told has come."""
        self._session.answer(self._happened)

    def answer(self, reply: Reply, latency: float, service: float, *, counts: float = 0.0) -> None:
        """The reply to the wanted request; `counts`: the call time it took, besides what a fault adds."""
        result = str(reply.status) if isinstance(reply, Response) else reply.kind
        self.samples.append(Sample(self.node, latency, service, result))
        if isinstance(reply, Response):
            reply = Response(reply.status, reply.headers, reply.body, service * 1000, reply.seconds + counts)
        else:
            reply = Failed(reply.kind, reply.message, reply.seconds or counts)
        self._session.answer(reply)

    def record(self) -> CallRecord:
        """What is kept of it, once it has ended."""
        caller = self._caller
        unpressed = caller.has_keys_left and not caller.hung_up
        return read_record(self._kind, self._session.trace.events, hung_up=caller.hung_up, unpressed=unpressed)
