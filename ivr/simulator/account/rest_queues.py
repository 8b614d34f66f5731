"""Queues and their members over REST: create, fetch, list, update, delete. T:queue-resource, T:member-resource."""

from http import HTTPStatus

from ivr.simulator.account.core import Core
from ivr.simulator.account.rest_app import Asked, Route, not_found, one_of
from ivr.simulator.account.rest_lists import PAGING, page
from ivr.simulator.engine.effects import CallUpdate
from ivr.simulator.engine.shared import MOST_NAMED, SharedQueue, Waiter
from ivr.simulator.rest import VERSION, Json, bad_request
from ivr.simulator.twiml.enqueue import MOST_WAITING
from ivr.simulator.twiml.nouns import LONGEST_QUEUE_NAME

_LARGEST = 5000  # calls in one queue (T:queue-resource MaxSize)


def _uri(core: Core, queue: SharedQueue) -> str:
    return f"/{VERSION}/Accounts/{core.sid}/Queues/{queue.sid}"


def _resource(core: Core, queue: SharedQueue) -> Json:
    uri = _uri(core, queue)
    return {
        "sid": queue.sid,
        "account_sid": core.sid,
        "friendly_name": queue.name,
        "max_size": queue.most,
        "current_size": len(queue.waiters),
        "average_wait_time": queue.average(core.world.now),
        "date_created": core.date(queue.created),
        "date_updated": core.date(queue.updated),
        "uri": f"{uri}.json",
    }


def _find(core: Core, asked: Asked) -> SharedQueue:
    return one_of(asked, core.shared.queues.values(), "queue")


def _name(core: Core, asked: Asked, queue: SharedQueue | None = None) -> str:
    name = asked.fields.get("FriendlyName", queue.name if queue else "")
    if not 1 <= len(name) <= LONGEST_QUEUE_NAME:
        raise bad_request(20001, f"FriendlyName has 1 to {LONGEST_QUEUE_NAME} characters, not {len(name)}")
    if core.shared.queues.get(name, queue) is not queue:
        raise bad_request(20001, f"there is a queue {name!r} already")
    return name


def create(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("FriendlyName", "MaxSize")
    name, most = _name(core, asked), asked.integer("MaxSize", MOST_WAITING, 0, _LARGEST)
    if len(core.shared.queues) >= MOST_NAMED:
        raise bad_request(20001, f"the account has {MOST_NAMED} queues, and may have no more (our bound)")
    now = core.world.now
    queue = SharedQueue(name, core.sid_of("QU", f"queue:{name}"), now, most, now)
    core.shared.queues[name] = queue
    return HTTPStatus.CREATED, _resource(core, queue)


def fetch(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _resource(core, _find(core, asked))


def listed(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*PAGING)
    return HTTPStatus.OK, page(asked, "queues", [_resource(core, queue) for queue in core.shared.queues.values()])


def update(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow("FriendlyName", "MaxSize")
    queue = _find(core, asked)
    name, most = _name(core, asked, queue), asked.integer("MaxSize", queue.most, 0, _LARGEST)
    core.shared.queues = {name if each is queue else old: each for old, each in core.shared.queues.items()}
    queue.name, queue.most, queue.updated = name, most, core.world.now
    return HTTPStatus.OK, _resource(core, queue)


def delete(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    queue = _find(core, asked)
    if queue.waiters or queue.agents:
        raise bad_request(20001, f"the queue {queue.name!r} is not empty: only an empty one can be deleted")
    del core.shared.queues[queue.name]
    return HTTPStatus.NO_CONTENT, {}


# Members.


def _member(core: Core, queue: SharedQueue, waiter: Waiter) -> Json:
    sid = waiter.call.line.sid
    return {
        "call_sid": sid,
        "queue_sid": queue.sid,
        "position": queue.position(waiter),
        "wait_time": waiter.seconds(core.world.now),
        "date_enqueued": core.date(waiter.entered),
        "uri": f"{_uri(core, queue)}/Members/{sid}.json",
    }


def _find_member(core: Core, asked: Asked) -> tuple[SharedQueue, Waiter]:
    """By its CallSid, or `Front`."""
    queue, sid = _find(core, asked), asked.path["call"]
    for waiter in queue.waiters:
        if sid in (waiter.call.line.sid, "Front"):
            return queue, waiter
    raise not_found(asked)


def fetch_member(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow()
    return HTTPStatus.OK, _member(core, *_find_member(core, asked))


def list_members(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    asked.allow(*PAGING)
    queue = _find(core, asked)
    return HTTPStatus.OK, page(asked, "queue_members", [_member(core, queue, waiter) for waiter in queue.waiters])


def update_member(core: Core, asked: Asked) -> tuple[HTTPStatus, Json]:
    """The member leaves the queue for the document at `Url`."""
    asked.allow("Url", "Method")
    queue, waiter = _find_member(core, asked)
    url, method = asked.web_address("Url"), asked.choice("Method", ("GET", "POST"), "POST")
    if not url:
        raise bad_request(21205, "Url parameter is required")
    told = _member(core, queue, waiter)
    core.world.order(core.world.running(waiter.call.line.sid), CallUpdate("", url, method))
    return HTTPStatus.OK, told


_ONE = r"Queues/(?P<queue>[^/]+)"
_MEMBER = rf"{_ONE}/Members/(?P<call>[^/]+)"
ROUTES: tuple[Route, ...] = (
    ("POST", "Queues", create),
    ("GET", "Queues", listed),
    ("GET", _ONE, fetch),
    ("POST", _ONE, update),
    ("DELETE", _ONE, delete),
    ("GET", f"{_ONE}/Members", list_members),
    ("GET", _MEMBER, fetch_member),
    ("POST", _MEMBER, update_member),
)
