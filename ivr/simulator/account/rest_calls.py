"""Calls over REST: create, fetch, list, update, delete. T:call.

A leg that a <Dial> has begun is a call too (`outbound-dial`): it can be fetched, listed and ended.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Literal

from ivr.base.errors import SimulatorError
from ivr.simulator.account.core import Core
from ivr.simulator.account.numbers import VoiceWebhooks
from ivr.simulator.account.rest_app import Asked, Route, not_found
from ivr.simulator.account.rest_lists import fitting, page
from ivr.simulator.account.running import Running
from ivr.simulator.engine.effects import CallUpdate, FarAct
from ivr.simulator.engine.numbers import is_e164, normal
from ivr.simulator.plan import PlacedCall, PlacedRecording
from ivr.simulator.rest import (
    LONGEST_TWIML,
    OVER_STATUSES,
    Json,
    RestError,
    bad_request,
    call_resource,
    leg_resource,
    read_order,
)
from ivr.simulator.trace import Event

EVENTS = ("initiated", "ringing", "answered", "completed")
_METHODS = ("GET", "POST")
_RECORDING_EVENTS = ("in-progress", "completed", "absent")
_DETECTIONS: dict[str, Literal["Enable", "DetectMessageEnd"]] = {
    "Enable": "Enable",
    "DetectMessageEnd": "DetectMessageEnd",
}
_CREATE = (
    "To",
    "From",
    "Url",
    "Twiml",
    "ApplicationSid",
    "Method",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
    "StatusCallbackEvent",
    "Timeout",
    "TimeLimit",
    "SendDigits",
    "CallerId",
    "MachineDetection",
    "MachineDetectionTimeout",
    "AsyncAmd",
    "AsyncAmdStatusCallback",
    "AsyncAmdStatusCallbackMethod",
    "Record",
    "RecordingChannels",
    "RecordingTrack",
    "RecordingStatusCallback",
    "RecordingStatusCallbackMethod",
    "RecordingStatusCallbackEvent",
)
_NAMES = {"To": "to", "From": "from", "ParentCallSid": "parent_call_sid", "Status": "status"}
_TIMES = {"StartTime": "start_time", "EndTime": "end_time"}
_TONES = re.compile(r"[0-9*#wWABCD]{1,32}")
_SIP_USER = re.compile(r"[A-Za-z0-9_.+~-]{1,128}")  # twilio.com/docs/voice/api/sip-making-calls
_ELSEWHERE = re.compile(r"client:.{1,256}|sips?:[^\s@]+@[^\s@]+")


def create(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*_CREATE)
    to, from_ = ends_of(core, asked)
    webhooks, placed = _webhooks(core, asked), _placed(asked)
    if core.world.is_full:
        raise RestError(HTTPStatus.TOO_MANY_REQUESTS, 20429, "too many calls are under way (our bound)")
    running = core.place(asked.fields.get("CallerId") or from_, to, webhooks, placed)
    return HTTPStatus.CREATED, _resource(core, running, None)


def ends_of(core: Core, asked: Asked) -> tuple[str, str]:
    """`To` and `From`, as they are dialled and shown."""
    to, from_ = (asked.fields.get(name, "") for name in ("To", "From"))
    if not to:
        raise bad_request(21201, "No 'To' number is specified")
    if not from_:
        raise bad_request(21213, "No 'From' number is specified")
    if not is_e164(normal(to)) and not _ELSEWHERE.fullmatch(to):
        raise bad_request(21211, f"To is no number, client or SIP address that can be called: {to!r}")
    for name in ("From", "CallerId"):
        shown = asked.fields.get(name, "")
        if shown and not _may_be_shown(core, shown, to):
            message = f"{name} {shown!r} is neither a number of the account nor a verified caller id"
            raise bad_request(21210 if is_e164(normal(shown)) else 21212, message)
    if normal(to) == normal(from_):
        raise bad_request(21211, f"To and From are the same number, {to!r}: a number cannot call itself")
    return (to if _ELSEWHERE.fullmatch(to) else normal(to)), normal(from_)


def _may_be_shown(core: Core, shown: str, to: str) -> bool:
    """A number is called from a number. Elsewhere names can be shown too, at a SIP address that of a user alone."""
    if not _ELSEWHERE.fullmatch(to):
        return normal(shown) in core.shown_numbers()
    is_user = to.startswith(("sip:", "sips:")) and bool(_SIP_USER.fullmatch(shown))
    return is_user or shown.startswith(("client:", "sip:", "sips:")) or normal(shown) in core.shown_numbers()


def _webhooks(core: Core, asked: Asked) -> VoiceWebhooks:
    url, twiml, application = (asked.fields.get(name, "") for name in ("Url", "Twiml", "ApplicationSid"))
    if len(twiml) > LONGEST_TWIML:
        raise bad_request(32018, f"Twiml has {len(twiml)} characters, more than {LONGEST_TWIML}")
    if application:
        known = core.applications.get(application)
        if known is None:
            raise bad_request(21218, f"ApplicationSid {application!r} is no application of the account")
        return known.webhooks
    if not url and not twiml:
        raise bad_request(21205, "Url parameter is required, or Twiml, or ApplicationSid")
    return VoiceWebhooks(
        asked.web_address("Url"),
        asked.choice("Method", _METHODS, "POST"),
        asked.web_address("FallbackUrl"),
        asked.choice("FallbackMethod", _METHODS, "POST"),
        asked.web_address("StatusCallback", 21609),
        asked.choice("StatusCallbackMethod", _METHODS, "POST"),
    )


def _placed(asked: Asked) -> PlacedCall:
    digits = asked.fields.get("SendDigits", "")
    if digits and not _TONES.fullmatch(digits):
        raise bad_request(20001, f"SendDigits are at most 32 of 0-9, *, #, w and W, not {digits!r}")
    asked.choice("MachineDetection", ("", "none", *_DETECTIONS), "")
    inline = not asked.fields.get("Url") and not asked.fields.get("ApplicationSid")
    return PlacedCall(
        twiml=asked.fields.get("Twiml", "") if inline else "",
        timeout=asked.integer("Timeout", 60, 1, 600),
        time_limit=asked.integer("TimeLimit", 14_400, 1, 14_400),
        events=events_of(asked.all("StatusCallbackEvent")),
        send_digits=digits,
        detection=_DETECTIONS.get(asked.fields.get("MachineDetection", ""), ""),
        detection_timeout=asked.integer("MachineDetectionTimeout", 30, 3, 59),
        is_async=asked.flag("AsyncAmd"),
        detection_callback=asked.web_address("AsyncAmdStatusCallback"),
        recording=_recording(asked),
        detection_method=asked.choice("AsyncAmdStatusCallbackMethod", _METHODS, "POST"),
    )


def _recording(asked: Asked) -> PlacedRecording | None:
    if not asked.flag("Record"):
        return None
    return recording_of(asked)


def recording_of(asked: Asked) -> PlacedRecording:
    """How a call is recorded."""
    events = tuple(event for value in asked.all("RecordingStatusCallbackEvent") for event in value.split())
    for event in events:
        if event not in _RECORDING_EVENTS:
            raise bad_request(
                20001, f"RecordingStatusCallbackEvent {event!r} is none of {', '.join(_RECORDING_EVENTS)}"
            )
    return PlacedRecording(
        callback=asked.web_address("RecordingStatusCallback"),
        method=asked.choice("RecordingStatusCallbackMethod", _METHODS, "POST"),
        events=events or ("completed",),
        track=asked.choice("RecordingTrack", ("inbound", "outbound", "both"), "both"),
        channels=2 if asked.choice("RecordingChannels", ("mono", "dual"), "mono") == "dual" else 1,
    )


def events_of(values: tuple[str, ...]) -> tuple[str, ...]:
    """StatusCallbackEvent: several fields, or one with blanks in it."""
    events = tuple(event for value in values for event in value.split())
    for event in events:
        if event not in EVENTS:
            raise bad_request(21626, f"StatusCallbackEvent {event!r} is none of {', '.join(EVENTS)}")
    return events or ("completed",)


# What is there.


def _legs(running: Running) -> dict[str, Event]:
    """The latest event of each leg that the call has dialled."""
    events = (event for event in running.session.trace.events if event["event"] == "leg")
    return {event["sid"]: event for event in events if not event["to"].startswith(("queue:", "conference:"))}


def find_call(core: Core, asked: Asked, sid: str) -> tuple[Running, Event | None]:
    """The call, or the leg of a call. Raises RestError."""
    running = core.world.find(sid) if sid not in core.deleted else None
    leg = _legs(running).get(sid) if running is not None and running.sid != sid else None
    if running is None or (leg is None and running.sid != sid):
        raise not_found(asked)
    return running, leg


def _find(core: Core, asked: Asked) -> tuple[Running, Event | None]:
    return find_call(core, asked, asked.path["sid"])


def _resource(core: Core, running: Running, leg: Event | None) -> Json:
    """With the sid of the number that was called, or that is shown, where it is one of the account's."""
    told = call_resource(running.session) if leg is None else leg_resource(running.session, leg)
    number = told["to"] if told["direction"] == "inbound" else told["from"]
    known = core.numbers.get(number) or core.caller_ids.get(number)
    return told | {"phone_number_sid": known.sid if known else ""}


