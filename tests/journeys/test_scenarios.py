"""Every scenario of the line holds against the real service, and a broken flow makes some of them fail."""

import shutil
from pathlib import Path

import pytest

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import WsgiTransport, play
from ivr.simulator.expectations import check
from ivr.simulator.scenario import load_scenario
from tests.conftest import EVENING
from tests.damage import damaged

WITHOUT_A_TWIN = ("red_flag_before_the_language", "a_request_comes_twice", "an_answer_fails_and_the_fallback_rings")
WITHOUT_A_CHOICE = {"silence_reaches_a_person", "wrong_keys_reach_a_person"}  # of a language
SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


def _failures(path: Path, service: WsgiTransport) -> list[str]:
    scenario = load_scenario(path)
    findings = check(play(scenario.plan, service), scenario.expect)
    return [str(each) for each in findings if not each.held]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_holds(path: Path, service: WsgiTransport) -> None:
    assert _failures(path, service) == []


def test_every_journey_is_played_in_every_language() -> None:
    journeys = [path.stem.rpartition("_") for path in SCENARIOS if path.stem not in WITHOUT_A_TWIN]
    norwegian = {journey for journey, _, language in journeys if language == "norwegian"}
    english = {journey for journey, _, language in journeys if language == "english"}
    nynorsk = {journey for journey, _, language in journeys if language == "nynorsk"}
    assert norwegian == english == nynorsk | WITHOUT_A_CHOICE
    assert len(norwegian) + len(english) + len(nynorsk) == len(journeys) >= 42


def test_a_broken_flow_fails_a_scenario(flow_file: Path, tmp_path: Path) -> None:
    broken = damaged(flow_file, tmp_path, 'choices: {"1": nb, "2": en, ', 'choices: {"1": en, "2": nb, ')
    shutil.copytree(flow_file.parent / "languages", tmp_path / "languages")
    service = WsgiTransport(create_app(Settings(flow=broken), clock=ManualClock(EVENING)))
    assert any(_failures(path, service) for path in SCENARIOS)
