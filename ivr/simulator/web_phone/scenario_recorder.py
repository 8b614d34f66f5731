"""What a caller has done so far, as the steps of a scenario that does the same at the same moments.

Each act hangs on something that a replay finds again: the beginning of the latest prompt, or the act before it; in
between lies a `wait` of whole milliseconds. Knows the simulator's rules for `hear` and `wait`.
"""

import math
from collections.abc import Sequence

from ivr.simulator.engine.effects import Input, Key, Speech
from ivr.simulator.plan import HangUp, Hear, Noise, Press, PressNow, Speak, Step, Wait
from ivr.simulator.prompts import find, is_heard
from ivr.simulator.trace import Event

APART = 0.002  # seconds that lie between an act and whatever else happens: a replay keeps their order


class ScenarioRecorder:
    """`began` is told the exact start of each prompt (`heard`), for a trace is rounded and a replay is not."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._last_at = 0.0
        self._last_index = 0  # prompts before this event are no news to a `hear`
        self._starts: dict[int, float] = {}

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    def heard(self, index: int, at: float) -> None:
        """The prompt that is event `index` begins."""
        self._starts[index] = at

    def scripted(self, steps: Sequence[Step], at: float, events: Sequence[Event]) -> None:
        """What was done so far was done by a script, last at `at`."""
        self._steps = list(steps)
        self._did(at, events)

    def speaks(self, until: float) -> None:
        """The words that were said last are spoken until then; only then is a step `say` done."""
        self._last_at = max(self._last_at, until)

    def moment(self, wanted: float, events: Sequence[Event]) -> float:
        """The first moment at or after `wanted` that lies whole milliseconds after what a replay can find."""
        anchor, _ = self._anchor(events)
        return anchor + math.ceil((wanted - anchor) * 1000 - 1e-6) / 1000

    def add(self, what: Input, at: float, events: Sequence[Event], *, listened: bool) -> None:
        """The caller does `what` at `at`, a moment of `moment`. `listened`: something waited for it."""
        anchor, text = self._anchor(events)
        if text:
            self._steps.append(Hear(text))
        self._steps.append(Wait(max(round(at - anchor, 3), 0.0)))
        match what:
            case Key(digit):
                self._steps.append(Press(digit) if listened else PressNow(digit))
            case Speech(text, heard_as, confidence, noise):
                self._steps.append(
                    Noise(noise, heard_as or "", confidence) if noise else Speak(text, heard_as, confidence)
                )
            case HangUp():
                self._steps.append(HangUp())
        self._did(at, events)

    def _did(self, at: float, events: Sequence[Event]) -> None:
        self._last_at, self._last_index = at, len(events)

    def _anchor(self, events: Sequence[Event]) -> tuple[float, str]:
        """The latest prompt since the last act, if `hear` finds it by its text, else the last act."""
        for index in range(len(events) - 1, self._last_index - 1, -1):
            if is_heard(events[index]) and index in self._starts:
                text = str(events[index]["text"])
                if text.strip() and find(events, text, self._last_index) == index:
                    return self._starts[index], text
                break
        return self._last_at, ""
