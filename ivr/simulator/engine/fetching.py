"""One webhook request as Twilio makes it: signed, retried, redirected, with cookies and timeouts, and faults.

T:overrides (ct rt tt rc rp), T:11205 (two connection attempts of 5 s, 15 s in all), T:overview (cookies, a cache for
GET, at most ten redirects). What a reply means is not known here.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.content import unpacked
from ivr.simulator.engine.cookies import CookieError, http_date
from ivr.simulator.engine.effects import Answer, Failed, FailureKind, Fetch, Response, SocketAnswer, Steps
from ivr.simulator.engine.faults import instead, spoiled
from ivr.simulator.engine.form import Form
from ivr.simulator.engine.refusals import explained
from ivr.simulator.plan import Fault
from ivr.simulator.public_urls import connected_to, forwarded
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import (
    Overrides,
    UrlError,
    checked,
    origin_of_checked,
    resolve,
    target,
    with_query,
    without_credentials,
    without_fragment,
)

MOST_REDIRECTS = 10
_CODES: dict[FailureKind, int] = {
    "refused": 11202,
    "unreachable": 11201,
    "read-timeout": 11205,
    "reset": 11205,
    "protocol": 11206,
    "host": 11210,
    "tls": 11220,
    "tls-name": 11235,
    "tls-expired": 11236,
    "tls-untrusted": 11237,
    "lost": 0,
    "handshake": 0,
    "missing": 0,
}
_CLASSES: dict[FailureKind, str] = {"read-timeout": "rt", "lost": ""}  # all others are failures of the connection
_ALWAYS = (("User-Agent", "TwilioProxy/1.1"), ("Accept", "*/*"), ("Accept-Encoding", "gzip"))
_FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")


class Ask(NamedTuple):
    """A request to be made. `params`: all of them. `quiet`: takes no call time (status callbacks).

    `fault`: what goes wrong with it; found when it is sent.
    """

    url: str
    method: str
    purpose: str
    params: Form
    quiet: bool = False
    fault: Fault | None = None


class Got(NamedTuple):
    """A reply with a status below 400. `url`: where it came from in the end, without what Twilio added."""

    response: Response
    url: str
    request: int


@dataclass(frozen=True, slots=True)
class Problem:
    """No usable reply. `code`: 0 when nobody knows of it. `retry`: the class of failure that a retry policy names."""

    code: int
    message: str
    url: str
    request: int
    line: int = 0
    column: int = 0
    retry: str = ""


def obtain(call: RunningCall, ask: Ask) -> Steps[Got | Problem]:
    """The reply, after as many retries as the URL's fragment allows. A failure that is retried is a warning."""
    try:
        url = call.logins.learn(checked(ask.url))
        limits = call.plan.delivery.limits(url)
    except UrlError as error:
        return Problem(error.code, str(error), without_credentials(ask.url), call.requests)
    token = call.new_token()
    spent = 0.0
    for attempt in range(limits.retries + 1):
        hop = Ask(without_fragment(url), ask.method, ask.purpose, ask.params, ask.quiet, ask.fault)
        result, waited = yield from _attempt(call, hop, token, limits, limits.total - spent)
        spent += waited
        if not isinstance(result, Problem) or result.retry not in limits.on:
            return result
        if attempt < limits.retries and spent >= limits.total:
            return replace(result, code=11203, message=f"{result.message}; no time is left for another attempt")
        if attempt < limits.retries:
            _warn(call, result)
    return result


class _Sent(NamedTuple):
    """A request that was sent. `waited`: seconds of the time that is allowed, which is call time or real time."""

    reply: Response | Failed
    number: int
    signed: str
    waited: float
    fault: Fault | None


