"""Our own code raises, at the n-th of its calls, for every n: nothing that it does may cost a call."""

from concurrent.futures import ThreadPoolExecutor

from ivr.simulator.engine.effects import Fetch, Response
from tests.chaos.call import Tamper
from tests.chaos.faults.fault import Fault
from tests.chaos.faulty import CALLS, RAISE_AT
from tests.chaos.service import Serving
from tests.chaos.testbed import THREADS, Stage, Who

_PLAIN = ("plain case, Norwegian",)
FAULTY = Serving(module="tests.chaos.faulty")


def at_every_call(stage: Stage) -> None:
    """First a call that counts; then one call for each place in each of its requests."""
    stage.serve(FAULTY)
    counting = stage.place(Who(_PLAIN, tamper=lambda number: _with(RAISE_AT, 0)))
    sizes = []
    while counting.step(stage.transport):
        if isinstance(counting.reply, Response) and counting.reply.header(CALLS):
            sizes.append(int(counting.reply.header(CALLS)))
    stage.written(counting)
    places = [(request, n) for request, size in enumerate(sizes) for n in range(1, size + 1)]
    chosen = places[:: max(round(len(places) / stage.count(400)), 1)]
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(_play, stage, request, n) for request, n in chosen]:
            done.result()


def _play(stage: Stage, request: int, n: int) -> None:
    stage.finish(stage.place(Who(_PLAIN, tamper=lambda number: _with(RAISE_AT, n, only=request))))


def _with(name: str, value: int, only: int | None = None) -> Tamper:
    """The header on each request, or on one of them."""
    sent = iter(range(1_000_000))

    def tamper(fetch: Fetch) -> Fetch:
        hit = only in (None, next(sent))
        return fetch._replace(headers=(*fetch.headers, (name, str(value)))) if hit else fetch

    return tamper


FAULTS = (Fault("N", "our code raises at its n-th call, for each n of each request", at_every_call),)
