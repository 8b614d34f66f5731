"""7. Do many calls in one account cost more than the same calls in accounts of their own?

1 000 callers wait in 20 queues for 100 agents, talk for a minute, and hear a goodbye; the application fetches each of
them over REST when an agent has taken it. The same calls are played in 100 accounts of ten callers and one agent.
Processor time is measured in turns, and memory is what is kept when all calls are over: the traces above all.
"""

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from benchmarks.measure import Spread, once
from ivr.simulator import Account

CALLERS, AGENTS, QUEUES = 1_000, 100, 20
AT_MOST = 1.3  # times the cost of the same calls in accounts of their own
_DOCUMENTS = {
    "/caller": '<Enqueue waitUrl="/wait">{queue}</Enqueue><Say>Goodbye.</Say>',
    "/wait": '<Say>You are next.</Say><Pause length="900"/>',
    "/agent": '<Dial timeLimit="60" action="/taken"><Queue>{queue}</Queue></Dial>',
    "/taken": "<Redirect>/agent</Redirect>",
}


class QueueApp:
    """The callers of a queue, and its agents. `taken`: From of each call that an agent has taken, as REST tells it."""

    def __init__(self, account: Account, queue: str) -> None:
        self.taken: list[str] = []
        self._account = account
        self._documents = {
            path: f"<Response>{text.format(queue=queue)}</Response>".encode() for path, text in _DOCUMENTS.items()
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/taken":
            form = parse_qs(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())
            if "DequeuedCallSid" in form:
                self.taken.append(self._fetch(form["DequeuedCallSid"][0])["from"])
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [self._documents[environ["PATH_INFO"]]]

    def _fetch(self, sid: str) -> dict[str, Any]:
        account = self._account
        url = f"https://api.twilio.com/2010-04-01/Accounts/{account.sid}/Calls/{sid}.json"
        resource: dict[str, Any] = json.loads(
            account.rest.request("GET", url, auth=(account.sid, account.auth_token)).text
        )
        return resource


def play(callers: int, agents: int, queues: int) -> Account:
    """Everybody calls at once; agents take one caller after another until all are over. Raises RuntimeError when a
    call has not gone as it should."""
    account = Account()
    apps = [QueueApp(account, f"queue{each}") for each in range(queues)]
    for each, app in enumerate(apps):
        account.number(f"+4721{each:06}", voice=app, path="/caller")
        account.number(f"+4722{each:06}", voice=app, path="/agent")
    waiting = [account.call(f"+4741{each:06}", f"+4721{each % queues:06}") for each in range(callers)]
    at_work = [account.call(f"+4723{each:06}", f"+4722{each % queues:06}") for each in range(agents)]
    account.run(until=lambda: all(call.ended for call in waiting))
    for agent in at_work:
        agent.hang_up()
    account.run()
    taken = sorted(number for app in apps for number in app.taken)
    if taken != [call.from_ for call in waiting] or not all(call.heard("Goodbye") for call in waiting):
        raise RuntimeError("a caller was not taken, or has not come to the goodbye")
    return account


def _in_one() -> list[Account]:
    return [play(CALLERS, AGENTS, QUEUES)]


def _in_their_own() -> list[Account]:
    return [play(CALLERS // AGENTS, 1, 1) for _ in range(AGENTS)]


def measure(rounds: int = 7) -> dict[str, Any]:
    _in_their_own()
    together, apart = [], []
    for _ in range(rounds):
        apart.append(once(_in_their_own, 1))
        together.append(once(_in_one, 1))
    ratio = Spread.of([one / other for one, other in zip(together, apart, strict=True)])
    kept = {"together": _kept(_in_one), "apart": _kept(_in_their_own)}
    return {
        "calls": CALLERS + AGENTS,
        "milliseconds a call": Spread.of([each / (CALLERS + AGENTS) * 1e3 for each in together]).as_json(),
        "kilobytes a call": round(kept["together"] / (CALLERS + AGENTS) / 1024, 1),
        "ratios": {
            "1 000 calls in one account / in accounts of ten, time": {**ratio.as_json(), "at most": AT_MOST},
            "1 000 calls in one account / in accounts of ten, memory": {
                "median": round(kept["together"] / kept["apart"], 3),
                "at most": AT_MOST,
            },
        },
    }


def _kept(subject: Callable[[], list[Account]]) -> int:
    """Bytes that are kept once all calls are over."""
    gc.collect()
    tracemalloc.start()
    try:
        accounts = subject()
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    del accounts
    return kept
