"""The webhook routes. Each one: verify, read, step, write. Nothing else happens here.

POST /voice                    a call comes in
POST /voice/<node>?t=TOKEN     keys, silence, or the end of a leg
POST /voice/whisper?t=TOKEN    a centre answered: what it hears before the caller is put through
POST /voice/whisper/taken      its key, or none
POST /voice/rescue             the end of the leg that the fail-safe reply dialled
POST /voice/fallback           Twilio could not use an answer of ours
POST /voice/status             Twilio tells that a call is over; with a token, how far the leg to a centre has got
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from flask import Blueprint

from ivr.base.errors import RequestError
from ivr.line.calls import CallId, CallService, FactSink, Noted, Reply, TextSink
from ivr.line.flow.events import Caller, LegEnded, LegOutcome
from ivr.line.flow.facts import FallbackAsked, RescueEnded
from ivr.line.twilio import (
    Authentication,
    Signature,
    TwimlWriter,
    VoiceRequest,
    leg_seconds,
    leg_status,
    parse_form,
    read_request,
    told_at,
)
from ivr.line.web.app import VOICE, NoContent, VoiceAnswer, VoiceView

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_log = logging.getLogger("ivr.voice")
MOST_BYTES = 65_536  # of a request; Twilio's are about one thousand
_MOST_DIGITS = 20  # of a length; more are no number that anybody counts with
_FORM = "application/x-www-form-urlencoded"
# RFC 9112, 3.2.2: a target may be a whole URL. Nothing of its authority counts: what is signed is our own address.
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_REFUSED = b'<?xml version="1.0" encoding="UTF-8"?><Response><Reject/></Response>'


@dataclass(frozen=True)
class VoiceContext:
    """What the routes need. `writers`: by edition, one for each that a call may be on. `account_sid`: ours, or "" for
    any. The three after it are documents rendered beforehand: the fail-safe reply, a fresh start, and the end of a call
    that reached a person. `texts`: sends text messages, where they are on."""

    calls: CallService
    writers: Mapping[str, TwimlWriter]
    signature: Signature
    authentication: Authentication
    sink: FactSink
    account_sid: str
    fallback: bytes
    begin_again: bytes
    over: bytes
    texts: TextSink | None = None


def voice_blueprint(line: VoiceContext) -> Blueprint:
    voice = Blueprint("voice", __name__, url_prefix=VOICE)

    def route(path: str, answer: Callable[..., VoiceAnswer]) -> None:
        view = VoiceView(partial(_answered, line, answer))
        voice.add_url_rule(path, answer.__name__, view, methods=["POST"], strict_slashes=False)

    def arrive(environ: "WSGIEnvironment") -> VoiceAnswer:
        read, ids = _read(line, environ)
        return _reply(line, line.calls.arrive(ids[0], _caller(line, read), read.origin), ids[0], read.phone)

    def act(environ: "WSGIEnvironment", node: str) -> VoiceAnswer:
        read, ids = _read(line, environ)
        reply = line.calls.answer(read.event, _token(environ), ids[0], _caller(line, read))
        return _reply(line, reply, ids[0], read.phone)

    def whisper(environ: "WSGIEnvironment") -> VoiceAnswer:
        _, ids = _read(line, environ)
        return _reply(line, line.calls.whisper(_token(environ), ids), ids[-1])

    def whisper_taken(environ: "WSGIEnvironment") -> VoiceAnswer:
        read, ids = _read(line, environ)
        return _reply(line, line.calls.after_whisper(read.event, _token(environ), ids), ids[-1])

    def rescue(environ: "WSGIEnvironment") -> VoiceAnswer:
        read, ids = _read(line, environ)
        outcome = read.event.outcome if isinstance(read.event, LegEnded) else LegOutcome.FAILED
        document = line.over if outcome is LegOutcome.TALKED else line.begin_again
        return _note(line, VoiceAnswer(document), line.calls.seen(RescueEnded(outcome), ids[0]))

    def fallback(environ: "WSGIEnvironment") -> VoiceAnswer:
        read, ids = _read(line, environ)
        _log.warning("fallback asked for, Twilio's error %s", read.error_code)
        return _note(line, VoiceAnswer(line.fallback), line.calls.seen(FallbackAsked(read.error_code), ids[0]))

    def status(environ: "WSGIEnvironment") -> VoiceAnswer:
        read, ids = _read(line, environ)
        noted = _told(line, read, _given_token(environ), ids)
        response = NoContent()
        return _note(line, response, noted) if noted else response

    route("", arrive)
    route("/whisper", whisper)
    route("/whisper/taken", whisper_taken)
    route("/rescue", rescue)
    route("/fallback", fallback)
    route("/status", status)
    route("/<node>", act)
    return voice


def _answered(
    line: VoiceContext, answer: Callable[..., VoiceAnswer], environ: "WSGIEnvironment", **arguments: str
) -> VoiceAnswer:
    try:
        return answer(environ, **arguments)
    except RequestError as error:
        return _refuse(line, environ, error)


def _read(line: VoiceContext, environ: "WSGIEnvironment") -> tuple[VoiceRequest, tuple[CallId, ...]]:
    """The request, if Twilio signed it and its fields have the right shape; and the call's ids, its own first."""
    if not _is_form(environ.get("CONTENT_TYPE", "")):
        raise RequestError(415, "not a form")
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or _rebuilt_target(environ)
    if target[:1] != "/":
        target = _ABSOLUTE.sub("", target, count=1)
    form = parse_form(_body(environ))
    settings = environ.get("HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS")
    if not line.signature.is_valid(target, form, environ.get("HTTP_X_TWILIO_SIGNATURE"), settings):
        raise RequestError(403, "signature")
    if line.authentication.needed:
        named = environ.get("HTTP_AUTHORIZATION")
        if not line.authentication.is_given(environ["REQUEST_METHOD"], target, named):
            raise RequestError(401, "wrong user or password, or an old nonce" if named else "no user is named")
    read = read_request(form.by_name(), line.account_sid, line.calls.engine.flow.ring.shortest_talk)
    return read, tuple([line.calls.tokens.call_id(sid) for sid in read.call_sids])


