"""The calls that play by themselves keep what they promise, and the page has words for each in both languages."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from ivr.base.clock import SystemClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Session, WsgiTransport
from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.expectations import check
from ivr.simulator.languages import language_of, languages, pages
from ivr.simulator.outcome import Outcome
from ivr.simulator.scenario import Scenario
from ivr.simulator.web_phone.line import CallClock
from ivr.simulator.web_phone.prepared import CALLS, TASKS, scenarios, titles
from ivr.simulator.web_phone.tasks import task_result
from tests.conftest import EVENING

STATIC = CALLS.parent / "static"
NAMES = [name for name, _ in titles(CALLS, has_clock=True)]
TASK_NAMES = [name for name, _ in titles(TASKS, has_clock=True)]
URL = "http://127.0.0.1:5000/voice"


@cache
def _line() -> tuple[CallClock, WsgiTransport]:
    """One line for all the calls, and its clock."""
    clock = CallClock()
    return clock, WsgiTransport(create_app(Settings(), clock=clock, sink=lambda *_: None))


def _played(scenario: Scenario, moment: datetime) -> Outcome:
    plan = replace(scenario.plan, fallback_url=f"{URL}/fallback", status_callback=f"{URL}/status")
    clock, transport = _line()
    session = Session(plan)
    clock.start(moment if plan.started == CallPlan(URL).started else plan.started, lambda: session.now)
    caller = ScriptedCaller(plan.steps)
    session.drive(transport.send, lambda effect: caller.during(effect, session.now, session.trace.events))
    return session.outcome(caller.undone)


@pytest.mark.parametrize("name", NAMES)
def test_a_prepared_call_keeps_its_expectations(name: str) -> None:
    scenario = scenarios(CALLS, URL)[name]
    findings = check(_played(scenario, EVENING), scenario.expect)
    assert findings
    assert [finding for finding in findings if not finding.held] == []


@pytest.mark.parametrize("moment", [EVENING, EVENING + timedelta(hours=8), EVENING + timedelta(hours=15)])
@pytest.mark.parametrize("name", TASK_NAMES)
def test_a_task_is_done_in_its_own_way_at_any_hour(name: str, moment: datetime) -> None:
    """`ivr demo` has no clock to set: a task must hold whenever it is tried."""
    task = scenarios(TASKS, URL)[name]
    outcome = _played(task, moment)
    assert [line for line in check(outcome, task.expect) if not line.held] == []
    result = task_result(task, outcome)
    assert result["done"]
    assert result["keys"] == result["fewest"]
    assert result["rang"] == list(task.expect.dialled or ())


@pytest.mark.parametrize("name", TASK_NAMES)
def test_a_task_is_not_done_in_the_way_of_another(name: str) -> None:
    task = scenarios(TASKS, URL)[name]
    others = [scenario for other, scenario in scenarios(TASKS, URL).items() if other != name]
    tries = [replace(task, plan=replace(task.plan, steps=other.plan.steps)) for other in others[:2]]
    assert [task_result(each, _played(each, EVENING))["done"] for each in tries] == [False, False]


def test_there_are_a_dozen_of_them() -> None:
    assert len(NAMES) >= 12


def test_each_text_of_the_page_exists_in_every_language_with_the_same_slots() -> None:
    slots = re.compile(r"\{\w+\}")
    found = [{name: set(slots.findall(text)) for name, text in page.texts.items()} for page in pages().values()]
    assert len(found) > 1
    assert len(found[0]) > 100
    assert all(other == found[0] for other in found)


def test_one_language_of_the_page_is_for_who_speaks_none_of_them() -> None:
    assert [each.code for each in languages() if each.for_others and each.code in pages()] == ["en"]


def test_a_tag_names_its_language_however_it_is_written() -> None:
    found = [language_of(tag) for tag in ("nb-NO", "NN", "no-NO", "en", "se-NO")]
    assert [each.code if each else "" for each in found] == ["nb", "nn", "nb", "en", ""]


def test_each_text_that_a_page_names_exists_and_none_is_left_over() -> None:
    english = pages()["en"].texts
    sources = "".join(path.read_text("utf-8") for path in STATIC.iterdir() if path.suffix in (".html", ".js"))
    named = set(re.findall(r'data-t(?:-label)?="(\w+)"', sources)) | set(re.findall(r'\bt\("([\w-]+)"', sources))
    assert named - english.keys() == set()
    hints = {f"hint_{name}" for name in english}  # state.js: the sentence of a state is `hint_` and its name
    assert {name for name in english.keys() - hints if f'"{name}"' not in sources and not _is_built(name)} == set()


def _is_built(name: str) -> bool:
    """Names that are put together: a status, a kind, a purpose, a behaviour."""
    return name.startswith(("status_", "leg_", "kind_", "purpose_", "fault_", "far_", "one_"))


def test_every_prepared_call_and_task_has_a_title_in_each_language_but_that_of_the_scenarios() -> None:
    found = {code: (list(page.prepared), list(page.tasks)) for code, page in pages().items()}
    assert found == {code: ([], []) if code == "en" else (NAMES, TASK_NAMES) for code in found}


def test_the_clock_of_a_call_starts_when_it_is_told() -> None:
    clock = CallClock()
    assert abs((clock.now() - SystemClock().now()).total_seconds()) < 5
    clock.start(EVENING, lambda: 90.0)
    assert (clock.now() - EVENING).total_seconds() == 90


def test_the_files_lie_in_the_package() -> None:
    """The wheel takes everything in the folder `ivr`."""
    config = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert 'packages = ["ivr"]' in config
    assert CALLS.is_relative_to(Path(__file__).parents[2] / "ivr")
