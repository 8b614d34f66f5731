"""Conferences and their participants over REST. T:conference-resource, T:participant-resource.

A participant that is created is a call of the application whose document is a <Dial><Conference>; it is found among the
participants once it is answered (ours: Twilio shows it while it rings).
"""

from http import HTTPStatus
from xml.sax.saxutils import escape, quoteattr

from ivr.simulator.account.core import Core
from ivr.simulator.account.numbers import VoiceWebhooks
from ivr.simulator.account.rest_app import Asked, Route, not_found, one_of
from ivr.simulator.account.rest_calls import ends_of, events_of
from ivr.simulator.account.rest_lists import PAGING, fitting, page
from ivr.simulator.engine.shared import Participant, SharedConference
from ivr.simulator.engine.shared_conference import end_over_rest
from ivr.simulator.plan import PlacedCall
from ivr.simulator.rest import VERSION, Json, RestError, bad_request

_METHODS = ("GET", "POST")
_NAMES = {"FriendlyName": "friendly_name", "Status": "status"}
_TIMES = {"DateCreated": "date_created", "DateUpdated": "date_updated"}
# What a created participant takes of the <Conference> noun.
_ATTRIBUTES = {
    "Label": "participantLabel",
    "Muted": "muted",
    "Beep": "beep",
    "StartConferenceOnEnter": "startConferenceOnEnter",
    "EndConferenceOnExit": "endConferenceOnExit",
    "WaitUrl": "waitUrl",
    "WaitMethod": "waitMethod",
    "MaxParticipants": "maxParticipants",
    "ConferenceStatusCallback": "statusCallback",
    "ConferenceStatusCallbackMethod": "statusCallbackMethod",
    "CallSidToCoach": "coach",
}
_CREATE = (
    "From",
    "To",
    "StatusCallback",
    "StatusCallbackMethod",
    "StatusCallbackEvent",
    "Timeout",
    "TimeLimit",
    "CallerId",
    "Coaching",
    "ConferenceStatusCallbackEvent",
    "EarlyMedia",
)
_UPDATE = (
    "Muted",
    "Hold",
    "HoldUrl",
    "HoldMethod",
    "AnnounceUrl",
    "AnnounceMethod",
    "EndConferenceOnExit",
    "Coaching",
    "CallSidToCoach",
)


def _uri(core: Core, sid: str) -> str:
    return f"/{VERSION}/Accounts/{core.sid}/Conferences/{sid}"


def _resource(core: Core, room: SharedConference) -> Json:
    uri = _uri(core, room.sid)
    return {
        "sid": room.sid,
        "account_sid": core.sid,
        "friendly_name": room.name,
        "status": room.status,
        "region": "us1",
        "api_version": VERSION,
        "date_created": core.date(room.created),
        "date_updated": core.date(room.updated),
        "reason_conference_ended": room.reason or None,
        "call_sid_ending_conference": room.ended_by or None,
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json", "recordings": f"{uri}/Recordings.json"},
    }


def find_conference(core: Core, asked: Asked) -> SharedConference:
    """Raises RestError."""
    return one_of(asked, core.shared.conferences, "conference")