@lru_cache(maxsize=16)
def _is_form(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == _FORM


def _rebuilt_target(environ: "WSGIEnvironment") -> str:
    """For a server that does not hand on what was asked as it stood: right for all URLs that we have given out."""
    path = quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"))
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _body(environ: "WSGIEnvironment") -> bytes:
    """As many bytes as were announced: Twilio announces them, and more than a form of its can have are refused."""
    announced = environ.get("CONTENT_LENGTH") or ""
    if not (announced.isascii() and announced.isdigit()):
        raise RequestError(411, "no length")
    if len(announced) > _MOST_DIGITS or int(announced) > MOST_BYTES:
        raise RequestError(413, "too long")
    try:
        body: bytes = environ["wsgi.input"].read(int(announced))
    except OSError:  # the peer is gone: no fault of ours, and nobody has signed anything yet
        raise RequestError(400, "the body broke off") from None
    return body


def _token(environ: "WSGIEnvironment") -> str:
    token = _given_token(environ)
    if token is None:
        raise RequestError(403, "no token")
    return token


def _given_token(environ: "WSGIEnvironment") -> str | None:
    for part in environ.get("QUERY_STRING", "").split("&"):
        if part.startswith("t="):
            return unquote(part[2:])
    return None


def _told(line: VoiceContext, read: VoiceRequest, token: str | None, ids: tuple[CallId, ...]) -> Noted | None:
    """What a status callback tells: with a token of the leg to a centre, without one of the call."""
    status = leg_status(read)
    if status is None:
        return None
    if token is None:
        return line.calls.call_told(status, told_at(read), leg_seconds(read), ids[0])
    return line.calls.leg_told(status, told_at(read), token, ids)


def _caller(line: VoiceContext, read: VoiceRequest) -> Caller:
    return read.caller._replace(textable=True) if line.texts and read.phone else read.caller


def _reply(line: VoiceContext, reply: Reply, call: CallId, phone: str = "") -> VoiceAnswer:
    document = VoiceAnswer(line.writers[reply.edition].write(reply.actions, reply.node, reply.token))
    if reply.message and line.texts and phone:
        document.then(partial(line.texts, call, phone, reply.message))
    return _note(line, document, reply.noted(call))


def _note(line: VoiceContext, response: VoiceAnswer, noted: Noted) -> VoiceAnswer:
    """What is remembered is handed on once the reply is ready."""
    response.then(lambda: line.sink(noted))
    return response


def _refuse(line: VoiceContext, environ: "WSGIEnvironment", error: RequestError) -> VoiceAnswer:
    """A refusal says nothing about why; our log does. With Digest the first request of each nonce is refused."""
    named = environ.get("HTTP_AUTHORIZATION")
    expected = error.status == 401 and named is None
    _log.log(logging.INFO if expected else logging.WARNING, "refused %s: %s", error.status, error.reason)
    challenges = line.authentication.challenges(named) if error.status == 401 else ()
    return VoiceAnswer(
        _REFUSED, HTTPStatus(error.status), [("WWW-Authenticate", challenge) for challenge in challenges]
    )