def _attempt(
    call: RunningCall, hop: Ask, token: str, limits: Overrides, left: float
) -> Steps[tuple[Got | Problem, float]]:
    """One attempt with its redirects and the answer to a 401, and the seconds that it took of those that are `left`."""
    waited = 0.0
    changed = ""  # how a redirect made GET of POST
    for _ in range(MOST_REDIRECTS + 1):
        if (unsent := _unsent(call, hop)) is not None:
            return unsent, waited
        fault = call.mishaps.meets(call.requests + 1, hop.purpose, hop.fault)
        sent = yield from _send(call, _meeting(hop, fault), token, limits, left - waited)
        waited += sent.waited
        reply = sent.reply
        if isinstance(reply, Failed):
            retry = _CLASSES.get(reply.kind, "ct")
            return Problem(_CODES[reply.kind], reply.message, hop.url, sent.number, retry=retry), waited
        hop = _meeting(hop, sent.fault)
        if reply.status == 401 and call.logins.challenged(origin_of_checked(hop.url), reply.headers, token):
            continue  # the same request once more, with an Authorization
        if not 300 <= reply.status < 400:
            return _judge(call, reply, hop.url, sent, changed), waited
        there = _redirected(call, reply, hop.url, sent.number)
        if isinstance(there, Problem):
            return there, waited
        if reply.status != 307 and hop.method == "POST":  # as browsers do; Twilio is silent (docs/simulator.md)
            changed = (
                f"; the redirect ({reply.status}) from {hop.url} made GET of POST: name the final URL, or answer 307"
            )
            hop = hop._replace(method="GET")
        hop = hop._replace(url=there)
    return Problem(11215, f"more than {MOST_REDIRECTS} redirects", hop.url, call.requests), waited


def _unsent(call: RunningCall, hop: Ask) -> Got | Problem | None:
    """Why a request of an attempt is not sent: its origin is not asked, or what was had before is fresh."""
    if (of := origin_of_checked(hop.url)) not in call.origins:
        message = f"{of} is not asked: it is not the origin that was named (--allow-origin {of})"
        return Problem(11200, message, hop.url, call.requests)
    if hop.method != "GET":
        return None
    kept = call.cache.fresh(with_query(hop.url, hop.params.encoded()), call.now)
    return None if kept is None else Got(kept, hop.url, call.requests)


def _meeting(ask: Ask, fault: Fault | None) -> Ask:
    """The same request with this fault; most have none."""
    return ask if fault is ask.fault else ask._replace(fault=fault)


def _redirected(call: RunningCall, reply: Response, url: str, number: int) -> str | Problem:
    """Where a redirect leads (T:11216: only these, and only with a Location)."""
    location = reply.header("location")
    if reply.status not in (301, 302, 303, 307) or not location:
        what = "without a Location" if reply.status in (301, 302, 303, 307) else "and Twilio follows 301, 302, 303, 307"
        return Problem(11216, f"answered {reply.status}, {what}", url, number)
    try:
        return without_fragment(call.logins.learn(resolve(url, location)))
    except UrlError as error:
        return Problem(11216, f"redirected to what is {error}", url, number)


def _judge(call: RunningCall, reply: Response, url: str, sent: _Sent, changed: str) -> Got | Problem:
    """`changed`: how a redirect changed the method on the way here."""
    if reply.status < 400:
        return Got(reply, url, sent.number)
    message = explained(reply, sent.signed)
    if reply.status == 401 and (why := call.logins.refused(origin_of_checked(url), reply.headers)):
        message += f"; {why}"
    return Problem(11217, message + changed, url, sent.number, retry=f"{reply.status // 100}xx")


