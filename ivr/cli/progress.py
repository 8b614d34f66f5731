"""How far a long run is, on standard error: a line that is written over on a terminal, a new line now and then else."""

import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ivr.base.clock import Clock


_ON_A_TERMINAL, _ELSEWHERE = 0.2, 5.0  # seconds between two lines


class Progress:
    """Call it with how many more have ended; `close` writes the last line."""

    def __init__(
        self,
        what: str,
        total: int,
        stream: TextIO | None = None,
        clock: "Clock | None" = None,
        *,
        estimates: bool = False,
    ) -> None:
        """`estimates`: it says how long the rest takes at the speed so far, too."""
        from ivr.base.clock import SystemClock

        self._estimates = estimates
        self._what = what
        self._total = total
        self._stream = stream or sys.stderr
        self._clock = clock or SystemClock()
        self._is_terminal = self._stream.isatty()
        self._every = _ON_A_TERMINAL if self._is_terminal else _ELSEWHERE
        self._ended = 0
        self._written_at = self._began = self._clock.seconds()

    def __call__(self, ended: int) -> None:
        self._ended += ended
        now = self._clock.seconds()
        if now - self._written_at >= self._every:
            self._written_at = now
            self._write("" if self._is_terminal else "\n")

    def close(self) -> None:
        self._write("\n")

    def _write(self, end: str) -> None:
        start = "\r" if self._is_terminal else ""
        self._stream.write(f"{start}{self._ended} of {self._total} {self._what}{self._left()}{end}")
        self._stream.flush()

    def _left(self) -> str:
        if not self._estimates or not self._ended:
            return ""
        passed = self._clock.seconds() - self._began
        return f", about {max(self._total - self._ended, 0) * passed / self._ended:.0f} s left   "
