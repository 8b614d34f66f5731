"""2. Under a server, asked from another process: how many requests a second, and how late replies are at a given rate.

Two kinds of load. To find how much a worker can do, four connections always have a request under way. To find how late
it answers, requests are planned: 200 a second at fixed moments, and a latency counts from the planned moment, whatever
became of the requests before it (an open loop, so no omission is coordinated with the slowness that is looked for).
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any

from benchmarks.measure import Spread
from benchmarks.servers import Running, why_no_express
from benchmarks.wire import Connection

CONNECTIONS = 4
RATE = 200
SERVERS = ("gunicorn sync", "gunicorn gthread", "gunicorn uvicorn", "granian")
OF_PLAIN, OF_CONSTANT_P99 = 1.4, 1.5
OF_EXPRESS = {"kept alive": 1.1, "a connection each": 1.0}
CHOSEN = "gunicorn uvicorn"  # what `ivr serve` runs; docs/dependencies.md says why


def saturate(port: int, request: bytes, seconds: float) -> tuple[int, float]:
    """How many requests were answered in how many seconds, with one always under way on each connection."""
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        for connection in connections:
            connection.send(request)
        for connection in connections:
            connection.receive()
        done += CONNECTIONS
    elapsed = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return done, elapsed


def warm_up(port: int, request: bytes, most: int = 3000, seconds: float = 6.0) -> None:
    """Until a just-in-time compiler has seen enough of it: what a server does in its first seconds is no measure."""
    end = time.perf_counter() + seconds
    with Connection(port) as connection:
        for _ in range(most):
            connection.exchange(request)
            if time.perf_counter() > end:
                return


def planned(port: int, request: bytes, seconds: float) -> list[float]:
    """Milliseconds from when each request was due to its reply."""
    moments = iter([number / RATE for number in range(int(seconds * RATE))])
    lock, latencies = threading.Lock(), list[float]()
    began = time.perf_counter() + 0.05

    def caller() -> None:
        with Connection(port) as connection:
            while (due := _next(moments, lock)) is not None:
                time.sleep(max(0.0, began + due - time.perf_counter()))
                connection.exchange(request)
                latencies.append((time.perf_counter() - began - due) * 1000)

    threads = [threading.Thread(target=caller) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies


def _next(moments: Iterator[float], lock: threading.Lock) -> float | None:
    with lock:
        return next(moments, None)


def measure(rounds: int = 3, seconds: float = 0.8) -> dict[str, Any]:
    with ProcessPoolExecutor(1, get_context("spawn")) as generator:
        found: dict[str, Any] = {}
        for server in SERVERS:
            found[server] = _compared(
                generator, {"plain": (server, "plain"), "line": (server, "line")}, rounds, seconds
            )
        missing = why_no_express()
        if missing:
            found["express"] = missing
        else:
            pair = {"express": ("express", "plain"), "line": (CHOSEN, "line"), "line, granian": ("granian", "line")}
            found["express"] = _compared(generator, pair, rounds, seconds)
        found["planned"] = _latencies(generator, rounds)
    return found


def _compared(
    generator: ProcessPoolExecutor, pair: dict[str, tuple[str, str]], rounds: int, seconds: float
) -> dict[str, Any]:
    """Requests of each, in turns, on kept connections and on a new one for each request.

    The ratios, to the first of the pair, are of requests in a second of the server's own processor time: what one
    worker can do on a core of its own. By the wall it is whatever the machine has left for it.
    """
    first = next(iter(pair))
    result: dict[str, Any] = {}
    with ExitStack() as stack:
        running = {name: stack.enter_context(Running(*which)) for name, which in pair.items()}
        for server in running.values():
            generator.submit(warm_up, server.port, server.request).result()
        for way in ("kept alive", "a connection each"):
            walls: dict[str, list[float]] = {name: [] for name in running}
            cores: dict[str, list[float]] = {name: [] for name in running}
            for _ in range(rounds):
                for name, server in running.items():
                    request = server.request if way == "kept alive" else server.last_request
                    spent = server.processor_seconds()
                    done, elapsed = generator.submit(saturate, server.port, request, seconds).result()
                    walls[name].append(done / elapsed)
                    cores[name].append(done / max(server.processor_seconds() - spent, 0.01))
            result[way] = {
                "requests a second": {name: Spread.of(each).as_json() for name, each in walls.items()},
                "requests a core second": {name: Spread.of(each).as_json() for name, each in cores.items()},
                "ratios": {
                    f"{name} / {first}": Spread.of(
                        [mine / other for mine, other in zip(cores[name], cores[first], strict=True)]
                    ).as_json()
                    for name in list(running)[1:]
                },
            }
    return result


def _latencies(generator: ProcessPoolExecutor, rounds: int, seconds: float = 2.0) -> dict[str, Any]:
    """Of the constant view and of the line under the chosen server, in turns, 200 requests a second."""
    with Running(CHOSEN, "constant") as constant, Running(CHOSEN, "line") as line:
        found: dict[str, list[float]] = {"constant": [], "line": []}
        ratios = []
        for _ in range(rounds):
            tails = {}
            for name, server in (("constant", constant), ("line", line)):
                latencies = generator.submit(planned, server.port, server.request, seconds).result()
                found[name] += latencies
                tails[name] = _quantile(latencies, 0.99)
            ratios.append(tails["line"] / tails["constant"])
    return {
        "milliseconds": {
            name: {share: round(_quantile(each, float(share)), 2) for share in ("0.5", "0.99")}
            for name, each in found.items()
        },
        "p99 line / p99 constant": {**Spread.of(ratios).as_json(), "at most": OF_CONSTANT_P99},
    }


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
