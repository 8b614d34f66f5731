"""Far ends while they ring: begun, together or one after another, until one answers or all have failed to. T:dial.

`timeout` and Twilio's five seconds of grace are how long they ring; nobody outside is ever called.
"""

import re

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.legs import FarEnd, end, move
from ivr.simulator.engine.line import Line
from ivr.simulator.engine.scene import Scene
from ivr.simulator.plan import Leg
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.schema import Issue

GRACE = 5  # seconds that Twilio adds to every `timeout`
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_AMERICAN = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")  # the one national form that Twilio takes (T:number)
_PUNCTUATION = re.compile(r"[\s().\-]")
_SIP_CALLER = re.compile(r"[A-Za-z0-9+\-_.,]*")
_QUICK = 1.0  # seconds until a busy or failing far end is known to be so (ours)


def ring(scene: Scene, verb: Dial, ends: list[FarEnd]) -> Steps[FarEnd | None]:
    """The far end that answered first, or None when nobody did. `ends` gets every far end that was begun."""
    batches = [(noun,) for noun in verb.nouns] if verb.sequential else [verb.nouns]
    for batch in batches:
        begun: list[FarEnd] = []
        for noun in batch:
            far = yield from _place(scene, verb, noun)
            begun.append(far)
            ends.append(far)
            if not far.refused and (far.plan.outcome != "failed" or far.plan.after is not None):
                yield from move(scene.call, far, "ringing")
        answered = yield from _until_answered(scene.call, verb, begun)
        if answered is not None:
            return answered
    return None


def _place(scene: Scene, verb: Dial, noun: Noun) -> Steps[FarEnd]:
    """A leg is begun; one that Twilio would refuse to dial is begun and marked as failing."""
    call = scene.call
    to = _normal(noun.address) if noun.kind == "Number" else noun.address
    caller_id = verb.caller_id or call.plan.from_
    line = Line(call.new_sid("CA"), caller_id, to, "outbound-dial", "initiated", call.line.sid)
    far = FarEnd(line, noun, _plan(call, to), call.now, base=scene.here.url)
    call.far_ends.append(far)
    if noun.kind == "Number" and not _E164.fullmatch(to):
        complain(call, 13224, f"{noun.address!r} cannot be dialled: not a number in E.164, e.g. +4755568700", noun)
        far.refused = True
    elif noun.fault:
        complain(call, noun.code, noun.fault, noun)
        far.refused = True
    _check_caller_id(call, verb, far)
    far.line.keys = "" if far.plan.machine else far.plan.keys
    yield from move(call, far, "initiated")
    return far


def _plan(call: Call, to: str) -> Leg:
    """How `to` behaves this time: `then` counts from the second time on."""
    leg = call.plan.leg(to)
    for far in call.far_ends:
        if far.line.to == to:
            leg = leg.then or leg
    return leg


def _check_caller_id(call: Call, verb: Dial, far: FarEnd) -> None:
    """A Number needs a telephone number as its caller id (T:13214). The callerId of a Sip has few characters (T:13247).

    13247 is about the attribute: the address of a caller who comes in over SIP is passed on as it is.
    """
    caller_id, noun = far.line.from_, far.noun
    if noun.kind == "Number" and not _E164.fullmatch(_normal(caller_id)):
        message = f"callerId {caller_id!r} is no telephone number; a carrier may refuse the call"
        complain(call, 13214, message, noun, "warning")
        far.refused = far.refused or verb.caller_id is not None
    if noun.kind == "Sip" and verb.caller_id is not None and not _SIP_CALLER.fullmatch(caller_id):
        complain(call, 13247, f"callerId {caller_id!r} has characters that SIP does not take", noun, "warning")


def _normal(number: str) -> str:
    """A number without punctuation, in E.164 where that is clear."""
    plain = _PUNCTUATION.sub("", number)
    american = _AMERICAN.fullmatch(plain)
    return f"+1{american[1]}" if american else plain


def complain(call: Call, code: int, message: str, noun: Noun, level: str = "error") -> None:
    call.report(Issue(code, message, noun.line, noun.column, level), call.requests)


def _until_answered(call: Call, verb: Dial, ends: list[FarEnd]) -> Steps[FarEnd | None]:
    while True:
        waiting = [far for far in ends if not far.is_over]
        if not waiting:
            return None
        far = min(waiting, key=lambda far: _next(far, verb)[0])
        at, status = _next(far, verb)
        yield from call.wait(call.line, max(at, call.now), wakes=True)
        if call.now < at:
            continue  # a person at a far end has changed what is to come
        if status == "in-progress":
            far.answered_at = call.now
            far.line.presses_at = call.now + far.plan.thinks
            if far.plan.leaves is not None:
                far.line.leaves_at = call.now + far.plan.leaves
            yield from move(call, far, "in-progress")
            return far
        yield from end(call, far, status)


def _next(far: FarEnd, verb: Dial) -> tuple[float, str]:
    """What becomes of a ringing far end, and when. Nothing rings in a queue: it has no seconds of grace (ours)."""
    limit = verb.timeout + (0 if far.noun.kind == "Queue" else GRACE)
    if far.refused:
        return far.started, "failed"
    match far.plan.outcome:
        case "answer" if far.plan.rings <= limit:
            return far.started + far.plan.rings, "in-progress"
        case "busy" | "failed" if far.plan.after is None or far.plan.after <= limit:
            return far.started + (_QUICK if far.plan.after is None else far.plan.after), far.plan.outcome
        case _:
            return far.started + limit, "no-answer"
