"""User-defined messages of a live call over REST, and subscriptions to those that its Voice SDK sends.
T:userdefinedmessage-resource, T:userdefinedmessagesubscription-resource.

A call is active while it rings or talks. A message to a call whose line has no Voice SDK reaches nobody, and is a
warning in the call's trace (ours). The same IdempotencyKey makes nothing new.
"""

import json
from http import HTTPStatus

from ivr.simulator.account.core import Core
from ivr.simulator.account.rest_app import Asked, Route, one_of
from ivr.simulator.account.rest_calls import find_call
from ivr.simulator.account.running import Running
from ivr.simulator.account.user_messages import LONGEST_CONTENT, UserMessage, UserSubscription
from ivr.simulator.rest import VERSION, Json, bad_request
from ivr.simulator.trace import Event
from ivr.simulator.twiml.schema import Issue

_ACTIVE = ("ringing", "in-progress")
_NOT_JSON, _TOO_LONG = 32702, 32703


def _active(core: Core, asked: Asked) -> tuple[Running, Event | None]:
    """The call, or the leg, in the path. Raises RestError."""
    running, leg = find_call(core, asked, asked.path["call"])
    status = leg["status"] if leg is not None else running.session.status
    if status not in _ACTIVE:
        raise bad_request(21220, f"the call is {status}: only one that rings or talks has messages")
    return running, leg


def _person(running: Running, leg: Event | None) -> str:
    """The address of the one on the line."""
    if leg is not None:
        return str(leg["to"])
    plan = running.plan
    return plan.to if running.session.direction == "outbound-api" else plan.from_


def create(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("Content", "IdempotencyKey")
    running, leg = _active(core, asked)
    content, key, call_sid = _content(asked), asked.fields.get("IdempotencyKey", ""), asked.path["call"]
    known = core.user_messages.received
    message = next((each for each in known if key and (each.key, each.call_sid) == (key, call_sid)), None)
    if message is None:
        message = UserMessage(core.sid_of("KX", f"{call_sid}/{len(known)}"), call_sid, content, core.world.now, key)
        known.append(message)
        person = _person(running, leg)
        if not person.startswith("client:"):
            text = f"a user-defined message reaches nobody: {person} has no Voice SDK, as client:anna has"
            running.session.call.report(Issue(0, text, 0, 0), 0)
    return HTTPStatus.CREATED, {
        "sid": message.sid,
        "account_sid": core.sid,
        "call_sid": call_sid,
        "date_created": core.date(message.created),
    }


def _content(asked: Asked) -> str:
    content = asked.fields.get("Content", "")
    if len(content) > LONGEST_CONTENT:
        raise bad_request(_TOO_LONG, f"Content has {len(content)} characters, more than {LONGEST_CONTENT}")
    try:
        json.loads(content)
    except (ValueError, RecursionError) as error:
        raise bad_request(_NOT_JSON, f"Content is no JSON: {error}") from None
    return content


def subscribe(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("Callback", "Method", "IdempotencyKey")
    _active(core, asked)
    callback, method = asked.web_address("Callback"), asked.choice("Method", ("GET", "POST"), "POST")
    if not callback:
        raise bad_request(21205, "Callback parameter is required")
    key, call_sid, known = asked.fields.get("IdempotencyKey", ""), asked.path["call"], core.user_messages.subscriptions
    made = next((each for each in known.values() if key and (each.key, each.call_sid) == (key, call_sid)), None)
    if made is None:
        sid = core.sid_of("ZY", f"{call_sid}/{core.user_messages.subscribed}")
        made = UserSubscription(sid, call_sid, callback, method, core.world.now, key)
        core.user_messages.subscribe(made)
    return HTTPStatus.CREATED, {
        "sid": made.sid,
        "account_sid": core.sid,
        "call_sid": call_sid,
        "date_created": core.date(made.created),
        "uri": f"/{VERSION}/Accounts/{core.sid}/Calls/{call_sid}/UserDefinedMessageSubscriptions/{made.sid}.json",
    }


def unsubscribe(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    known = core.user_messages.subscriptions
    del known[one_of(asked, [each for each in known.values() if each.call_sid == asked.path["call"]]).sid]
    return HTTPStatus.NO_CONTENT, {}


_CALL = r"Calls/(?P<call>[^/]+)"
ROUTES: tuple[Route, ...] = (
    ("POST", f"{_CALL}/UserDefinedMessages", create),
    ("POST", f"{_CALL}/UserDefinedMessageSubscriptions", subscribe),
    ("DELETE", rf"{_CALL}/UserDefinedMessageSubscriptions/(?P<sid>[^/]+)", unsubscribe),
)
