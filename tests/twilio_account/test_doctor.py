"""`ivr twilio doctor`: one check for each thing that must hold, against Twilio's API as played and a real line."""

import json
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.cli.twilio import twilio as command
from ivr.operations.twilio_account import Check, Secrets, TwilioAccount, Webhooks, examine
from ivr.operations.twilio_account.public_line import judged
from tests.serve.server import Server, free_port, serving
from tests.twilio_account.conftest import ACCOUNT_URL, ENVIRONMENT, FRESH, NUMBER, RIGHT, SID, Api, error

SECRETS = Secrets(("secret",))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(log=tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server


def _examined(base: str, fallback: str = "", token: str = AUTH_TOKEN, sid: str = ACCOUNT_SID) -> dict[str, Check]:
    """The checks by name. The account of the API is always the same; `sid`, `token`: what the line is asked with."""
    account = TwilioAccount(SID, token)
    account.sid = sid
    wanted = Webhooks(base, fallback or f"{base}/voice/fallback")
    return {check.about: check for check in examine(account, NUMBER, wanted, Secrets((token,)))}


def _state(checks: dict[str, Check], about: str) -> tuple[str, str]:
    return checks[about].state.value, checks[about].words


def test_a_real_line_is_found_behind_its_address_and_answers_what_twilio_would_sign(server: Server, api: Api) -> None:
    api.stands()
    checks = _examined(server.base)
    assert _state(checks, "address") == ("fine", f"{server.base} is the line")
    assert _state(checks, "unsigned") == ("fine", "a request that Twilio did not sign is refused")
    assert _state(checks, "signed") == ("fine", "requests that are signed as Twilio signs are answered")
    assert _state(checks, "certificate")[0] == "warning"
    assert _state(checks, "fallback")[0] == "warning"


def test_another_token_than_the_lines_is_a_fault(server: Server, api: Api) -> None:
    api.stands()
    state, words = _state(_examined(server.base, token="another"), "signed")
    assert state == "fault"
    assert "PUBLIC_BASE_URL there, the auth token or shared key, or a proxy that rewrites the path" in words


def test_a_line_that_is_not_there_is_a_fault_of_each_check_and_not_the_end_of_all(api: Api) -> None:
    api.stands()
    api.permits()
    checks = _examined(f"http://127.0.0.1:{free_port()}")
    for about in ("address", "unsigned", "signed"):
        assert "cannot be reached" in checks[about].words
        assert checks[about].state == "fault"
    assert checks["dialling Norway"].state == "fine"


def test_a_prefix_that_the_line_does_not_know_is_a_fault(server: Server, api: Api) -> None:
    api.stands()
    checks = _examined(f"{server.base}/elsewhere")
    assert "is answered with 404" in checks["address"].words
    assert checks["unsigned"].state == "fault"


@pytest.mark.parametrize(
    ("status", "kind", "state"),
    [("active", "Full", "fine"), ("active", "Trial", "warning"), ("suspended", "Full", "fault")],
)
def test_the_account_is_judged(status: str, kind: str, state: str, server: Server, api: Api) -> None:
    api.get(f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}.json", json={"status": status, "type": kind})
    assert _state(_examined(server.base), "credentials")[0] == state


@pytest.mark.parametrize(
    ("permits", "norway", "elsewhere"),
    [
        ({}, "fine", "fine"),
        ({"low": False}, "fault", "fine"),
        ({"high": True}, "warning", "fine"),
    ],
)
def test_dialling_permissions_are_judged(
    permits: dict[str, bool], norway: str, elsewhere: str, server: Server, api: Api
) -> None:
    api.permits(**permits)
    checks = _examined(server.base)
    assert (checks["dialling Norway"].state, checks["dialling elsewhere"].state) == (norway, elsewhere)


def test_other_countries_that_may_be_dialled_are_a_warning(server: Server, api: Api) -> None:
    api.permits("CU", "SE")
    assert _state(_examined(server.base), "dialling elsewhere") == (
        "warning",
        "2 other countries may be dialled, which only fraud needs: CU, SE",
    )


def test_what_the_api_refuses_is_a_fault_of_that_check_alone(server: Server, api: Api) -> None:
    api.get(f"{ACCOUNT_URL}.json", **error(429, 20429))
    checks = _examined(server.base, sid=SID)
    assert "too many requests" in checks["credentials"].words
    assert checks["credentials"].state == "fault"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (RIGHT, "its webhooks are ours"),
        (RIGHT | {"voice_url": "https://line.example/voice"}, "`ivr twilio configure` would change voice_url"),
        (RIGHT | {"trunk_sid": "TK1"}, "SIP trunk"),
        (RIGHT | {"capabilities": {"voice": False}}, "cannot take voice calls"),
    ],
    ids=["right", "without the times", "a trunk", "no voice"],
)
def test_the_number_is_judged(fields: dict[str, object], words: str, api: Api) -> None:
    api.has(fields)
    account = TwilioAccount(SID, "secret")
    wanted = Webhooks("https://line.example", RIGHT["voice_fallback_url"])
    checks = examine(account, NUMBER, wanted, SECRETS)
    found = next(check for check in checks if check.about == "number")
    assert words in found.words
    assert (found.state == "fine") == (fields is RIGHT)


