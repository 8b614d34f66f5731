"""What the running service tells those who look after it: metrics and log lines, and nothing of a caller in either."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.line.service.metrics import FOLDER
from tests import privacy
from tests.serve.server import SECONDS, Server, free_port, next_target, serving, wait_for

CALLER = "+4791234567"
KEYED = ("5003", "41234567")  # a postcode, and eight digits that are no centre's


@dataclass
class Seen:
    server: Server
    port: int
    metrics: str
    log: Path


def _metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=SECONDS) as answer:
        return str(answer.read().decode())


def _call(server: Server) -> None:
    """A call that keys a postcode, then eight digits, and is refused once for a wrong signature."""
    language = next_target(server.post("/voice", From=CALLER))
    postcode = next_target(server.post(language, From=CALLER, Digits="2"))
    entry = next_target(server.post(postcode, From=CALLER, Digits="1"))
    server.post(entry, From=CALLER, Digits=KEYED[0])
    centre = next_target(server.post(next_target(server.post(postcode, From=CALLER, Digits="2")), Digits="3"))
    server.post(centre, From=CALLER, Digits=KEYED[1])
    server.post("/voice/status", From=CALLER, CallStatus="completed")
    server.post("/voice/fallback", From=CALLER, ErrorCode="11200")
    forged = urllib.request.Request(f"{server.base}/voice", f"From={CALLER}".encode())  # noqa: S310
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(forged, timeout=SECONDS)  # noqa: S310


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    log, port = tmp_path_factory.mktemp("log") / "server.log", free_port()
    arguments = ("--workers", "2", "--metrics-port", str(port), "--log-format", "json", "--log-level", "debug")
    with serving(*arguments, log=log) as server:
        wait_for(server, lambda _: _answers(port))
        for _ in range(10):
            _call(server)
        yield Seen(server, port, _metrics(port), log)


def _answers(port: int) -> bool:
    try:
        return bool(_metrics(port))
    except OSError:
        return False


def _value(metrics: str, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", metrics, re.MULTILINE)
    assert found, f"no {line} in\n{metrics}"
    return float(found[1])


def test_the_workers_are_counted_together(seen: Seen) -> None:
    assert _value(seen.metrics, 'ivr_requests_total{node="arrival",status="200"}') == 10
    assert _value(seen.metrics, 'ivr_requests_total{node="arrival",status="403"}') == 10
    assert _value(seen.metrics, 'ivr_requests_total{node="status",status="204"}') == 10
    assert _value(seen.metrics, 'ivr_facts_total{fact="call_started"}') == 10
    assert _value(seen.metrics, "ivr_answer_seconds_count") == 100


def test_the_edition_in_force_is_told(seen: Seen) -> None:
    ready = seen.server.ready()
    labels = [f'{name}="{ready[name]}"' for name in ("directory", "flow", "profile", "version")]
    assert _value(seen.metrics, f"ivr_edition_loaded_timestamp_seconds{{{','.join(labels)}}}") > 1.7e9
    assert _value(seen.metrics, "ivr_reload_refused") == 0


def test_no_label_is_made_up_by_a_stranger(seen: Seen) -> None:
    assert set(re.findall(r"(\w+)=\"", seen.metrics)) == {
        *("node", "status", "le", "fact", "kind", "version", "flow", "directory", "profile", "state"),
    }
    assert not privacy.numbers(re.sub(r' \S+$|flow="\w+"|directory="\w+"', "", seen.metrics, flags=re.MULTILINE))


def test_a_path_that_is_no_node_is_other(seen: Seen) -> None:
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{seen.server.base}/voice/nowhere", timeout=SECONDS)  # noqa: S310
    assert "nowhere" not in seen.metrics


def test_every_line_of_the_log_is_json_and_names_its_event(seen: Seen) -> None:
    lines = [json.loads(line) for line in seen.log.read_text("utf-8").splitlines() if not line.startswith("ivr: ")]
    assert {"time", "level", "logger", "event", "message", "process"} <= lines[0].keys()
    refusals = [line for line in lines if line["event"] == "refused %s: %s"]
    assert len(refusals) == 10
    assert refusals[0]["message"] == "refused 403: signature"


def test_neither_the_caller_nor_what_they_keyed_is_in_the_log_at_any_level(seen: Seen) -> None:
    log = seen.log.read_text("utf-8")
    assert '"level": "info"' in log
    for personal in (CALLER, CALLER[3:], *KEYED):
        assert not re.search(rf"(?<![0-9]){re.escape(personal)}(?![0-9])", log), personal


def test_without_the_port_there_are_no_metrics(seen: Seen) -> None:
    for path in ("/metrics", "/voice/metrics"):
        with pytest.raises(urllib.error.HTTPError, match=r"40[45]"):
            urllib.request.urlopen(seen.server.base + path, timeout=SECONDS)  # noqa: S310


def test_a_connection_that_says_nothing_keeps_no_monitor_waiting(seen: Seen) -> None:
    with ExitStack() as stack:
        for said in (b"", b"GET /metrics HTTP/1.1\r\nHost:") * 20:
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", seen.port), SECONDS))
            idle.sendall(said)
        assert "ivr_requests_total" in _metrics(seen.port)
        assert idle.recv(64).startswith(b"HTTP/1.1 408 ")


def _loaded(metrics: str) -> float:
    return max(float(found) for found in re.findall(r"^ivr_edition_loaded\S+ (\S+)$", metrics, re.MULTILINE))


def test_what_was_counted_before_a_reload_stays_counted(seen: Seen) -> None:
    before = _loaded(seen.metrics)
    seen.server.process.send_signal(signal.SIGHUP)
    wait_for(seen.server, lambda _: _loaded(_metrics(seen.port)) > before)
    assert _value(_metrics(seen.port), 'ivr_requests_total{node="arrival",status="200"}') == 10


def test_a_worker_that_has_only_just_begun_to_count_spoils_nothing(tmp_path: Path) -> None:
    (tmp_path / "counter_1.db").touch()  # opened by the worker, and not written to yet
    port = free_port()
    command = [sys.executable, "-m", "ivr.line.service.metrics", "127.0.0.1", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ | {FOLDER: str(tmp_path)}) as adding:
        end = time.monotonic() + SECONDS
        while not _listens(port):
            assert adding.poll() is None
            assert time.monotonic() < end
        assert _metrics(port) == ""


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_every_metric_is_documented_and_no_other() -> None:
    root = Path(__file__).parents[2]
    documented = set(re.findall(r"`(ivr_\w+)", (root / "docs" / "operations.md").read_text("utf-8")))
    counted = set(re.findall(r'"(ivr_\w+)"', (root / "ivr" / "line" / "service" / "metrics.py").read_text("utf-8")))
    assert {name.removesuffix("_total") for name in documented} == counted
