"""Drawing: distributions of seconds and weighted choices. Everything comes from the generator that is handed in."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fixed:
    seconds: float = 0.0

    def draw(self, random: Random) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True)
class Uniform:
    low: float
    high: float

    def draw(self, random: Random) -> float:
        return random.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Most are short, some are long; `mean` in seconds."""

    mean: float

    def draw(self, random: Random) -> float:
        return random.expovariate(1 / self.mean)


Distribution: TypeAlias = Fixed | Uniform | Exponential


@dataclass(frozen=True, slots=True)
class Weighted(Generic[T]):
    """A choice among `items`; `bounds`: the running sums of their weights."""

    items: tuple[T, ...]
    bounds: tuple[float, ...]

    @classmethod
    def of(cls, items: Sequence[T], weights: Sequence[float]) -> "Weighted[T]":
        """Weights are positive, one for each item; at least one item."""
        if not items or len(items) != len(weights) or min(weights) <= 0:
            raise ValueError("a weighted choice needs items, each with a weight above zero")
        return cls(tuple(items), tuple(accumulate(weights)))

    def draw(self, random: Random) -> T:
        place = bisect_right(self.bounds, random.random() * self.bounds[-1])
        return self.items[min(place, len(self.items) - 1)]
