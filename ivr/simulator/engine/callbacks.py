"""Status callbacks: told, not asked. The reply is not read, a failure is a warning, and no call time passes.

Twilio promises no order between them; here each is sent at the moment it is about, unless a fault holds it back.
"""

from typing import NamedTuple

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, Problem, obtain
from ivr.simulator.engine.form import Form, Params, form_of
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

CALLBACK_FAILED = 15003


class Callback(NamedTuple):
    """Who is told: `reference` is seen from the document at `base`. `failed`: Twilio's number for one that fails."""

    base: str
    reference: str
    method: str = "POST"
    failed: int = CALLBACK_FAILED


def tell(call: RunningCall, callback: Callback, params: Params | Form) -> Steps[None]:
    try:
        url = resolve(callback.base, callback.reference)
    except UrlError as error:
        call.report(Issue(error.code, str(error), 0, 0), call.requests)
        return
    ask = Ask(url, callback.method, "status", form_of(params), quiet=True)
    fault = call.mishaps.postpones(call.requests + 1)
    if fault is None:
        yield from _deliver(call, ask, callback.failed)
    elif fault.kind == "late":
        call.delayed.add(call.now + fault.value, _deliver(call, ask, callback.failed))
    elif call.delayed.is_holding:
        yield from _deliver(call, ask, callback.failed)
        yield from call.delayed.release()
    else:
        call.delayed.hold(_deliver(call, ask, callback.failed))


def _deliver(call: RunningCall, ask: Ask, failed: int) -> Steps[None]:
    got = yield from obtain(call, ask)
    if isinstance(got, Problem) and got.code:
        message = f"status callback {got.url}: {got.message} ({got.code})"
        call.report(Issue(failed, message, 0, 0), got.request)
