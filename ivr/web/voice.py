"""The webhook routes. Each one: verify, read, step, write. Nothing else happens here.

POST /voice                    a call comes in
POST /voice/<node>?t=TOKEN     keys, silence, or the end of a leg
POST /voice/whisper?t=TOKEN    a centre answered: what it hears before the caller is put through
POST /voice/whisper/taken      its key, or none
POST /voice/rescue             the end of the leg that the fail-safe reply dialled
POST /voice/fallback           Twilio could not use an answer of ours
POST /voice/status             Twilio tells that a call is over
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, request

from ivr.calls import CallId, CallService, FactSink, Reply
from ivr.errors import RequestError
from ivr.flow.events import LegEnded, LegOutcome
from ivr.twilio_voice import Signature, TwimlWriter, VoiceRequest, read_request

_log = logging.getLogger("ivr.voice")
_FORM = "application/x-www-form-urlencoded"
_REFUSED = b'<?xml version="1.0" encoding="UTF-8"?><Response><Reject/></Response>'


@dataclass(frozen=True)
class Line:
    """What the routes need. `account_sid`: ours, or "" for any. The last three are documents rendered beforehand:
    the fail-safe reply, a fresh start, and the end of a call that reached a person."""

    calls: CallService
    writer: TwimlWriter
    signature: Signature
    sink: FactSink
    account_sid: str
    fallback: bytes
    begin_again: bytes
    over: bytes


def voice_blueprint(line: Line) -> Blueprint:
    voice = Blueprint("voice", __name__, url_prefix="/voice")

    def route(path: str, view: Callable[..., Response]) -> None:
        voice.add_url_rule(path, view.__name__, view, methods=["POST"], strict_slashes=False)

    def arrive() -> Response:
        read, ids = _read(line)
        return _reply(line, line.calls.arrive(ids[0], read.caller), ids[0])

    def act(node: str) -> Response:
        read, ids = _read(line)
        return _reply(line, line.calls.answer(read.event, _token(), ids[0], read.caller), ids[0])

    def whisper() -> Response:
        _, ids = _read(line)
        return _reply(line, line.calls.whisper(_token(), ids), ids[-1])

    def whisper_taken() -> Response:
        read, ids = _read(line)
        return _reply(line, line.calls.after_whisper(read.event, _token(), ids), ids[-1])

    def rescue() -> Response:
        read, _ = _read(line)
        return _xml(line.over if read.event == LegEnded(LegOutcome.TALKED) else line.begin_again)

    def fallback() -> Response:
        _read(line)
        _log.warning("fallback asked for, Twilio's error %s", request.form.get("ErrorCode", "")[:5])
        return _xml(line.fallback)

    def status() -> Response:
        read, ids = _read(line)
        _log.info("call %s is over: %s", ids[0], read.status[:16])
        return Response(status=204)

    route("", arrive)
    route("/whisper", whisper)
    route("/whisper/taken", whisper_taken)
    route("/rescue", rescue)
    route("/fallback", fallback)
    route("/status", status)
    route("/<node>", act)
    voice.register_error_handler(RequestError, _refuse)
    return voice


def _read(line: Line) -> tuple[VoiceRequest, tuple[CallId, ...]]:
    """The request, if Twilio signed it and its fields have the right shape; and the call's ids, its own first."""
    if request.mimetype != _FORM:
        raise RequestError(415, "not a form")
    target = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path
    if not line.signature.is_valid(target, request.form, request.headers.get("X-Twilio-Signature")):
        raise RequestError(403, "signature")
    read = read_request(request.form, line.account_sid, line.calls.engine.flow.ring.shortest_talk)
    return read, tuple(line.calls.tokens.call_id(sid) for sid in read.call_sids)


def _token() -> str:
    token = request.args.get("t")
    if token is None:
        raise RequestError(403, "no token")
    return token


def _reply(line: Line, reply: Reply, call: CallId) -> Response:
    response = _xml(line.writer.write(reply.actions, reply.node, reply.token))
    response.call_on_close(lambda: line.sink(call, reply.facts))
    return response


def _xml(document: bytes) -> Response:
    return Response(document, content_type="text/xml; charset=utf-8")


def _refuse(error: RequestError) -> Response:
    """A refusal says nothing about why; our log does."""
    _log.warning("refused %s: %s", error.status, error.reason)
    response = _xml(_REFUSED)
    response.status_code = error.status
    return response
