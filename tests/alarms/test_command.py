"""`ivr alarm check`: exit code, JSON, and messages that real servers on this machine take."""

import json
import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivr.base.clock import ManualClock, SystemClock
from ivr.cli import group
from ivr.line.flow.facts import FallbackAsked
from ivr.operations.records.database import database_url, open_database, upgrade
from tests import privacy
from tests.records.recorded_calls import note
from tests.records.test_writing import put

Check = Callable[..., Result]
Trouble = Callable[[], None]


@pytest.fixture
def url(tmp_path: Path) -> str:
    setting = f"sqlite:///{tmp_path}/records.db"
    engine = open_database(database_url(setting))
    upgrade(engine)
    engine.dispose()
    return setting


@pytest.fixture
def trouble(url: str) -> Trouble:
    def make() -> None:
        engine = open_database(database_url(url))
        put(engine, note(FallbackAsked("11200"), start=SystemClock().now()))
        engine.dispose()

    return make


@pytest.fixture
def check(url: str, tmp_path: Path) -> Check:
    def run(*arguments: str, **environment: str) -> Result:
        env = {"DATABASE_URL": url, "IVR_PROFILE": "", "XDG_STATE_HOME": str(tmp_path), "IVR_ALARM_WEBHOOK": ""}
        result = CliRunner().invoke(group, ["alarm", "check", *arguments], env=env | environment)
        privacy.check(result.output)
        return result

    return run


def test_all_is_well_is_exit_code_0(check: Check) -> None:
    result = check()
    assert (result.exit_code, result.stdout) == (0, "all is well, looked back 60 minutes\n")


def test_an_alarm_is_exit_code_1_with_its_words(check: Check, trouble: Trouble) -> None:
    trouble()
    result = check()
    assert result.exit_code == 1
    assert result.stdout.startswith("ALARM  callers heard the fail-safe or the fallback 1 times")
    (found,) = json.loads(check("--json").stdout)["alarms"]
    assert found["kind"] == "fail_safe"


def test_records_that_cannot_be_read_are_an_alarm(check: Check, tmp_path: Path) -> None:
    result = check(DATABASE_URL=f"sqlite:///{tmp_path}/nothing.db")
    assert result.exit_code == 1
    assert "ALARM  the records cannot be read" in result.stdout


# Messages


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    taken: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with _serving(HTTPServer(("127.0.0.1", 0), Hook)) as port:
        yield f"http://127.0.0.1:{port}", taken


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock of the command so much later."""

    def later(by: timedelta) -> None:
        moved: datetime = datetime.now().astimezone() + by
        monkeypatch.setattr("ivr.base.clock.SystemClock", lambda: ManualClock(moved))

    return later


def test_people_are_told_when_an_alarm_begins_after_four_hours_and_when_it_is_over(
    check: Check,
    trouble: Trouble,
    webhook: tuple[str, list[dict[str, Any]]],
    moment: Callable[[timedelta], None],
) -> None:
    url, taken = webhook
    assert check("--webhook", url).exit_code == 0
    trouble()
    for _ in range(3):
        assert check("--webhook", url).exit_code == 1
    assert [len(each["firing"]) for each in taken] == [1], "it is told once"
    moment(timedelta(hours=4, minutes=1))
    assert check("--webhook", url, "--minutes", "600").exit_code == 1
    assert [len(each["firing"]) for each in taken] == [1, 1]
    moment(timedelta(hours=12))
    assert check("--webhook", url, "--minutes", "600").exit_code == 0
    assert taken[-1]["firing"] == []
    (over,) = taken[-1]["cleared"]
    assert "callers heard the fail-safe" in over
    assert "over   callers heard the fail-safe" in taken[-1]["text"]
    check("--webhook", url, "--minutes", "600")
    assert len(taken) == 3


def test_a_message_that_is_not_taken_is_sent_again(
    check: Check, trouble: Trouble, webhook: tuple[str, list[dict[str, Any]]]
) -> None:
    url, taken = webhook
    trouble()
    result = check("--webhook", f"{url}/broken")
    assert result.exit_code == 1
    assert "the webhook at 127.0.0.1 did not take it" in result.stderr
    check("--webhook", url)
    assert len(taken) == 2


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs to hand a letter over."""

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline().decode().strip().upper():
            if line == "DATA":
                self._say("354 go on")
                letter = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                self.server.letters.append("".join(letter))  # type: ignore[attr-defined]
            self._say("221 bye" if line == "QUIT" else "250 ok")
            if line == "QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def test_a_mail_is_handed_to_the_server_with_the_alarm_in_its_subject(check: Check, trouble: Trouble) -> None:
    trouble()
    server = socketserver.TCPServer(("127.0.0.1", 0), _Smtp)
    server.letters = []  # type: ignore[attr-defined]
    with _serving(server) as port:
        words = (
            "--smtp",
            f"smtp://127.0.0.1:{port}",
            "--mail-from",
            "line@example.org",
            "--mail-to",
            "duty@example.org",
        )
        result = check(*words, PUBLIC_BASE_URL="http://127.0.0.1:5001")
    assert result.exit_code == 1
    (letter,) = server.letters  # type: ignore[attr-defined]
    assert "Subject: 116 117 line: ALARM (1): callers heard the fail-safe" in letter.replace("\r\n ", " ")
    assert "To: duty@example.org" in letter
    assert "Line: http://127.0.0.1:5001" in letter


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--webhook", "http://example.org/"), "the webhook must be an https URL"),
        (("--smtp", "mail.example", "--mail-from", "a@b", "--mail-to", "c@d"), "the mail server must be a URL"),
        (
            ("--smtp", "smtp://u:secret-word@mail.example", "--mail-from", "a@b", "--mail-to", "c@d"),
            "a password goes by smtps",
        ),
        (("--smtp", "smtp://127.0.0.1:1", "--mail-from", "a@b", "--mail-to", "c@d"), "the mail was not sent by"),
    ],
)
def test_what_cannot_be_sent_is_said_without_a_secret(
    arguments: tuple[str, ...], words: str, check: Check, trouble: Trouble
) -> None:
    trouble()
    result = check(*arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "secret-word" not in result.output


def test_a_mail_needs_a_sender_and_an_address(check: Check) -> None:
    assert check("--smtp", "smtp://127.0.0.1").exit_code == 2
