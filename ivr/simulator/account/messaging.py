"""Text messages of an account: sent by the application, and received at its numbers. No message leaves the machine.

A message that is sent is `queued`, `sent` after a second and `delivered` after another (ours); each is told to its
StatusCallback. One to a number of the account is received there. T:messaging-webhooks, T:message.
"""

import mimetypes
from collections.abc import Iterable
from functools import partial
from urllib.parse import urlsplit

from ivr.base.errors import SimulatorError
from ivr.simulator.account.account_message import AccountMessage, MediaDraft, MessageDraft, MessageMedia
from ivr.simulator.account.core import Core
from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.documents import TWIML, content_type
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, Got, Problem, obtain
from ivr.simulator.engine.form import Params, form_of
from ivr.simulator.engine.params import API_VERSION
from ivr.simulator.rest_messages import LONGEST_BODY
from ivr.simulator.twiml.document import LARGEST
from ivr.simulator.twiml.schema import NOT_SIMULATED, Issue
from ivr.simulator.twiml.xml import Element, parse
from ivr.simulator.urls import UrlError, resolve

MOST_MESSAGES = 10_000  # of an account; ours
MOST_MEDIA = 10  # of one message (T:message MediaUrl)
MOST_REPLIES = 20  # <Message> in one document; ours
_STEP = 1.0  # seconds from queued to sent, and from there to delivered


def send_message(core: Core, draft: MessageDraft) -> AccountMessage:
    """Raises SimulatorError when the account has too many."""
    message = _new(core, draft, "queued")
    if any(core.routes.may_ask(each.url) for each in message.media):
        message.errands.append(core.errand(f"{message.sid}/media", partial(_fetch_media, core, message)))
    core.world.later(_STEP, partial(_moves, core, message, "sent"))
    core.world.later(2 * _STEP, partial(_moves, core, message, "delivered"))
    return message


def receive_message(core: Core, from_: str, to: str, body: str, media: Iterable[MediaDraft] = ()) -> AccountMessage:
    """A message comes in at a number of the account. Raises SimulatorError when it is none."""
    own = core.numbers.get(to)
    if own is None:
        raise SimulatorError(f"{to!r} is no number of the account: account.number({to!r}, ...)")
    message = _new(core, MessageDraft(from_, to, body, "inbound", media=tuple(media)), "received")
    webhook = core.messages_of(own)
    if webhook.url:
        about = {"From": from_, "To": to, "Body": body}
        more = core.add_ons.params(own.add_ons, message.sid, **about) if webhook.method == "POST" else ()
        story = partial(_ask, core, message, Ask(webhook.url, webhook.method, "message", form_of(more)))
        message.errands.append(core.errand(message.sid, story))
    return message


def _new(core: Core, draft: MessageDraft, status: str) -> AccountMessage:
    if len(core.messages) >= MOST_MESSAGES:
        raise SimulatorError(f"the account has {MOST_MESSAGES} messages, and may have no more (our bound)")
    now = core.world.now
    name = f"message {len(core.messages) + 1}/{core.options.seed}/{core.options.name}"
    from_, to, body, direction, callback, media = draft
    sid = core.sid_of("MM" if media else "SM", name)
    message = AccountMessage(sid, from_, to, body, direction, status, now, callback, updated=now)
    for place, each in enumerate(media):
        kind = each.content_type or mimetypes.guess_type(urlsplit(each.url).path)[0] or "application/octet-stream"
        which = core.sid_of("ME", f"{name}/{place}")
        message.media.append(MessageMedia(which, kind, each.content, each.url, now, now))
    message.num_media = len(message.media)
    core.messages.append(message)
    return message


def _fetch_media(core: Core, message: AccountMessage, call: RunningCall) -> Steps[None]:
    """As for a <Play>, a file of an origin that nobody has named is not asked for. The message fails with one that
    cannot be had."""
    for each in tuple(message.media):
        if not core.routes.may_ask(each.url):
            continue
        got = yield from obtain(call, Ask(each.url, "GET", "media", form_of(())))
        if isinstance(got, Got) and len(got.response.body) > LARGEST:
            got = Problem(11200, f"larger than {LARGEST} bytes (our bound)", each.url, got.request)
        if isinstance(got, Problem):
            call.report(Issue(got.code, f"{each.url}: {got.message}", 0, 0, "error"), got.request)
            message.error = got.code, f"{each.url}: {got.message}"
            message.status, message.updated = "failed", core.world.now
            yield from _tell(message, "failed", call)
            return
        each.content, each.updated = got.response.body, core.world.now
        each.content_type = got.response.header("content-type").partition(";")[0] or each.content_type


