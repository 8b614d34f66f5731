"""What happens in a call while time passes: the caller's steps, updates that a step waits for, and when to give up.

Knows no transport. `ivr.simulator.session.play` drives a call with it.
"""

import time
from typing import TYPE_CHECKING

from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.engine.effects import Happened, Pass
from ivr.simulator.plan import HangUp
from ivr.simulator.rounds import MOST_ROUNDS, Rounds

if TYPE_CHECKING:
    from ivr.simulator.session import Pace, Session

PATIENCE = 5.0  # seconds of real time that a step waits for an update, while call time stands still; ours
GLANCE = 0.02  # seconds of real time between two looks whether an update has come


class CallPlayer:
    """`gave_up`: why the caller has hung up before its steps were done; "" if it has not.

    `can_be_updated`: the application can change the call from outside.
    """

    def __init__(self, session: "Session", caller: ScriptedCaller, pace: "Pace", *, can_be_updated: bool) -> None:
        self.caller = caller
        self.gave_up = ""
        self._session = session
        self._pace = pace
        self._patience = PATIENCE if can_be_updated else 0.0
        self._planned: Happened | None = None  # what the caller has decided to do, and an update came before
        self._rounds = Rounds()
        session.holds_updates = caller.awaits_updates

    def live(self, effect: Pass) -> Happened:
        session, caller = self._session, self.caller
        happened = self._next(effect)
        at = caller.waits_at(effect, session.now) if happened.what is None else None
        if at is not None:
            return self._awaited(at)
        if happened.what is None and (leaves := self._leaves_at(effect)) is not None:
            happened = Happened(leaves, HangUp())
        reached = self._pace.reach(session.now, happened.at, self._breaks_off)
        if reached < happened.at:
            self._planned = happened if happened.what is not None else None
            return Happened(reached)
        return happened

    def _next(self, effect: Pass) -> Happened:
        """What the caller does next, if nobody else does anything."""
        if self._planned is None:
            return self.caller.during(effect, self._session.now, self._session.trace.events)
        planned, self._planned = self._planned, None
        if planned.at > effect.until:
            self._planned = planned
            return Happened(effect.until)
        return planned

    def _breaks_off(self) -> bool:
        return self._session.is_updated and not self._session.holds_updates

    def _leaves_at(self, effect: Pass) -> float | None:
        """When the caller hangs up during this Pass because it has waited long enough, or in vain."""
        session, stay = self._session, self._session.plan.stay
        if self.caller.lets_time_pass or effect.speaks:
            return None
        if self.caller.undone and self._rounds.is_repeated(session.trace.events):
            self.gave_up = f"it can no longer come: the call repeats itself ({MOST_ROUNDS} times alike)"
            return session.now
        if stay is None or (at := max(self.caller.since + stay, session.now)) > effect.until:
            return None
        self.gave_up = f"the caller has waited {stay:g} s"
        return at

    def _awaited(self, at: float) -> Happened:
        """The update, which may have come already; without one the caller hangs up."""
        session = self._session
        end = time.monotonic() + self._patience
        while not session.is_updated and time.monotonic() < end:
            time.sleep(GLANCE)
        self._pace.reach(session.now, at, lambda: False)
        if not session.is_updated:
            waited = f" within {self._patience:g} s of real time" if self._patience else ""
            self.gave_up = f"the application has not changed the call over REST{waited}"
            return Happened(at, HangUp())
        self.caller.update_came(at)
        session.holds_updates = self.caller.awaits_updates
        return session.let_in(at)
