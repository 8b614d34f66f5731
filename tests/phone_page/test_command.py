"""`ivr phone` as a person runs it."""

import http.client
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ivr.cli.phone import phone

COMMAND = [sys.executable, "-m", "ivr", "phone", "--no-browser"]


def _get(url: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    connection.request("GET", parts.path)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        ((), signal.SIGINT),
        (("http://127.0.0.1:9/voice",), signal.SIGTERM),
        (("--several", "http://127.0.0.1:9/voice"), signal.SIGINT),
    ],
    ids=["the bundled line", "a webhook", "several phones"],
)
def test_it_serves_its_page_until_it_is_ended(arguments: tuple[str, ...], number: signal.Signals) -> None:
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as page:
        try:
            assert page.stdout is not None
            url = page.stdout.readline().partition(": ")[2].split()[0]
            assert _get(url) == 200
            assert "nobody real answers" in page.stdout.readline()
            page.send_signal(number)
            _, errors = page.communicate(timeout=60)
        finally:
            page.kill()
    assert page.returncode == 0
    read = [line.partition(": ")[0] for line in errors.splitlines()]
    assert read == ([] if arguments else ["flow", "directory"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ftp://127.0.0.1/",), "http"),
        (("--fallback-url", "http://127.0.0.1:9/f"), "this option needs the URL of your own webhook"),
        (("http://127.0.0.1:9/", "--allow-origin", "nowhere"), "nowhere"),
        (("http://127.0.0.1:9/", "--from", "client:alice"), "the caller's number is a plus and 3 to 15 digits"),
        (("http://127.0.0.1:9/", "--param", "nonsense"), "expected NAME=VALUE"),
        (("--rest-port", "8038"), "this option needs the URL of your own webhook"),
        (("--several", "--from", "+4755123456"), "`ivr emulate` has all of them"),
        (("http://127.0.0.1:9/", "--announcement", "waiting"), "which has no URL"),
        (("--announcement", "storm"), "IVR_ANNOUNCEMENT is 'storm'; the flow has waiting, disturbance"),
    ],
)
def test_a_wrong_command_line_exits_with_two(arguments: tuple[str, ...], words: str) -> None:
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert words in done.stderr


def test_every_option_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "phone.md").read_text("utf-8")
    options = [name for parameter in phone.params for name in parameter.opts if name.startswith("--")]
    assert len(options) >= 7
    assert [name for name in options if f"`{name}`" not in text] == []


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"port {port} cannot be used" in done.stderr
