"""Repeats in a list of texts: a block that comes again and again, directly after itself, stands once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

LONGEST_BLOCK = 40  # lines
FEWEST = 4  # times that a block comes before it is folded


class Repeated(NamedTuple):
    """The texts from `start` to `end` come `times` times altogether."""

    start: int
    end: int
    times: int


def repeats(texts: Sequence[str]) -> Iterator[Repeated]:
    """The whole list in order: blocks that repeat, and single texts, which come once."""
    at = 0
    while at < len(texts):
        block = next(_found(texts, at), Repeated(at, at + 1, 1))
        yield block
        at += (block.end - block.start) * block.times


def _found(texts: Sequence[str], at: int) -> Iterator[Repeated]:
    """Blocks that begin here and come often enough, the shortest first."""
    for length in range(1, min(LONGEST_BLOCK, (len(texts) - at) // FEWEST) + 1):
        times = 1
        while texts[at : at + length] == texts[at + times * length : at + (times + 1) * length]:
            times += 1
        if times >= FEWEST:
            yield Repeated(at, at + length, times)
