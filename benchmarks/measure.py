"""Two or more things measured side by side, in turns, and the ratios of their costs with their spread.

In-process costs are processor time and never wall time: other work on the machine stretches the wall. It also takes
away caches, and so stretches processor time, which is why subjects are measured in turns of a few milliseconds and only
ratios within one round are compared. Must not know what is measured.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Subject = Callable[[], object]


@dataclass(frozen=True)
class Spread:
    """The median of all rounds; nine of ten rounds lie between `low` and `high`, all of them if they are few."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        ordered = sorted(values)
        left_out = len(ordered) // 20
        return cls(median(ordered), ordered[left_out], ordered[-1 - left_out])

    def as_json(self) -> dict[str, float]:
        return {"median": _short(self.median), "low": _short(self.low), "high": _short(self.high)}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


class Rounds:
    """`costs`: by subject, seconds of processor time for one call of it, in each round."""

    def __init__(self, costs: Mapping[str, Sequence[float]]) -> None:
        self.costs = costs

    def cost(self, name: str) -> Spread:
        return Spread.of(self.costs[name])

    def ratio(self, name: str, to: str) -> Spread:
        return Spread.of([mine / other for mine, other in zip(self.costs[name], self.costs[to], strict=True)])

    def microseconds(self) -> dict[str, dict[str, float]]:
        return {name: Spread.of([cost * 1e6 for cost in costs]).as_json() for name, costs in self.costs.items()}


def in_turns(subjects: Mapping[str, Subject], *, rounds: int, each: int, warm: int = 200) -> Rounds:
    """In every round each subject is called `each` times, one subject after the other."""
    for subject in subjects.values():
        for _ in range(warm):
            subject()
    costs: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            costs[name].append(once(subject, each))
    return Rounds(costs)


def start_with_bytecode() -> None:
    """Let the processes that are started keep their modules compiled, as those of an installed line are: some machines
    are set not to, and would compile all of them at each start."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def once(subject: Subject, times: int) -> float:
    """Seconds of processor time for one call of it, in the mean of `times`."""
    began = time.process_time()
    for _ in range(times):
        subject()
    return (time.process_time() - began) / times
