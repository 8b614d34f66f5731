"""A person at a live call, for tests: does one thing after another, each when the call tells what it waits for."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from ivr.simulator import CallPlan, Outcome, Transport, play
from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.web_phone.live import Act, Message, Pacing, PhoneCall

FAST = 100.0
When = Callable[[dict[str, Any]], bool]


def event(name: str, **fields: Any) -> When:
    """The trace event of this name whose fields contain these."""
    return lambda event: (
        event["event"] == name and all(str(text) in str(event.get(key)) for key, text in fields.items())
    )


class Person:
    """`acts`: what to wait for, and what to do then; given the event, for a leg's sid."""

    def __init__(self, acts: Sequence[tuple[When, Callable[[dict[str, Any]], Act]]]) -> None:
        self._acts = list(acts)
        self.messages: list[Message] = []
        self.over = threading.Event()
        self.call: PhoneCall | None = None
        self._waiting: list[Message] = []

    def tell(self, message: Message) -> None:
        self.messages.append(message)
        if message["type"] == "over":
            self.over.set()
        if message["type"] == "event" and self._acts and self._acts[0][0](message["event"]):
            assert self.call is not None
            self.call.do(self._acts.pop(0)[1](message["event"]))

    def exchanged(self, request: dict[str, Any], fetch: Fetch, reply: Response | Failed) -> None:
        pass


def converse(plan: CallPlan, transport: Transport, person: Person, pacing: Pacing | None = None) -> PhoneCall:
    """A live call from its first to its last moment, a hundred times as fast as life unless told otherwise."""
    call = PhoneCall(plan, transport, person, pacing or Pacing(FAST))
    person.call = call
    call.start()
    assert call.join(30), person.messages[-5:]
    return call


def replayed(call: PhoneCall, transport: Transport) -> Outcome:
    """The call again, in virtual time."""
    return play(call.as_played(), transport)


def comparable(trace: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A trace without what a machine's speed decides."""
    return [{key: value for key, value in event.items() if key != "ms"} for event in trace]
