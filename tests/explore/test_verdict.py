"""What no flow that loads can break is broken here by hand, in a few states of the bundled flow."""

from dataclasses import replace
from typing import Any

import pytest

from ivr.proof.explore.player import ActKind, CallAct
from ivr.proof.explore.states import ExploredMove, ExploredState, Sameness, StateKind
from ivr.proof.explore.verdict import problems
from ivr.proof.explore.walk import Exploration
from tests.conftest import EVENING
from tests.explore.conftest import small_service, walked


@pytest.fixture
def walk() -> Exploration:
    return walked(small_service(), bound=12)


def _told(walk: Exploration) -> str:
    return " | ".join(problems(walk))


def test_the_first_states_have_no_problem(walk: Exploration) -> None:
    assert _told(walk) == ""


def test_what_the_simulator_complains_of_is_told(walk: Exploration) -> None:
    walk.states[0].complaints = ("12200: unknown verb",)
    assert "language (after the call arrives): 12200: unknown verb" in _told(walk)


def test_a_number_that_is_not_in_the_directory_is_told(walk: Exploration) -> None:
    walk.states[0].rang = ("+4722000000",)
    assert "+4722000000 is rung, which is not in the directory" in _told(walk)


def test_an_unfilled_slot_is_told(walk: Exploration) -> None:
    walk.states[0].heard = replace(walk.states[0].heard, texts=("{centre} did not answer",))
    assert "a text with an unfilled slot is spoken" in _told(walk)


def test_hanging_up_without_a_talk_is_told(walk: Exploration) -> None:
    start, over = walk.states[0], walk.states[-1]
    over.played, over.kind = True, StateKind.OVER
    start.moves.append(ExploredMove(CallAct(ActKind.KEY, "5", EVENING), start, over, 0.0, ()))
    assert "after 5 the call is hung up on" in _told(walk)


def test_states_from_which_nothing_rings_are_told_once_all_is_played(walk: Exploration) -> None:
    walk._doubles.clear()
    for state in walk.states:
        state.played, state.kind = True, StateKind.LISTENS
    told = _told(walk)
    assert "no way leads from here to a ringing centre" in told
    assert "no plain way leads to a ringing centre in 'nb'" in told


def test_states_that_were_wrongly_taken_for_one_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers are told apart behind the language question: a key that drops the caller there is too coarse."""
    key = Sameness.key

    def coarse(self: Sameness, caller: str, *more: Any) -> object:
        return key(self, "", *more)

    monkeypatch.setattr(Sameness, "key", coarse)
    walk = walked(small_service(), bound=30)
    assert any("differs in caller do not do the same: " in text for text in walk.unlike)


def test_a_state_names_the_way_to_it(walk: Exploration) -> None:
    paths = [state.path() for state in walk.states]
    assert paths[0] == "the call arrives"
    assert "silence" in paths


def test_a_state_whose_moves_are_not_known_has_none(walk: Exploration) -> None:
    met: ExploredState = next(state for state in walk.states if not state.played)
    assert met.on(ActKind.SILENCE) is None
