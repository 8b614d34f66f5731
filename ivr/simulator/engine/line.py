"""One leg that TwiML is executed on: the caller's own, or a callee's that hears a whisper.

Knows who it is and what it hears; must not know TwiML or HTTP.
"""

from dataclasses import dataclass

from ivr.simulator.engine.effects import Key

REACTION = 1.0  # seconds between the end of a prompt and the key of a person at the far end (ours)


class CallOverError(Exception):
    """The call has ended; carries its final CallStatus through the verbs that were at work."""

    def __init__(self, status: str, why: str) -> None:
        self.status = status
        self.why = why
        super().__init__(f"{status}: {why}")


class LegOverError(Exception):
    """The leg that a whisper was played on has ended."""


@dataclass(frozen=True, slots=True)
class Hears:
    """What the call listens to at a moment."""

    keys: str = ""
    speech: bool = False


NOTHING = Hears()


@dataclass(slots=True)
class Line:
    """`parent_sid`: "" for the caller's leg. `keys`: what is still to be pressed at the far end."""

    sid: str
    from_: str
    to: str
    direction: str
    status: str
    parent_sid: str = ""
    keys: str = ""
    quiet_since: float | None = None

    @property
    def is_caller(self) -> bool:
        return not self.parent_sid

    @property
    def mark(self) -> dict[str, str]:
        """The field that tells an event on a callee's leg from one on the caller's."""
        return {} if self.is_caller else {"leg": self.sid}

    def next_key(self, now: float, hears: Hears) -> tuple[float, Key] | None:
        """When the person at the far end presses which key: a moment after the prompts have ended."""
        if self.is_caller or not self.keys or not hears.keys or self.quiet_since is None:
            return None
        return max(now, self.quiet_since + REACTION), Key(self.keys[0])
