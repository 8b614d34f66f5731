"""The calls that play by themselves keep what they promise, and the page has words for each in both languages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.base.clock import SystemClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Session, WsgiTransport
from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.expectations import check
from ivr.simulator.web_phone.line import CallClock
from ivr.simulator.web_phone.prepared import FOLDER, prepared, titles
from tests.conftest import EVENING

STATIC = FOLDER.parent / "static"
NAMES = [name for name, _ in titles()]
URL = "http://127.0.0.1:5000/voice"


@pytest.mark.parametrize("name", NAMES)
def test_a_prepared_call_keeps_its_expectations(name: str) -> None:
    scenario = prepared(URL)[name]
    plan = replace(scenario.plan, fallback_url=f"{URL}/fallback", status_callback=f"{URL}/status")
    clock = CallClock()
    transport = WsgiTransport(create_app(Settings(), clock=clock, sink=lambda *_: None))
    session = Session(plan)
    clock.start(EVENING if plan.started == CallPlan(URL).started else plan.started, lambda: session.now)
    caller = ScriptedCaller(plan.steps)
    session.drive(transport.send, lambda effect: caller.during(effect, session.now, session.trace.events))
    findings = check(session.outcome(caller.undone), scenario.expect)
    assert findings
    assert [finding for finding in findings if not finding.held] == []


def test_there_are_a_dozen_of_them() -> None:
    assert len(NAMES) >= 12


def _texts() -> tuple[dict[str, str], dict[str, str]]:
    source = (STATIC / "texts.js").read_text("utf-8")
    english, bokmaal = source.split("const nb = {")
    entry = re.compile(r'^  "?([\w-]+)"?: "(.*)",$', re.M)
    return dict(entry.findall(english)), dict(entry.findall(bokmaal.split("  prepared: {")[0]))


def test_each_text_of_the_page_exists_in_both_languages_with_the_same_slots() -> None:
    english, bokmaal = _texts()
    assert len(english) > 100
    assert english.keys() == bokmaal.keys()
    slots = re.compile(r"\{\w+\}")
    assert [name for name in english if set(slots.findall(english[name])) != set(slots.findall(bokmaal[name]))] == []


def test_each_text_that_a_page_names_exists_and_none_is_left_over() -> None:
    english, _ = _texts()
    pages = "".join(
        path.read_text("utf-8")
        for path in STATIC.iterdir()
        if path.suffix in (".html", ".js") and path.name != "texts.js"
    )
    named = set(re.findall(r'data-t(?:-label)?="(\w+)"', pages)) | set(re.findall(r'\bt\("([\w-]+)"', pages))
    assert named - english.keys() == set()
    assert {name for name in english if f'"{name}"' not in pages and not _is_built(name)} == set()


def _is_built(name: str) -> bool:
    """Names that are put together: a status, a kind, a purpose, a behaviour."""
    return name.startswith(("status_", "leg_", "kind_", "purpose_", "fault_", "far_", "one_"))


def test_every_prepared_call_has_a_bokmaal_title() -> None:
    source = (STATIC / "texts.js").read_text("utf-8").split("  prepared: {")[1].split("  },")[0]
    assert re.findall(r"^    (\w+):", source, re.M) == NAMES


def test_the_clock_of_a_call_starts_when_it_is_told() -> None:
    clock = CallClock()
    assert abs((clock.now() - SystemClock().now()).total_seconds()) < 5
    clock.start(EVENING, lambda: 90.0)
    assert (clock.now() - EVENING).total_seconds() == 90


def test_the_files_lie_in_the_package() -> None:
    """The wheel takes everything in the folder `ivr`."""
    config = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert 'packages = ["ivr"]' in config
    assert FOLDER.is_relative_to(Path(__file__).parents[2] / "ivr")
