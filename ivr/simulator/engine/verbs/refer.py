"""Refer: the caller's SIP device is told to call somebody else, and the action is told how that went. T:refer.

How the device fares stands in the plan's legs under the target's URI: an answer is 200, busy 486 and no-answer 480 in
its NOTIFY (480 is ours); failed: the device refuses the REFER with 405. Afterwards the call goes on with the action's
document or the next verb: that the device leaves is not simulated (ours).
"""

from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.final_action import send_final_action
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import CallOverError
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.refer import Refer
from ivr.simulator.twiml.schema import Issue

_NOT_SIP = 13801
_ACCEPTED, _REFUSED = "202", "405"
_NOTIFIED = {"answer": ("in-progress", "200"), "busy": ("busy", "486"), "no-answer": ("no-answer", "480")}
_RINGS = 3.0  # seconds until a device that is not answered says so (ours)


def execute(scene: Scene, verb: Refer) -> Steps[Document | None]:
    """The action's document, or None to go on with the next verb."""
    call = scene.call
    call.answer()
    if not call.plan.from_.startswith(("sip:", "sips:")):
        message = f"<Refer> needs a SIP caller; {call.plan.from_!r} cannot be referred"
        call.report(Issue(_NOT_SIP, message, verb.line, verb.column, "error"), call.requests)
        return None
    if not verb.target:
        return None
    leg = call.plan.leg(verb.target)
    if leg.outcome == "failed":
        told = _told("failed", _REFUSED)
    else:
        try:
            yield from call.wait(scene.line, call.now + (leg.rings if leg.outcome == "answer" else _RINGS))
        except CallOverError as over:
            if verb.action is not None and over.why == "hangup":
                yield from send_final_action(scene, over, verb.action, verb.method, _told("canceled", _ACCEPTED, "180"))
            raise
        status, notified = _NOTIFIED[leg.outcome]
        told = _told(status, _ACCEPTED, notified)
    if verb.action is None:
        return None
    return (yield from next_document(scene, verb.action, verb.method, extra=told))


def _told(status: str, response: str, notified: str = "") -> Params:
    """A device that refused sends no NOTIFY."""
    last = (("NotifySipResponseCode", notified),) if notified else ()
    return ("ReferCallStatus", status), ("ReferSipResponseCode", response), *last
