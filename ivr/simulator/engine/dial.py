"""Dial: ring the numbers together, connect the first that answers, tell the action how it went. T:dial.

Far ends are simulated always: nobody outside is ever called. `timeout` and Twilio's five seconds of grace are how long
they ring.
"""

import math
import re
from dataclasses import dataclass

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.legs import FarEnd, end, move
from ivr.simulator.engine.line import CallOverError, Hears, LegOverError, Line
from ivr.simulator.engine.params import Params
from ivr.simulator.engine.prompts import perform
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.whisper import whisper
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.dial import Dial, Number
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

GRACE = 5  # seconds that Twilio adds to every `timeout`
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_AMERICAN = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")  # the one national form that Twilio takes (T:number)
_PUNCTUATION = re.compile(r"[\s().\-]")
_QUICK = 1.0  # seconds until a busy or failing far end is known to be so (ours)


@dataclass(slots=True)
class _Result:
    """What the action is told. `sid`: of the leg that counts; `seconds`: from its answer to its end."""

    status: str = "failed"
    sid: str = ""
    seconds: int = 0
    bridged: bool = False

    def params(self) -> Params:
        sid = (("DialCallSid", self.sid),) if self.sid else ()
        bridged = ("DialBridged", str(self.bridged).lower())
        return ("DialCallStatus", self.status), *sid, ("DialCallDuration", str(self.seconds)), bridged


def dial(scene: Scene, verb: Dial) -> Steps[Document | None]:
    """The action's document, or None to go on with the next verb."""
    call = scene.call
    if not verb.answer_on_bridge:
        call.answer()
    result = _Result()
    if verb.numbers:
        yield from _connect(scene, verb, result)
    if verb.action is None:
        return None
    return (yield from next_document(scene, verb.action, verb.method, extra=result.params()))


def _connect(scene: Scene, verb: Dial, result: _Result) -> Steps[None]:
    call = scene.call
    ends: list[FarEnd] = []
    try:
        for number in verb.numbers:
            ends.append((yield from _place(scene, verb, number)))
        answered = yield from _ring(call, verb, ends)
        if answered is None:
            _not_answered(ends, result)
            return
        for other in ends:
            if other is not answered:
                yield from end(call, other, "canceled")
        yield from _talk(scene, verb, answered, result)
    except CallOverError:
        for far in ends:
            yield from end(call, far, "completed" if far.answered_at is not None else "canceled")
        raise


def _place(scene: Scene, verb: Dial, number: Number) -> Steps[FarEnd]:
    """A leg is begun; one that Twilio would refuse to dial is begun and marked as failing."""
    call = scene.call
    to = _normal(number.number)
    caller_id = verb.caller_id or call.plan.from_
    line = Line(call.new_sid("CA"), caller_id, to, "outbound-dial", "initiated", call.line.sid)
    far = FarEnd(line, number, call.plan.leg(to), call.now, base=scene.here.url)
    if not _E164.fullmatch(to):
        _complain(call, 13224, f"{number.number!r} cannot be dialled: not a number in E.164, e.g. +4755568700", number)
        far.refused = True
    if not _E164.fullmatch(_normal(caller_id)):
        message = f"callerId {caller_id!r} is no telephone number"
        _complain(call, 13214, f"{message}; a carrier may refuse the call", number, "warning")
        far.refused = far.refused or verb.caller_id is not None
    far.line.keys = "" if far.plan.machine else far.plan.keys
    yield from move(call, far, "initiated")
    if not far.refused and far.plan.outcome != "failed":
        yield from move(call, far, "ringing")
    return far


def _normal(number: str) -> str:
    """A number without punctuation, in E.164 where that is clear."""
    plain = _PUNCTUATION.sub("", number)
    american = _AMERICAN.fullmatch(plain)
    return f"+1{american[1]}" if american else plain


def _complain(call: Call, code: int, message: str, number: Number, level: str = "error") -> None:
    call.report(Issue(code, message, number.line, number.column, level), call.requests)


def _ring(call: Call, verb: Dial, ends: list[FarEnd]) -> Steps[FarEnd | None]:
    """The far end that answered first, or None when all have failed to."""
    limit = verb.timeout + GRACE
    while True:
        waiting = [far for far in ends if not far.is_over]
        if not waiting:
            return None
        far = min(waiting, key=lambda far: _next(far, limit)[0])
        at, status = _next(far, limit)
        yield from call.wait(call.line, max(at, call.now))
        if status == "in-progress":
            far.answered_at = call.now
            yield from move(call, far, "in-progress")
            return far
        yield from end(call, far, status)


def _next(far: FarEnd, limit: float) -> tuple[float, str]:
    """What becomes of a ringing far end, and when."""
    if far.refused:
        return far.started, "failed"
    match far.plan.outcome:
        case "answer" if far.plan.rings <= limit:
            return far.started + far.plan.rings, "in-progress"
        case "busy" | "failed":
            return far.started + _QUICK, far.plan.outcome
        case _:
            return far.started + limit, "no-answer"


def _not_answered(ends: list[FarEnd], result: _Result) -> None:
    """Of several, the best reason counts: busy before no-answer before failed (ours; Twilio is silent)."""
    order = ("busy", "no-answer", "failed")
    far = min(ends, key=lambda far: order.index(far.line.status))
    result.status, result.sid = far.line.status, far.line.sid


def _talk(scene: Scene, verb: Dial, far: FarEnd, result: _Result) -> Steps[None]:
    call = scene.call
    result.sid = far.line.sid
    try:
        if far.number.send_digits:
            yield from perform(Scene(call, far.line, scene.here), Play(None, far.number.send_digits, 1))
        if far.number.url:
            yield from whisper(call, far.line, resolve(scene.here.url, far.number.url), far.number.method)
    except UrlError as error:
        _complain(call, error.code, str(error), far.number)
        result.status = "failed"
    except LegOverError:
        result.status = "no-answer"  # it was answered, but by nobody who took the call (ours; Twilio is silent)
    else:
        call.answer()
        result.status, result.bridged = "completed", True
        yield from _bridge(call, verb, far)
    yield from end(call, far, "completed")
    result.seconds = far.seconds


def _bridge(call: Call, verb: Dial, far: FarEnd) -> Steps[None]:
    """Talk, until the far end hangs up, the limit is reached, or the caller presses star."""
    talk = far.plan.talk if far.plan.talk is not None else math.inf
    star = Hears("*" if verb.hangup_on_star else "", asks=False)
    yield from call.wait(call.line, call.now + min(talk, verb.time_limit), star)
