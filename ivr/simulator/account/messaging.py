"""Text messages of an account: sent by the application, and received at its numbers. No message leaves the machine.

A message that is sent is `queued`, `sent` after a second and `delivered` after another (ours); each is told to its
StatusCallback. One to a number of the account is received there. T:messaging-webhooks, T:message.
"""

from functools import partial

from ivr.base.errors import SimulatorError
from ivr.simulator.account.account_message import AccountMessage, MessageDraft
from ivr.simulator.account.core import Core
from ivr.simulator.engine.call import Call
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.documents import TWIML, content_type
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, Got, obtain
from ivr.simulator.engine.params import API_VERSION, Params
from ivr.simulator.rest_messages import LONGEST_BODY
from ivr.simulator.twiml.schema import NOT_SIMULATED, Issue
from ivr.simulator.twiml.xml import Element, parse
from ivr.simulator.urls import UrlError, resolve

MOST_MESSAGES = 10_000  # of an account; ours
MOST_REPLIES = 20  # <Message> in one document; ours
_STEP = 1.0  # seconds from queued to sent, and from there to delivered


def send_message(core: Core, draft: MessageDraft) -> AccountMessage:
    """Raises SimulatorError when the account has too many."""
    message = _new(core, draft, "queued")
    core.world.later(_STEP, partial(_moves, core, message, "sent"))
    core.world.later(2 * _STEP, partial(_moves, core, message, "delivered"))
    return message


def receive_message(core: Core, from_: str, to: str, body: str) -> AccountMessage:
    """A message comes in at a number of the account. Raises SimulatorError when it is none."""
    own = core.numbers.get(to)
    if own is None:
        raise SimulatorError(f"{to!r} is no number of the account: account.number({to!r}, ...)")
    message = _new(core, MessageDraft(from_, to, body, "inbound"), "received")
    webhook = core.messages_of(own)
    if webhook.url:
        message.errands.append(core.errand(message.sid, partial(_ask, core, message, webhook.url, webhook.method)))
    return message


def _new(core: Core, draft: MessageDraft, status: str) -> AccountMessage:
    if len(core.messages) >= MOST_MESSAGES:
        raise SimulatorError(f"the account has {MOST_MESSAGES} messages, and may have no more (our bound)")
    now = core.world.now
    sid = core.sid_of("SM", f"message {len(core.messages) + 1}/{core.options.seed}/{core.options.name}")
    from_, to, body, direction, callback = draft
    message = AccountMessage(sid, from_, to, body, direction, status, now, callback, updated=now)
    core.messages.append(message)
    return message


def _moves(core: Core, message: AccountMessage, status: str) -> None:
    message.status, message.updated = status, core.world.now
    message.sent = message.sent or core.world.now
    if message.status_callback:
        about = f"{message.sid}/{status}"
        message.errands.append(core.errand(about, partial(_tell, message, message.status_callback, status)))
    if status == "delivered" and message.to in core.numbers:
        receive_message(core, message.from_, message.to, message.body)


def _about(call: Call, message: AccountMessage) -> Params:
    return (
        ("AccountSid", call.plan.account_sid),
        ("ApiVersion", API_VERSION),
        ("From", message.from_),
        ("MessageSid", message.sid),
        ("SmsSid", message.sid),
        ("To", message.to),
    )


def _tell(message: AccountMessage, url: str, status: str, call: Call) -> Steps[None]:
    yield from tell(call, Callback(url, ""), (*_about(call, message), ("MessageStatus", status), ("SmsStatus", status)))


def _ask(core: Core, message: AccountMessage, url: str, method: str, call: Call) -> Steps[None]:
    """The messaging webhook: each <Message> of its document is sent back."""
    content = ("Body", message.body), ("NumMedia", "0"), ("NumSegments", str(message.segments))
    params = (*_about(call, message), ("SmsMessageSid", message.sid), ("SmsStatus", "received"), *content)
    got = yield from obtain(call, Ask(url, method, "message", params))
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


def _replies(call: Call, got: Got, message: AccountMessage) -> list[MessageDraft]:
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
            replies.append(MessageDraft(message.to, to, _body(element), "outbound-reply", _callback(got, element)))
        else:
            text = f"<{element.name}> in the document of a messaging webhook is not simulated; it is ignored"
            call.report(Issue(NOT_SIMULATED, text, element.line, element.column, "error"), got.request)
    return replies[:MOST_REPLIES]


def _body(element: Element) -> str:
    bodies = [child.own_text for child in element.elements if child.name == "Body"]
    return (element.own_text or "".join(bodies))[:LONGEST_BODY]


def _callback(got: Got, element: Element) -> str:
    reference = element.attributes.get("statusCallback", "")
    if not reference:
        return ""
    try:
        return resolve(got.url, reference)
    except UrlError:
        return ""
