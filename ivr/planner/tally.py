"""What a run amounts to: sums of a bounded size, however many calls it has. Sums of parts can be added.

Knows numbers of places and centres, and no names. A call is counted where its first centre rang, in the hour in which
it rang; a redial is a call of its own, as in the national statistics.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ivr.planner.assumptions import GOAL_SECONDS, LATE_SECONDS
from ivr.planner.centre_queues import GAVE_UP, Done
from ivr.planner.period import WEEK

Counts = NDArray[np.int64]
Sums = NDArray[np.float64]
_MOST_SECONDS = 3600


@dataclass
class Columns:
    """Calls, a column for each thing known of them."""

    first: Sums
    place: Counts
    rang: Counts  # the first centre
    by: Counts  # the centre that took it, or GAVE_UP
    waited: Sums
    handle: Sums
    red: NDArray[np.bool_]
    to_ring: Sums
    redialled: NDArray[np.bool_]


def columns(done: list[Done]) -> Columns:
    data = np.array(done, dtype=np.float64) if done else np.zeros((0, 11))
    place, rang, by = (data[:, number].astype(np.int64) for number in (1, 2, 3))
    first, waited, handle, to_ring = (data[:, number] for number in (0, 4, 5, 7))
    return Columns(first, place, rang, by, waited, handle, data[:, 6] > 0, to_ring, data[:, 10] > 0)


@dataclass
class PlannedTally:
    """`by_centre`: by hour of the week and first centre; `by_place`, `by_hour` (of the period): calls, answered within
    two minutes, within ten, given up. `overflow`: from the first centre to the one that took the call. `busy`: seconds
    of operators by hour of the week and centre; `staffed`: those that were there. `waits`: calls by whole seconds."""

    by_centre: Counts
    by_place: Counts
    by_hour: Counts
    overflow: Counts
    busy: Sums
    staffed: Sums
    waits: Counts
    red_seconds: Counts
    callers: int = 0
    left: int = 0  # hung up before any centre rang
    redials: int = 0
    red_given_up: int = 0
    waited: float = 0.0
    area: float = 0.0

    @classmethod
    def empty(cls, places: int, centres: int, hours: int) -> "PlannedTally":
        return cls(
            np.zeros((4, WEEK, centres), dtype=np.int64),
            np.zeros((4, places), dtype=np.int64),
            np.zeros((4, hours), dtype=np.int64),
            np.zeros((centres, centres), dtype=np.int64),
            np.zeros((WEEK, centres)),
            np.zeros((WEEK, centres)),
            np.zeros(_MOST_SECONDS + 1, dtype=np.int64),
            np.zeros(_MOST_SECONDS + 1, dtype=np.int64),
        )

    def take(self, calls: Columns, of_week: Counts, pick_up: float) -> None:
        """Add calls that have ended. `of_week`: the place of each hour of the period in its week."""
        hour = np.minimum((calls.first / 3600).astype(np.int64), len(of_week) - 1)
        taken = calls.by != GAVE_UP
        kinds = (
            np.ones_like(taken),
            taken & (calls.waited <= GOAL_SECONDS),
            taken & (calls.waited <= LATE_SECONDS),
            ~taken,
        )
        for row, mask in enumerate(kinds):
            _count(self.by_centre[row], of_week[hour[mask]], calls.rang[mask])
            self.by_place[row] += np.bincount(calls.place[mask], minlength=self.by_place.shape[1])
            self.by_hour[row] += np.bincount(hour[mask], minlength=self.by_hour.shape[1])
        _count(self.overflow, calls.rang[taken], calls.by[taken])
        self._work(calls, taken, of_week, pick_up)
        self.waits += _seconds(calls.waited[taken])
        self.red_seconds += _seconds((calls.waited + calls.to_ring)[taken & calls.red])
        self.red_given_up += int((~taken & calls.red).sum())
        self.redials += int(calls.redialled.sum())

    def _work(self, calls: Columns, taken: NDArray[np.bool_], of_week: Counts, pick_up: float) -> None:
        """Seconds of operators, in the hour in which each call was given to one."""
        begins = (calls.first + calls.waited - pick_up)[taken]
        hour = np.minimum((begins / 3600).astype(np.int64), len(of_week) - 1)
        flat = of_week[hour] * self.busy.shape[1] + calls.by[taken]
        self.busy += np.bincount(flat, calls.handle[taken], self.busy.size).reshape(self.busy.shape)

    def add(self, other: "PlannedTally") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def _count(table: Counts, rows: Counts, columns_: Counts) -> None:
    table += np.bincount(rows * table.shape[1] + columns_, minlength=table.size).reshape(table.shape)


def _seconds(values: Sums) -> Counts:
    found: Counts = np.bincount(np.minimum(values.astype(np.int64), _MOST_SECONDS), minlength=_MOST_SECONDS + 1)
    return found
