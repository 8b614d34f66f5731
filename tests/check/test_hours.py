"""A flow that goes by the clock is proved at every hour, and for calls that pass from one hour into another."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.check import check
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.picture import as_mermaid
from ivr.proof.check.rules import ways
from ivr.proof.check.run import prove
from tests.check.damage import FLOW, damaged

HOURS = 'hours: {type: by_hours, open: {days: mon-fri, from: "08:00", until: "16:00"}, inside: main, outside: evening}'
EVENING_FIRST = f"""    otherwise: hours

  {HOURS}

  evening: {{type: say, say: [OPEN_113], next: main}}
"""


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Outside the hours a word more is said, and then all goes on as inside them. The longer announcement
    is cut short, so that it has room beside the word (V20)."""
    resume = "say: [OPEN_113]\n    next: main"
    edits = [
        (FLOW, "    otherwise: main\n", EVENING_FIRST),
        (FLOW, resume, resume.replace("main", "hours")),
        ("languages/nb/prompts.yaml", " Kommer du ikke gjennom, ring legevaktens eget åttesifrede nummer.", ""),
        ("languages/nn/prompts.yaml", " Kjem du ikkje gjennom, ring det eige åttesifra nummeret til legevakta.", ""),
        ("languages/en/prompts.yaml", " If you do not get through, call the centre's own\n    eight-digit number.", ""),
    ]
    return damaged(tmp_path, edits)


@pytest.mark.unmeasured
def test_a_flow_that_helps_at_every_hour_is_accepted_and_told_at_how_many_moments(good: Path, ground: Ground) -> None:
    proof = prove(good, ground)
    assert proof.findings == []
    assert (proof.moments, proof.changes) == (2, len(ground.real.moments) - 1)
    assert proof.changes > 2000


def test_both_ways_of_the_hours_are_drawn(good: Path, catalogue: Catalogue) -> None:
    text = as_mermaid(load_flow(good, catalogue))
    assert 'n_hours -->|"mon-fri 08:00-16:00"| n_main' in text
    assert 'n_hours -->|"otherwise"| n_evening' in text


DAY = """    otherwise: opens

  opens: {type: by_hours, open: {from: "08:00", until: "16:00"}, inside: day, outside: main}
  closes: {type: by_hours, open: {from: "08:00", until: "16:00"}, inside: person, outside: day}

  day:
    type: menu
    say: [MAIN]
    choices: {"1": ask_postcode, "2": other, "3": info}
    silence: [closes]
    back: day

"""


def test_a_call_that_passes_from_one_hour_into_another_is_not_stuck(tmp_path: Path, ground: Ground) -> None:
    """Nobody who calls in the evening comes to `day`. Who calls at 15:59 is there at 16:01, and silence goes round."""
    path = damaged(tmp_path, [(FLOW, "    otherwise: main\n", DAY)])
    evening, day = Subject(path, ground).each
    assert evening.now.hour == 20
    entered = (move for each in evening.walk.situations for move in each.moves if "opens" in move.passed)
    assert not any("day" in move.passed for move in entered)
    told = {found.where[1]: found.message for found in ways.answered(evening)}
    assert told == {"day": "silence never leads to a ringing centre"}
    assert list(ways.answered(day)) == []


@pytest.mark.unmeasured
def test_a_node_that_is_reached_at_one_hour_only_is_reached(tmp_path: Path, ground: Ground) -> None:
    path = damaged(tmp_path, [(FLOW, "    otherwise: main\n", EVENING_FIRST)])
    assert [list(ways.reached(each)) for each in Subject(path, ground).each] == [[], []]


GREETS = """nodes:
  greets: {type: by_hours, open: {from: "08:00", until: "16:00"}, inside: open, outside: evening}
  evening: {type: say, say: [OPEN_113], in_every_language: true, next: open}

"""


def test_a_call_that_arrives_at_another_hour_is_taken_on_as_it_arrives(tmp_path: Path, ground: Ground) -> None:
    """In the evening the line says a word more before it asks for anything: no step of the day leads to that."""
    path = damaged(tmp_path, [(FLOW, "start: open\n", "start: greets\n"), (FLOW, "nodes:\n", GREETS)])
    evening, day = Subject(path, ground).each
    arrived = {each.walk.starts["home"].actions for each in (evening, day)}
    assert len(arrived) == 2
    for each in (evening, day):
        assert arrived <= {met.actions for met in each.walk.situations if met.reached_by is None}


def test_the_command_says_at_how_many_moments_it_proved() -> None:
    last = CliRunner().invoke(check, []).output.splitlines()[-1]
    assert "rules proved at 1 moment and " in last
    assert last.endswith(" changes of duty: 0 errors, 0 warnings")
