"""The record of a call: events in order, `t` in seconds of call time. The contract's field names stand here.

An event that lasts (say, play, pause) stands where it started and is completed when it ends, so `t` never goes back and
a trace is written once the call is over.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ivr.simulator.printable import json_text
from ivr.simulator.remembered import Remembered

Event: TypeAlias = dict[str, Any]


class Trace:
    """`observer` is told of each event twice if it lasts: when it starts and when it is complete."""

    def __init__(self, observer: Callable[[Event], None] | None = None) -> None:
        self.events: list[Event] = []
        self._open: dict[int, Event] = {}
        self._observer = observer

    def add(self, at: float, event: str, **fields: Any) -> Event:
        record: Event = {"t": _SECONDS[at], "event": event, **fields}
        self.events.append(record)
        if self._observer is not None:
            self._observer(record)
        return record

    def begin(self, at: float, event: str, fields: Mapping[str, Any]) -> Event:
        """An event that lasts: `until` and perhaps `cut` follow with `finish`."""
        record: Event = {"t": _SECONDS[at], "event": event, **fields}
        self.events.append(record)
        if self._observer is not None:
            self._observer(record)
        self._open[id(record)] = record
        return record

    def finish(self, record: Event, at: float) -> None:
        if self._open.pop(id(record), None) is not None:
            record["until"] = _SECONDS[at]
            if self._observer is not None:
                self._observer(record)


def seconds(at: float) -> float:
    """Call time as the contract wants it: 3 decimals."""
    return round(at + 0.0, 3)


_SECONDS = Remembered(seconds, 4096)  # many events share a moment, and in virtual time many calls


def json_line(event: Event, scenario: str | None = None) -> str:
    """One line of JSON, with the scenario's name when several share a file."""
    if scenario is not None:
        event = {"scenario": scenario, **event}
    return json_text(event, compact=True)
