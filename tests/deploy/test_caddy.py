"""The real Caddy with deploy/Caddyfile as it stands, in front of one instance that is there and one that is not."""

import http.client
import json
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.deploy.caddy import CADDY, ROOT, caddy
from tests.serve.server import SECONDS, free_port

pytestmark = pytest.mark.skipif(CADDY is None, reason="needs caddy: apt-get install caddy")


class _Instance(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    do_GET = do_POST  # noqa: N815 - its name in the standard library

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a Caddy without TLS: Twilio's side is not what is tested here."""
    port, folder = free_port(), tmp_path_factory.mktemp("caddy")
    with HTTPServer(("127.0.0.1", 0), _Instance) as instance:
        Thread(target=instance.serve_forever, daemon=True).start()
        with caddy(folder, port, (free_port(), instance.server_port)):
            _wait(port)
            yield port
        instance.shutdown()


def _wait(port: int) -> None:
    """Until it has found out which instance is dead: the other answers every time."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            if [_ask(port, "/voice")[0] for _ in range(4)] == [200] * 4:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("Caddy did not get to it")


def _ask(port: int, target: str, method: str = "POST") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request(method, target, "Digits=1")
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


@pytest.mark.parametrize("target", ["/voice", "/voice/", "/voice/main?t=a%2Bb%3D&x=%C3%A5%20b&y=a+b&z=%2f&t"])
def test_path_and_query_arrive_as_twilio_signed_them_though_one_instance_is_dead(target: str, port: int) -> None:
    assert [_ask(port, target) for _ in range(4)] == [(200, target)] * 4


@pytest.mark.parametrize("target", ["/", "/console", "/console/login", "/metrics", "/elsewhere/voice"])
def test_nothing_but_the_webhooks_and_health_is_open_to_the_world(target: str, port: int) -> None:
    assert _ask(port, target)[0] == 404
    assert _ask(port, "/health/ready", "GET")[0] == 200


@pytest.mark.parametrize("target", ["/voice", "/health/ready", "/"])
@pytest.mark.parametrize("host", ["another.example", "127.0.0.2", "localhost"])
def test_by_another_name_or_address_caddy_refuses_instead_of_an_empty_200(host: str, target: str, port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("POST", target, "Digits=1", {"Host": host})
    assert connection.getresponse().status == 421
    connection.close()


def test_as_it_stands_the_sample_has_a_catch_all_with_and_without_tls() -> None:
    command = [str(CADDY), "adapt", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"]
    adapted = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    last = {tuple(each["listen"]): each["routes"][-1] for each in adapted["apps"]["http"]["servers"].values()}
    assert set(last) == {(":80",), (":443",)}
    for route in last.values():
        assert "match" not in route
        assert '"status_code": 421' in json.dumps(route)


def test_a_body_beyond_all_reason_stops_at_caddy(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("POST", "/voice", b"x" * 100_000)
    assert connection.getresponse().status >= 400
    connection.close()
