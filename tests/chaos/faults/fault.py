"""What a fault is: a name of the list in docs/chaos.md, and a function that plays calls while something breaks.

To add one: write a function that takes the stage, and put a `Fault` into the tuple `FAULTS` of its file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.testbed import Stage

IN_PROCESS = 3.0  # seconds of silence that one fault inside the service may cost
HOST_GONE = 8.0  # the same while the host of the service does not answer


@dataclass(frozen=True)
class Fault:
    """`play`: places calls on the stage and breaks something meanwhile; raises AssertionError if the service itself
    shows something wrong. `silence`: the most seconds that a caller may hear nothing. `repeats`: the same request must
    get the same bytes."""

    id: str
    name: str
    play: Callable[[Stage], None]
    silence: float = IN_PROCESS
    repeats: bool = False