def _moves(core: Core, message: AccountMessage, status: str) -> None:
    if message.error is not None:
        return
    message.status, message.updated = status, core.world.now
    message.sent = message.sent or core.world.now
    if message.status_callback:
        message.errands.append(core.errand(f"{message.sid}/{status}", partial(_tell, message, status)))
    if status == "delivered" and message.to in core.numbers:
        media = [MediaDraft(content_type=each.content_type, content=each.content) for each in message.media]
        receive_message(core, message.from_, message.to, message.body, media)


def _about(call: RunningCall, message: AccountMessage) -> Params:
    return (
        ("AccountSid", call.plan.account_sid),
        ("ApiVersion", API_VERSION),
        ("From", message.from_),
        ("MessageSid", message.sid),
        ("SmsSid", message.sid),
        ("To", message.to),
    )


def _tell(message: AccountMessage, status: str, call: RunningCall) -> Steps[None]:
    if message.status_callback:
        error = (("ErrorCode", str(message.error[0])),) if message.error else ()
        params = (*_about(call, message), ("MessageStatus", status), ("SmsStatus", status), *error)
        yield from tell(call, Callback(message.status_callback, ""), params)


def _ask(core: Core, message: AccountMessage, ask: Ask, call: RunningCall) -> Steps[None]:
    """The messaging webhook: each <Message> of its document is sent back. `ask`: with what it is told besides."""
    content = ("Body", message.body), ("NumMedia", str(message.num_media)), ("NumSegments", str(message.segments))
    said = ("SmsMessageSid", message.sid), ("SmsStatus", "received")
    params = (*_about(call, message), *said, *content, *_media_params(core, message), *ask.params.params)
    got = yield from obtain(call, ask._replace(params=form_of(params)))
    if not isinstance(got, Got):
        call.report(Issue(got.code, f"{got.url}: {got.message}", 0, 0, "error"), got.request)
        return
    try:
        replies = _replies(call, got, message)
    except SimulatorError as error:
        call.report(Issue(error.code, f"{got.url}: {error.message}", error.line, error.column, "error"), got.request)
        return
    for draft in replies:
        send_message(core, draft)


def _media_params(core: Core, message: AccountMessage) -> Params:
    where = f"{core.options.api}/{API_VERSION}/Accounts/{core.sid}/Messages/{message.sid}/Media"
    return tuple(
        param
        for place, each in enumerate(message.media)
        for param in ((f"MediaContentType{place}", each.content_type), (f"MediaUrl{place}", f"{where}/{each.sid}"))
    )


def _replies(call: RunningCall, got: Got, message: AccountMessage) -> list[MessageDraft]:
    """Raises SimulatorError."""
    if not got.response.body.strip():
        return []
    kind, charset = content_type(got.response.header("content-type"))
    if kind not in TWIML:
        text = got.response.body.decode("utf-8", "replace")[:LONGEST_BODY]
        return [MessageDraft(message.to, message.from_, text, "outbound-reply")]
    root = parse(got.response.body, charset)
    if root.name != "Response":
        said = f"the root is <{root.name}>, not <Response>"
        raise SimulatorError(said, code=12102, line=root.line, column=root.column)
    replies = []
    for element in root.elements:
        if element.name == "Message":
            to = element.attributes.get("to", message.from_)
            callback, media = _absolute(got, element.attributes.get("statusCallback", "")), _media(got, element)
            replies.append(MessageDraft(message.to, to, _body(element), "outbound-reply", callback, media))
        else:
            text = f"<{element.name}> in the document of a messaging webhook is not simulated; it is ignored"
            call.report(Issue(NOT_SIMULATED, text, element.line, element.column, "error"), got.request)
    return replies[:MOST_REPLIES]


def _body(element: Element) -> str:
    bodies = [child.own_text for child in element.elements if child.name == "Body"]
    return (element.own_text or "".join(bodies))[:LONGEST_BODY]


def _media(got: Got, element: Element) -> tuple[MediaDraft, ...]:
    urls = [_absolute(got, child.own_text.strip()) for child in element.elements if child.name == "Media"]
    return tuple(MediaDraft(url) for url in urls if url)[:MOST_MEDIA]


def _absolute(got: Got, reference: str) -> str:
    """ "" for none, or for what is none."""
    try:
        return resolve(got.url, reference) if reference else ""
    except UrlError:
        return ""
