"""The clock is wrong, or it is one of the two nights in which clocks are changed."""

import time
from collections.abc import Callable

from tests.chaos.faults.fault import Fault
from tests.chaos.service import Serving
from tests.chaos.testbed import Stage

_NIGHT_SECONDS = 6.0  # in which tests.chaos.faulty lets two hours pass


def _serving(clock: str) -> Serving:
    return Serving("tests.chaos.faulty", {"CHAOS_CLOCK": clock})


def jumps(stage: Stage) -> None:
    stage.serve(_serving("jumps"))
    stage.play(60)


def night(start: str) -> Callable[[Stage], None]:
    """Calls all through two hours from this moment."""

    def play(stage: Stage) -> None:
        stage.serve(_serving(start))
        stage.play_while(lambda: time.sleep(min(stage.count(60) / 10, _NIGHT_SECONDS)), 60, threads=2)

    return play


FAULTS = (
    Fault("F31", "the clock jumps by an hour, both ways", jumps),
    Fault("F32", "the night in which 02:30 does not exist", night("2026-03-29T01:15")),
    Fault("F32b", "the night in which 02:30 comes twice", night("2026-10-25T01:45")),
)
