"""How often a call has begun to listen to its caller: every Gather and every Record is a turn.

A group of keys on the command line is for the next turn. Reads events of the trace, each once.
"""

from collections.abc import Sequence
from itertools import islice

from ivr.simulator.engine.effects import Pass
from ivr.simulator.trace import Event

_KINDS = ("listen", "gather", "record")  # of the events that begin a turn or end it


class Turns:
    def __init__(self) -> None:
        self._counted = 0  # events that were looked at
        self._gathers = 0
        self._records = 0  # that are over: nothing in the trace tells of their beginning
        self._is_gathering = False

    def now(self, effect: Pass, events: Sequence[Event]) -> int:
        """The number of the present turn, or of the latest one."""
        for event in islice(events, self._counted, None):
            if event["event"] in _KINDS and "leg" not in event:
                self._count(event["event"])
        self._counted = len(events)
        is_recording = effect.keys and not self._is_gathering
        return self._gathers + self._records + is_recording

    def _count(self, event: str) -> None:
        match event:
            case "listen":
                self._gathers += 1
                self._is_gathering = True
            case "gather":
                self._is_gathering = False
            case "record":
                self._records += 1
