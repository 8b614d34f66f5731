"""Work that is done behind the calls: a bounded buffer, and one thread a process that empties it.

A call hands something over, which takes as long as appending to a list, and never waits for the work.
"""

import os
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from threading import Condition, Event, Thread
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_workers: "WeakSet[BackgroundWorker[Any]]" = WeakSet()


class BackgroundWorker(Generic[T]):
    """`run`: what the thread does until `is_closing`; `most`: of what is in the buffer, by `weight`.

    `changed` guards the buffer and whatever its owner counts together with it; a thread may take it twice. A fork has
    no threads: the new process has an empty buffer, and a thread if there was one and it was not told to end. `forked`
    resets the owner there.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[], None],
        most: int,
        weight: Callable[[T], int] = lambda _: 1,
        forked: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._run = run
        self._most = most
        self._weight = weight
        self._forked = forked
        self._reset()
        _workers.add(self)

    def _reset(self) -> None:
        self.changed = Condition()
        self.closing = Event()
        self.waiting = 0  # by weight
        self._buffer: deque[T] = deque()
        self._thread: Thread | None = None

    def reset_after_fork(self) -> bool:
        """In the new process. Whether there was a thread that had not been told to end."""
        had_thread = self._thread is not None and not self.is_closing
        self._reset()
        self._forked()
        return had_thread

    @property
    def is_closing(self) -> bool:
        return self.closing.is_set()

    def start(self) -> None:
        """Start the thread, unless it runs."""
        with self.changed:
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def put(self, item: T) -> bool:
        """False when there is no room for it, or the worker closes. Waits for nothing but another `put`."""
        weight = self._weight(item)
        with self.changed:
            if self.is_closing or self.waiting + weight > self._most:
                return False
            self._buffer.append(item)
            self.waiting += weight
            self.changed.notify()
        return True

    def first(self, most: int) -> list[T]:
        """The first of what waits. It waits on until it is `done`."""
        with self.changed:
            return list(islice(self._buffer, most))

    def done(self, items: Sequence[T]) -> bool:
        """Take these, the first, out of the buffer. False when they were dropped meanwhile."""
        with self.changed:
            if not items or not self._buffer or self._buffer[0] is not items[0]:
                return False
            for item in items:
                self._buffer.popleft()
                self.waiting -= self._weight(item)
        return True

    def close(self, seconds: float) -> None:
        """Take nothing more, and wait for the thread to end, for so many seconds at most."""
        with self.changed:
            self.closing.set()
            self.changed.notify()
        if self._thread is not None:
            self._thread.join(seconds)

    def drop(self, after: int = 0) -> list[T]:
        """Give up what waits, after so many of the first. What was dropped."""
        with self.changed:
            dropped = list(islice(self._buffer, after, None))
            for item in dropped:
                self._buffer.pop()
                self.waiting -= self._weight(item)
        return dropped


def _begin_anew() -> None:
    """First all of them are reset: a thread may use another worker, whose lock may have been held at the fork."""
    for worker in [each for each in list(_workers) if each.reset_after_fork()]:
        worker.start()


os.register_at_fork(after_in_child=_begin_anew)  # once: what is registered there can never be taken back
