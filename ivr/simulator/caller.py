"""The caller of a scenario: knows its steps, sees what a caller hears, and says when it does what.

Each step starts when the one before it is done: words are done when they are spoken.
"""

from collections.abc import Sequence

from ivr.simulator.engine.effects import Happened, Input, Key, Pass, speech_of
from ivr.simulator.plan import KEY_GAP, AwaitUpdate, HangUp, Hear, Noise, Press, PressNow, Speak, Step, Wait
from ivr.simulator.prompts import find, last_run
from ivr.simulator.trace import Event
from ivr.simulator.turns import Turns


class ScriptedCaller:
    """Does one step after another; after the last it stays on the line, silent."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = list(steps)
        self._ready = 0.0  # when the present step began
        self._keys = ""  # what is left of the present step's keys
        self._next_key = 0.0
        self._from = 0  # events before this one were heard before the last key and are no news
        self._scan_from = 0  # events before this one cannot hold what the present step waits to hear
        self._turns = Turns()
        self._used = 0  # the turn in which the keys of the latest step were pressed

    @property
    def undone(self) -> tuple[Step, ...]:
        """The steps that were not done, the one at work included."""
        return tuple(self._steps)

    @property
    def keys_left(self) -> str:
        """What is left of the keys of the first step of `undone`."""
        return self._keys

    @property
    def awaits_updates(self) -> bool:
        """Whether a step that is still to be done waits for the application to change the call."""
        return any(isinstance(step, AwaitUpdate) for step in self._steps)

    def waits_at(self, effect: Pass, now: float) -> float | None:
        """When the present step begins to wait for the application to change the call; None for another step."""
        if self._keys or not self._steps or not isinstance(self._steps[0], AwaitUpdate) or effect.speaks:
            return None
        at = max(now, self._ready)
        return at if at <= effect.until else None

    @property
    def since(self) -> float:
        """When the present step, or the silence after the last one, began."""
        return self._ready

    @property
    def lets_time_pass(self) -> bool:
        """Whether the present step is a wait, or has keys left to press."""
        return bool(self._keys) or (bool(self._steps) and isinstance(self._steps[0], Wait))

    def update_came(self, at: float) -> None:
        """The present step, which has waited for that, is done."""
        self._done(at)

    def during(self, effect: Pass, now: float, events: Sequence[Event]) -> Happened:
        """What the caller does next while time passes up to `effect.until`."""
        if effect.speaks:
            self._ready = effect.until
            return Happened(effect.until)
        while self._keys or self._steps:
            if self._keys:
                return self._key_or_nothing(effect, now, events)
            if not self._advance(effect, now, events):
                return self._act(effect, max(now, self._ready), events) or Happened(effect.until)
        return Happened(effect.until)

    def _advance(self, effect: Pass, now: float, events: Sequence[Event]) -> bool:
        """True when the present step is done without an action, or its keys are ready to be pressed."""
        match self._steps[0]:
            case Hear(text):
                found = find(events, text, self._from, since=self._scan_from)
                if found is None:
                    self._scan_from = last_run(events)
                    return False
                self._from = self._scan_from = found
                self._done(max(now, self._ready))
            case Wait(seconds) if self._ready + seconds <= effect.until:
                self._done(self._ready + seconds)
            case PressNow(keys):
                self._start_keys(keys, max(now, self._ready))
            case Press(keys, anew) if effect.keys and not (anew and self._turns.now(effect, events) <= self._used):
                self._start_keys(keys, max(now, self._ready))
            case _:
                return False
        return True

    def _act(self, effect: Pass, at: float, events: Sequence[Event]) -> Happened | None:
        what: Input
        match self._steps[0]:
            case HangUp() if at <= effect.until:
                what = HangUp()
            case (Speak() | Noise()) as step if effect.speech and at <= effect.until:
                what = speech_of(step)
                self._from = self._scan_from = len(events)
            case _:
                return None
        self._done(at)
        return Happened(at, what)

    def _start_keys(self, keys: str, at: float) -> None:
        self._keys, self._next_key = keys, at

    def _key_or_nothing(self, effect: Pass, now: float, events: Sequence[Event]) -> Happened:
        at = max(now, self._next_key)
        if at > effect.until:
            return Happened(effect.until)
        key, self._keys = self._keys[0], self._keys[1:]
        self._next_key = at + KEY_GAP
        if not self._keys:
            self._from = self._scan_from = len(events)
            self._used = self._turns.now(effect, events)
            self._done(at)
        return Happened(at, Key(key))

    def _done(self, at: float) -> None:
        del self._steps[0]
        self._ready = at