def fetch(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _resource(core, *_find(core, asked))


def _every(core: Core) -> Iterator[Json]:
    """The newest first."""
    for running in reversed(core.world.calls):
        for leg in reversed(_legs(running).values()):
            if core.world.find(leg["sid"]) is running:
                yield _resource(core, running, leg)
        yield _resource(core, running, None)


def listed(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    known = (call for call in _every(core) if call["sid"] not in core.deleted)
    return HTTPStatus.OK, page(asked, "calls", fitting(asked, known, _NAMES, _TIMES))


# What changes a call.


def update(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The change acts at this moment of the account's time; the call's trace has it as `update`."""
    running, leg = _find(core, asked)
    status = leg["status"] if leg else running.session.status
    if status in OVER_STATUSES:
        raise bad_request(21220, f"the call is over ({status}): it cannot be changed any more")
    order = read_order(asked.fields)
    if leg is not None:
        _update_leg(core, running, leg, order)
    else:
        try:
            core.world.order(running, order)
        except SimulatorError as error:
            raise bad_request(error.code, error.message) from None
    return HTTPStatus.OK, _resource(core, *_find(core, asked))


def _update_leg(core: Core, running: Running, leg: Event, order: CallUpdate) -> None:
    talks = leg["status"] == "in-progress"
    if not order.status:
        _send_elsewhere(core, running, leg, order)
    elif talks and order.status == "completed":
        core.world.act(running, FarAct(leg["sid"], "hang-up"))
    elif not talks:
        core.world.act(running, FarAct(leg["sid"], "no-answer"))


def _send_elsewhere(core: Core, running: Running, leg: Event, order: CallUpdate) -> None:
    """The leg leaves the call that has dialled it, and that call goes on with what follows its <Dial>."""
    if leg["status"] != "in-progress":
        raise bad_request(21220, f"Call is not in-progress ({leg['status']}). Cannot redirect.")
    if core.world.is_full:
        raise RestError(HTTPStatus.TOO_MANY_REQUESTS, 20429, "too many calls are under way (our bound)")
    far = next(each for each in running.session.call.far_ends if each.line.sid == leg["sid"])
    core.go_on(running, far, order)


def delete(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The record of a call that is over; one that is not is kept (409, 20009: ours)."""
    running, leg = _find(core, asked)
    status = leg["status"] if leg else running.session.status
    if status not in OVER_STATUSES:
        raise RestError(HTTPStatus.CONFLICT, 20009, f"the call is {status}: only one that is over can be deleted")
    core.deleted.add(asked.path["sid"])
    return HTTPStatus.NO_CONTENT, {}


_ONE = r"Calls/(?P<sid>[^/]+)"
ROUTES: tuple[Route, ...] = (
    ("POST", "Calls", create),
    ("GET", "Calls", listed),
    ("GET", _ONE, fetch),
    ("POST", _ONE, update),
    ("DELETE", _ONE, delete),
)
