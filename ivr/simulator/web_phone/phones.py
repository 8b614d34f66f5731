"""All phones of one server: each page has its own, and none knows of another."""

import threading
from collections.abc import Callable

from ivr.simulator.web_phone.phone import Phone

MOST = 12


class Phones:
    """`make`: a new phone; true: for the text chat."""

    def __init__(self, make: Callable[[bool], Phone]) -> None:
        self._make = make
        self._phones: dict[str, Phone] = {}
        self._lock = threading.Lock()

    def new(self, *, written: bool = False) -> Phone:
        """Beyond MOST, one has to go: rather one whose page is gone, rather one without a call, rather the oldest."""
        phone = self._make(written)
        with self._lock:
            gone = self._least() if len(self._phones) >= MOST else None
            self._phones[phone.id] = phone
        if gone is not None:
            gone.close()
        return phone

    def _least(self) -> Phone:
        least = min(self._phones.values(), key=lambda phone: (phone.log.is_heard, phone.is_busy))
        return self._phones.pop(least.id)

    def get(self, name: str) -> Phone | None:
        return self._phones.get(name)

    def close(self) -> None:
        with self._lock:
            phones, self._phones = list(self._phones.values()), {}
        for phone in phones:
            phone.close()
