"""Far ends while they ring: begun, together or one after another, until one answers or all have failed to. T:dial.

`timeout` and Twilio's five seconds of grace are how long they ring; nobody outside is ever called.
"""

import re

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.legs import FarEnd, end, move
from ivr.simulator.engine.line import Line
from ivr.simulator.engine.numbers import BAD_FORMAT, is_e164, normal, wrong_number
from ivr.simulator.engine.scene import Scene
from ivr.simulator.plan import Leg
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.schema import Issue

GRACE = 5  # seconds that Twilio adds to every `timeout`
_SIP_CALLER = re.compile(r"[A-Za-z0-9+\-_.,]*")
_LONGEST_SIP_CALLER = 64  # characters (ours: Twilio says that there is a limit, and not which)
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
    to = normal(noun.address) if noun.kind == "Number" else noun.address
    caller_id = verb.caller_id or call.plan.from_
    line = Line(call.new_sid("CA"), caller_id, to, "outbound-dial", "initiated", call.line.sid)
    far = FarEnd(line, noun, _plan(call, to), call.now, base=scene.here.url)
    call.far_ends.append(far)
    code, wrong = wrong_number(noun.address) if noun.kind == "Number" else (0, "")
    if code:
        complain(call, code, wrong, noun, "warning" if code == BAD_FORMAT else "error")
        far.refused = True
    elif noun.fault:
        complain(call, noun.code, noun.fault, noun)
        far.refused = True
    _check_caller_id(call, verb, far)
    far.line.keys = "" if far.plan.machine else far.plan.keys
    yield from move(call, far, "initiated")
    return far


def _plan(call: RunningCall, to: str) -> Leg:
    """How `to` behaves this time: `then` counts from the second time on."""
    leg = call.plan.leg(to)
    for far in call.far_ends:
        if far.line.to == to:
            leg = leg.then or leg
    return leg


def _check_caller_id(call: RunningCall, verb: Dial, far: FarEnd) -> None:
    """A number is shown the caller, the called number, or one of the account's (T:13214); a SIP endpoint a name of few
    characters (T:13247, T:13248); others what they get."""
    caller_id, noun = verb.caller_id, far.noun
    if noun.kind == "Number":
        wrong = _inherited(call) if caller_id is None else _named(call, caller_id)
        if wrong:
            complain(call, 13214, wrong, noun, "warning")
            far.refused = far.refused or caller_id is not None or call.plan.from_.startswith("client:")
    elif noun.kind == "Sip" and caller_id is not None:
        if len(caller_id) > _LONGEST_SIP_CALLER:
            message = f"callerId has {len(caller_id)} characters, {_LONGEST_SIP_CALLER} are the most for SIP"
            complain(call, 13248, message, noun, "warning")
        elif not _SIP_CALLER.fullmatch(caller_id):
            complain(call, 13247, f"callerId {caller_id!r} has characters that SIP does not take", noun, "warning")


def _inherited(call: RunningCall) -> str:
    """What is wrong with showing the caller's own number; "" when nothing is."""
    caller = call.plan.from_
    if caller.startswith("client:"):
        return f"the caller {caller!r} has no number to show: <Dial> needs a callerId, one of the account's numbers"
    return (
        "" if is_e164(normal(caller)) else f"callerId {caller!r} is no telephone number; a carrier may refuse the call"
    )


def _named(call: RunningCall, caller_id: str) -> str:
    """What is wrong with a callerId that the document names; "" when nothing is."""
    plan = call.plan
    if caller_id in plan.caller_ids:
        return ""
    ends = () if plan.from_.startswith(("client:", "sip:", "sips:")) else (plan.from_, plan.to)
    if normal(caller_id) in {normal(number) for number in (*ends, *plan.caller_ids)}:
        return ""
    if not is_e164(normal(caller_id)):
        return f"callerId {caller_id!r} is no telephone number"
    return (
        f"callerId {caller_id!r} is neither the caller, nor the called number, nor a number of the account"
        f" ({', '.join(plan.caller_ids) or 'none'}): the call says which are (caller_ids)"
    )


def complain(call: RunningCall, code: int, message: str, noun: Noun, level: str = "error") -> None:
    call.report(Issue(code, message, noun.line, noun.column, level), call.requests)


def _until_answered(call: RunningCall, verb: Dial, ends: list[FarEnd]) -> Steps[FarEnd | None]:
    while True:
        waiting = [far for far in ends if not far.is_over]
        if not waiting:
            return None
        far = min(waiting, key=lambda far: next_status(far, verb.timeout)[0])
        at, status = next_status(far, verb.timeout)
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


def next_status(far: FarEnd, timeout: float) -> tuple[float, str]:
    """What becomes of a ringing far end, and when. Nothing rings in a queue: it has no seconds of grace (ours)."""
    limit = timeout + (0 if far.noun.kind == "Queue" else GRACE)
    if far.refused:
        return far.started, "failed"
    match far.plan.outcome:
        case "answer" if far.plan.rings <= limit:
            return far.started + far.plan.rings, "in-progress"
        case "busy" | "failed" if far.plan.after is None:
            return far.started + _QUICK, far.plan.outcome
        case outcome if far.plan.after is not None and far.plan.after <= limit:
            return far.started + far.plan.after, outcome
        case _:
            return far.started + limit, "no-answer"
