"""Whole calls of the bundled line with speech on: service, simulator and everything between them."""

import logging
from pathlib import Path

import pytest

from ivr.base.clock import ManualClock
from ivr.line.calls import Noted
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Leg, Outcome, WsgiTransport, play
from ivr.simulator.expectations import check
from ivr.simulator.plan import Press, Speak, Step
from ivr.simulator.scenario import load_scenario
from tests.conftest import EVENING
from tests.speech_on import flow_with_speech

BERGEN = "+4755568700"
SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios" / "speech").glob("*.yaml"))


class SpeakingLine:
    def __init__(self, flow: Path) -> None:
        self.noted: list[Noted] = []
        app = create_app(Settings(flow=flow), clock=ManualClock(EVENING), sink=self.noted.append)
        self.service = WsgiTransport(app)

    def play(self, *steps: Step) -> Outcome:
        """A Norwegian caller at the question for the place, who then does this and after it nothing."""
        begun = (Press("1", anew=True), Press("1", anew=True))
        legs = {"*": Leg.answer(3, talk=10)}
        return play(CallPlan("http://127.0.0.1:5000/voice", steps=(*begun, *steps), legs=legs), self.service)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> SpeakingLine:
    return SpeakingLine(flow_with_speech(tmp_path_factory.mktemp("speech")))


def test_a_spoken_name_is_connected_after_it_was_named_back(line: SpeakingLine) -> None:
    outcome = line.play(Speak("jeg er i Bergen"), Press("1"))
    assert (outcome.dialled, outcome.warnings) == ([BERGEN], [])
    assert any("Bergen legevakt, for Bergen." in text for text in outcome.heard)


def test_the_same_place_by_keys_takes_as_many(line: SpeakingLine) -> None:
    assert line.play(Press("5003"), Press("1")).dialled == [BERGEN]


def test_two_names_that_are_not_understood_lead_to_keys_that_find_it(line: SpeakingLine) -> None:
    outcome = line.play(Speak("qqqq"), Speak("qqqq"), Press("1"), Press("5003", anew=True), Press("1"))
    assert (outcome.dialled, outcome.warnings) == ([BERGEN], [])


def test_words_are_in_no_log_and_in_nothing_that_is_noted(line: SpeakingLine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    before = len(line.noted)
    line.play(Speak("barnet mitt på Voss er slapt"), Press("2"), Press("1"), Speak("slapt"))
    noted = repr(line.noted[before:])
    assert "by='spoken'" in noted
    assert "slapt" not in noted + caplog.text


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_of_speech_holds(path: Path, line: SpeakingLine) -> None:
    scenario = load_scenario(path)
    findings = check(play(scenario.plan, line.service), scenario.expect)
    assert [str(each) for each in findings if not each.held] == []


def test_words_cost_a_scenario_of_speech_its_place_where_the_line_listens_to_keys(service: WsgiTransport) -> None:
    scenario = load_scenario(SCENARIOS[0].parent / "a_spoken_name_norwegian.yaml")
    findings = check(play(scenario.plan, service), scenario.expect)
    assert [str(each) for each in findings if not each.held] != []
