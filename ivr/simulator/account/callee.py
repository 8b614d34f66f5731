"""Whoever answers a call that the application has placed, as a `Leg` says: presses its keys when the call listens, and
hangs up after its talk, which is counted from the answer."""

import math
from collections.abc import Sequence

from ivr.simulator.engine.effects import Happened, Key, Pass
from ivr.simulator.plan import KEY_GAP, HangUp, Leg
from ivr.simulator.trace import Event


class Callee:
    def __init__(self, leg: Leg) -> None:
        self._keys = "" if leg.machine else leg.keys
        self._thinks = leg.thinks
        self._talk = math.inf if leg.talk is None else leg.talk
        self._answered: float | None = None
        self._next_key = 0.0

    def during(self, effect: Pass, now: float, events: Sequence[Event]) -> Happened:
        if self._answered is None:
            answers = (
                event["t"] for event in events if event["event"] == "status" and event["status"] == "in-progress"
            )
            self._answered = next(answers, None)
        if self._answered is None:
            return Happened(effect.until)
        leaves = max(self._answered + self._talk, now)
        at = max(now, self._answered + self._thinks, self._next_key)
        if self._keys and effect.keys and at <= min(effect.until, leaves):
            key, self._keys = self._keys[0], self._keys[1:]
            self._next_key = at + KEY_GAP
            return Happened(at, Key(key))
        return Happened(leaves, HangUp()) if leaves <= effect.until else Happened(effect.until)
