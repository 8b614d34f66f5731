"""A flow that goes by the clock is played at every hour, and by calls that pass from one hour into another."""

from pathlib import Path

import pytest

from ivr.proof.explore import ExplorationResult, explore
from ivr.proof.explore.report import as_text
from tests.conftest import EVENING
from tests.explore.conftest import small_flow, small_service

HOURS = 'type: by_hours, open: {from: "08:00", until: "16:00"}'
NODES = f"""
nodes:
  open: {{type: say, say: [OPEN_113], in_every_language: true, next: language}}
  language: {{type: choose_language, say: [LANG], choices: {{"1": nb, "2": en}}, silence: nb, next: opens}}
  opens: {{{HOURS}, inside: day, outside: person}}
  closes: {{{HOURS}, inside: person, outside: OUTSIDE}}
  day: {{type: menu, say: [MAIN_SHORT], choices: {{"1": person}}, silence: [closes], back: day}}
"""


@pytest.fixture
def played(tmp_path: Path, request: pytest.FixtureRequest) -> ExplorationResult:
    """A small flow played to its end: callers of the day are asked, those of the evening are put through at once.
    `request.param`: where silence leads outside the hours."""
    flow = small_flow(tmp_path, NODES.replace("OUTSIDE", request.param), home="day", resume="opens")
    return explore(small_service(flow), bound=2000)


@pytest.mark.parametrize("played", ["day"], indirect=True)
def test_a_call_that_passes_from_one_hour_into_another_is_not_stuck(played: ExplorationResult) -> None:
    """Nobody who calls in the evening comes to `day`. Who calls at 15:59 is there at 16:01, and silence goes round."""
    told = "silence never leads to a ringing centre"
    stuck = [problem for problem in played.problems if problem.startswith("day (") and told in problem]
    assert stuck
    assert all(problem.endswith("(at 20:00, Tuesday 3 March 2026)") for problem in stuck)


@pytest.mark.parametrize("played", ["person"], indirect=True)
def test_a_flow_that_helps_at_every_hour_is_played_to_its_end_at_each(played: ExplorationResult) -> None:
    assert not [problem for problem in played.problems if "silence" in problem or "no way" in problem]
    assert played.is_complete
    assert "moves played at 2 moments; complete" in as_text(played)
    evening, day = played.walks
    assert evening.entries.now == EVENING
    assert {state.name for state in day.states} <= {state.name for state in evening.states}