@pytest.mark.parametrize(
    ("sender", "capabilities", "state", "words"),
    [
        (NUMBER, {"voice": True, "sms": True}, "fine", "can send text messages"),
        (NUMBER, {"voice": True, "sms": False}, "fault", "cannot send text messages"),
        (NUMBER, None, "fault", "cannot send text messages"),
        ("Legevakt", None, "warning", "is a name"),
    ],
)
def test_the_sender_of_text_messages_is_judged(
    sender: str, capabilities: dict[str, bool] | None, state: str, words: str, api: Api
) -> None:
    api.has(RIGHT | {"capabilities": capabilities})
    wanted = Webhooks("https://line.example", RIGHT["voice_fallback_url"])
    *_, last = examine(TwilioAccount(SID, "secret"), NUMBER, wanted, SECRETS, text_sender=sender)
    assert (last.about, last.state) == ("text messages", state)
    assert words in last.words


def test_a_sender_that_is_not_the_accounts_is_a_fault(api: Api) -> None:
    api.get(f"{ACCOUNT_URL}/IncomingPhoneNumbers.json", json={"incoming_phone_numbers": []})
    wanted = Webhooks("https://line.example", RIGHT["voice_fallback_url"])
    *_, last = examine(TwilioAccount(SID, "secret"), NUMBER, wanted, SECRETS, text_sender=NUMBER)
    assert (last.about, last.state) == ("text messages", "fault")
    assert NUMBER in last.words


class _Static(BaseHTTPRequestHandler):
    """A host elsewhere: what it says is its path."""

    def do_POST(self) -> None:
        body = {"/twiml": b"<Response><Say>113</Say></Response>", "/empty": b"<Response/>"}.get(self.path, b"gone")
        self.send_response(200 if body != b"gone" else 404)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), _Static) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(("path", "state"), [("/twiml", "fine"), ("/empty", "fault"), ("/nothing", "fault")])
def test_a_fallback_elsewhere_must_say_something(path: str, state: str, elsewhere: HTTPServer, api: Api) -> None:
    base = f"http://localhost:{free_port()}"
    checks = _examined(base, fallback=f"http://127.0.0.1:{elsewhere.server_port}{path}")
    assert checks["fallback"].state == state


@pytest.mark.parametrize(("days", "state"), [(90, "fine"), (21, "fine"), (20, "warning"), (-1, "warning")])
def test_a_certificate_is_judged_by_the_days_it_has_left(days: int, state: str) -> None:
    now = ssl.cert_time_to_seconds("Jan  5 09:34:43 2027 GMT") - days * 86_400 - 60
    assert judged("Jan  5 09:34:43 2027 GMT", now)[0] == state


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl, to make a certificate nobody trusts")
def test_a_certificate_that_nobody_trusts_is_a_fault(tmp_path: Path, api: Api) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(("127.0.0.1", 0), _Static) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        state, words = _state(_examined(f"https://localhost:{server.server_port}"), "certificate")
        server.shutdown()
    assert state == "fault"
    assert "certificate" in words.lower()


def _doctor(*arguments: str) -> tuple[int, str]:
    began = time.monotonic()
    result = CliRunner().invoke(
        command, ["doctor", *arguments], env=ENVIRONMENT | {"PUBLIC_BASE_URL": "https://localhost:1"}
    )
    assert time.monotonic() - began < 30
    return result.exit_code, result.stdout


def test_the_command_tells_every_check_and_exits_with_1_for_a_fault(api: Api) -> None:
    api.stands()
    api.has(FRESH)
    api.permits()
    code, output = _doctor()
    assert code == 1
    assert "fine     credentials: the account is active" in output
    assert "fault    number: `ivr twilio configure` would change voice_url" in output
    assert "fault    address: cannot be reached" in output
    assert "fine     voices: " in output
    assert "nb-NO Polly.Ida-Neural" in output
    assert "the-secret" not in output


def test_the_command_examines_the_sender_that_the_environment_names(api: Api) -> None:
    api.has(FRESH)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("IVR_TEXT_SENDER", "Legevakt")
        _, output = _doctor()
    assert "warning  text messages: Legevakt is a name" in output


def test_the_command_is_there_for_programs(api: Api) -> None:
    api.has(FRESH)
    code, output = _doctor("--json")
    assert code == 1
    assert [row["about"] for row in json.loads(output)] == [
        *("credentials", "number", "fallback", "address", "certificate", "unsigned", "signed", "signing"),
        *("dialling Norway", "dialling elsewhere", "voices"),
    ]


class _Empty(BaseHTTPRequestHandler):
    """A proxy that does not know the name: 200 and nothing in it, or a page of its own."""

    def do_POST(self) -> None:
        body = b"<html>It works</html>" if self.path.startswith("/page") else b""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - its name in the standard library

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def nobody() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Empty) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("path", "words"), [("", "200 with an empty body"), ("/page", "200, but not by the line")])
def test_a_200_that_is_not_the_lines_is_a_fault_of_every_check(path: str, words: str, nobody: str, api: Api) -> None:
    checks = _examined(nobody + path)
    for about in ("address", "unsigned", "signed"):
        assert checks[about].state == "fault"
        assert words in checks[about].words
