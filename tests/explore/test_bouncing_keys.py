"""A key that counts twice: no centre is reached before the name of the place was heard to its end."""

from pathlib import Path

import pytest

from ivr.proof.explore import ExplorationResult, explore
from ivr.proof.explore.report import as_text
from tests.explore.conftest import small_flow, small_service

NODES = """
nodes:
  open: {type: say, say: [OPEN_113], in_every_language: true, next: language}
  language: {type: choose_language, say: [LANG], choices: {"1": nb, "2": en}, silence: nb, next: ask}
  ask: {type: ask_place, by: postcode, say: [ASK_POST], found: confirm, unknown: person, star: person, silence: person}
  CONFIRM
  connect:
    type: connect
    to: centre
    name: [ENTERED]
    say: [CONNECT]
    say_outage: {fault: [OUTAGE, STAND_IN], closed: [OUTAGE_CLOSED, STAND_IN]}
    failed: person
    ended: after_talk
    no_line: person
"""
HEARD_OUT = """confirm:
    type: confirm_place
    name: [PLACE]
    name_centre: [PLACE_CENTRE]
    name_other_duty: [PLACE_DUTY]
    say: [CONFIRM]
    say_other_duty: [CONFIRM_DUTY]
    say_number: [CONFIRM_READ]
    say_outage: {fault: [OUTAGE], closed: [OUTAGE_CLOSED]}
    connect: connect
    read: connect
    elsewhere: ask"""
CUT_SHORT = """confirm:
    type: menu
    say: [PLACE, CONFIRM]
    choices: {"1": connect, "2": ask}
    silence: [connect]
    back: ask"""
UNNAMED = CUT_SHORT, ("    to: centre\n    name: [ENTERED]", "    to: centre\n    name: [CONNECT]")


@pytest.fixture
def played(tmp_path: Path, request: pytest.FixtureRequest) -> ExplorationResult:
    """A small flow played to its end. `request.param`: how it has a place confirmed, and what it says before a ring."""
    confirm, entered = request.param
    nodes = NODES.replace("CONFIRM\n", f"{confirm}\n", 1).replace(*entered)
    return explore(small_service(small_flow(tmp_path, nodes, home="ask")), bound=600)


@pytest.mark.parametrize("played", [(HEARD_OUT, ("", ""))], indirect=True)
def test_a_name_that_is_heard_out_is_heard_by_whoever_presses_twice(played: ExplorationResult) -> None:
    (found,) = played.doubled
    assert played.is_complete
    assert found.unheard == []
    assert found.bounces > 100
    assert found.calls > 50
    assert "each centre was named to its end before" in as_text(played)


@pytest.mark.parametrize("played", [UNNAMED], indirect=True)
def test_a_name_that_a_surplus_key_cuts_short_is_a_problem(played: ExplorationResult) -> None:
    (found,) = played.doubled
    assert any("the surplus one at once, a centre is reached before" in each for each in found.unheard)
    assert any("the surplus one while the line speaks" in each for each in found.unheard)
    assert not any("the surplus one in the silence after" in each for each in found.unheard)
    assert set(found.unheard) <= set(played.problems)
    assert "A CENTRE WAS REACHED UNNAMED" in as_text(played)
