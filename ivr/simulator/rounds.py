"""Whether a call goes round and round: the same request, the same sounds, and nothing from the caller."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from ivr.simulator.trace import Event

MOST_ROUNDS = 20  # alike, after which nothing new is to be expected; ours
_CHANGING = {"t", "until", "n", "ms", "signature", "sid", "request", "duration"}


class Rounds:
    """Counts, from one look to the next, how often each round has come since the caller last did something. A round is
    what happens from one request for a document to the next."""

    def __init__(self) -> None:
        self._read = 0
        self._round: list[str] = []
        self._times: Counter[int] = Counter()

    def is_repeated(self, events: Sequence[Event]) -> bool:
        for event in islice(events, self._read, None):
            self._take(event)
        self._read = len(events)
        return bool(self._times) and max(self._times.values()) >= MOST_ROUNDS

    def _take(self, event: Event) -> None:
        name = event["event"]
        if name == "key" or (name == "gather" and (event["digits"] or event["speech"])):
            self._times.clear()
        if name == "request" and event["purpose"] != "status":
            self._times[hash(tuple(self._round))] += 1
            self._round = []
        self._round.append(repr([(key, value) for key, value in event.items() if key not in _CHANGING]))
