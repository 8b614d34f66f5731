"""What has happened in calls, over REST: notifications (warnings and errors) of a call and of the account, and the
events of a call (requests). T:call-notification, T:call-event.

Both are read from the call's trace. What has no number of Twilio's is ours alone, and no notification. A leg that was
dialled has neither: what goes wrong there stands in the call that has dialled it.
"""

from http import HTTPStatus
from operator import itemgetter
from urllib.parse import urlencode

from ivr.simulator.account.core import Core
from ivr.simulator.account.rest_app import Asked, Route, not_found
from ivr.simulator.account.rest_calls import find_call
from ivr.simulator.account.rest_lists import PAGING, fitting, page
from ivr.simulator.account.running import Running
from ivr.simulator.rest import VERSION, Json
from ivr.simulator.trace import Event

_LEVELS = {"error": ("0", "ERROR"), "warning": ("1", "WARN")}  # Twilio's number, and its word
_LONG = ("request_variables", "response_body", "response_headers")  # of one notification, and not in a list


def _call(core: Core, asked: Asked) -> Running | None:
    running, leg = find_call(core, asked, asked.path["call"])
    return None if leg is not None else running


# Notifications.


def _notifications(core: Core, asked: Asked) -> list[Json]:
    """Of the call in the path, or of the account; the newest first."""
    calls = core.world.calls if "call" not in asked.path else [_call(core, asked)]
    found = [
        (running.started + event["t"], _notification(core, asked, running, place))
        for running in calls
        if running is not None
        for place, event in enumerate(running.session.trace.events)
        if event["event"] in _LEVELS and event.get("code")
    ]
    found.sort(key=itemgetter(0))
    return [told for _, told in reversed(found)]


def _notification(core: Core, asked: Asked, running: Running, place: int) -> Json:
    """Of the event at this place of the call's trace."""
    event, sid = running.session.trace.events[place], core.sid_of("NO", f"{running.sid}/{place}")
    parent = f"Calls/{running.sid}/" if "call" in asked.path else ""
    number, level = event.get("request", 0), _LEVELS[event["event"]]
    request, response = _exchange(running, number)
    date = core.date(running.started + event["t"])
    text = {"ErrorCode": event["code"], "LogLevel": level[1], "Msg": event["message"]}
    return {
        "sid": sid,
        "account_sid": core.sid,
        "call_sid": running.sid,
        "api_version": VERSION,
        "log": level[0],
        "error_code": str(event["code"]),
        "more_info": f"https://www.twilio.com/docs/errors/{event['code']}",
        "message_text": urlencode(text),
        "message_date": date,
        "date_created": date,
        "date_updated": date,
        "request_method": request.get("method"),
        "request_url": request.get("url", ""),
        "request_variables": urlencode(request.get("params", {}), doseq=True),
        "response_body": running.bodies.get(number, b"").decode("utf-8", "replace"),
        "response_headers": urlencode({"Content-Type": response["content_type"]}) if response else "",
        "uri": f"/{VERSION}/Accounts/{core.sid}/{parent}Notifications/{sid}.json",
    }


def _exchange(running: Running, number: int) -> tuple[Event, Event]:
    """The request with this number and the response, each empty where there is none."""
    events = [event for event in running.session.trace.events if event.get("n") == number]
    request, response = (
        next((event for event in events if event["event"] == name), {}) for name in ("request", "response")
    )
    return request, response


def list_notifications(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The newest first."""
    asked.choice("Log", ("", "0", "1"), "")
    found = fitting(asked, _notifications(core, asked), {"Log": "log"}, {"MessageDate": "message_date"})
    short = [{name: value for name, value in each.items() if name not in _LONG} for each in found]
    return HTTPStatus.OK, page(asked, "notifications", short)


def fetch_notification(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    for each in _notifications(core, asked):
        if each["sid"] == asked.path["sid"]:
            return HTTPStatus.OK, each
    raise not_found(asked)


# Events.


def list_events(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """Every request that the application was sent about the call, the oldest first."""
    asked.allow(*PAGING)
    running = _call(core, asked)
    numbers = range(1, running.session.requests + 1) if running is not None else ()
    return HTTPStatus.OK, page(asked, "events", [_event(core, running, each) for each in numbers if running])


def _event(core: Core, running: Running, number: int) -> Json:
    request, response = _exchange(running, number)
    asked: Json = {"method": request["method"], "url": request["url"], "parameters": request["params"]}
    if not response:
        return {"request": asked, "response": None}
    answered: Json = {
        "response_code": response["status"],
        "request_duration": int(response["ms"]),
        "content_type": response["content_type"],
        "response_body": running.bodies.get(number, b"").decode("utf-8", "replace"),
        "date_created": core.date(running.started + response["t"]),
    }
    return {"request": asked, "response": answered}


_CALL = r"Calls/(?P<call>[^/]+)/"
ROUTES: tuple[Route, ...] = (
    *[("GET", f"{parent}Notifications", list_notifications) for parent in ("", _CALL)],
    *[("GET", rf"{parent}Notifications/(?P<sid>[^/]+)", fetch_notification) for parent in ("", _CALL)],
    ("GET", f"{_CALL}Events", list_events),
)
