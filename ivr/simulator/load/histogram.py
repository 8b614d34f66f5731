"""A histogram of times with logarithmic buckets: any number of values in a few kilobytes, mergeable, exact to 0.8 %.

Values are whole microseconds. Below 256 every value has a bucket of its own; above, each power of two is cut into 128.
Count, sum, smallest and largest are exact.
"""

from dataclasses import dataclass, field
from math import ceil
from typing import Any

_SUB_BITS = 7  # 128 buckets to each power of two
_EXACT = 1 << (_SUB_BITS + 1)
PRECISION = 1 / (1 << _SUB_BITS)  # the widest bucket, relative to its values


def bucket(value: int) -> int:
    """The bucket of a value in microseconds (0 or more)."""
    if value < _EXACT:
        return value
    shift = value.bit_length() - _SUB_BITS - 1
    return (shift << _SUB_BITS) + (value >> shift)


def highest(index: int) -> int:
    """The largest value that falls into a bucket."""
    if index < _EXACT:
        return index
    shift = (index >> _SUB_BITS) - 1
    return (((index - (shift << _SUB_BITS)) + 1) << shift) - 1


@dataclass(slots=True)
class Histogram:
    """`counts`: bucket to number of values. `total`, `least`, `most`: of the values, in microseconds."""

    counts: dict[int, int] = field(default_factory=dict)
    count: int = 0
    total: int = 0
    least: int = 0
    most: int = 0

    def add(self, seconds: float) -> None:
        """Take a time in seconds; one below zero counts as zero."""
        value = round(seconds * 1_000_000) if seconds > 0 else 0
        index = bucket(value)
        self.counts[index] = self.counts.get(index, 0) + 1
        if value < self.least or self.count == 0:
            self.least = value
        self.most = max(self.most, value)
        self.total += value
        self.count += 1

    def merge(self, other: "Histogram") -> None:
        """Take all values of `other`."""
        if other.count == 0:
            return
        for index, count in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + count
        self.least = other.least if self.count == 0 else min(self.least, other.least)
        self.most = max(self.most, other.most)
        self.total += other.total
        self.count += other.count

    def quantile(self, share: float) -> float:
        """The time, in seconds, that `share` (0 to 1) of the values do not exceed; 0 when there are none."""
        wanted = max(ceil(share * self.count - 1e-9), 1)
        seen = 0
        for index in sorted(self.counts):
            seen += self.counts[index]
            if seen >= wanted:
                return max(min(highest(index), self.most), self.least) / 1_000_000
        return 0.0

    @property
    def mean(self) -> float:
        """In seconds."""
        return self.total / self.count / 1_000_000 if self.count else 0.0

    def summary(self, unit: float = 1.0) -> dict[str, Any]:
        """Figures for a result, in units of `unit` seconds (0.001: milliseconds)."""
        figures = {name: self.quantile(share) for name, share in QUANTILES.items()}
        figures = {"mean": self.mean, "min": self.least / 1_000_000, **figures, "max": self.most / 1_000_000}
        return {"count": self.count, **{name: round(value / unit, 3) for name, value in figures.items()}}


QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99_9": 0.999}
