"""`ivr emulate`: its file, the account in real time, the phones page, and the REST API on a port."""

import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from wsgiref.simple_server import make_server

import pytest
from click.testing import CliRunner
from twilio.rest import Client

from ivr.base.clock import ManualClock, SystemClock
from ivr.base.errors import DefinitionError
from ivr.cli.emulate import emulate
from ivr.operations.twilio_account import TwilioAccount
from ivr.simulator.account.emulator import Emulator, EmulatorServer
from ivr.simulator.account.emulator_file import EmulatorSetup, load_setup
from ivr.simulator.rest import RestTransport
from ivr.simulator.rest_server import QuietHandler
from tests.library.apps import Documents

LINE, OTHER, NURSE, ANNA = "+4721000000", "+4722000000", "+4790000001", "+4791234567"
FILE = """
numbers:
  "+4721000000": {voice_url: "http://127.0.0.1:5000/voice", voice_method: GET, friendly_name: Our line}
phones: ["+4790000001"]
caller_ids: ["+4799999999"]
legs: {"*": busy}
"""


class Machine:
    """An emulator whose clock moves when told, and its application in this process."""

    def __init__(self, **documents: str) -> None:
        self.app = Documents(**documents)
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.said: list[str] = []
        numbers = {LINE: {"VoiceUrl": "http://127.0.0.1:5000/voice", "SmsUrl": "http://127.0.0.1:5000/sms"}, OTHER: {}}
        self.emulator = Emulator(EmulatorSetup(numbers=numbers, phones=(NURSE, ANNA)), self.clock, self.said.append)
        self.emulator.core.routes.reach(self.app, "/voice", "http://127.0.0.1:5000")
        core = self.emulator.core
        self.client = Client(core.sid, core.options.auth_token, http_client=RestTransport(self.emulator))

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.emulator.tick()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[str, Any]:
        sent = json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent),
            **headers,
        }
        begun: list[str] = []
        answer = b"".join(self.emulator(environ, lambda status, _: begun.append(status)))
        return begun[0], answer.decode() if path == "/phones" else json.loads(answer)

    def act(self, phone: str, act: str, value: str = "") -> str:
        status, _ = self.ask("POST", "/phones/act", {"phone": phone, "act": act, "value": value}, HTTP_X_PHONE="1")
        self.wait(0.01)
        return status

    def phone(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            each for each in self.ask("GET", "/phones/state")[1]["phones"] if each["number"] == number
        )
        return found


def test_a_file_names_numbers_phones_and_far_ends(tmp_path: Path) -> None:
    file = tmp_path / "account.yaml"
    file.write_text(FILE, "utf-8")
    setup = load_setup(file)
    assert setup.numbers[LINE]["VoiceMethod"] == "GET"
    assert (setup.phones, setup.caller_ids, setup.legs["*"].outcome) == ((NURSE,), ("+4799999999",), "busy")
    assert setup.named_urls == ("http://127.0.0.1:5000/voice",)


def test_everything_that_is_wrong_with_a_file_is_said_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "account.yaml"
    file.write_text(
        'numbers:\n  "+4721000000": {voice_url: nowhere, colour: red}\nphones: ["+4721000000"]\nfoo: 1\n', "utf-8"
    )
    with pytest.raises(DefinitionError) as refused:
        load_setup(file)
    text = str(refused.value)
    assert "account.yaml:2:" in text
    assert "not an http or https URL" in text
    assert "unknown key 'colour'" in text
    assert "unknown key 'foo'" in text
    assert "is there already" in text


def test_a_second_of_the_clock_is_a_second_of_the_account() -> None:
    machine = Machine(voice='<Say>Hello.</Say><Pause length="10"/><Say>Still there.</Say>')
    assert machine.act(ANNA, "call", LINE) == "200 OK"
    assert machine.phone(ANNA)["heard"] == ["Hello."]
    machine.wait(5)
    assert machine.phone(ANNA)["heard"] == ["Hello."]
    machine.wait(6)
    assert machine.phone(ANNA)["heard"] == ["Hello.", "Still there."]


