"""Callbacks that run beside the call at a later moment: what a fault delays or holds back, and timers of verbs."""

import math

from ivr.simulator.engine.effects import Steps


class DelayedCallbacks:
    def __init__(self) -> None:
        self._waiting: list[tuple[float, Steps[None]]] = []

    @property
    def due(self) -> float:
        """The moment of what comes next; infinite when nothing does."""
        return min([at for at, _ in self._waiting]) if self._waiting else math.inf

    @property
    def is_holding(self) -> bool:
        return any(at == math.inf for at, _ in self._waiting)

    def add(self, at: float, steps: Steps[None]) -> None:
        self._waiting.append((at, steps))

    def hold(self, steps: Steps[None]) -> None:
        """To be done when it is released, or at the end of the call."""
        self.add(math.inf, steps)

    def release(self) -> Steps[None]:
        """Do what was held."""
        held = [item for item in self._waiting if item[0] == math.inf]
        self._waiting = [item for item in self._waiting if item[0] < math.inf]
        for _, steps in held:
            yield from steps

    def catch_up(self, now: float) -> Steps[None]:
        """Do what was due until `now`, in order."""
        while self._waiting and self.due <= now:
            first = min(self._waiting, key=lambda item: item[0])
            self._waiting.remove(first)
            yield from first[1]

    def finish(self) -> Steps[None]:
        """The call is over: all that is left, in order, and no time passes any more."""
        yield from self.catch_up(math.inf)
