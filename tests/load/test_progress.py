"""How far a run is: written often on a terminal, now and then elsewhere, and at the end."""

from io import StringIO

from ivr.base.clock import ManualClock
from ivr.cli.progress import Progress
from tests.conftest import EVENING


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def _shown(stream: StringIO, seconds: float) -> str:
    """What a hundred calls, each after `seconds`, show."""
    clock = ManualClock(EVENING)
    progress = Progress("calls", 100, stream, clock)
    for _ in range(100):
        clock.advance(seconds)
        progress(1)
    progress.close()
    return stream.getvalue()


def test_a_terminal_has_one_line_that_is_written_over_five_times_a_second_at_most() -> None:
    shown = _shown(_Terminal(), 0.125)
    assert (shown.count("\r"), shown.count("\n")) == (51, 1)
    assert shown.endswith("\r100 of 100 calls\n")


def test_elsewhere_a_line_comes_every_five_seconds_at_most() -> None:
    lines = _shown(StringIO(), 0.125).splitlines()
    assert lines == ["40 of 100 calls", "80 of 100 calls", "100 of 100 calls"]


def test_a_slow_run_shows_every_call() -> None:
    assert _shown(StringIO(), 6).splitlines()[:2] == ["1 of 100 calls", "2 of 100 calls"]
