"""What became of a call, read from its trace. Must not know how it was played."""

from dataclasses import dataclass
from typing import Any

from ivr.simulator.plan import Step
from ivr.simulator.prompts import is_heard
from ivr.simulator.trace import Event


@dataclass(frozen=True)
class Outcome:
    """`trace`: the events of the contract. `requests`: method, URL, status (None: no reply) and the reply's body.

    `undone`: the steps that the call's end left undone.
    """

    trace: list[Event]
    requests: list[tuple[str, str, int | None, bytes]]
    undone: tuple[Step, ...] = ()

    def events(self, *names: str) -> list[dict[str, Any]]:
        """The events of these names, in order."""
        return [event for event in self.trace if event["event"] in names]

    @property
    def heard(self) -> list[str]:
        """The texts that the caller heard, one for each say event."""
        return [event["text"] for event in self.trace if is_heard(event)]

    @property
    def whispered(self) -> list[str]:
        """The texts that far ends heard before they were connected."""
        return [event["text"] for event in self.events("say") if not is_heard(event)]

    @property
    def dialled(self) -> list[str]:
        return [event["to"] for event in self.events("leg") if event["status"] == "initiated"]

    @property
    def ended(self) -> str:
        """The final CallStatus."""
        return str(self.trace[-1]["status"])

    @property
    def seconds(self) -> float:
        """Call time from the placing of the call to its end."""
        return float(self.trace[-1]["t"])

    @property
    def warnings(self) -> list[int]:
        """The codes of all warnings and errors."""
        return [event["code"] for event in self.events("warning", "error")]
