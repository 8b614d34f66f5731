"""Twilio's REST API, as far as it acts on a live call: a WSGI application that finds simulated calls by their sid.

    rest = RestApp()
    client = twilio.rest.Client(ACCOUNT_SID, AUTH_TOKEN, http_client=RestTransport(rest))
    play(plan, WsgiTransport(app), rest=rest)          # app may use client: client.calls(sid).update(url=...)

GET and POST of /2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}.json, and POST of .../Messages.json
(`rest_messages.py`). Knows no TwiML; never imports twilio.
"""

import base64
import binascii
import hmac
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from ivr.base.errors import SimulatorError
from ivr.base.test_account import ACCOUNT_SID, API_KEY_SECRET, API_KEY_SID, AUTH_TOKEN
from ivr.simulator.engine.effects import CallUpdate, Fetch, Response
from ivr.simulator.rest_messages import FIELDS, Message, NotSentError, read, resource
from ivr.simulator.session import RestNote, Session
from ivr.simulator.trace import Event
from ivr.simulator.transports import WsgiTransport
from ivr.simulator.transports.wsgi import WsgiApp
from ivr.simulator.urls import UrlError, checked

LONGEST_TWIML = 4_000  # characters (T:32018)
LARGEST_FORM = 262_144  # bytes; ours
TEST_KEYS = {API_KEY_SID: API_KEY_SECRET}
VERSION = "2010-04-01"
_FORM = "ivr.form"  # in the environment of a request: its fields, once they were read
_PATH = re.compile(rf"/{VERSION}/Accounts/(?P<account>[^/]+)/Calls/(?P<call>[^/]+)\.json")
_MESSAGES = re.compile(rf"/{VERSION}/Accounts/(?P<account>[^/]+)/Messages\.json")
_OURS = ("Url", "Method", "Twiml", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod")
OVER_STATUSES = ("completed", "busy", "no-answer", "failed", "canceled")
_SUBRESOURCES = {
    "notifications": "Notifications",
    "recordings": "Recordings",
    "payments": "Payments",
    "events": "Events",
    "siprec": "Siprec",
    "streams": "Streams",
    "transcriptions": "Transcriptions",
    "user_defined_message_subscriptions": "UserDefinedMessageSubscriptions",
    "user_defined_messages": "UserDefinedMessages",
}
Json = dict[str, Any]


class RestError(Exception):
    """A request that is refused. `code`: Twilio's number, 0 for what only the simulator has to say."""

    def __init__(self, status: HTTPStatus, code: int, message: str) -> None:
        self.status = status
        self.code = code
        super().__init__(message)


class RestFile(NamedTuple):
    """An answer that is no resource."""

    content: bytes
    content_type: str = "audio/x-wav"


class RestApp:
    """Accepted are `account_sid` with `auth_token`, those of every call that is added, and each sid of an API key in
    `api_keys` with its secret, for all these accounts (None: the key of the test account). `messages`: the text
    messages that were sent, in order; `on_message` hears of each.
    """

    def __init__(
        self,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = AUTH_TOKEN,
        api_keys: Mapping[str, str] | None = None,
    ) -> None:
        self._tokens = {account_sid: auth_token}
        self._keys = dict(TEST_KEYS if api_keys is None else api_keys)
        self._sessions: dict[str, Session] = {}
        self._latest: Session | None = None
        self.messages: list[Message] = []
        self.on_message: Callable[[Message], None] = lambda _: None

    def add(self, session: Session) -> None:
        """From now on this call can be found."""
        self._sessions[session.sid] = self._latest = session
        self._tokens[session.plan.account_sid] = session.plan.auth_token

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        try:
            status, body = self._answer(environ)
        except RestError as error:
            more = f"https://www.twilio.com/docs/errors/{error.code}" if error.code else ""
            status = error.status
            body = {"code": error.code, "message": str(error), "more_info": more, "status": int(status)}
        self._note(environ, int(status))
        if isinstance(body, RestFile):
            start_response(f"{int(status)} {status.phrase}", [("Content-Type", body.content_type)])
            return [body.content]
        headers = [("Content-Type", "application/json; charset=utf-8")]
        if status is HTTPStatus.UNAUTHORIZED:
            headers.append(("WWW-Authenticate", 'Basic realm="Twilio API"'))
        if status is HTTPStatus.TEMPORARY_REDIRECT:
            headers.append(("Location", body["redirect_to"]))
        start_response(f"{int(status)} {status.phrase}", headers)
        return [json.dumps(body).encode() if status is not HTTPStatus.NO_CONTENT else b""]

    def _answer(self, environ: dict[str, Any]) -> tuple[HTTPStatus, Json | RestFile]:
        """Raises RestError."""
        user = self._authenticated(environ.get("HTTP_AUTHORIZATION", ""))
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        sending = _MESSAGES.fullmatch(path)
        if sending and self._may_use(user, sending["account"]) and method == "POST":
            return HTTPStatus.CREATED, self._message(sending["account"], dict(read_form(environ)))
        found = _PATH.fullmatch(path)
        if found is None:
            message = f"{method} {path} is not simulated; only GET and POST of one call and POST of a message are"
            raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, message)
        if method not in ("GET", "POST"):
            raise RestError(HTTPStatus.METHOD_NOT_ALLOWED, 20004, f"{method} is not allowed here")
        session, leg = self._find(found["call"], found["account"])
        if session is None or not self._may_use(user, found["account"]):
            raise RestError(HTTPStatus.NOT_FOUND, 20404, f"there is no {path}")
        if method == "POST":
            form = dict(read_form(environ))
            _update(session, leg, form, RestNote(method, path, form, int(HTTPStatus.OK)))
        return HTTPStatus.OK, leg_resource(session, leg) if leg else call_resource(session)

    def _note(self, environ: Mapping[str, Any], status: int) -> None:
        """For the trace: a request about a call, or within a call. One that changes the call stands there already."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        found = _PATH.fullmatch(path)
        session = self._find(found["call"], found["account"])[0] if found else self._latest
        if session is not None and not (found and method == "POST" and status == HTTPStatus.OK):
            session.note(RestNote(method, path, dict(environ.get(_FORM, ())), status))

    def _message(self, account: str, form: Mapping[str, str]) -> Json:
        for name in form:
            if name not in FIELDS:
                raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, f"{name} is not simulated; only {', '.join(FIELDS)}")
        try:
            message = read(form)
        except NotSentError as error:
            raise bad_request(error.code, str(error)) from None
        self.messages.append(message)
        self.on_message(message)
        return resource(message, account, len(self.messages))

    def _authenticated(self, header: str) -> str:
        """The account, or the API key, whose secret came with the request."""
        kind, _, encoded = header.partition(" ")
        try:
            user, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user = secret = ""
        known = (self._keys | self._tokens).get(user, "")
        if kind.lower() != "basic" or not known or not hmac.compare_digest(known.encode(), secret.encode()):
            what = "API key or secret" if user.startswith("SK") else "account sid or auth token"
            raise RestError(HTTPStatus.UNAUTHORIZED, 20003, f"Authenticate: wrong {what}")
        return user

    def _may_use(self, user: str, account: str) -> bool:
        """An account has what is its own. An API key is for every account that is known here."""
        return user == account or (user in self._keys and account in self._tokens)

    def _find(self, sid: str, account: str) -> tuple[Session | None, Event | None]:
        """The call that has this sid, or the call that dialled the leg that has it, and the leg's latest event."""
        if (session := self._sessions.get(sid)) and session.plan.account_sid == account:
            return session, None
        for session in list(self._sessions.values()):
            events = session.trace.events if session.plan.account_sid == account else []
            legs = [event for event in list(events) if event["event"] == "leg" and event["sid"] == sid]
            if legs:
                return session, legs[-1]
        return None, None


