"""The explorer plays what is heard, and what keys do, while an announcement is on."""

import pytest

from ivr.proof.explore import ExplorationResult, explore
from ivr.proof.explore.figures import longest_announcement
from ivr.proof.explore.player import ActKind
from ivr.proof.explore.states import ExploredMove
from ivr.proof.explore.verdict import problems
from tests.explore.conftest import small_flow, small_service
from tests.explore.replayed import replayed

NODES = """
nodes:
  open: {type: say, say: [OPEN_113], in_every_language: true, next: language}
  language: {type: choose_language, say: [LANG], choices: {"1": nb, "2": en}, silence: nb, next: main,
             announcements: {waiting: [ANNOUNCE_WAITING], disturbance: [ANNOUNCE_DISTURBANCE]}}
  main: {type: menu, say: [MAIN_SHORT], choices: {"1": person}, silence: [person], back: main}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ExplorationResult:
    flow = small_flow(tmp_path_factory.mktemp("flow"), NODES, home="main")
    return explore(small_service(flow), bound=2000)


def _announced(result: ExplorationResult) -> list[ExploredMove]:
    moves = (move for state in result.walk.states for move in state.moves)
    return [move for move in moves if move.deed.announced and not move.deed.last_slip]


def test_each_announcement_is_heard_in_each_language_and_keys_do_the_same(result: ExplorationResult) -> None:
    assert result.walk.is_complete
    assert (result.walk.samples > 0, result.walk.unlike) == (True, [])
    found = set()
    for move in _announced(result):
        assert move.deed.announced
        usual = move.origin.on(move.deed.did, move.deed.what)
        assert usual
        found.add((move.deed.announced.name, move.to.language))
        assert (move.to.heard.deaf, move.to.memory) == (usual.to.heard.deaf, usual.to.memory)
        for each in (each for each in move.to.moves if each.is_usual):
            same = usual.to.on(each.deed.did, each.deed.what)
            assert same
            assert each.to is same.to
    assert found == {(name, code) for name in ("waiting", "disturbance") for code in ("nb", "en")}


def test_a_whole_call_hears_the_same(result: ExplorationResult) -> None:
    announced = next(move.to for move in _announced(result) if move.deed.did is ActKind.SILENCE)
    assert replayed(result.walk.service, announced) == announced.reply.body
    assert "is announced" in announced.path()


def test_silence_is_measured_with_the_longest_announcement(
    result: ExplorationResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = longest_announcement(result.walk)
    assert 5 < longest < 12
    usual = max(way.heard for way in result.silent.values())
    told = "silence takes"
    monkeypatch.setattr("ivr.proof.explore.verdict.SILENT_SECONDS", usual + longest + 1)
    assert not [problem for problem in problems(result.walk) if told in problem]
    monkeypatch.setattr("ivr.proof.explore.verdict.SILENT_SECONDS", usual + longest - 1)
    assert [problem for problem in problems(result.walk) if told in problem]
