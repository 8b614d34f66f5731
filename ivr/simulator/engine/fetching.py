"""One webhook request as Twilio makes it: signed, retried, redirected, with cookies and timeouts, and faults.

T:overrides (ct rt tt rc rp), T:11205 (two connection attempts of 5 s, 15 s in all), T:overview (cookies, a cache for
GET, at most ten redirects). What a reply means is not known here.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.content import unpacked
from ivr.simulator.engine.cookies import CookieError, http_date
from ivr.simulator.engine.effects import Failed, FailureKind, Fetch, Response, Steps
from ivr.simulator.engine.faults import instead, spoiled
from ivr.simulator.engine.params import Params
from ivr.simulator.plan import Fault
from ivr.simulator.signature import sign_text, signed_text
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import (
    Overrides,
    UrlError,
    checked,
    encoded,
    origin_of_checked,
    overrides,
    resolve,
    with_query,
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
}
_CLASSES: dict[FailureKind, str] = {"read-timeout": "rt", "lost": ""}  # all others are failures of the connection


class Ask(NamedTuple):
    """A request to be made. `params`: all of them. `quiet`: takes no call time (status callbacks).

    `fault`: what goes wrong with it; found when it is sent.
    """

    url: str
    method: str
    purpose: str
    params: Params
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


def obtain(call: Call, ask: Ask) -> Steps[Got | Problem]:
    """The reply, after as many retries as the URL's fragment allows. A failure that is retried is a warning."""
    try:
        url = checked(ask.url)
        limits = overrides(url)
    except UrlError as error:
        return Problem(error.code, str(error), ask.url, call.requests)
    token = call.new_token()
    spent = 0.0
    for attempt in range(limits.retries + 1):
        left = limits.total - spent
        result, took = yield from _attempt(call, ask if url == ask.url else ask._replace(url=url), token, limits, left)
        spent += took
        if not isinstance(result, Problem) or result.retry not in limits.on:
            return result
        if attempt < limits.retries and spent >= limits.total:
            return replace(result, code=11203, message=f"{result.message}; no time is left for another attempt")
        if attempt < limits.retries:
            _warn(call, result)
    return result


def _attempt(call: Call, ask: Ask, token: str, limits: Overrides, left: float) -> Steps[tuple[Got | Problem, float]]:
    """One attempt with its redirects, and the seconds of call time it took."""
    url, method, took = without_fragment(ask.url), ask.method, 0.0
    fault: Fault | None = None
    for _ in range(MOST_REDIRECTS + 1):
        if (of := origin_of_checked(url)) not in call.origins:
            message = f"{of} is not asked: it is not the origin that was named (--allow-origin {of})"
            return Problem(11200, message, url, call.requests), took
        kept = call.cache.fresh(with_query(url, ask.params), call.now) if method == "GET" else None
        if kept is not None:
            return Got(kept, url, call.requests), took
        fault = call.mishaps.meets(call.requests + 1, ask.purpose, fault)
        hop = Ask(url, method, ask.purpose, ask.params, ask.quiet, fault)
        reply, number, signed, seconds = yield from _send(call, hop, token, limits, left - took)
        took += seconds
        if isinstance(reply, Failed):
            retry = _CLASSES.get(reply.kind, "ct")
            return Problem(_CODES[reply.kind], reply.message, url, number, retry=retry), took
        location = reply.header("location")
        if reply.status not in (301, 302, 303, 307, 308) or not location:
            return _judge(reply, url, number, signed), took
        try:
            url = without_fragment(resolve(url, location))
        except UrlError as error:
            return Problem(11216, f"redirected to what is {error}", url, number), took
        if reply.status in (301, 302, 303):
            method = "GET"  # as browsers do; Twilio is silent (docs/simulator.md)
    return Problem(11215, f"more than {MOST_REDIRECTS} redirects", url, call.requests), took


def _judge(reply: Response, url: str, number: int, signed: str) -> Got | Problem:
    if reply.status < 400:
        return Got(reply, url, number)
    message = f"answered {reply.status}"
    if reply.status == 403:
        message += (
            ". If it refused the signature: this text was signed, and the application must build the same from"
            f" its PUBLIC_BASE_URL (scheme, host and port included) and the fields: {signed}"
        )
    return Problem(11217, message, url, number, retry=f"{reply.status // 100}xx")


