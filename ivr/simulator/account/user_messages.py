"""Messages between the application and a Voice SDK that is on a call. T:call-message-events.

A call has a Voice SDK where the person on its line is a client (`client:anna`). What such a person sends is told to
every subscription of the call; what the application sends is kept for the person.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.simulator.account.running import Running
from ivr.simulator.account.world import World
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.form import Params

LONGEST_CONTENT = 10_000  # characters (T:32703)
_FAILED = 32711


@dataclass(frozen=True, slots=True)
class UserMessage:
    """From the application to the one on the line of the call. `content`: JSON. `key`: the request's IdempotencyKey."""

    sid: str
    call_sid: str
    content: str
    created: float
    key: str = ""


@dataclass(frozen=True, slots=True)
class UserSubscription:
    """Where the application is told what the one on the line of the call sends."""

    sid: str
    call_sid: str
    callback: str
    method: str
    created: float
    key: str = ""


class UserMessages:
    """`received`: by the people on the lines, in order. `sid_of`, `date`: the account's."""

    def __init__(self, world: World, sid_of: Callable[[str, str], str], date: Callable[[], str]) -> None:
        self.received: list[UserMessage] = []
        self.subscriptions: dict[str, UserSubscription] = {}
        self.subscribed = 0  # subscriptions, those that were deleted included
        self._world = world
        self._sid_of = sid_of
        self._date = date
        self._sent: Counter[str] = Counter()  # by the people, by call

    def contents(self, call_sid: str) -> list[Any]:
        """What the application has sent to the one on the line of this call."""
        return [json.loads(each.content) for each in self.received if each.call_sid == call_sid]

    def subscribe(self, subscription: UserSubscription) -> None:
        self.subscribed += 1
        self.subscriptions[subscription.sid] = subscription

    def send(self, running: Running, call_sid: str, number: str, content: object) -> None:
        """The person at `number`, on the line of the call or of a leg of it, sends a message. Raises SimulatorError."""
        if not number.startswith("client:"):
            raise SimulatorError(f"{number} has no Voice SDK: only a client, such as client:anna, sends messages")
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        if len(text) > LONGEST_CONTENT:
            raise SimulatorError(f"the message has {len(text)} characters, more than {LONGEST_CONTENT}", code=32703)
        call, place = running.session.call, self._sent[call_sid]
        self._sent[call_sid] += 1
        params: Params = (
            ("AccountSid", call.plan.account_sid),
            ("CallSid", call_sid),
            ("Sid", self._sid_of("KX", f"{call_sid}/sent/{place}")),
            ("Content", text),
            ("ContentType", "application/json"),
            ("SequenceNumber", str(place)),
            ("Timestamp", self._date()),
        )
        for each in self.subscriptions.values():
            if each.call_sid == call_sid:
                call.delayed.add(call.now, tell(call, Callback(each.callback, "", each.method, _FAILED), params))
        self._world.wake(running.sid)
        self._world.settle()
