"""`ivr twilio configure` and `doctor` at a local account (`ivr emulate`), which Twilio's own client asks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivr.base.clock import SystemClock
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN, LINE_NUMBER
from ivr.cli.twilio import twilio
from ivr.simulator.account.emulator import Emulator, EmulatorServer
from ivr.simulator.account.emulator_file import EmulatorSetup
from ivr.simulator.delivery import Delivery, shared_key
from tests.serve.server import Server, serving

SECRET = "k" * 32


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(log=tmp_path_factory.mktemp("line") / "log") as server:
        yield server


def _local(line: Server, delivery: Delivery) -> Iterator[tuple[EmulatorServer, dict[str, str]]]:
    setup = EmulatorSetup(numbers={LINE_NUMBER: {}}, allow_origins=(line.base,), delivery=delivery)
    server = EmulatorServer(Emulator(setup, SystemClock()), 0)
    environment = {
        "IVR_PROFILE": "simulator",
        "PUBLIC_BASE_URL": line.base,
        "TWILIO_API_URL": server.url,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_PHONE_NUMBER": LINE_NUMBER,
        "IVR_FLOW": "",
        "IVR_DIRECTORY": "",
    }
    try:
        yield server, environment
    finally:
        server.close()


@pytest.fixture
def local(line: Server) -> Iterator[tuple[EmulatorServer, dict[str, str]]]:
    yield from _local(line, Delivery())


@pytest.fixture
def local_with_key(line: Server) -> Iterator[tuple[EmulatorServer, dict[str, str]]]:
    yield from _local(line, Delivery(shared_key=shared_key(f"webhooks_sharedkey_1={SECRET}"), connection="rc=2"))


def _run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(twilio, list(arguments), env=environment)


def _rows(ran: Result) -> dict[str, Any]:
    return {row["about"]: row for row in json.loads(ran.stdout)}


def test_configure_sets_the_number_up_and_has_nothing_to_do_afterwards(
    local: tuple[EmulatorServer, dict[str, str]], line: Server
) -> None:
    server, environment = local
    ran = _run(environment, "configure", "--yes")
    assert ran.exit_code == 0, ran.output
    assert "voice_url: nothing ->" in ran.output
    number = server.emulator.core.numbers[LINE_NUMBER]
    assert number.setting("VoiceUrl").startswith(f"{line.base}/voice#")
    assert number.setting("StatusCallback") == f"{line.base}/voice/status"
    assert "nothing to do" in _run(environment, "configure", "--yes").output


def test_doctor_finds_what_configure_has_made_and_the_line_that_answers(
    local: tuple[EmulatorServer, dict[str, str]],
) -> None:
    _, environment = local
    before = _rows(_run(environment, "doctor", "--json"))
    assert before["number"]["state"] == "fault"
    _run(environment, "configure", "--yes")
    after = _rows(_run(environment, "doctor", "--json"))
    fine = ("credentials", "number", "unsigned", "signed", "signing", "dialling Norway", "dialling elsewhere")
    assert {about: after[about]["state"] for about in fine} == dict.fromkeys(fine, "fine"), after


def test_doctor_reads_the_rule_of_an_account_that_signs_with_a_shared_key(
    local_with_key: tuple[EmulatorServer, dict[str, str]],
) -> None:
    _, environment = local_with_key
    row = _rows(_run(environment, "doctor", "--json"))["signing"]
    assert row["state"] == "fault"
    assert "the rule 'all webhooks' signs with a shared key, and the line has none" in row["words"]
    keys = {"TWILIO_SHARED_KEYS": f"webhooks_sharedkey_1:{SECRET}"}
    row = _rows(_run(environment | keys, "doctor", "--json"))["signing"]
    assert row["words"].startswith(
        "Twilio signs with shared key webhooks_sharedkey_1 (HMAC_SHA256, rule 'all webhooks')"
    )
    assert "sets its own times" in row["words"]


def test_without_a_local_account_the_profile_simulator_is_still_refused(
    local: tuple[EmulatorServer, dict[str, str]],
) -> None:
    ran = _run(local[1] | {"TWILIO_API_URL": ""}, "doctor")
    assert ran.exit_code != 0
    assert "ivr emulate" in str(ran.exception)