def _send(call: RunningCall, ask: Ask, token: str, limits: Overrides, left: float) -> Steps[_Sent]:
    """Send one request, or the fault in its place."""
    form = ask.params
    if ask.method == "POST":
        url, signed, body = ask.url, form.signed_text(ask.url), form.encoded().encode()
    else:
        url = signed = with_query(ask.url, form.encoded())
        body = b""
    signature = call.plan.delivery.signature(call.plan.auth_token, signed)
    number = _record(call, ask, url, signature)
    headers = _headers(call, url, signature, token, ask.method)
    left = max(left, 0.1)
    read = min(limits.read, left)
    server = connected_to(url, call.plan.delivery.public_urls)
    connect = min(limits.connect, left)
    fetch = Fetch(ask.method, url, headers + forwarded(url, server), body, connect, read, server)
    if ask.fault is None:
        reply = _arrived((yield fetch))
    else:
        reply = yield from _exchange(call, ask, ask.fault, fetch, signature)
    seconds = 0.0 if ask.quiet else reply.seconds
    if seconds:
        yield from call.wait(call.line, call.now + seconds)
    if isinstance(reply, Response):
        _keep_cookies(call, url, number, reply)
        _record_response(call, number, reply)
        if ask.method == "GET":
            reply = call.cache.received(url, call.now, reply)
    # Whole seconds: what is real must not show in a trace, unless it is a wait.
    waited = max(reply.seconds, reply.ms // 1000) if isinstance(reply, Response) else reply.seconds
    return _Sent(reply, number, signed, waited, ask.fault)


def _keep_cookies(call: RunningCall, url: str, number: int, reply: Response) -> None:
    for name, value in reply.headers:
        if name != "set-cookie":
            continue
        date = http_date(reply.header("date")) or call.moment
        try:
            call.cookies.store(url, value, call.now, date)
        except CookieError as error:
            message = (
                f"{without_fragment(url)}: Set-Cookie has {error}, which is not kept; Twilio may refuse the answer"
            )
            call.report(Issue(11206, message, 0, 0), number)


def _record(call: RunningCall, ask: Ask, url: str, signature: str) -> int:
    call.requests += 1
    number = call.requests
    asked = {"n": number, "purpose": ask.purpose, "method": ask.method, "url": url}
    call.trace.add(call.now, "request", **asked, params=ask.params.recorded(), signature=signature)
    return number


def _record_response(call: RunningCall, number: int, reply: Response) -> None:
    kind, size, ms = reply.header("content-type"), len(reply.body), round(reply.ms, 3)
    call.trace.add(call.now, "response", n=number, status=reply.status, content_type=kind, bytes=size, ms=ms)


def _headers(call: RunningCall, url: str, signature: str, token: str, method: str) -> tuple[tuple[str, str], ...]:
    headers = [
        *_ALWAYS,
        ("X-Twilio-Signature", signature),
        ("I-Twilio-Idempotency-Token", token),
        ("X-Home-Region", "us1"),
        *call.plan.delivery.headers,
    ]
    if method == "POST":
        headers.append(_FORM)
    if method == "GET":
        headers += call.cache.conditions(url)
    if call.logins and (authorization := call.logins.authorization(origin_of_checked(url), method, target(url))):
        headers.append(("Authorization", authorization))
    if call.cookies and (cookie := call.cookies.header(url, call.now)):
        headers.append(("Cookie", cookie))
    return tuple(headers)


def _exchange(call: RunningCall, ask: Ask, fault: Fault, fetch: Fetch, signature: str) -> Steps[Response | Failed]:
    """What the scenario's fault makes of the reply."""
    reply = instead(fault, fetch, ask.url, told=ask.purpose == "status")
    if reply is not None:
        return reply
    reply = spoiled(fault, _arrived((yield fetch)), fetch)
    if fault.kind == "duplicate":
        yield from _again(call, ask, fetch, signature)
    return reply


def _again(call: RunningCall, ask: Ask, fetch: Fetch, signature: str) -> Steps[None]:
    """The same request a second time; its reply is recorded and not used."""
    number = _record(call, ask, fetch.url, signature)
    reply = _arrived((yield fetch))
    if isinstance(reply, Response):
        _record_response(call, number, reply)


def _arrived(reply: Answer | SocketAnswer) -> Response | Failed:
    """The driver's answer to a Fetch."""
    if isinstance(reply, Response):
        return unpacked(reply)
    assert isinstance(reply, Failed)  # noqa: S101 - the driver's side of the protocol
    return reply


def _warn(call: RunningCall, problem: Problem) -> None:
    message = f"{problem.message}; tried again"
    call.trace.add(call.now, "warning", code=problem.code, message=message, line=0, column=0, request=problem.request)
