"""Add-ons that an account has installed: programs of others that Twilio asks about calls, messages and recordings.
T:add-ons.

What an add-on answers is said when it is installed. One that is assigned to a number is asked about each call and
message that comes in there; the answer is in the parameter AddOns of the webhook, where that is asked with POST. One
for recordings is asked about each that is over.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from ivr.base.errors import SimulatorError
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.recordings import Recording

Answer: TypeAlias = Mapping[str, Any] | Callable[[Mapping[str, str]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class AddOn:
    """`sid`: XE, of the installation; `product`: XB. `answer`: JSON, or what makes it of the facts.

    The facts are From and To of a call, Body too of a message; RecordingSid, CallSid, RecordingDuration of a recording.
    """

    name: str
    sid: str
    product: str
    answer: Answer
    of_recordings: bool = False

    def asked(self, facts: Mapping[str, str]) -> Mapping[str, Any]:
        return self.answer(facts) if callable(self.answer) else self.answer


class AddOnResult(NamedTuple):
    """What an add-on has made of a recording. `sid`: XR; `payload`: XH, of its only file."""

    add_on: AddOn
    tape: Recording
    sid: str
    payload: str

    @property
    def content(self) -> bytes:
        tape = self.tape
        facts = {"RecordingSid": tape.sid, "CallSid": tape.call_sid, "RecordingDuration": str(tape.duration)}
        return json.dumps(self.add_on.asked(facts), ensure_ascii=False).encode()


@dataclass(slots=True)
class AddOns:
    """`sid_of`: the account's. `deleted`: sids of results and payloads."""

    sid_of: Callable[[str, str], str]
    installed: dict[str, AddOn] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def install(self, name: str, answer: Answer, *, of_recordings: bool) -> AddOn:
        """Raises SimulatorError when it is installed already."""
        sid = self.sid_of("XE", f"add-on {name}")
        if sid in self.installed:
            raise SimulatorError(f"the add-on {name!r} is installed already")
        self.installed[sid] = AddOn(name, sid, self.sid_of("XB", f"add-on {name}"), answer, of_recordings)
        return self.installed[sid]

    def params(self, assigned: Mapping[str, float], about: str, **facts: str) -> Params:
        """What a webhook is told of its number's add-ons; nothing without any. `about`: the call or the message."""
        results = {
            add_on.name: {
                "request_sid": self.sid_of("XR", f"{about}/{add_on.name}"),
                "status": "successful",
                "message": None,
                "code": None,
                "result": add_on.asked(facts),
            }
            for add_on in map(self.installed.__getitem__, assigned)
        }
        if not results:
            return ()
        told = {"status": "successful", "message": None, "code": None, "results": results}
        return (("AddOns", json.dumps(told, ensure_ascii=False)),)

    def results(self, tape: Recording) -> list[AddOnResult]:
        """Of a recording; none before it is over."""
        if not tape.is_over:
            return []
        made = [
            AddOnResult(each, tape, *(self.sid_of(kind, f"{tape.sid}/{each.name}") for kind in ("XR", "XH")))
            for each in self.installed.values()
            if each.of_recordings
        ]
        return [each for each in made if each.sid not in self.deleted]
