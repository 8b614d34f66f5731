"""What belongs to a text message over REST: its files, and the feedback of the application. T:media-resource,
T:message-feedback-resource.
"""

from http import HTTPStatus

from ivr.simulator.account.account_message import AccountMessage, MessageMedia
from ivr.simulator.account.core import Core
from ivr.simulator.account.rest_app import Asked, MediaRoute, Route, not_found, one_of
from ivr.simulator.account.rest_lists import fitting, page
from ivr.simulator.account.rest_texts import find_message
from ivr.simulator.rest import VERSION, Json, RestFile, bad_request


def _uri(core: Core, message: AccountMessage) -> str:
    return f"/{VERSION}/Accounts/{core.sid}/Messages/{message.sid}"


def _resource(core: Core, message: AccountMessage, media: MessageMedia) -> Json:
    return {
        "sid": media.sid,
        "account_sid": core.sid,
        "parent_sid": message.sid,
        "content_type": media.content_type,
        "date_created": core.date(media.created),
        "date_updated": core.date(media.updated),
        "uri": f"{_uri(core, message)}/Media/{media.sid}.json",
    }


def _find(core: Core, asked: Asked) -> tuple[AccountMessage, MessageMedia]:
    message = find_message(core, asked, "message")
    return message, one_of(asked, message.media)


def fetch(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _resource(core, *_find(core, asked))


def listed(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    message = find_message(core, asked, "message")
    known = (_resource(core, message, media) for media in message.media)
    return HTTPStatus.OK, page(asked, "media_list", fitting(asked, known, {}, {"DateCreated": "date_created"}))


def delete(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    message, media = _find(core, asked)
    message.media.remove(media)
    return HTTPStatus.NO_CONTENT, {}


def file(core: Core, asked: Asked) -> RestFile:
    """What was fetched, or has come with the message; not there where it was not asked for."""
    asked.allow()
    media = _find(core, asked)[1]
    if media.content is None:
        raise not_found(asked)
    return RestFile(media.content, media.content_type)


def feedback(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """Of a message that was sent; of two, the later one counts (ours)."""
    asked.allow("Outcome")
    message = find_message(core, asked, "message")
    outcome = asked.choice("Outcome", ("confirmed", "unconfirmed"), "confirmed")
    if message.direction == "inbound":
        raise bad_request(20001, "feedback is about a message that was sent, and this one was received")
    began = message.feedback[1] if message.feedback else core.world.now
    message.feedback = outcome, began
    return HTTPStatus.OK, {
        "account_sid": core.sid,
        "message_sid": message.sid,
        "outcome": outcome,
        "date_created": core.date(began),
        "date_updated": core.date(),
        "uri": f"{_uri(core, message)}/Feedback.json",
    }


_MEDIA = r"Messages/(?P<message>[^/]+)/Media"
ROUTES: tuple[Route, ...] = (
    ("GET", _MEDIA, listed),
    ("GET", rf"{_MEDIA}/(?P<sid>[^/]+)", fetch),
    ("DELETE", rf"{_MEDIA}/(?P<sid>[^/]+)", delete),
    ("POST", r"Messages/(?P<message>[^/]+)/Feedback", feedback),
)
MEDIA: tuple[MediaRoute, ...] = ((rf"{_MEDIA}/(?P<sid>[^/.]+)", file),)
