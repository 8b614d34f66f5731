"""The recordings that a <Play> names: asked for, never decoded. Only from origins that are allowed.

Requests for media carry none of Twilio's parameters (T:play). A missing file is an error in the trace and is passed
over in no time: the call goes on (ours; Twilio is silent).
"""

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, Problem, obtain
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, origin, resolve


def available(call: Call, base: str, reference: str) -> Steps[str | None]:
    """The recording's URL, or None when it cannot be had."""
    try:
        url = resolve(base, reference)
    except UrlError as error:
        call.report(Issue(error.code, str(error), 0, 0, "error"), call.requests)
        return None
    if origin(url) not in call.origins:
        return url
    got = yield from obtain(call, Ask(url, "GET", "media", ()))
    if isinstance(got, Problem):
        call.report(Issue(got.code, f"{url}: {got.message}", 0, 0, "error"), got.request)
        return None
    kind = got.response.header("content-type").partition(";")[0]
    if not kind.startswith("audio/"):
        call.report(Issue(13420, f"{url}: content type {kind!r} is no audio", 0, 0, "error"), got.request)
        return None
    return url
