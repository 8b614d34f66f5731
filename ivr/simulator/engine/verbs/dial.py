"""Dial: ring, connect the first that answers, tell the action how it went. T:dial, T:sip, T:queue.

The action is told although the caller has hung up, as Twilio asks it "when the Dial call ends"; its reply is not used
(no page says so outright). Far ends are simulated always; how they ring stands in `ringing`, a conference in
`conference`.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.conference import Meeting, confer
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.final_action import send_final_action
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.legs import FarEnd, end
from ivr.simulator.engine.line import CallOverError, Hears, LegOverError
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.engine.ringing import complain, ring
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.shared import SharedState
from ivr.simulator.engine.shared_conference import confer_with_others
from ivr.simulator.engine.shared_queue import Dequeued, release, take_from_queue, talk_with_caller
from ivr.simulator.engine.verbs import play
from ivr.simulator.engine.whisper import whisper
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.play import Play
from ivr.simulator.urls import UrlError, resolve

_SIP_RESPONSES = {
    "completed": "200",
    "busy": "486",
    "no-answer": "487",
    "canceled": "487",
    "failed": "503",
}  # 200: T:sip
_WRONG_QUEUE_URL = 14211


@dataclass(slots=True)
class _Result:
    """What the action is told. `sid`: of the leg that counts; `seconds`: from its answer to its end."""

    status: str = ""
    sid: str = ""
    seconds: int = 0
    bridged: bool = False
    extra: Params = ()

    def params(self, verb: Dial) -> Params:
        bridged = ("DialBridged", str(self.bridged).lower())
        if verb.conference is not None:  # only of a caller who has left it by hanging up
            return ("DialCallStatus", "answered"), bridged, *self.extra
        sid = (("DialCallSid", self.sid),) if self.sid else ()
        return (
            ("DialCallStatus", self.status or "failed"),
            *sid,
            ("DialCallDuration", str(self.seconds)),
            bridged,
            *self.extra,
        )


def execute(scene: Scene, verb: Dial) -> Steps[Document | None]:
    """The action's document, or None to go on with the next verb."""
    result = _Result()
    try:
        told = yield from _reach(scene, verb, result)
    except CallOverError as over:
        if verb.action is not None and over.why in ("hangup", "limit"):
            yield from send_final_action(scene, over, verb.action, verb.method, result.params(verb))
        raise
    if verb.action is None:
        return None
    return (yield from next_document(scene, verb.action, verb.method, extra=told))


def _reach(scene: Scene, verb: Dial, result: _Result) -> Steps[Params]:
    """What the action is told."""
    if verb.conference is None:
        if not verb.answer_on_bridge:
            scene.call.answer()
        queue = verb.nouns[0] if verb.nouns and verb.nouns[0].kind == "Queue" else None
        if queue is not None and scene.call.shared is not None:
            yield from _dequeue(scene, verb, queue, scene.call.shared, result)
        elif verb.nouns:
            yield from _connect(scene, verb, result)
        return result.params(verb)
    tape, meeting = _tape(scene, verb), Meeting()
    if verb.record != "do-not-record":
        yield from tape.begin()
    try:
        meet = confer if scene.call.shared is None else partial(confer_with_others, scene.call.shared)
        told = yield from meet(scene, verb, verb.conference, meeting)
    finally:
        if verb.record != "do-not-record":
            yield from tape.end()
        result.extra, result.bridged = tape.params, meeting.bridged
    return (*told, *tape.params)


def _tape(scene: Scene, verb: Dial) -> Recording:
    return Recording(scene.call, scene.here.url, verb.recording, "DialVerb", 2 if "dual" in verb.record else 1)


def _connect(scene: Scene, verb: Dial, result: _Result) -> Steps[None]:
    call = scene.call
    ends: list[FarEnd] = []
    tape = _tape(scene, verb)
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
        yield from _stop(verb, tape)
        for far in ends:
            recorded = tape.params if far.bridged_at is not None else ()
            yield from end(call, far, "completed" if far.answered_at is not None else "canceled", recorded)
        _note(call, result, _hung_up_on(ends), tape)
        raise
    yield from _stop(verb, tape)
    if answered is None:
        answered = _best(ends)
        result.status = answered.line.status
    _note(call, result, answered, tape)


