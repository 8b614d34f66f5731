"""What the command prints, and with which exit code it ends."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.explore import StateCounter
from ivr.cli.explore import explore as command
from ivr.proof.explore import ExplorationResult
from ivr.proof.explore.report import as_json, as_text
from ivr.proof.explore.states import StateName
from tests.conftest import SMALL

MISSED = StateName("confirm", "nb", True, 1, "number", True, True)


def test_an_exploration_that_stopped_at_its_bound_says_so(short: ExplorationResult) -> None:
    assert "NOT COMPLETE: stopped at the bound of 90 states" in as_text(short)
    assert not short.holds


def test_the_beginning_of_the_flow_has_no_problem(short: ExplorationResult) -> None:
    assert short.problems == []


def test_what_was_only_not_complete_is_not_said_not_to_hold(short: ExplorationResult) -> None:
    assert (
        as_text(short).splitlines()[-1].startswith("NOT COMPLETE: no problem was found, but not everything was played")
    )
    assert "DOES NOT HOLD" not in as_text(short)


def test_a_problem_that_was_found_before_the_bound_does_not_hold(short: ExplorationResult) -> None:
    assert as_text(replace(short, problems=["a caller is stuck"])).splitlines()[-1] == "DOES NOT HOLD"


def test_what_was_not_covered_is_always_said(short: ExplorationResult) -> None:
    text = as_text(short)
    for words in ("Not covered:", "every place: ", "Not told apart", "Never reached on this line: "):
        assert words in text


def test_a_state_that_the_checker_knows_and_no_call_came_to_is_told(short: ExplorationResult) -> None:
    text = as_text(replace(short, known=frozenset([MISSED]), missed=[MISSED]))
    assert "confirm (nb, again, a centre known, two on duty, 1 rung, for a number)" in text


def test_many_problems_are_cut_short_in_words_only(short: ExplorationResult) -> None:
    many = replace(short, problems=[f"problem {number}" for number in range(30)])
    assert "and 10 more" in as_text(many)
    assert len(json.loads(as_json(many))["problems"]) == 30


def test_what_merged_states_do_differently_is_told(short: ExplorationResult) -> None:
    walk = replace(short.walk, unlike=["this and that"])
    assert "1 DID SOMETHING ELSE" in as_text(replace(short, walks=(walk,)))


def test_json_has_the_figures(short: ExplorationResult) -> None:
    content = json.loads(as_json(short))
    assert content["complete"] is False
    assert content["languages"]["nb"]["first_words"]["worst"]["seconds"] == 3.9
    assert content["languages"]["nb"]["to_danger"]["most_keys"] == 1
    assert content["languages"]["nb"]["plain"] is None


def test_the_bound_is_exit_code_1() -> None:
    result = CliRunner().invoke(command, ["--bound", "2", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["known"] > 400


def test_a_practice_line_is_explored_without_a_number_to_ring() -> None:
    result = CliRunner().invoke(command, ["--bound", "2", "--practice", "--directory", str(SMALL)])
    assert result.exit_code == 1
    assert "PROBLEM" not in result.stdout


def test_a_flow_that_is_not_there_is_exit_code_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, [str(tmp_path / "none.yaml")]).exit_code == 2


def test_progress_is_shown_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = StateCounter()
    progress.tell(1, 2, 0)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress.tell(1, 2, 3)
    progress.tell(1, 2, 0)
    assert capsys.readouterr().err == "\r1 states, 2 moves, 0 states to go   \n"
