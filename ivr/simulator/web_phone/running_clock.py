"""Call time as it runs for a person: at a speed, stopped and going on again."""

import time
from collections.abc import Callable


class RunningClock:
    """`wall`: seconds that never go back. It stands still until it is started."""

    def __init__(self, wall: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._at = 0.0
        self._since: float | None = None
        self._speed = 1.0

    @property
    def now(self) -> float:
        """Seconds of call time."""
        return self._at if self._since is None else self._at + (self._wall() - self._since) * self._speed

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def runs(self) -> bool:
        return self._since is not None

    def left(self, until: float) -> float | None:
        """Real seconds until that moment of call time; None while the clock stands."""
        return None if self._since is None else max(0.0, (until - self.now) / self._speed)

    def start(self, at: float | None = None) -> None:
        """Run on, or from `at`."""
        self._at = self.now if at is None else at
        self._since = self._wall()

    def stop(self, at: float | None = None) -> None:
        self._at = self.now if at is None else at
        self._since = None

    def run_at(self, speed: float) -> None:
        self._at = self.now
        self._since = None if self._since is None else self._wall()
        self._speed = speed