def fetch(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _resource(core, find_conference(core, asked))


def listed(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    rooms = (_resource(core, room) for room in reversed(core.shared.conferences))
    return HTTPStatus.OK, page(asked, "conferences", fitting(asked, rooms, _NAMES, _TIMES))


def update(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("Status", "AnnounceUrl", "AnnounceMethod")
    room = find_conference(core, asked)
    status = asked.choice("Status", ("", "completed"), "")
    url, method = asked.web_address("AnnounceUrl"), asked.choice("AnnounceMethod", _METHODS, "POST")
    if room.is_over:
        raise bad_request(20001, "the conference is over: it cannot be changed any more")
    if status:
        end_over_rest(core.shared, room)
    elif url:
        for each in room.participants:
            each.announce.append((url, method))
            core.shared.poke(each)
    else:
        raise bad_request(20001, "nothing to do: neither Status nor AnnounceUrl")
    return HTTPStatus.OK, _resource(core, room)


# Participants.


def _participant(core: Core, room: SharedConference, each: Participant) -> Json:
    return _participant_resource(core, room.sid, each.call_sid) | {
        "label": each.label or None,
        "muted": each.muted,
        "hold": each.hold,
        "coaching": bool(each.coaches),
        "call_sid_to_coach": each.coaches or None,
        "start_conference_on_enter": each.noun.start_on_enter,
        "end_conference_on_exit": each.end_on_exit,
        "date_created": core.date(each.joined),
        "date_updated": core.date(each.updated),
        "status": "connected",
    }


def _participant_resource(core: Core, room: str, call: str) -> Json:
    return {
        "account_sid": core.sid,
        "call_sid": call,
        "conference_sid": room,
        "queue_time": "0",
        "uri": f"{_uri(core, room)}/Participants/{call}.json",
    }


def _find_participant(core: Core, asked: Asked) -> tuple[SharedConference, Participant]:
    """By its CallSid, or by its label."""
    room, which = find_conference(core, asked), asked.path["call"]
    for each in room.participants:
        if which == each.call_sid or (each.label and which == each.label):
            return room, each
    raise not_found(asked)


def fetch_participant(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _participant(core, *_find_participant(core, asked))


def list_participants(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("Muted", "Hold", "Coaching", *PAGING)
    room = find_conference(core, asked)
    told = [_participant(core, room, each) for each in room.participants]
    for name in ("Muted", "Hold", "Coaching"):
        if name in asked.fields:
            told = [each for each in told if each[name.lower()] is asked.flag(name)]
    return HTTPStatus.OK, page(asked, "participants", told)


def update_participant(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*_UPDATE)
    room, each = _find_participant(core, asked)
    hold_url, announce = asked.web_address("HoldUrl"), asked.web_address("AnnounceUrl")
    hold_method = asked.choice("HoldMethod", _METHODS, "GET")
    announce_method = asked.choice("AnnounceMethod", _METHODS, "POST")
    coach = _coached(asked, room, each)
    if "Muted" in asked.fields and asked.flag("Muted") is not each.muted:
        each.muted = asked.flag("Muted")
        each.news.append("participant-mute" if each.muted else "participant-unmute")
    if "Hold" in asked.fields and asked.flag("Hold") is not each.hold:
        each.hold, each.hold_url, each.hold_method = asked.flag("Hold"), hold_url, hold_method
        each.news.append("participant-hold" if each.hold else "participant-unhold")
    ends = asked.flag("EndConferenceOnExit", each.end_on_exit)
    if (ends, coach) != (each.end_on_exit, each.coaches):
        each.end_on_exit, each.coaches = ends, coach
        each.news.append("participant-modify")
    if announce:
        each.announce.append((announce, announce_method))
    each.updated = core.world.now
    core.shared.poke(each)
    return HTTPStatus.OK, _participant(core, room, each)


def _coached(asked: Asked, room: SharedConference, each: Participant) -> str:
    """The CallSid of the one who is coached from now on; "" for nobody."""
    coached = asked.fields.get("CallSidToCoach", each.coaches)
    if not asked.flag("Coaching", bool(each.coaches)):
        return ""
    if coached not in [other.call_sid for other in room.participants if other is not each]:
        raise bad_request(20001, f"CallSidToCoach {coached!r} is no other participant of the conference")
    return coached


def delete_participant(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The participant leaves; its call goes on with what follows its <Dial>."""
    _, each = _find_participant(core, asked)
    each.is_kicked = True
    core.shared.poke(each, leaves=True)
    return HTTPStatus.NO_CONTENT, {}


def create_participant(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The conference's sid, or its name: then it need not be there yet."""
    asked.allow(*_CREATE, *_ATTRIBUTES)
    room = core.shared.conference(asked.path["conference"])
    name = room.name if room else asked.path["conference"]
    if room is None and any(each.sid == name for each in core.shared.conferences):
        raise not_found(asked)
    to, from_ = ends_of(core, asked)
    for field in ("WaitUrl", "ConferenceStatusCallback"):
        asked.web_address(field)
    if core.world.is_full:
        raise RestError(HTTPStatus.TOO_MANY_REQUESTS, 20429, "too many calls are under way (our bound)")
    placed = PlacedCall(
        twiml=_document(asked, name),
        timeout=asked.integer("Timeout", 60, 1, 600),
        time_limit=asked.integer("TimeLimit", 14_400, 1, 14_400),
        events=events_of(asked.all("StatusCallbackEvent")),
    )
    status = asked.web_address("StatusCallback", 21609), asked.choice("StatusCallbackMethod", _METHODS, "POST")
    webhooks = VoiceWebhooks(status_callback=status[0], status_method=status[1])
    running = core.place(asked.fields.get("CallerId") or from_, to, webhooks, placed)
    sid = room.sid if room else core.sid_of("CF", f"{name}/{len(core.shared.conferences)}")
    return HTTPStatus.CREATED, _participant_resource(core, sid, running.sid) | {
        "label": asked.fields.get("Label"),
        "muted": asked.flag("Muted"),
        "hold": False,
        "coaching": asked.flag("Coaching"),
        "call_sid_to_coach": asked.fields.get("CallSidToCoach"),
        "start_conference_on_enter": asked.flag("StartConferenceOnEnter", True),
        "end_conference_on_exit": asked.flag("EndConferenceOnExit"),
        "date_created": core.date(),
        "date_updated": core.date(),
        "status": "queued",
    }


def _document(asked: Asked, name: str) -> str:
    attributes = [(_ATTRIBUTES[field], value) for field, value in asked.items if field in _ATTRIBUTES]
    if events := asked.all("ConferenceStatusCallbackEvent"):
        attributes.append(("statusCallbackEvent", " ".join(events)))
    written = "".join(f" {attribute}={quoteattr(value)}" for attribute, value in attributes)
    return f"<Response><Dial><Conference{written}>{escape(name)}</Conference></Dial></Response>"


_ONE = r"Conferences/(?P<conference>[^/]+)"
_PARTICIPANT = rf"{_ONE}/Participants/(?P<call>[^/]+)"
ROUTES: tuple[Route, ...] = (
    ("GET", "Conferences", listed),
    ("GET", _ONE, fetch),
    ("POST", _ONE, update),
    ("GET", f"{_ONE}/Participants", list_participants),
    ("POST", f"{_ONE}/Participants", create_participant),
    ("GET", _PARTICIPANT, fetch_participant),
    ("POST", _PARTICIPANT, update_participant),
    ("DELETE", _PARTICIPANT, delete_participant),
)