def test_phones_ring_are_picked_up_and_hung_up_on_the_page() -> None:
    machine = Machine(voice=f"<Dial>{NURSE}</Dial>")
    machine.act(ANNA, "call", LINE)
    assert (machine.phone(NURSE)["state"], machine.phone(NURSE)["caller_id"]) == ("rings", ANNA)
    assert machine.act(NURSE, "answer") == "200 OK"
    assert machine.phone(NURSE)["state"] == "talks"
    assert machine.act(ANNA, "hang_up") == "200 OK"
    assert machine.phone(NURSE)["state"] == "silent"
    assert machine.act(NURSE, "hang_up") == "409 Conflict"


def test_keys_and_words_of_the_page_reach_the_call() -> None:
    machine = Machine(
        voice='<Gather input="dtmf speech" numDigits="1" action="/menu"><Say>Press 1 or speak.</Say></Gather>',
        menu="<Say>Thank you.</Say>",
    )
    machine.act(ANNA, "call", LINE)
    assert machine.act(ANNA, "press", "x") == "409 Conflict"
    machine.act(ANNA, "press", "1")
    assert machine.app.fields("/menu")["Digits"] == "1"
    machine.act(ANNA, "hang_up")
    machine.act(ANNA, "call", LINE)
    machine.act(ANNA, "say", "Oslo")
    machine.wait(10)
    assert machine.app.fields("/menu")["SpeechResult"] == "Oslo"


def test_the_application_calls_a_phone_of_the_page_over_rest() -> None:
    machine = Machine(voice='<Say>A reminder.</Say><Pause length="60"/>')
    sid = machine.client.calls.create(to=ANNA, from_=LINE, url="http://127.0.0.1:5000/voice").sid
    machine.wait(1)
    assert machine.phone(ANNA)["state"] == "rings"
    machine.act(ANNA, "answer")
    assert machine.phone(ANNA)["heard"] == ["A reminder."]
    assert machine.client.calls(sid).fetch().status == "in-progress"
    assert any(line.startswith("REST POST") and line.endswith("201") for line in machine.said)
    assert any("request POST http://127.0.0.1:5000/voice (voice)" in line for line in machine.said)


def test_a_text_of_the_page_reaches_the_messaging_webhook() -> None:
    machine = Machine(sms="<Message>Hello back.</Message>")
    assert machine.act(ANNA, "text", f"{LINE} hello there") == "200 OK"
    machine.wait(3)
    assert machine.app.fields("/sms")["Body"] == "hello there"
    messages = machine.ask("GET", "/phones/state")[1]["messages"]
    assert [(each["body"], each["status"]) for each in messages] == [
        ("Hello back.", "delivered"),
        ("hello there", "received"),
    ]


def test_the_page_is_for_this_machine_and_acts_only_for_its_own_script() -> None:
    machine = Machine()
    status, page = machine.ask("GET", "/phones")
    assert status == "200 OK"
    assert "Phones of the simulated account" in page
    assert machine.ask("POST", "/phones/act", {"phone": ANNA, "act": "call"})[0] == "403 Forbidden"
    machine.emulator.phones.hosts = ("127.0.0.1:8038",)
    assert machine.ask("GET", "/phones", HTTP_HOST="evil.example")[0] == "403 Forbidden"
    assert machine.ask("GET", "/phones", HTTP_HOST="127.0.0.1:8038")[0] == "200 OK"
    assert machine.ask("GET", "/phones/else", HTTP_HOST="127.0.0.1:8038")[0] == "404 Not Found"


@pytest.mark.parametrize(
    "body", [None, [], "x", {"phone": "+4700000000", "act": "answer"}, {"phone": ANNA, "act": "fly"}]
)
def test_an_act_that_is_none_is_refused_and_nothing_breaks(body: Any) -> None:
    machine = Machine()
    assert machine.ask("POST", "/phones/act", body, HTTP_X_PHONE="1")[0] == "409 Conflict"


