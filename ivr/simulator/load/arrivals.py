"""When calls are placed, decided before anything answers: an open loop, as real callers do not wait for each other.

Seconds since the start of the run, ascending, the same for the same seed whoever reads them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice, takewhile
from pathlib import Path
from random import Random
from typing import TypeAlias

from ivr.base.errors import Complaint, DefinitionError

MINUTE = 60.0
MOST_IN_A_MINUTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Poisson:
    """Callers who know nothing of each other: `rate` a second in the mean."""

    rate: float

    def times(self, random: Random) -> Iterator[float]:
        at = 0.0
        while True:
            at += random.expovariate(self.rate)
            yield at


@dataclass(frozen=True, slots=True)
class Even:
    """One call every 1/`rate` seconds, from 0."""

    rate: float

    def times(self, random: Random) -> Iterator[float]:
        return (number / self.rate for number in count())


@dataclass(frozen=True, slots=True)
class Burst:
    """`size` calls at once, as often as makes `rate` a second in the mean."""

    rate: float
    size: int

    def times(self, random: Random) -> Iterator[float]:
        return (number // self.size * self.size / self.rate for number in count())


@dataclass(frozen=True, slots=True)
class Recorded:
    """As many calls in each minute as were counted in it, at random moments within the minute."""

    counts: tuple[int, ...]

    def times(self, random: Random) -> Iterator[float]:
        for minute, calls in enumerate(self.counts):
            yield from sorted(minute * MINUTE + random.random() * MINUTE for _ in range(calls))


Arrivals: TypeAlias = Poisson | Even | Burst | Recorded


def planned(arrivals: Arrivals, seed: int, calls: int | None = None, seconds: float | None = None) -> Iterator[float]:
    """The planned starts: the first `calls` of them, those before `seconds`, or all that there are."""
    times = arrivals.times(Random(f"arrivals {seed}"))  # noqa: S311 - the same every time, not a secret
    if seconds is not None:
        end = seconds
        times = takewhile(lambda at: at < end, times)
    return islice(times, calls)


def read_counts(path: Path) -> Recorded:
    """A file of whole numbers, one line for each minute; blank lines and `#` comments are skipped.

    Raises DefinitionError, with the line, for anything else.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError([Complaint(path.name, 0, 0, f"cannot be read ({error})")]) from None
    counts, wrong = [], []
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if text.isascii() and text.isdigit() and int(text) <= MOST_IN_A_MINUTE:
            counts.append(int(text))
        elif text:
            expected = f"expected the calls of one minute, a whole number up to {MOST_IN_A_MINUTE}, not {text!r}"
            wrong.append(Complaint(path.name, number, 0, expected))
    if not counts and not wrong:
        wrong.append(Complaint(path.name, 0, 0, "holds no counts: one whole number a line, the calls of a minute"))
    if wrong:
        raise DefinitionError(wrong)
    return Recorded(tuple(counts))
