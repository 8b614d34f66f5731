"""A caller of a mix: thinks, presses a group of keys each time the call listens, then stays silent, or hangs up."""

from collections.abc import Sequence

from ivr.simulator.engine.effects import Happened, Key, Pass
from ivr.simulator.load.mix import Habits
from ivr.simulator.plan import KEY_GAP, HangUp
from ivr.simulator.trace import Event
from ivr.simulator.turns import Turns


class MixCaller:
    """`hung_up`: whether the caller has ended the call."""

    def __init__(self, habits: Habits) -> None:
        self.hung_up = False
        self._habits = habits
        self._group = 0  # the next one to press
        self._keys = ""  # what is left of the group at work
        self._next_key = 0.0
        self._turns = Turns()
        self._used = 0  # the turn in which the latest group was pressed
        self._listens_since: float | None = None  # since the last group, the call has begun to listen then

    @property
    def has_keys_left(self) -> bool:
        """Whether there are keys that were not pressed yet."""
        return bool(self._keys) or self._group < len(self._habits.groups)

    def during(self, effect: Pass, now: float, events: Sequence[Event]) -> Happened:
        """What the caller does next while time passes up to `effect.until`."""
        if self._habits.hangs_up_at is None and not self.has_keys_left:
            return Happened(effect.until)
        turn = self._turns.now(effect, events)
        if self._listens_since is None and turn > self._used:
            self._listens_since = now
        at = self._when(effect, now)
        leaves = self._habits.hangs_up_at
        if leaves is not None and leaves <= effect.until and (at is None or leaves <= at):
            self.hung_up = True
            return Happened(max(now, leaves), HangUp())
        if at is None or at > effect.until:
            return Happened(effect.until)
        return Happened(at, Key(self._press(at, turn)))

    def _when(self, effect: Pass, now: float) -> float | None:
        """The moment of the next key; None when there is none, or nothing to press it for."""
        if self._keys:
            return max(now, self._next_key)
        if self._group >= len(self._habits.groups) or self._listens_since is None or not effect.keys:
            return None
        return max(now, self._listens_since + self._habits.thinks[self._group])

    def _press(self, at: float, turn: int) -> str:
        if not self._keys:
            self._keys = self._habits.groups[self._group]
            self._group += 1
        key, self._keys = self._keys[0], self._keys[1:]
        self._next_key = at + KEY_GAP
        if not self._keys:
            self._listens_since, self._used = None, turn
        return key
