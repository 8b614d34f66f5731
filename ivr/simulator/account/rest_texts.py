"""Text messages over REST: create, fetch, list, redact, delete. T:message-resource."""

from http import HTTPStatus

from ivr.base.errors import SimulatorError
from ivr.simulator.account.account_message import AccountMessage, MediaDraft, MessageDraft
from ivr.simulator.account.core import Core
from ivr.simulator.account.messaging import MOST_MEDIA, send_message
from ivr.simulator.account.rest_app import Asked, Route, one_of
from ivr.simulator.account.rest_lists import fitting, page
from ivr.simulator.rest import VERSION, Json, bad_request
from ivr.simulator.rest_messages import NotSentError, read
from ivr.simulator.urls import UrlError, checked


def _resource(core: Core, message: AccountMessage) -> Json:
    uri = f"/{VERSION}/Accounts/{core.sid}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": core.sid,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "direction": message.direction,
        "status": message.status,
        "num_segments": str(message.segments),
        "num_media": str(message.num_media),
        "date_created": core.date(message.created),
        "date_updated": core.date(message.updated),
        "date_sent": core.date(message.sent) if message.sent is not None else None,
        "error_code": message.error[0] if message.error else None,
        "error_message": message.error[1] if message.error else None,
        "messaging_service_sid": None,
        "price": None,
        "price_unit": "USD",
        "api_version": VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def find_message(core: Core, asked: Asked, name: str = "sid") -> AccountMessage:
    """The one whose sid stands in the path under this name. Raises RestError."""
    return one_of(asked, core.messages, name)


def create(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("To", "From", "Body", "StatusCallback", "MediaUrl", "ProvideFeedback")
    media = _media(asked)
    try:
        said = read(asked.fields, has_media=bool(media))
    except NotSentError as error:
        raise bad_request(error.code, str(error)) from None
    if said.sender == said.to:
        raise bad_request(21266, f"To and From are the same number, {said.to}: a number cannot text itself")
    if said.sender.startswith("+") and said.sender not in core.numbers:
        raise bad_request(21606, f"From {said.sender} is no number of the account")
    callback = asked.web_address("StatusCallback", 21609)
    try:
        message = send_message(core, MessageDraft(said.sender, said.to, said.body, callback=callback, media=media))
    except SimulatorError as error:
        raise bad_request(20001, error.message) from None
    return HTTPStatus.CREATED, _resource(core, message)


def _media(asked: Asked) -> tuple[MediaDraft, ...]:
    urls = asked.all("MediaUrl")
    if len(urls) > MOST_MEDIA:
        raise bad_request(21623, f"MediaUrl: {len(urls)} files, more than {MOST_MEDIA}")
    try:
        return tuple(MediaDraft(checked(url)) for url in urls)
    except UrlError as error:
        raise bad_request(21620, f"Invalid media URL(s): {error}") from None


def fetch(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _resource(core, find_message(core, asked))


def listed(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The newest first."""
    known = (_resource(core, message) for message in reversed(core.messages))
    found = fitting(asked, known, {"To": "to", "From": "from"}, {"DateSent": "date_sent"})
    return HTTPStatus.OK, page(asked, "messages", found)


def update(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """An empty Body takes the text away, and nothing else can be changed."""
    asked.allow("Body")
    message = find_message(core, asked)
    if asked.fields.get("Body") != "":
        raise bad_request(20001, "Body can only be made empty")
    message.body, message.updated = "", core.world.now
    return HTTPStatus.OK, _resource(core, message)


def delete(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    core.messages.remove(find_message(core, asked))
    return HTTPStatus.NO_CONTENT, {}


_ONE = r"Messages/(?P<sid>[^/]+)"
ROUTES: tuple[Route, ...] = (
    ("POST", "Messages", create),
    ("GET", "Messages", listed),
    ("GET", _ONE, fetch),
    ("POST", _ONE, update),
    ("DELETE", _ONE, delete),
)
