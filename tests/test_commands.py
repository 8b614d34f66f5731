"""The commands as a user runs them: what starts, what is refused, and with which exit code."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter
from twilio.request_validator import RequestValidator
from urllib3.util import Retry

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from tests import privacy
from tests.serve.server import free_port


def _environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"PYTHONUNBUFFERED": "1"} | more


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=_environment(**environment), timeout=60, check=False
    )


@contextmanager
def _serving(*arguments: str, port: int, **environment: str) -> Iterator[None]:
    """A server in a process of its own, ready."""
    command = [sys.executable, "-m", *arguments]
    more = _environment(PUBLIC_BASE_URL=f"http://127.0.0.1:{port}", **environment)
    with subprocess.Popen(command, env=more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            _wait_until_ready(port)
            yield
        finally:
            server.terminate()
            privacy.check(server.communicate(timeout=20)[0])


def _wait_until_ready(port: int, base: str = "") -> None:
    patience = HTTPAdapter(max_retries=Retry(connect=10, backoff_factor=0.1))
    with requests.Session() as session:
        session.mount("http://", patience)
        assert session.get(f"{base or f'http://127.0.0.1:{port}'}/health/ready", timeout=10).status_code == 200


SERVERS = {
    "ivr serve": ("ivr", "serve", "--port"),
    "flask run": ("flask", "--app", "ivr.line", "run", "--port"),
}


@pytest.mark.parametrize("name", SERVERS)
def test_the_service_answers_a_signed_call(name: str) -> None:
    port = free_port()
    with _serving(*SERVERS[name], str(port), port=port):
        url = f"http://127.0.0.1:{port}/voice"
        fields = {"CallSid": "CA" + "a" * 32, "AccountSid": ACCOUNT_SID, "From": "+4791234567", "To": "+4739000000"}
        signature = RequestValidator(AUTH_TOKEN).compute_signature(url, fields)
        answer = requests.post(url, data=fields, headers={"X-Twilio-Signature": signature}, timeout=10)
        refused = requests.post(url, data=fields, headers={"X-Twilio-Signature": "x" * 28}, timeout=10)
        assert (answer.status_code, refused.status_code) == (200, 403)
        assert "Står det om liv, legg på og ring en, en, tre." in answer.content.decode()


def test_what_ivr_init_makes_is_started_as_it_says_when_its_settings_are_filled_in(tmp_path: Path) -> None:
    folder, port = tmp_path / "my-line", free_port()
    said = _run("ivr", "init", str(folder)).stdout
    file = folder / "environment"
    command = said.splitlines()[-1].partition("then: ivr ")[2].split()
    assert command == ["--environment", str(file), "serve"]
    filled = {
        "PUBLIC_BASE_URL=https://line.example": "PUBLIC_BASE_URL=https://line.test",
        "TWILIO_AUTH_TOKEN=": "TWILIO_AUTH_TOKEN=" + "4f1c0a9e7b3d5268" * 2,
        "TWILIO_PHONE_NUMBER=": "TWILIO_PHONE_NUMBER=+4739000000",
    }
    assert "TWILIO_AUTH_TOKEN must be set" in _run("ivr", *command).stderr
    text = file.read_text("utf-8")
    for empty, value in filled.items():
        text = text.replace(f"{empty}\n", f"{value}\n")
    file.write_text(text, "utf-8")
    with _serving("ivr", *command, "--port", str(port), port=port, XDG_STATE_HOME=str(tmp_path)):
        assert requests.get(f"http://127.0.0.1:{port}/health/ready", timeout=10).json()["profile"] == "practice"


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_the_service_listens_on_an_ipv6_address(host: str) -> None:
    port = free_port()
    command = [sys.executable, "-m", "ivr", "serve", "--host", host, "--port", str(port)]
    with subprocess.Popen(command, env=_environment(), stderr=subprocess.PIPE, text=True) as server:
        try:
            base = f"http://[::1]:{port}"
            _wait_until_ready(port, base)
            fields = {"CallSid": "CA" + "a" * 32, "AccountSid": ACCOUNT_SID, "From": "+4791234567", "To": "+4739000000"}
            signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{base}/voice", fields)
            headers = {"X-Twilio-Signature": signature}
            assert requests.post(f"{base}/voice", data=fields, headers=headers, timeout=10).status_code == 200
        finally:
            server.terminate()
            said = server.communicate(timeout=20)[1]
    assert f"{base}, listening on [::1]:{port}" in said


def test_an_environment_that_does_not_allow_a_start_is_said_so_with_exit_code_2() -> None:
    result = _run("ivr", "serve", IVR_PROFILE="live")
    assert result.returncode == 2
    assert "TWILIO_AUTH_TOKEN must be set" in result.stderr
    assert "IVR_CHECKLIST must name" in result.stderr


def test_help_and_version_load_no_part_of_the_service() -> None:
    code = "import sys; sys.argv = ['ivr', '--help']\ntry:\n import ivr.__main__\nexcept SystemExit:\n pass\n"
    code += "print([name for name in ('flask', 'twilio', 'requests', 'yaml') if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "not a medical service" in result.stdout
    assert result.stdout.endswith("[]\n")


def test_an_unknown_command_is_exit_code_2() -> None:
    assert _run("ivr", "dance").returncode == 2
