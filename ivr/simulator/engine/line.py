"""One leg that TwiML is executed on: the caller's own, or a callee's that hears a whisper.

Knows who it is and what it hears.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ivr.simulator.engine.effects import Key

FAR_KEY_GAP = 0.2  # seconds between two keys of a person at the far end, as for the caller's


class CallOverError(Exception):
    """The call has ended; carries its final CallStatus through the verbs that were at work."""

    def __init__(self, status: str, why: str) -> None:
        self.status = status
        self.why = why
        super().__init__(f"{status}: {why}")


class LegOverError(Exception):
    """The leg that a whisper was played on has ended."""


class AlarmError(Exception):
    """The moment of the call's alarm has come while the caller was kept waiting."""


class Hears(NamedTuple):
    """What the call listens to at a moment. `asks`: it waits for input, as a Gather does and a talk does not.

    `speaks`: the caller is speaking.
    """

    keys: str = ""
    speech: bool = False
    asks: bool = True
    speaks: bool = False


NOTHING = Hears()


@dataclass(slots=True)
class Line:
    """`parent_sid`: "" for the caller's leg. `keys`: what is still to be pressed at the far end.

    `next_key_at`: not before which moment; None while nothing listens there. `presses_at`: nor before this one.
    `leaves_at`: when the one there hangs up by itself. `mark`: the field that tells an event on a callee's leg from one
    on the caller's.
    """

    sid: str
    from_: str
    to: str
    direction: str
    status: str
    parent_sid: str = ""
    keys: str = ""
    next_key_at: float | None = None
    presses_at: float = 0.0
    leaves_at: float = math.inf
    is_caller: bool = field(init=False)
    mark: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.is_caller = not self.parent_sid
        self.mark = {} if self.is_caller else {"leg": self.sid}

    def next_key(self, now: float, hears: Hears) -> tuple[float, Key] | None:
        """When the person at the far end presses which key: as soon as it is listened to, so that a leg's plan of
        "answer after 3 s, talk for 20 s" holds to the second with a whisper too (ours)."""
        if not self.keys or self.is_caller or not hears.keys or self.next_key_at is None:
            return None
        return max(now, self.next_key_at, self.presses_at), Key(self.keys[0])
