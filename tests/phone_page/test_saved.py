"""A call that was made on the page, saved as a scenario, and played again by `ivr simulate`: the same trace."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ivr.cli import group
from ivr.simulator.web_phone.line import BundledLine, load_line
from ivr.simulator.web_phone.page import Webhook
from tests.phone_page.conftest import Lifter
from tests.phone_page.handset import Handset

BERGEN, OS = "Bergen legevakt", "Os legevakt"
SAVED_BASE = "http://127.0.0.1:5000"


@pytest.fixture
def line() -> Iterator[BundledLine]:
    line = BundledLine(load_line())
    yield line
    line.close()


def _converse(phone: Handset) -> None:
    """A key that nothing listens to, a wrong key, a busy centre, a backup that takes the call and ends it."""
    phone.call(patient=False, speed=1)
    phone.click("5")
    phone.hears("nothing listened")
    phone.be_patient()
    phone.hurry(20)
    phone.waits_at("language")
    phone.click("1")
    phone.waits_at("main")
    phone.click("7")
    phone.hears("Pressed 7")
    phone.waits_at("main")
    phone.click("1")
    phone.waits_at("ask_postcode")
    phone.click("5003")
    phone.waits_at("confirm")
    phone.hurry(4)
    phone.click("1")
    phone.at_leg(BERGEN, "busy")
    phone.at_leg(OS, "answer")
    phone.at_leg(OS, "press")
    phone.sees_status(f"Talking to {OS}")
    phone.talks_on(4)
    phone.at_leg(OS, "hang-up")
    phone.is_over()


def _simulated(scenario: Path, folder: Path, *options: str) -> list[dict[str, Any]]:
    trace = folder / "again.jsonl"
    done = CliRunner().invoke(group, ["simulate", str(scenario), "--trace", str(trace), *options])
    assert done.exit_code == 0, done.output
    return _events(trace.read_text("utf-8"))


def _events(lines: str) -> list[dict[str, Any]]:
    """Without what a machine's speed decides, and what only `ivr simulate` adds."""
    return [
        {name: value for name, value in json.loads(line).items() if name not in ("ms", "scenario")}
        for line in lines.splitlines()
    ]


def test_a_call_to_a_webhook_is_replayed_to_the_same_trace(line: BundledLine, lift_for: Lifter, tmp_path: Path) -> None:
    phone = lift_for(Webhook(line.url, "POST", line.fallback_url, line.status_callback))
    _converse_at_a_url(phone)
    scenario = phone.save("#save-scenario", tmp_path)
    trace = phone.save("#save-trace", tmp_path)
    seed = scenario.read_text("utf-8").split("--seed ")[1].split()[0]
    assert _simulated(scenario, tmp_path, "--seed", seed) == _events(trace.read_text("utf-8"))


def _converse_at_a_url(phone: Handset) -> None:
    """The same line, of which the page knows nothing: what is said is all there is to go by."""
    phone.call()
    for heard, keys in (
        ("For English, press 2", "1"),
        ("Du har tre valg", "9"),
        ("Legg på og ring en, en, tre nå", ""),
    ):
        phone.hears(heard)
        phone.sees_status("The line waits for you")
        phone.click(keys)
    phone.hang_up()
    phone.is_over()


def test_a_call_to_the_bundled_line_is_replayed_to_the_same_trace(
    line: BundledLine, lift: Lifter, tmp_path: Path
) -> None:
    phone = lift()
    _converse(phone)
    trace = phone.save("#save-trace", tmp_path).read_text("utf-8")
    scenario = phone.save("#save-scenario", tmp_path)
    text = scenario.read_text("utf-8")
    assert f'url: "{SAVED_BASE}/voice"' in text
    scenario.write_text(text.replace(SAVED_BASE, line.base), "utf-8")
    again, before = _simulated(scenario, tmp_path), _events(trace)
    called = str(before[0]["url"]).removesuffix("/voice")
    assert _at(again, line.base) == _at(before, called)


def _at(events: list[dict[str, Any]], base: str) -> list[dict[str, Any]]:
    """The line answers at another port each time, and a signature depends on it."""
    text = json.dumps([{name: value for name, value in event.items() if name != "signature"} for event in events])
    found: list[dict[str, Any]] = json.loads(text.replace(base, SAVED_BASE))
    return found
