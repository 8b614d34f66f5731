"""A far end while it is dialled: its status, the trace's `leg` events and its noun's status callbacks. T:number.

Only the events that were asked for are told (completed when none is named), each with the next SequenceNumber from 0.
"""

from dataclasses import dataclass

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.callbacks import tell
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.line import Line
from ivr.simulator.engine.params import progress, standard
from ivr.simulator.plan import Leg
from ivr.simulator.twiml.nouns import Noun

_FINAL = ("completed", "busy", "no-answer", "failed", "canceled")
_EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


@dataclass(slots=True)
class FarEnd:
    """`base`: the document's URL, which the callback's is relative to. `refused`: Twilio would not dial it at all."""

    line: Line
    noun: Noun
    plan: Leg
    started: float
    base: str
    refused: bool = False
    answered_at: float | None = None
    seconds: int = 0
    told: int = 0

    @property
    def is_over(self) -> bool:
        return self.line.status in _FINAL


def move(call: Call, far: FarEnd, status: str) -> Steps[None]:
    """The leg's status changes; a final one has a duration, in seconds since its answer."""
    line = far.line
    line.status = status
    ended = {"duration": far.seconds} if far.is_over else {}
    call.trace.add(call.now, "leg", sid=line.sid, to=line.to, **{"from": line.from_}, status=status, **ended)
    event = _EVENTS.get(status, "completed")
    if far.noun.status_callback is None or event not in far.noun.status_events:
        return
    duration = (("CallDuration", str(far.seconds)),) if far.is_over else ()
    params = standard(call, line, *duration, *progress(call, far.told))
    far.told += 1
    yield from tell(call, far.base, far.noun.status_callback, far.noun.status_method, params)


def end(call: Call, far: FarEnd, status: str) -> Steps[None]:
    """The leg is over, unless it is already."""
    if far.is_over:
        return
    if far.answered_at is not None:
        far.seconds = int(call.now - far.answered_at + 0.5)
    yield from move(call, far, status)
