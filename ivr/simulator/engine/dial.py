"""Dial: ring, connect the first that answers, tell the action how it went. T:dial, T:sip, T:queue.

Far ends are simulated always; how they ring stands in `ringing`, a conference in `conference`.
"""

import math
from dataclasses import dataclass
from typing import assert_never

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.conference import confer
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.legs import FarEnd, end
from ivr.simulator.engine.line import CallOverError, Hears, LegOverError
from ivr.simulator.engine.params import Params
from ivr.simulator.engine.prompts import perform
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.engine.ringing import complain, ring
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.whisper import whisper
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.play import Play
from ivr.simulator.urls import UrlError, resolve

_SIP_RESPONSES = {"completed": "200", "busy": "486", "no-answer": "487", "failed": "503"}  # ours but for 200


@dataclass(slots=True)
class _Result:
    """What the action is told. `sid`: of the leg that counts; `seconds`: from its answer to its end."""

    status: str = "failed"
    sid: str = ""
    seconds: int = 0
    bridged: bool = False
    extra: Params = ()

    def params(self) -> Params:
        sid = (("DialCallSid", self.sid),) if self.sid else ()
        bridged = ("DialBridged", str(self.bridged).lower())
        return ("DialCallStatus", self.status), *sid, ("DialCallDuration", str(self.seconds)), bridged, *self.extra


def dial(scene: Scene, verb: Dial) -> Steps[Document | None]:
    """The action's document, or None to go on with the next verb."""
    if verb.conference is not None:
        told = yield from confer(scene, verb, verb.conference)
    else:
        if not verb.answer_on_bridge:
            scene.call.answer()
        result = _Result()
        if verb.nouns:
            yield from _connect(scene, verb, result)
        told = result.params()
    if verb.action is None:
        return None
    return (yield from next_document(scene, verb.action, verb.method, extra=told))


def _connect(scene: Scene, verb: Dial, result: _Result) -> Steps[None]:
    call = scene.call
    ends: list[FarEnd] = []
    tape = Recording(call, scene.here.url, verb.recording, "DialVerb", 2 if "dual" in verb.record else 1)
    try:
        if "ringing" in verb.record:
            yield from tape.begin()
        answered = yield from ring(scene, verb, ends)
        for other in ends:
            if answered is not None and other is not answered:
                yield from end(call, other, "canceled")
        if answered is not None:
            yield from _talk(scene, verb, answered, result, tape)
    except CallOverError:
        for far in ends:
            yield from end(call, far, "completed" if far.answered_at is not None else "canceled")
        yield from _stop(verb, tape)
        raise
    yield from _stop(verb, tape)
    if answered is None:
        answered = _best(ends)
        result.status = answered.line.status
    result.sid = answered.line.sid
    result.extra = (*tape.params, *_particulars(call, answered, result))


def _stop(verb: Dial, tape: Recording) -> Steps[None]:
    if verb.record != "do-not-record":
        yield from tape.end()


def _best(ends: list[FarEnd]) -> FarEnd:
    """Of several that did not answer, the best reason counts: busy before no-answer before failed (ours)."""
    order = ("busy", "no-answer", "failed")
    return min(ends, key=lambda far: order.index(far.line.status))


def _particulars(call: Call, far: FarEnd, result: _Result) -> Params:
    """What the action is told besides of a SIP endpoint (T:sip) or of a call that was dequeued (T:queue)."""
    match far.noun.kind:
        case "Sip":
            call_id = f"{far.line.sid[2:]}@sip.twilio.com"
            return ("DialSipCallId", call_id), ("DialSipResponseCode", _SIP_RESPONSES[result.status])
        case "Queue":
            outcome = {"completed": "bridged", "failed": "queue-not-found"}.get(result.status, "queue-empty")
            told = ("DequeueResult", outcome), ("QueueSid", call.sid_of("QU", far.noun.address))
            if not result.bridged:
                return told
            length = ("DequeuedCallDuration", str(result.seconds))
            return (*told, ("DequeuedCallSid", far.line.sid), ("DequeuedCallQueueTime", "0"), length)
        case "Number" | "Client" | "Conference":
            return ()
        case kind:
            assert_never(kind)


def _talk(scene: Scene, verb: Dial, far: FarEnd, result: _Result, tape: Recording) -> Steps[None]:
    call = scene.call
    try:
        if far.noun.send_digits:
            yield from perform(Scene(call, far.line, scene.here), Play(None, far.noun.send_digits, 1))
        if far.noun.url:
            url = resolve(scene.here.url, far.noun.url)
            yield from whisper(call, far.line, url, far.noun.method, _dequeued(call, far))
    except UrlError as error:
        complain(call, error.code, str(error), far.noun)
        result.status = "failed"
    except LegOverError:
        result.status = "no-answer"  # it was answered, but by nobody who took the call (ours; Twilio is silent)
    else:
        call.answer()
        result.status, result.bridged = "completed", True
        if verb.record != "do-not-record":
            yield from tape.begin()
        yield from _bridge(call, verb, far)
    yield from end(call, far, "completed")
    result.seconds = far.seconds


def _dequeued(call: Call, far: FarEnd) -> Params:
    """What the document for a caller who is taken from a queue is told; the name is misspelt by Twilio (T:queue)."""
    if far.noun.kind != "Queue":
        return ()
    sid = call.sid_of("QU", far.noun.address)
    return ("QueueSid", sid), ("QueueTime", "0"), ("DequeingCallSid", call.line.sid)


def _bridge(call: Call, verb: Dial, far: FarEnd) -> Steps[None]:
    """Talk, until the far end hangs up, the limit is reached, or the caller presses star."""
    star = Hears("*" if verb.hangup_on_star else "", asks=False)
    far.bridged_at = call.now
    while True:
        talk = far.plan.talk if far.plan.talk is not None else math.inf
        end_of_talk = far.bridged_at + min(talk, verb.time_limit)
        pressed = yield from call.wait(call.line, max(end_of_talk, call.now), star, wakes=True)
        if pressed is not None or call.now >= end_of_talk:
            return
