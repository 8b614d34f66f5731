"""Status callbacks: told, not asked. The reply is not read, a failure is a warning, and no call time passes.

Twilio promises no order between them; here each is sent at the moment it is about.
"""

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, Problem, obtain
from ivr.simulator.engine.params import Params
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

CALLBACK_FAILED = 15003


def tell(call: Call, base: str, reference: str, method: str, params: Params) -> Steps[None]:
    try:
        url = resolve(base, reference)
    except UrlError as error:
        call.report(Issue(error.code, str(error), 0, 0), call.requests)
        return
    got = yield from obtain(call, Ask(url, method, "status", params, quiet=True))
    if isinstance(got, Problem):
        message = f"status callback {got.url}: {got.message} ({got.code})"
        call.report(Issue(CALLBACK_FAILED, message, 0, 0), got.request)