def _dequeue(scene: Scene, verb: Dial, noun: Noun, shared: SharedState, result: _Result) -> Steps[None]:
    """Take the first who waits in a queue of the account. T:queue."""
    tape, dequeued = _tape(scene, verb), Dequeued(shared.queue(noun.address.removeprefix("queue:")))
    try:
        yield from take_from_queue(scene, shared, noun, verb.timeout, dequeued)
        if dequeued.waiter is not None:
            scene.call.answer()
            result.bridged = True
            if verb.record != "do-not-record":
                yield from tape.begin()
            yield from talk_with_caller(scene, noun, dequeued, scene.call.now + verb.time_limit, _star(verb))
    finally:
        release(shared, dequeued)
        yield from _stop(verb, tape)
        result.status, result.sid, result.seconds = dequeued.status, dequeued.sid, dequeued.seconds
        result.extra = (*tape.params, *dequeued.params(scene.call, noun))


def _star(verb: Dial) -> Hears:
    return Hears("*" if verb.hangup_on_star else "", asks=False)


def _hung_up_on(ends: list[FarEnd]) -> FarEnd | None:
    """The far end that counts when the caller has hung up: the one that had answered, or else the first."""
    return next((far for far in ends if far.answered_at is not None), ends[0] if ends else None)


def _note(call: RunningCall, result: _Result, far: FarEnd | None, tape: Recording) -> None:
    """What is known once the leg that counts is over."""
    if far is None:
        return
    result.sid, result.seconds = far.line.sid, far.seconds
    result.status = result.status or far.line.status
    result.extra = (*tape.params, *_particulars(call, far, result))


def _stop(verb: Dial, tape: Recording) -> Steps[None]:
    if verb.record != "do-not-record":
        yield from tape.end()


def _best(ends: list[FarEnd]) -> FarEnd:
    """Of several that did not answer, the best reason counts: busy before no-answer before failed (ours)."""
    order = ("busy", "no-answer", "failed")
    return min(ends, key=lambda far: order.index(far.line.status))


def _particulars(call: RunningCall, far: FarEnd, result: _Result) -> Params:
    """What the action is told besides of a SIP endpoint (T:sip) or of a call that was dequeued (T:queue)."""
    match far.noun.kind:
        case "Sip":
            code = ("DialSipResponseCode", _SIP_RESPONSES[result.status])
            headers = _own_headers("DialSipHeader_", far) if far.answered_at is not None else ()
            return ("DialSipCallId", _sip_call_id(far)), code, *headers
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
            yield from play.execute(Scene(call, far.line, scene.here), Play(None, far.noun.send_digits, 1))
        if far.noun.url:
            url = resolve(scene.here.url, far.noun.url)
            yield from whisper(call, far.line, url, far.noun, _about(call, far))
    except UrlError as error:
        complain(call, _WRONG_QUEUE_URL if far.noun.kind == "Queue" else error.code, str(error), far.noun)
        result.status = "failed"
    except LegOverError:
        result.status = "no-answer"  # it was answered, but by nobody who took the call (ours; Twilio is silent)
    else:
        call.answer()
        result.status, result.bridged = "completed", True
        if verb.record != "do-not-record":
            yield from tape.begin()
        yield from _bridge(call, verb, far)
        yield from _stop(verb, tape)
    yield from end(call, far, "completed", tape.params if far.bridged_at is not None else ())
    result.seconds = far.seconds


def _about(call: RunningCall, far: FarEnd) -> Params:
    """What a noun's url is told besides: of a caller who is taken from a queue (DequeingCallSid is misspelt by Twilio,
    T:queue), or of a SIP endpoint (T:sip)."""
    match far.noun.kind:
        case "Queue":
            sid = call.sid_of("QU", far.noun.address)
            return ("QueueSid", sid), ("QueueTime", "0"), ("DequeingCallSid", call.line.sid)
        case "Sip":
            host = far.noun.address.partition("@")[2].partition(";")[0]
            return ("SipCallId", _sip_call_id(far)), ("SipDomain", host), *_own_headers("SipHeader_", far)
        case _:
            return ()


def _sip_call_id(far: FarEnd) -> str:
    return f"{far.line.sid[2:]}@sip.twilio.com"


def _own_headers(prefix: str, far: FarEnd) -> Params:
    """The X- headers of the final response: the endpoint is taken to send back those of the INVITE (ours)."""
    return tuple((f"{prefix}{name}", value) for name, value in far.noun.headers)


def _bridge(call: RunningCall, verb: Dial, far: FarEnd) -> Steps[None]:
    """Talk, until the far end hangs up, the limit is reached, or the caller presses star."""
    star = _star(verb)
    far.bridged_at = call.now
    while True:
        talk = far.plan.talk if far.plan.talk is not None else math.inf
        end_of_talk = far.bridged_at + min(talk, verb.time_limit)
        pressed = yield from call.wait(call.line, max(end_of_talk, call.now), star, wakes=True)
        if pressed is not None or call.now >= end_of_talk:
            return