@pytest.fixture
def webhook() -> Iterator[tuple[str, threading.Event]]:
    """An application on a port of its own, and when it was asked for the second call."""
    asked = threading.Event()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        form = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        if "Direction=outbound-api" in form:
            asked.set()
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [b"<Response><Say>Hello.</Say></Response>"]

    server = make_server("127.0.0.1", 0, app, handler_class=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/voice", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_application_changes_only_its_base_url(webhook: tuple[str, threading.Event]) -> None:
    """Two calls that meet, over real sockets and in real time."""
    url, asked = webhook
    setup = EmulatorSetup(numbers={LINE: {"VoiceUrl": url}, OTHER: {}})
    server = EmulatorServer(Emulator(setup, SystemClock()), 0)
    try:
        client: Any = Client(setup.account_sid, setup.auth_token)
        client.api.base_url = server.url
        client.calls.create(to=LINE, from_=OTHER, url=url)
        assert asked.wait(timeout=20)
        assert {call.direction for call in client.calls.list()} == {"outbound-api", "inbound"}
    finally:
        server.close()


def test_a_recording_of_the_emulator_is_at_its_own_address() -> None:
    machine = Machine(voice='<Say>Hello.</Say><Pause length="9"/>')
    server = EmulatorServer(machine.emulator, 0)
    server.close()
    machine.client.calls.create(to=LINE, from_=OTHER, url="http://127.0.0.1:5000/voice", record=True)
    machine.wait(5)
    (recording,) = machine.client.recordings.list()
    path = f"/2010-04-01/Accounts/{machine.emulator.core.sid}/Recordings/{recording.sid}"
    assert recording.media_url == f"{server.url}{path}"
    machine.client.calls(str(recording.call_sid)).update(status="completed")
    machine.wait(1)
    with make_server("127.0.0.1", 0, machine.emulator, handler_class=QuietHandler) as once:
        thread = threading.Thread(target=once.handle_request)
        thread.start()
        with urlopen(f"http://127.0.0.1:{once.server_port}{path}.wav", timeout=20) as reply:
            kind, file = reply.headers["Content-Type"], reply.read()
        thread.join()
    assert (kind, file[:4], len(file)) == ("audio/x-wav", b"RIFF", 44 + 5 * 16_000)


def test_the_lines_own_set_up_of_a_number_runs_against_it() -> None:
    """What `ivr twilio` asks of the API, by the same class."""
    setup = EmulatorSetup(numbers={LINE: {}})
    server = EmulatorServer(Emulator(setup, SystemClock()), 0)
    try:
        account = TwilioAccount(setup.account_sid, setup.auth_token, server.url)
        assert account.standing().status == "active"
        wanted = {"voice_url": "http://127.0.0.1:5000/voice#rc=2", "voice_method": "POST", "status_callback": ""}
        changed = account.change(account.number(LINE), wanted)
        assert changed.voice_url == account.number(LINE).voice_url == "http://127.0.0.1:5000/voice#rc=2"
        account.text(LINE, "+4791234567", "hello")
        assert server.emulator.core.messages[0].body == "hello"
    finally:
        server.close()


def test_a_wrong_file_and_a_taken_port_are_said_by_the_command(tmp_path: Path) -> None:
    file = tmp_path / "account.yaml"
    file.write_text("numbers: 3\n", "utf-8")
    assert isinstance(CliRunner().invoke(emulate, [str(file)]).exception, DefinitionError)
    server = EmulatorServer(Emulator(EmulatorSetup(), SystemClock()), 0)
    try:
        taken = CliRunner().invoke(emulate, ["--port", server.url.rpartition(":")[2]])
        assert (taken.exit_code, "in use" in taken.output) == (2, True)
    finally:
        server.close()
