"""A far end while it is dialled: its status, the trace's `leg` events and its noun's status callbacks. T:number.

Only the events that were asked for are told (completed when none is named), each with the next SequenceNumber from 0.
"""

import math
from dataclasses import dataclass, replace

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.effects import FarAct, Steps
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import Line
from ivr.simulator.engine.params import progress, standard
from ivr.simulator.engine.scene import Scene
from ivr.simulator.plan import Leg
from ivr.simulator.twiml.nouns import Noun

_FINAL = ("completed", "busy", "no-answer", "failed", "canceled")
_EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


@dataclass(slots=True)
class FarEnd:
    """`base`: the document's URL, which the callback's is relative to. `refused`: Twilio would not dial it at all.

    `is_moved`: it goes on elsewhere, which tells its end."""

    line: Line
    noun: Noun
    plan: Leg
    started: float
    base: str
    refused: bool = False
    answered_at: float | None = None
    bridged_at: float | None = None
    seconds: int = 0
    told: int = 0
    is_moved: bool = False

    @property
    def is_over(self) -> bool:
        return self.line.status in _FINAL

    def act(self, now: float, what: FarAct) -> None:
        """A person there does something. It becomes the leg's plan, in whole milliseconds, so that the same plan plays
        the same call again; what comes too late or too early does nothing."""
        match what.act:
            case "answer" | "busy" | "failed" | "no-answer" if self.line.status == "ringing":
                self._decide(now, what)
            case "press" if self.answered_at is not None and not self.is_over:
                self._press(self.answered_at, now, what.key)
            case "hang-up" | "move" if self.answered_at is not None and not self.is_over:
                self.is_moved = what.act == "move"
                self._leave(self.answered_at, now)
            case _:
                pass

    def _decide(self, now: float, what: FarAct) -> None:
        passed = _since(self.started, now)
        if what.act == "answer":
            self.plan = Leg("answer", passed, keys="", machine=what.machine, then=self.plan.then)
            self.line.keys = ""
        elif what.act in ("busy", "failed", "no-answer"):
            self.plan = Leg(what.act, after=passed, then=self.plan.then)

    def _press(self, answered_at: float, now: float, key: str) -> None:
        """Once, and not where the plan has keys already, or a machine has answered."""
        if self.bridged_at is None and not self.plan.keys and not self.plan.machine:
            self.plan = replace(self.plan, keys=key, thinks=_since(answered_at, now))
            self.line.keys, self.line.presses_at = key, answered_at + self.plan.thinks

    def _leave(self, answered_at: float, now: float) -> None:
        if self.bridged_at is not None:
            self.plan = replace(self.plan, talk=_since(self.bridged_at, now))
        else:
            leaves = _since(answered_at, now)
            self.plan = replace(self.plan, leaves=leaves)
            self.line.leaves_at = answered_at + leaves


def _since(start: float, now: float) -> float:
    """Seconds in whole milliseconds, never less than have passed."""
    return math.ceil((now - start) * 1000 - 1e-6) / 1000


def other_end(scene: Scene, noun: Noun) -> FarEnd:
    """Whoever takes a call from a queue or joins a conference; its leg has the noun's address for a number."""
    call = scene.call
    line = Line(call.new_sid("CA"), call.plan.from_, noun.address, "inbound", "initiated", call.line.sid)
    return FarEnd(line, noun, call.plan.leg(noun.address), call.now, scene.here.url)


def move(call: RunningCall, far: FarEnd, status: str, extra: Params = ()) -> Steps[None]:
    """The leg's status changes; a final one has a duration, in seconds since its answer. `extra`: what its callback is
    told besides."""
    line = far.line
    line.status = status
    ended = {"duration": far.seconds} if far.is_over else {}
    call.trace.add(call.now, "leg", sid=line.sid, to=line.to, **{"from": line.from_}, status=status, **ended)
    event = _EVENTS.get(status, "completed")
    if far.noun.status_callback is None or event not in far.noun.status_events or (far.is_moved and far.is_over):
        return
    duration = (("CallDuration", str(far.seconds)),) if far.is_over else ()
    params = standard(call, line, *duration, *extra, *progress(call, far.told))
    far.told += 1
    yield from tell(call, Callback(far.base, far.noun.status_callback, far.noun.status_method), params)


def end(call: RunningCall, far: FarEnd, status: str, extra: Params = ()) -> Steps[None]:
    """The leg is over, unless it is already."""
    if far.is_over:
        return
    if far.answered_at is not None:
        far.seconds = int(call.now - far.answered_at + 0.5)
    yield from move(call, far, status, extra)