def read_form(environ: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields in order. Raises RestError."""
    if _FORM in environ:
        return list(environ[_FORM])
    length = str(environ.get("CONTENT_LENGTH") or "0")
    size = int(length) if re.fullmatch("[0-9]{1,9}", length) else 0
    if size > LARGEST_FORM:
        raise RestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, 0, f"more than {LARGEST_FORM} bytes")
    environ[_FORM] = parse_qsl(environ["wsgi.input"].read(size).decode("utf-8", "replace"), keep_blank_values=True)
    return list(environ[_FORM])


def _update(session: Session, leg: Event | None, form: Mapping[str, str], note: RestNote) -> None:
    status = leg["status"] if leg else session.status
    if status in OVER_STATUSES:
        raise bad_request(21220, f"the call is over ({status}): it cannot be changed any more")
    if leg is not None:
        message = "the simulator changes the caller's leg only, not one that was dialled"
        raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, message)
    order = read_order(form)
    try:
        session.order(order, note)
    except SimulatorError as error:
        raise bad_request(error.code, error.message) from None


def read_order(form: Mapping[str, str]) -> CallUpdate:
    """Raises RestError for what Twilio refuses, or what is not simulated."""
    _check(form)
    url, twiml, method = form.get("Url", ""), form.get("Twiml", ""), form.get("Method", "POST")
    urls = form.get("FallbackUrl"), form.get("StatusCallback")
    match form.get("Status", ""):
        case "completed" | "canceled" as status:
            return CallUpdate(status, "", "POST", "", *urls)
        case "":
            pass
        case other:
            raise bad_request(20001, f"Status is completed or canceled, not {other!r}")
    if method not in ("GET", "POST"):
        raise bad_request(20001, f"Method is GET or POST, not {method!r}")
    if len(twiml) > LONGEST_TWIML:
        raise bad_request(32018, f"Twiml has {len(twiml)} characters, more than {LONGEST_TWIML}")
    if not url and not twiml:
        raise bad_request(20001, "nothing to do: neither Url nor Twiml nor Status")
    return CallUpdate("", url, method, twiml, *urls)


def _check(form: Mapping[str, str]) -> None:
    """The fields by themselves: known, and URLs where URLs belong."""
    for name, value in form.items():
        if name not in _OURS:
            raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, f"{name} is not simulated; only {', '.join(_OURS)}")
        if name in ("FallbackMethod", "StatusCallbackMethod") and value != "POST":
            raise RestError(HTTPStatus.NOT_IMPLEMENTED, 0, f"{name} other than POST is not simulated")
        if name in ("Url", "FallbackUrl", "StatusCallback") and value:
            try:
                checked(value)
            except UrlError as error:
                raise bad_request(21205, f"{name}: {error}") from None


def bad_request(code: int, message: str) -> RestError:
    return RestError(HTTPStatus.BAD_REQUEST, code, message)


def call_resource(session: Session) -> Json:
    """The caller's leg."""
    plan, events = session.plan, session.trace.events
    ended = next((event for event in reversed(events) if event["event"] == "ended"), None)
    status = {"initiated": "queued"}.get(session.status, session.status)
    known = {"from": plan.from_, "to": plan.to, "direction": session.direction, "status": status}
    began = 0.0
    if plan.continued is not None:
        known["parent_call_sid"], began = plan.continued.parent_sid, -plan.continued.began
    return _call(session, session.sid, began, ended, ended["duration"] if ended else 0, **known)


def leg_resource(session: Session, leg: Event) -> Json:
    """A leg that was dialled."""
    first = next(event for event in session.trace.events if event["event"] == "leg" and event["sid"] == leg["sid"])
    ended = leg if leg["status"] in OVER_STATUSES else None
    known = {"from": leg["from"], "to": leg["to"], "direction": "outbound-dial", "status": leg["status"]}
    duration = leg.get("duration", 0)
    return _call(session, leg["sid"], first["t"], ended, duration, parent_call_sid=session.sid, **known)


def _call(session: Session, sid: str, began: float, ended: Event | None, duration: int, **known: str) -> Json:
    account = session.plan.account_sid
    uri = f"/{VERSION}/Accounts/{account}/Calls/{sid}"
    is_complete = ended is not None and known["status"] == "completed"
    return {
        "sid": sid,
        "account_sid": account,
        "parent_call_sid": None,
        "from_formatted": known["from"],
        "to_formatted": known["to"],
        "date_created": _date(session, began),
        "date_updated": _date(session, session.now),
        "start_time": _date(session, began),
        "end_time": _date(session, ended["t"]) if ended else None,
        "duration": str(duration) if is_complete else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": (session.answered_by or None) if sid == session.sid else None,
        "api_version": VERSION,
        "forwarded_from": None,
        "caller_name": None,
        "group_sid": None,
        "phone_number_sid": "",
        "queue_time": "0",
        "trunk_sid": "",
        "uri": f"{uri}.json",
        "subresource_uris": {name: f"{uri}/{path}.json" for name, path in _SUBRESOURCES.items()},
        **known,
    }


def _date(session: Session, at: float) -> str:
    """RFC 2822, whole seconds."""
    return format_datetime(session.plan.started + timedelta(seconds=at))


@dataclass(frozen=True, slots=True)
class RestReply:
    """As twilio's own HTTP client returns it."""

    status_code: int
    content: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        return self.status_code < 400


class RestTransport:
    """What `twilio.rest.Client(http_client=...)` takes: requests go to the WSGI application, without a socket."""

    is_async = False

    def __init__(self, app: WsgiApp) -> None:
        self._transport = WsgiTransport(app, largest=sys.maxsize - 1)

    def request(  # noqa: PLR0913, PLR0917 - twilio's signature
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> RestReply:
        """Send one request to the application, whatever host `uri` names."""
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        url = f"{uri}?{urlencode(params, doseq=True)}" if params else uri
        body = urlencode(data or {}, doseq=True).encode()
        reply = self._transport.send(Fetch(method.upper(), url, tuple(sent.items()), body, 1.0, 1.0))
        assert isinstance(reply, Response)  # noqa: S101 - an application in this process always answers
        return RestReply(reply.status, reply.body, dict(reply.headers))
