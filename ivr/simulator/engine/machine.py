"""A call from its first request to its end, as a generator of effects. Nothing here touches the outside world."""

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.callbacks import tell
from ivr.simulator.engine.documents import fetch_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask
from ivr.simulator.engine.interpreter import run
from ivr.simulator.engine.line import CallOverError
from ivr.simulator.engine.params import progress, standard


def converse(call: Call) -> Steps[None]:
    """The whole call. The first request says `ringing`, later ones `in-progress` (T:overview)."""
    plan = call.plan
    call.trace.add(0.0, "call", sid=call.line.sid, **{"from": plan.from_}, to=plan.to, url=plan.url)
    call.move_to("ringing")
    try:
        first = yield from fetch_document(
            call, call.line, Ask(plan.url, plan.method, "voice", standard(call, call.line))
        )
        yield from run(call, first)
        final = "completed"
    except CallOverError as over:
        final = over.status
    call.move_to(final)
    duration = call.seconds_answered
    if plan.status_callback:
        params = standard(call, call.line, ("CallDuration", str(duration)), *progress(call, 0))
        yield from tell(call, plan.url, plan.status_callback, "POST", params)
    call.trace.add(call.now, "ended", status=final, duration=duration)
