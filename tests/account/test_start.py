"""Applications in processes of their own, in an account of virtual time: `Account.start`."""

import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from ivr.base.errors import SimulatorError
from ivr.cli import group
from ivr.simulator import Account
from tests.serve.server import free_port

LINE, ANNA = "+4721000000", "+4791234567"
# Calls Anna when /remind is asked, at once or, with ?later, after it has answered; /status keeps the statuses.
REMINDER = """
import sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from twilio.rest import Client

PORT = int(sys.argv[1])
client = Client()
statuses = []

def remind(later):
    threading.Event().wait(0.1 if later else 0)
    client.calls.create(to="+4791234567", from_="+4721000000", url=f"http://127.0.0.1:{PORT}/said",
        status_callback=f"http://127.0.0.1:{PORT}/status", status_callback_event=["initiated", "answered", "completed"])

class App(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(" ".join(statuses))

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())
        if self.path == "/remind":
            remind(later=False)
        elif self.path == "/remind?later":
            threading.Thread(target=remind, args=(True,)).start()
        elif self.path == "/status":
            statuses.append(form["CallStatus"][0])
        self.answer('<Response><Say>You have an appointment.</Say><Pause length="600"/></Response>')

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(text.encode())

ThreadingHTTPServer(("127.0.0.1", PORT), App).serve_forever()
"""


class Reminder:
    def __init__(self, account: Account, folder: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        (folder / "reminder.py").write_text(REMINDER, "utf-8")
        account.number(LINE)
        self.process = account.start(f"{sys.executable} reminder.py {port}", ready=self.url, folder=folder)

    def post(self, path: str) -> None:
        requests.post(f"{self.url}{path}", timeout=10).raise_for_status()

    @property
    def statuses(self) -> list[str]:
        return requests.get(self.url, timeout=10).text.split()


@pytest.mark.parametrize("path", ["/remind", "/remind?later"])
def test_an_application_in_its_own_process_calls_out_and_is_told_the_statuses(
    path: str, ivr_account: Account, tmp_path: Path
) -> None:
    anna = ivr_account.phone(ANNA)
    reminder = Reminder(ivr_account, tmp_path)
    reminder.post(path)
    anna.answer()
    anna.hear("appointment")
    ivr_account.wait(90)
    anna.hang_up()
    ivr_account.run()
    assert reminder.statuses == ["initiated", "in-progress", "completed"]
    assert [str(request) for request in ivr_account.rest_log] == [
        f"POST /2010-04-01/Accounts/{ivr_account.sid}/Calls.json 201"
    ]


SCENARIO = """
name: anna is reminded
numbers: {{"+4721000000": {{}}}}
allow_origins: ["{url}"]
triggers: [{{request: "POST {url}/remind"}}]
phones:
  anna: {{number: "+4791234567", steps: [{{hear: "an appointment"}}, {{hang_up: true}}], expect: {{answered: 1}}}}
expect:
  calls: [{{to: anna, direction: outbound-api, status: completed}}]
"""


def test_a_scenario_of_several_calls_starts_the_application_that_calls_out(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "reminder.py").write_text(REMINDER, "utf-8")
    scenario = tmp_path / "reminded.yaml"
    scenario.write_text(SCENARIO.format(url=f"http://127.0.0.1:{port}"), "utf-8")
    serve = f"{sys.executable} {tmp_path / 'reminder.py'} {port}"
    result = CliRunner().invoke(group, ["simulate", str(scenario), "--serve", serve])
    assert result.exit_code == 0, result.output
    assert "1 of 1 scenarios held" in result.output


def _block(start: str) -> str:
    """The block of code of the five-minute section that begins so."""
    page = (Path(__file__).parents[2] / "docs" / "testing-your-app.md").read_text("utf-8")
    section = page.partition("## Your own outbound call")[2].partition("\n## ")[0]
    return next(block for block in re.findall(r"```python\n(.*?)```", section, re.DOTALL) if block.startswith(start))


def test_the_page_about_five_minutes_shows_a_test_that_is_green(
    ivr_account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text(_block("from flask"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    shown: dict[str, Any] = {}
    exec(_block("import requests").replace("5000", str(free_port())), shown)  # noqa: S102 - the page's own test
    shown["test_anna_is_reminded"](ivr_account)
    assert [call.ended for call in ivr_account.calls] == ["completed"]


def test_an_account_that_is_closed_has_stopped_what_it_started(tmp_path: Path) -> None:
    with_process = Account()
    reminder = Reminder(with_process, tmp_path)
    rest = with_process.rest_url
    with_process.close()
    for url in (reminder.url, rest):
        with pytest.raises(requests.ConnectionError, match="refused"):
            requests.get(url, timeout=5)


def test_nobody_who_calls_is_waited_for_no_longer_than_seconds(
    ivr_account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.simulator.account.world.IDLE_SECONDS", 0.2)
    anna = ivr_account.phone(ANNA)
    Reminder(ivr_account, tmp_path)
    began = time.monotonic()
    with pytest.raises(SimulatorError):
        anna.answer()
    assert 0.2 <= time.monotonic() - began < 5
