"""A call from its first request to its end, as a generator of effects; orders from outside send it elsewhere.

Nothing here touches the outside world.
"""

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.call_updates import RedirectedError
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.documents import fetch_document, inline_document
from ivr.simulator.engine.effects import CallUpdate, Steps
from ivr.simulator.engine.fetching import Ask
from ivr.simulator.engine.interpreter import run
from ivr.simulator.engine.line import CallOverError
from ivr.simulator.engine.outbound import Outbound
from ivr.simulator.engine.params import progress, standard
from ivr.simulator.twiml import Document
from ivr.simulator.urls import without_credentials


def converse(call: RunningCall) -> Steps[None]:
    """The whole call. The first request says `ringing`, later ones `in-progress` (T:overview)."""
    plan = call.plan
    call.trace.add(
        0.0, "call", sid=call.line.sid, **{"from": plan.from_}, to=plan.to, url=without_credentials(plan.url)
    )
    call.move_to(call.line.status)
    if plan.continued is not None:
        call.trace.add(0.0, "update", status="", url=plan.url, twiml=plan.continued.twiml)
    outbound = Outbound(call, plan.placed) if plan.placed is not None else None
    try:
        yield from _talk(call, outbound)
        final = "completed"
    except CallOverError as over:
        final = over.status
    for stream in tuple(call.streams):
        yield from stream.close()
    for tape in call.tapes:
        yield from tape.end()
    for transcription in call.transcriptions:
        transcription.stop()
    call.move_to(final)
    duration = call.seconds_answered
    plan = call.plan  # orders may have changed it
    if outbound is not None:
        yield from outbound.finish(duration)
    elif plan.status_callback:
        told = plan.continued.told if plan.continued is not None else 0
        params = standard(call, call.line, ("CallDuration", str(duration)), *progress(call, told))
        yield from tell(call, Callback(plan.url, plan.status_callback, plan.status_method), params)
    yield from call.delayed.finish()
    call.trace.add(call.now, "ended", status=final, duration=duration)


def _talk(call: RunningCall, outbound: Outbound | None) -> Steps[None]:
    """Document after document, until one ends without naming another. A redirection begins anew."""
    plan = call.plan
    order = (
        CallUpdate(url=plan.url, method=plan.method, twiml=plan.continued.twiml) if plan.continued is not None else None
    )
    while True:
        try:
            if order is None and outbound is not None:
                yield from outbound.ring()
            first = yield from _first(call, order)
            yield from run(call, first)
        except RedirectedError as redirected:
            order = redirected.order
        else:
            return


def _first(call: RunningCall, order: CallUpdate | None) -> Steps[Document]:
    line = call.line
    if order is None:
        plan = call.plan
        if plan.placed is not None and plan.placed.twiml:
            return (yield from inline_document(call, line, plan.placed.twiml))
        answered = (("AnsweredBy", call.answered_by),) if call.answered_by else ()
        params = standard(call, line, *answered, *plan.first_params.items())
        return (yield from fetch_document(call, line, Ask(plan.url, plan.method, "voice", params)))
    if call.answered_at is not None:
        line.status = "in-progress"  # whatever the verb that was broken off has made of it
    if not order.url:
        return (yield from inline_document(call, line, order.twiml))
    return (yield from fetch_document(call, line, Ask(order.url, order.method, "redirect", standard(call, line))))
