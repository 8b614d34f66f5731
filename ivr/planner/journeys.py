"""The journeys of a plan as plain values: which one a caller has, by place, hour and kind of caller.

Imports nothing that plays calls, so that a process that only plays operators and queues starts at once.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.int64]


@dataclass(frozen=True)
class Journey:
    """`to_ring`: seconds from the call's arrival; `ladder`: (seconds after that, centre, seconds it rings). `leaves`:
    the share of such callers who hang up before. `ladder` is empty for one that never rings."""

    to_ring: float
    ladder: tuple[tuple[float, str, float], ...]
    red: bool
    leaves: float


class Drawn(NamedTuple):
    """Of each call: its journey, its kind of caller, and whether the caller hangs up before a centre rings."""

    journey: Cells
    variant: Cells
    leaves: NDArray[np.bool_]


@dataclass(frozen=True)
class Journeys:
    """`cells`: by situation and variant, the number of a journey. `weights`: of the variants. `starts`: for each place
    the seconds at which its situations begin, and `first`: the number of its first one."""

    journeys: tuple[Journey, ...]
    cells: Cells
    weights: tuple[float, ...]
    starts: tuple[tuple[float, ...], ...]
    first: tuple[int, ...]

    def at(self, place: Cells, seconds: NDArray[np.float64]) -> Cells:
        """The situation of each call."""
        found = np.array(self.first)[place]
        for number, starts in enumerate(self.starts):
            if len(starts) > 1:
                here = place == number
                found[here] += np.searchsorted(np.array(starts), seconds[here], side="right") - 1
        return found

    def drawn(self, situation: Cells, variant: NDArray[np.float64]) -> "Drawn":
        """What each caller does; `variant`: uniform numbers."""
        weights = np.array(self.weights)
        bounds = np.cumsum(weights) / weights.sum()
        chosen = np.minimum(np.searchsorted(bounds, variant, side="right"), len(weights) - 1)
        below = np.concatenate([[0.0], bounds])[chosen]
        rest = (variant - below) / np.diff(np.concatenate([[0.0], bounds]))[chosen]
        number = self.cells[situation, chosen]
        return Drawn(number, chosen, rest < np.array([each.leaves for each in self.journeys])[number])
