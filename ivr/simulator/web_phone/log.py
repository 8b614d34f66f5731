"""What a phone has told its page, in order, for as many listeners as there are."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

MOST = 20_000  # messages of one call that are kept


class Log:
    """Messages are numbered from 1 for as long as the phone exists; those of former calls are forgotten."""

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []
        self._dropped = 0
        self._changed = threading.Condition()
        self._closed = False
        self._listeners = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While somebody reads what is told."""
        with self._changed:
            self._listeners += 1
        try:
            yield
        finally:
            with self._changed:
                self._listeners -= 1

    @property
    def is_heard(self) -> bool:
        return self._listeners > 0

    def clear(self) -> None:
        with self._changed:
            self._dropped += len(self._messages)
            self._messages.clear()

    def tell(self, message: dict[str, Any]) -> None:
        with self._changed:
            if len(self._messages) < MOST:
                self._messages.append(message)
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        return self._closed

    def after(self, number: int, patience: float) -> tuple[int, Sequence[dict[str, Any]]]:
        """The messages after `number`, and the number of the last of them; none when nothing comes in that time."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._last > number, patience)
            first = min(max(number - self._dropped, 0), len(self._messages))
            return max(self._last, number), self._messages[first:]

    @property
    def _last(self) -> int:
        return self._dropped + len(self._messages)
