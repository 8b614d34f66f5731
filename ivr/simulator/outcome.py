"""What became of a call, read from its trace. Does not know how the call was played."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from ivr.simulator.events import (
    CallEvent,
    EndedEvent,
    ErrorEvent,
    GatherEvent,
    KeyEvent,
    LegEndedEvent,
    LegEvent,
    ListenEvent,
    PauseEvent,
    PlayedRecordingEvent,
    PlayedTonesEvent,
    RecordEvent,
    RequestEvent,
    ResponseEvent,
    SayEvent,
    StatusEvent,
    WarningEvent,
)
from ivr.simulator.plan import Fault, FaultKind, Step
from ivr.simulator.prompts import is_heard
from ivr.simulator.trace import Event

# The errors that follow from a fault. Any other error of the same request is the application's own.
_NO_ANSWER = (11203, 11205)
_CODES: dict[FaultKind, tuple[int, ...]] = {
    "timeout": _NO_ANSWER,
    "delay": _NO_ANSWER,
    "late": _NO_ANSWER,
    "lost": _NO_ANSWER,
    "reset": _NO_ANSWER,
    "refuse": (11202, 11203),
    "status": (11203, 11216, 11217, 12100, 12300, 13420),
    "redirects": (11215,),
    "oversized": (11750,),
    "bad_xml": (12100,),
    "wrong_type": (12300, 13420),
}
_ANSWERED_BADLY = {11206, 11220, 11235, 11236, 11237}  # what is no HTTP, and TLS that fails


@dataclass(frozen=True)
class Outcome:
    """`trace`: the events of the contract. `requests`: method, URL, status (None: no reply) and the reply's body.

    `undone`: the steps that were not done when the call ended. `faults`: the faults that were injected, by the number
    of the request that met them. `gave_up`: why the caller has hung up before its steps were done; "" if it has not.
    """

    trace: list[Event]
    requests: list[tuple[str, str, int | None, bytes]]
    undone: tuple[Step, ...] = ()
    faults: Mapping[int, Fault] = field(default_factory=dict)
    gave_up: str = ""

    @overload
    def events(self, name: Literal["call"], /) -> list[CallEvent]: ...
    @overload
    def events(self, name: Literal["request"], /) -> list[RequestEvent]: ...
    @overload
    def events(self, name: Literal["response"], /) -> list[ResponseEvent]: ...
    @overload
    def events(self, name: Literal["status"], /) -> list[StatusEvent]: ...
    @overload
    def events(self, name: Literal["say"], /) -> list[SayEvent]: ...
    @overload
    def events(self, name: Literal["play"], /) -> list[PlayedRecordingEvent | PlayedTonesEvent]: ...
    @overload
    def events(self, name: Literal["pause"], /) -> list[PauseEvent]: ...
    @overload
    def events(self, name: Literal["listen"], /) -> list[ListenEvent]: ...
    @overload
    def events(self, name: Literal["key"], /) -> list[KeyEvent]: ...
    @overload
    def events(self, name: Literal["gather"], /) -> list[GatherEvent]: ...
    @overload
    def events(self, name: Literal["leg"], /) -> list[LegEvent | LegEndedEvent]: ...
    @overload
    def events(self, name: Literal["record"], /) -> list[RecordEvent]: ...
    @overload
    def events(self, name: Literal["warning"], /) -> list[WarningEvent]: ...
    @overload
    def events(self, name: Literal["error"], /) -> list[ErrorEvent]: ...
    @overload
    def events(self, name: Literal["ended"], /) -> list[EndedEvent]: ...
    @overload
    def events(self, *names: str) -> list[Any]: ...
    def events(self, *names: str) -> list[Any]:
        """The events of these names, in order; typed, if one name is given."""
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
        """The final CallStatus; "" while the call is under way."""
        last = self.trace[-1]
        return str(last["status"]) if last["event"] == "ended" else ""

    @property
    def seconds(self) -> float:
        """Call time from the placing of the call to its end."""
        return float(self.trace[-1]["t"])

    @property
    def wrong(self) -> list[Event]:
        """The warnings and errors, in order, without what is only not simulated."""
        return [event for event in self.events("warning", "error") if not is_not_simulated(event)]

    @property
    def first_url(self) -> str:
        """Of the first request; "" when there was none."""
        return self.requests[0][1] if self.requests else ""

    @property
    def warnings(self) -> list[int]:
        """The codes of `wrong`."""
        return [event["code"] for event in self.wrong]

    @property
    def errors(self) -> list[ErrorEvent]:
        """The errors that do not follow from an injected fault."""
        return [event for event in self.events("error") if not self._follows_from_a_fault(event)]

    @property
    def not_simulated(self) -> list[str]:
        """What the application uses and the simulator passes over: `attribute trim of <Dial>`, each thing once."""
        said = (event["message"].partition(" is not simulated")[0] for event in self.trace if is_not_simulated(event))
        return list(dict.fromkeys(said))

    @property
    def is_unanswered(self) -> bool:
        """True when requests were sent and no server was there for any of them.

        A server that answers badly is there.
        """
        silent = all(status is None for _, _, status, _ in self.requests)
        return bool(self.requests) and silent and not set(self.warnings) & _ANSWERED_BADLY

    def _follows_from_a_fault(self, error: ErrorEvent) -> bool:
        fault = self.faults.get(error["request"])
        return fault is not None and error["code"] in _CODES.get(fault.kind, ())


def is_not_simulated(event: Event) -> bool:
    """True for an attribute or option that has no effect here. Twilio has no code for it, so the warning's code is 0.

    A verb or noun that is not simulated changes the call: it is an error.
    """
    return event["event"] == "warning" and event.get("code") == 0
