"""Twilio's own libraries for Python and Node, unchanged and in processes of their own, ask the local account."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.env import env
from ivr.simulator import Account
from ivr.simulator.application.environment import NODE_SHIM, PYTHON_SHIM, LocalAccount
from ivr.simulator.rest_server import LoopbackServer, QuietHandler

LINE, ANNA = "+4721000000", "+4791234567"
NODE_MODULES = os.environ.get("IVR_TEST_NODE_MODULES", "")
PYTHON = f"""
import asyncio, socket, urllib.request
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

client = Client(edge="sydney", region="au1")
print(client.calls.create(to="{ANNA}", from_="{LINE}", twiml="<Response/>").status)

async def listed():
    async with AsyncTwilioHttpClient() as asks:
        return await Client(http_client=asks).calls.list_async()

print(len(asyncio.run(listed())))

def refused(act):
    try:
        print("not refused", act())
    except Exception as error:
        print(error)

refused(lambda: client.lookups.v2.phone_numbers("{ANNA}").fetch())
refused(lambda: urllib.request.urlopen("https://api.twilio.com/2010-04-01/Accounts.json"))
refused(lambda: socket.getaddrinfo("EU1.Twilio.com.", 443))
"""
NODE = f"""
const client = require("twilio")(undefined, undefined, {{ edge: "sydney", region: "au1" }});
(async () => {{
  const call = await client.calls.create({{ to: "{ANNA}", from: "{LINE}", twiml: "<Response/>" }});
  console.log(call.status, (await client.calls.list()).length);
  await client.lookups.v2.phoneNumbers("{ANNA}").fetch().catch((error) => console.log(error.message));
  const login = Buffer.from(`${{client.username}}:${{client.password}}`).toString("base64");
  const url = `https://api.twilio.com/2010-04-01/Accounts/${{client.accountSid}}/Calls.json`;
  const answer = await fetch(url, {{ headers: {{ Authorization: `Basic ${{login}}` }} }});
  console.log((await answer.json()).calls.length);
  require("http").get("http://demo.twilio.com/").on("error", (error) => console.log(error.message));
}})();
"""


@pytest.fixture
def local() -> Iterator[LocalAccount]:
    """An account whose REST API is on a port."""
    account = Account()
    account.number(LINE)
    server = LoopbackServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(account.rest_app)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield LocalAccount(f"http://127.0.0.1:{server.server_port}", account.sid, account.auth_token)
    server.shutdown()
    thread.join()
    server.server_close()


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        command, env=kept | environment, capture_output=True, text=True, timeout=60, check=False, stdin=None
    )


def test_the_python_library_asks_the_local_account_and_nothing_else_of_twilio_is_asked(local: LocalAccount) -> None:
    ran = _run([sys.executable, "-c", PYTHON], local.environment({}))
    status, listed, lookup, direct, name = ran.stdout.splitlines()
    assert (status, listed) == ("queued", "1")
    assert "/lookups.sydney.au1.twilio.com/v2/PhoneNumbers/" in lookup
    assert "is not simulated" in lookup
    assert "api.twilio.com is not asked: TWILIO_API_URL is set" in direct
    assert "EU1.Twilio.com. is not asked" in name


@pytest.mark.skipif(not (NODE_MODULES and shutil.which("node")), reason="IVR_TEST_NODE_MODULES names no node_modules")
def test_the_node_library_asks_the_local_account_and_nothing_else_of_twilio_is_asked(local: LocalAccount) -> None:
    ran = _run(["node", "-e", NODE], local.environment({}) | {"NODE_PATH": NODE_MODULES})
    assert ran.stderr == ""
    call, lookup, fetched, direct = ran.stdout.splitlines()
    assert (call, fetched) == ("queued 1", "1")
    assert "/lookups.sydney.au1.twilio.com/v2/PhoneNumbers/" in lookup
    assert "demo.twilio.com is not asked: TWILIO_API_URL is set" in direct


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
def test_node_asks_no_other_machine_in_place_of_twilio() -> None:
    code = "try { require('https').get('https://api.twilio.com/') } catch (error) { console.log(error.message) }"
    away = LocalAccount("http://192.0.2.1:8038").environment({})
    assert "it must be http://127.0.0.1:PORT" in _run(["node", "-e", code], away).stdout


def test_python_asks_no_other_machine_in_place_of_twilio() -> None:
    code = "from twilio.rest import Client; Client().calls.list()"
    ran = _run([sys.executable, "-c", code], LocalAccount("https://account.example").environment({}))
    assert "TWILIO_API_URL is 'https://account.example'; it must be http://127.0.0.1:PORT" in ran.stderr


def test_without_the_address_the_python_shim_changes_nothing_and_the_next_sitecustomize_runs(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('the next one')\n", "utf-8")
    code = "import sys; print([type(each).__name__ for each in sys.meta_path].count('_Finder'))"
    both = os.pathsep.join((str(PYTHON_SHIM), str(tmp_path)))
    for url, finders in (("", "0"), ("http://127.0.0.1:8038", "1")):
        ran = _run([sys.executable, "-c", code], {"PYTHONPATH": both, "TWILIO_API_URL": url})
        assert ran.stdout.splitlines() == ["the next one", finders]


def test_what_stands_in_the_environment_is_kept_and_nothing_is_added_twice() -> None:
    there = {"PYTHONPATH": "/own", "NODE_OPTIONS": "--trace-warnings", "NO_PROXY": "example.org"}
    once = LocalAccount("http://127.0.0.1:8038").environment(there)
    assert once["PYTHONPATH"] == f"{PYTHON_SHIM}{os.pathsep}/own"
    assert once["NODE_OPTIONS"] == f"--require {NODE_SHIM} --trace-warnings"
    assert once["NO_PROXY"] == "example.org,127.0.0.1,localhost"
    assert LocalAccount("http://127.0.0.1:8038").environment(once) == once


def test_the_command_prints_what_a_shell_or_a_program_reads() -> None:
    shown = CliRunner().invoke(env, ["--url", "http://127.0.0.1:9000/", "--json"])
    variables = json.loads(shown.output)
    assert variables["TWILIO_API_URL"] == "http://127.0.0.1:9000"
    lines = CliRunner().invoke(env, ["--url", "http://127.0.0.1:9000"]).output
    sourced = subprocess.run(
        ["/bin/sh", "-c", f'{lines}\nprintf %s "$NODE_OPTIONS"'], capture_output=True, text=True, check=True, timeout=60
    )
    assert sourced.stdout == variables["NODE_OPTIONS"]


def test_the_command_names_no_other_machine() -> None:
    refused = CliRunner().invoke(env, ["--url", "https://api.twilio.com"])
    assert refused.exit_code == 2
    assert "is not on this machine" in refused.output
