"""What callers say, and noise, is played wherever the line listens to speech."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.line.service.settings import Settings
from ivr.proof.explore import ExploredService
from ivr.proof.explore.figures import to_danger
from ivr.proof.explore.player import ActKind
from ivr.proof.explore.states import ExploredMove, ExploredState
from ivr.proof.explore.verdict import problems
from ivr.proof.explore.walk import Exploration
from tests.conftest import EVENING
from tests.explore.conftest import small_flow, walked
from tests.explore.test_bouncing_keys import HEARD_OUT, NODES

_ASKS = "by: postcode, say: [ASK_POST], found: confirm, unknown: person, star: person"
_SPEAKS = (
    "by: postcode, say: [ASK_POST], say_spoken: [ASK_POST_SPOKEN], several: pick, "
    "found: confirm, unknown: ask, star: more"
)
_MORE = 'say: [NUM_UNKNOWN], choices: {"1": ask, "2": ask}, silence: [person], back: ask'
_PICK = "say_two: [PICK_NAME_2], say_three: [PICK_NAME_3], found: confirm, silence: [ask], back: ask"


def small_flow_with_speech(folder: Path) -> Path:
    nodes = NODES.replace(
        "CONFIRM\n", f"{HEARD_OUT}\n  pick: {{type: pick_place, {_PICK}}}\n  more: {{type: menu, {_MORE}}}\n", 1
    )
    before, found, after = nodes.partition(_ASKS)
    assert found
    file = small_flow(folder, before + _SPEAKS + after, home="ask")
    file.write_text(file.read_text("utf-8").replace("\nspeech: false ", "\nspeech: true "), "utf-8")
    return file


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Exploration:
    """A small flow with speech on, played to its end."""
    file = small_flow_with_speech(tmp_path_factory.mktemp("spoken"))
    return walked(ExploredService(Settings(flow=file), EVENING), bound=600)


def _speech(played: Exploration) -> list[ExploredMove]:
    return [move for state in played.states for move in state.moves if move.deed.did is ActKind.SPEECH]


def _listening(played: Exploration) -> list[ExploredState]:
    return [state for state in played.states if b'input="dtmf speech"' in state.reply.body]


def test_every_state_that_listens_to_speech_hears_names_homonyms_slips_and_noise(played: Exploration) -> None:
    assert played.is_complete
    assert {state.memory.misheard for state in _listening(played) if state.memory} == {0, 1}
    for state in _listening(played):
        said = [move for move in state.moves if move.deed.did is ActKind.SPEECH and not move.deed.last_slip]
        assert {move.to.name.node for move in said} >= {"confirm", "pick"}
        assert sum("noise" in move.deed.what for move in said if not move.deed.outages) == 3
    assert {move.origin for move in _speech(played)} == set(_listening(played))


def test_nothing_that_is_said_breaks_a_promise(played: Exploration) -> None:
    assert [each for each in problems(played) if "heard as" in each] == []


def test_noise_lasts_as_long_as_the_line_listens_to_it(played: Exploration) -> None:
    """Six seconds of speech, two of silence."""
    noise = [move.after for move in _speech(played) if "noise" in move.deed.what]
    assert max(noise) == pytest.approx(8.0, abs=0.1)


def test_speech_that_keeps_113_too_far_from_key_9_is_a_problem(played: Exploration) -> None:
    state = next(state for state in _listening(played) if to_danger(state, "nb"))
    kept = list(state.moves)
    try:
        state.moves[:] = [replace(move, after=30.0) if move.deed.did is ActKind.SPEECH else move for move in kept]
        assert any("to who presses 9 while there is noise" in each for each in problems(played))
    finally:
        state.moves[:] = kept