def _send(
    call: Call, ask: Ask, token: str, limits: Overrides, left: float
) -> Steps[tuple[Response | Failed, int, str, float]]:
    """Send one request, or the fault in its place: the reply, its number, what was signed, the call time it took."""
    form = ask.params if ask.method == "POST" else ()
    url = ask.url if ask.method == "POST" else with_query(ask.url, ask.params)
    signed = signed_text(url, form)
    signature = sign_text(call.plan.auth_token, signed)
    number = _record(call, ask, url, signature)
    headers = _headers(call, url, signature, token, ask.method)
    left = max(left, 0.1)
    read = min(limits.read, left)
    fetch = Fetch(ask.method, url, headers, encoded(form).encode(), min(limits.connect, left), read)
    reply = yield from _exchange(call, ask, fetch, signature)
    seconds = 0.0 if ask.quiet else reply.seconds
    if seconds:
        yield from call.wait(call.line, call.now + seconds)
    if isinstance(reply, Response):
        _keep_cookies(call, url, number, reply)
        _record_response(call, number, reply)
        if ask.method == "GET":
            reply = call.cache.received(url, call.now, reply)
    return reply, number, signed, seconds


def _keep_cookies(call: Call, url: str, number: int, reply: Response) -> None:
    for name, value in reply.headers:
        if name != "set-cookie":
            continue
        date = http_date(reply.header("date")) or call.plan.started + timedelta(seconds=call.now)
        try:
            call.cookies.store(url, value, call.now, date)
        except CookieError as error:
            message = (
                f"{without_fragment(url)}: Set-Cookie has {error}, which is not kept; Twilio may refuse the answer"
            )
            call.report(Issue(11206, message, 0, 0), number)


def _record(call: Call, ask: Ask, url: str, signature: str) -> int:
    call.requests += 1
    number, told = call.requests, _told(ask.params)
    fields = {"purpose": ask.purpose, "method": ask.method, "url": url, "params": told, "signature": signature}
    call.trace.add(call.now, "request", n=number, **fields)
    return number


def _told(params: Params) -> dict[str, str | list[str]]:
    """A name that comes several times has all its values."""
    told: dict[str, str | list[str]] = dict(params)
    if len(told) < len(params):
        for name in told:
            values = [value for each, value in params if each == name]
            told[name] = values if len(values) > 1 else values[0]
    return told


def _record_response(call: Call, number: int, reply: Response) -> None:
    kind, size, ms = reply.header("content-type"), len(reply.body), round(reply.ms, 3)
    call.trace.add(call.now, "response", n=number, status=reply.status, content_type=kind, bytes=size, ms=ms)


def _headers(call: Call, url: str, signature: str, token: str, method: str) -> tuple[tuple[str, str], ...]:
    headers = [
        ("User-Agent", "TwilioProxy/1.1"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip"),
        ("X-Twilio-Signature", signature),
        ("I-Twilio-Idempotency-Token", token),
        ("X-Home-Region", "us1"),
    ]
    if method == "POST":
        headers.append(("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"))
    if method == "GET":
        headers += call.cache.conditions(url)
    if call.cookies and (cookie := call.cookies.header(url, call.now)):
        headers.append(("Cookie", cookie))
    return tuple(headers)


def _exchange(call: Call, ask: Ask, fetch: Fetch, signature: str) -> Steps[Response | Failed]:
    """The reply, or what the scenario's fault makes of it."""
    fault = ask.fault
    if fault is None:
        return (yield from _fetch(fetch))
    reply = instead(fault, fetch, ask.url, told=ask.purpose == "status")
    if reply is not None:
        return reply
    reply = spoiled(fault, (yield from _fetch(fetch)), fetch)
    if fault.kind == "duplicate":
        yield from _again(call, ask, fetch, signature)
    return reply


def _again(call: Call, ask: Ask, fetch: Fetch, signature: str) -> Steps[None]:
    """The same request a second time; its reply is recorded and not used."""
    number = _record(call, ask, fetch.url, signature)
    reply = yield from _fetch(fetch)
    if isinstance(reply, Response):
        _record_response(call, number, reply)


def _fetch(fetch: Fetch) -> Steps[Response | Failed]:
    reply = yield fetch
    if isinstance(reply, Response):
        return unpacked(reply)
    assert isinstance(reply, Failed)  # noqa: S101 - the driver's side of the protocol
    return reply


def _warn(call: Call, problem: Problem) -> None:
    message = f"{problem.message}; tried again"
    call.trace.add(call.now, "warning", code=problem.code, message=message, line=0, column=0, request=problem.request)
