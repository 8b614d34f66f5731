"""One call of an account: its session, the moment it was placed, and who is on its line."""

from collections.abc import Sequence
from typing import Protocol

from ivr.simulator.engine.effects import Happened, Pass
from ivr.simulator.plan import CallPlan
from ivr.simulator.session import Session
from ivr.simulator.trace import Event


class Party(Protocol):
    """Who is on a line, and acts by itself: `ivr.simulator.caller.ScriptedCaller` does."""

    def during(self, effect: Pass, now: float, events: Sequence[Event], /) -> Happened: ...


class SilentParty:
    """Does nothing by itself: a person in a test, or another call."""

    def during(self, effect: Pass, _now: float, _events: Sequence[Event]) -> Happened:
        return Happened(effect.until)


class Running:
    """`started`: the account's time when the call was placed. `number`: which call of the account it is, from 1."""

    session: Session

    def __init__(self, plan: CallPlan, started: float, number: int, party: Party | None = None) -> None:
        self.plan = plan
        self.started = started
        self.number = number
        self.party = party or SilentParty()
        self.turn = 0  # how often it has wanted something
        self.bodies: dict[int, bytes] = {}  # of the replies, by the number of the request
        self._pending: Happened | None = None  # what the party has decided to do, and has not done yet

    @property
    def sid(self) -> str:
        return self.session.sid

    @property
    def is_over(self) -> bool:
        return self.session.effect is None

    def call_time(self, now: float) -> float:
        """The call time of a moment of the account's time."""
        return max(round(now - self.started, 6), self.session.now)

    def planned(self, effect: Pass) -> Happened:
        """What happens next if nobody else does anything."""
        if self._pending is None:
            planned = self.party.during(effect, self.session.now, self.session.trace.events)
            if planned.what is None:
                return planned
            self._pending = planned
        return self._pending if self._pending.at <= effect.until else Happened(effect.until)

    def done(self, happened: Happened) -> None:
        if happened is self._pending:
            self._pending = None
