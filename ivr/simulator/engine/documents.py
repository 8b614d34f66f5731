"""The next document of a call: fetched, judged by content type, parsed; and what follows when that fails.

T:availability: a document that cannot be had or executed makes Twilio ask the fallback URL with ErrorCode and ErrorUrl.
When there is none, or it fails too, the caller hears a stock message and the call is over: `failed` (our choice).
"""

import re
from functools import lru_cache

from ivr.base.errors import SimulatorError
from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, Got, Problem, obtain
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import CallOverError, LegOverError, Line
from ivr.simulator.engine.params import standard
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.verbs import say
from ivr.simulator.twiml import Document, plain, read_document, recording, spoken
from ivr.simulator.twiml.encoding import decoded
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.urls import UrlError, resolve

RELATIVE_ACTION = 15004  # in a document that was handed over with an update of the call
MOST_DOCUMENTS_IN_A_ROW = 100  # that take no call time; Twilio names no bound for a loop, this one is ours
STOCK_MESSAGE = "We are sorry, an application error has occurred. Goodbye."
_CHARSET = re.compile(r""";\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))""", re.IGNORECASE)
TWIML = ("text/xml", "application/xml", "text/html")


def next_document(
    scene: Scene, reference: str, method: str, purpose: str = "action", extra: Params = ()
) -> Steps[Document]:
    """The document at `reference`, seen from the scene's own; `extra`: parameters besides the standard ones."""
    call, line = scene.call, scene.line
    try:
        url = resolve(scene.here.url, reference)
    except UrlError as error:
        inline = purpose == "action" and reference.strip() and not scene.here.url
        problem = Problem(RELATIVE_ACTION if inline else error.code, str(error), reference, call.requests)
        return (yield from _after_failure(call, line, problem))
    return (yield from fetch_document(call, line, Ask(url, method, purpose, standard(call, line, *extra))))


def fetch_document(call: RunningCall, line: Line, ask: Ask) -> Steps[Document]:
    """Raises CallOverError, or LegOverError on a callee's leg, when there is none to be had."""
    _count(call)
    got = yield from obtain(call, ask)
    document = _read(call, got, ask) if isinstance(got, Got) else got
    if isinstance(document, Problem):
        return (yield from _after_failure(call, line, document, fallback=ask.purpose == "fallback"))
    return document


def inline_document(call: RunningCall, line: Line, twiml: str) -> Steps[Document]:
    """A document that was handed over, not fetched: it is nowhere, and what is relative in it leads nowhere (11100, for
    an action 15004)."""
    _count(call)
    try:
        document = read_document(twiml.encode())
    except SimulatorError as error:
        problem = Problem(error.code, error.message, "TwiML", call.requests, error.line, error.column)
        return (yield from _after_failure(call, line, problem))
    for issue in document.issues:
        call.report(issue, call.requests)
    return document


def _read(call: RunningCall, got: Got, ask: Ask) -> Document | Problem:
    try:
        document = _understand(got)
    except SimulatorError as error:
        return Problem(error.code, error.message, got.url, got.request, error.line, error.column)
    for issue in document.issues:
        call.report(issue, got.request)
    _, hash_sign, fragment = ask.url.partition("#")
    return Document(document.verbs, document.issues, got.url + hash_sign + fragment if fragment else got.url)


def _understand(got: Got) -> Document:
    """A reply as a document, by its content type (T:overview). Raises SimulatorError."""
    header = got.response.header("content-type")
    kind, charset = content_type(header)
    if kind in TWIML:
        return read_document(got.response.body, charset)
    if kind.startswith("audio/"):
        return recording(got.url)
    if kind == "text/plain":
        try:
            return read_document(got.response.body, charset)
        except SimulatorError as error:
            if error.code == 11750:
                raise
            return spoken(decoded(got.response.body, charset))
    said = f"content type {header!r}" if header else "no content type"
    raise SimulatorError(f"{said}: neither TwiML ({', '.join(TWIML)}) nor text/plain nor audio", code=12300)


@lru_cache(maxsize=64)  # an application has a few, and says one with every document
def content_type(header: str) -> tuple[str, str]:
    """Media type and charset; "" for what is not said."""
    kind, _, parameters = header.partition(";")
    found = _CHARSET.search(f";{parameters}")
    return kind.strip().lower(), (found[1] or found[2]) if found else ""


def _after_failure(call: RunningCall, line: Line, problem: Problem, *, fallback: bool = False) -> Steps[Document]:
    issue = Issue(problem.code, f"{problem.url}: {problem.message}", problem.line, problem.column, "error")
    call.report(issue, problem.request)
    if not line.is_caller:
        raise LegOverError
    if call.plan.fallback_url and not fallback:
        extra = (("ErrorCode", str(problem.code)), ("ErrorUrl", problem.url))
        ask = Ask(call.plan.fallback_url, call.plan.fallback_method, "fallback", standard(call, line, *extra))
        return (yield from fetch_document(call, line, ask))
    call.answer()
    yield from say.execute(Scene(call, line, Document(())), plain(STOCK_MESSAGE))
    raise CallOverError("failed", "error")


def _count(call: RunningCall) -> None:
    """Documents that follow each other without any call time between them are a loop."""
    call.documents_in_a_row = call.documents_in_a_row + 1 if call.now == call.last_document_at else 1
    call.last_document_at = call.now
    if call.documents_in_a_row > MOST_DOCUMENTS_IN_A_ROW:
        message = f"more than {MOST_DOCUMENTS_IN_A_ROW} documents in a row without any call time: a loop (our bound)"
        call.report(Issue(0, message, 0, 0, "error"), call.requests)
        raise CallOverError("failed", "loop")
