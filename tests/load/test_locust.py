"""The callers as users of the real Locust, in a process of their own: its workers carry the same calls."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

REQUESTS = 40
TWIML = b'<?xml version="1.0"?><Response><Say>Hello</Say><Gather numDigits="1" action="/next"/><Hangup/></Response>'
LOCUSTFILE = """
import gevent
from locust import events

from ivr.simulator.load.locust_user import CallerUser


@events.init.add_listener
def enough(environment, **_):
    def count(**_):
        if environment.stats.total.num_requests >= {requests}:
            gevent.spawn(environment.runner.quit)

    environment.events.request.add_listener(count)


class Caller(CallerUser):
    host = "{url}"
    real_time = False
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(TWIML)))
        self.end_headers()
        self.wfile.write(TWIML)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _run(url: str, folder: Path) -> list[dict[str, object]]:
    """Two users, until there were enough requests or half a minute is over; Locust's statistics, an entry a kind."""
    (folder / "locustfile.py").write_text(LOCUSTFILE.format(url=url, requests=REQUESTS), "utf-8")
    command = [sys.executable, "-m", "locust", "-f", "locustfile.py", "--headless", "--users", "2", "--json"]
    done = subprocess.run(
        [*command, "--spawn-rate", "2", "--run-time", "30s"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,  # it exits with 1 where requests failed
    )
    found: list[dict[str, object]] = json.loads(done.stdout[done.stdout.index("[") :])
    return found


def test_locust_places_whole_calls_and_counts_their_requests(url: str, tmp_path: Path) -> None:
    entries = {str(each["name"]): each for each in _run(f"{url}/voice", tmp_path)}
    assert set(entries) == {"voice /voice", "action /next"}
    for each in entries.values():
        assert int(str(each["num_requests"])) > 10
        assert each["num_failures"] == 0


def test_an_answer_from_500_on_is_a_failure_for_locust(url: str, tmp_path: Path) -> None:
    (entry,) = _run(f"{url}/broken", tmp_path)
    assert entry["num_failures"] == entry["num_requests"]


@pytest.mark.parametrize("host", ["None", '"127.0.0.1:5000/voice"'])
def test_without_a_webhook_as_host_locust_ends_with_an_error_that_says_so(host: str, tmp_path: Path) -> None:
    lines = (
        "from ivr.simulator.load.locust_user import CallerUser",
        "",
        "class Caller(CallerUser):",
        f"    host = {host}",
    )
    (tmp_path / "locustfile.py").write_text("\n".join(lines), "utf-8")
    command = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        "locustfile.py",
        "--headless",
        "--users",
        "1",
        "--run-time",
        "120s",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 2
    assert "set host in your CallerUser, or --host, to the URL of the webhook" in done.stderr
    assert "AttributeError" not in done.stderr
