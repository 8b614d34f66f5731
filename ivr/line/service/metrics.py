"""Counters of the service for Prometheus, over all worker processes of one server. Off unless asked for.

Each worker counts into files of its own (prometheus_client's multiprocess mode); a small process of its own adds them
up for whoever asks on the second port, where nobody who is slow keeps others waiting. If it dies, no call notices. No
label is personal: nodes, statuses and kinds of fact, no centre, no place, no number.

    python -m ivr.line.service.metrics HOST PORT

is the adding process: it reads FOLDER from PROMETHEUS_MULTIPROC_DIR and ends with its standard input.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from prometheus_client import Metric

    from ivr.line.service.switched import Switched

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported
EXPIRES = "ivr_expires_timestamp_seconds"
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8)
_MOST_CONNECTIONS = 256  # on the second port
_WORD_STARTS = re.compile(r"(?<!^)(?=[A-Z])")


class Meters:
    """What is counted, in this process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram  # noqa: PLC0415 - only where it is on

        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "ivr_requests", "Requests answered, by node (or kind) and status", ("node", "status"), registry=registry
        )
        self._seconds = Histogram(
            "ivr_answer_seconds", "From a webhook's arrival to our answer", registry=registry, buckets=_SECONDS
        )
        self._faults = Counter("ivr_faults", "Faults of ours that the 113 words stood in for", registry=registry)
        self._facts = Counter("ivr_facts", "What happened in calls, by kind", ("fact",), registry=registry)
        self._missed = Counter(
            "ivr_misunderstood", "Silences, wrong keys, and what was keyed and not found", ("kind",), registry=registry
        )
        self._legs = Counter("ivr_legs", "Legs to centres, by how they ended", ("outcome",), registry=registry)
        self._loaded = Gauge(
            "ivr_edition_loaded_timestamp_seconds",
            "When this flow and directory were taken; the latest one answers new calls",
            ("version", "flow", "directory", "profile"),
            registry=registry,
            multiprocess_mode="max",
        )
        self._lost = Gauge(
            "ivr_records_lost", "Facts that no record could keep", registry=registry, multiprocess_mode="sum"
        )
        self._texts = Counter(
            "ivr_text_messages", "Text messages to callers, sent or lost", ("outcome",), registry=registry
        )
        self._expires = Gauge(
            EXPIRES,
            "When the first verification of a number, or date of the checklist, runs out; live lines alone",
            ("kind",),
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self._outages = Gauge(
            "ivr_outages",
            "Centres out of service now, and outages that are planned",
            ("state",),
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self._announcement = Gauge(
            "ivr_announcement_on",
            "1 while an announcement is on",
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self._refused = Gauge(
            "ivr_reload_refused", "1 while files were refused", registry=registry, multiprocess_mode="mostrecent"
        )

    def answered(self, node: str, status: str, seconds: float) -> None:
        self._requests.labels(node, status).inc()
        self._seconds.observe(seconds)

    def asked(self, kind: str, status: str) -> None:
        """Anything that is no webhook."""
        self._requests.labels(kind, status).inc()

    def fault(self) -> None:
        self._faults.inc()

    def happened(self, facts: "Collection[object]") -> None:
        for fact in facts:
            self._facts.labels(_WORD_STARTS.sub("_", type(fact).__name__).lower()).inc()
            misunderstanding = getattr(fact, "misunderstanding", None)
            if misunderstanding is not None:
                self._missed.labels(str(misunderstanding)).inc()
            outcome = getattr(fact, "outcome", None)
            if outcome is not None:
                self._legs.labels(str(outcome)).inc()

    def texted(self, outcome: str) -> None:
        """`outcome`: sent, or lost."""
        self._texts.labels(outcome).inc()

    def lost(self, facts: int) -> None:
        """How many facts this process has lost so far, because the database was away for too long."""
        self._lost.set(facts)

    def switched(self, now: "Switched") -> None:
        self._outages.labels("in_force").set(now.out)
        self._outages.labels("planned").set(now.planned)
        self._announcement.set(bool(now.announcement))

    def expires(self, kind: str, moment: float) -> None:
        self._expires.labels(kind).set(moment)

    def loaded(self, now: float, labels: tuple[str, str, str, str], *, refused: bool) -> None:
        """`labels`: our version, the flow's, the directory's, the profile."""
        self._loaded.labels(*labels).set(now)
        self._refused.set(refused)


def days_left(found: "Iterable[Metric]", now: float) -> "Iterator[Metric]":
    """Of what runs out: as days from the moment at which somebody asks, which no worker can keep up to date."""
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    gauge = GaugeMetricFamily(
        "ivr_days_left", "Days until the first of a kind runs out; below 0 when it has", labels=("kind",)
    )
    for metric in found:
        for sample in metric.samples if metric.name == EXPIRES else ():
            gauge.add_metric([sample.labels["kind"]], (sample.value - now) / 86_400)
    if gauge.samples:
        yield gauge


def start(host: str, port: int) -> "IO[bytes]":
    """Let this process and its children count, and start the process that adds up. It ends when all of them have.

    Call it before anything is counted. Hold on to what is returned: it is the line to that process.
    """
    folder = tempfile.mkdtemp(prefix="ivr-metrics-")
    os.environ[FOLDER] = folder
    command = [sys.executable, "-m", "ivr.line.service.metrics", host, str(port)]
    adding = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - ourselves
    assert adding.stdin is not None  # noqa: S101 - asked for a pipe
    return adding.stdin


def serve(host: str, port: int) -> None:
    """Answer every GET with all that was counted, until stdin ends; then clear away."""
    import shutil  # noqa: PLC0415 - this and what follows is for the adding process alone
    import socket  # noqa: PLC0415
    from functools import partial  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415
    from threading import Thread  # noqa: PLC0415

    from prometheus_client import CollectorRegistry, make_asgi_app  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415
    from uvicorn import Config, Server  # noqa: PLC0415

    from ivr.line.service.connections import Connection, Room  # noqa: PLC0415

    class Collector(MultiProcessCollector):
        def collect(self) -> "Iterable[Metric]":
            """What all files tell. One that a worker has only just opened is empty, and would fail the whole answer."""
            files = [str(file) for file in Path(os.environ[FOLDER]).glob("*.db") if file.stat().st_size]
            found = list(self.merge(files))  # type: ignore[no-untyped-call]
            return [*found, *days_left(found, time.time())]

    registry = CollectorRegistry()
    Collector(registry)  # type: ignore[no-untyped-call]
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SystemExit(f"ivr: no metrics, {host}:{port} cannot be listened on ({error.strerror})") from None
    room: Any = partial(Connection, Room(_MOST_CONNECTIONS))
    options: dict[str, Any] = {"lifespan": "off", "ws": "none", "proxy_headers": False, "access_log": False}
    server = Server(Config(make_asgi_app(registry), http=room, log_config=None, server_header=False, **options))

    def end() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True

    Thread(target=end, daemon=True).start()
    server.run([listening])
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
