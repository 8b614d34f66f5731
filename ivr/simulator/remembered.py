"""What a function gave for a value, kept for the next time."""

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(dict[K, V]):
    """`remembered[value]` is `work(value)`. Begins anew when it holds `most`.

    For what a call looks up hundreds of times: `functools.lru_cache` takes twice as long over a value that is there.
    """

    def __init__(self, work: Callable[[K], V], most: int) -> None:
        super().__init__()
        self._work = work
        self._most = most

    def __missing__(self, value: K) -> V:
        if len(self) >= self._most:
            self.clear()
        result = self[value] = self._work(value)
        return result
