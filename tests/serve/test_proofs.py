"""A proof that is kept holds for just what was proved, and only in the simulator."""

import shutil
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.base.clock import ManualClock
from ivr.base.errors import DefinitionError
from ivr.line.service.reload import MOST_PROOFS, Editions
from ivr.line.service.settings import Profile, Settings
from tests.conftest import EVENING, SMALL
from tests.damage import replace_in

HIDDEN = ("red_flag: red ", "red_flag: person ")  # a flow that hides 113: V09


@pytest.fixture
def proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "ivr" / "proofs"


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    return shutil.copytree(bundled("call_flows"), tmp_path / "flow") / "legevakt.yaml"


def test_a_proof_is_kept_and_used_for_just_these_files(proofs: Path, flow: Path) -> None:
    editions = Editions(Settings(flow=flow, directory=SMALL), ManualClock(EVENING))
    assert len(list(proofs.iterdir())) == 1
    replace_in(flow, *HIDDEN)
    editions.reload()
    assert any("V09" in reason for reason in editions.refused)
    assert len(list(proofs.iterdir())) == 1

    proof = editions._proof(editions._files())
    assert proof is not None
    proof.touch()  # as if it had been proved: what is looked at is the proof of these very files
    editions.reload()
    assert editions.refused == ()


@pytest.mark.parametrize("what", ["flow", "prompts", "suppressions", "day"])
def test_a_proof_does_not_hold_for_another(what: str, proofs: Path, flow: Path) -> None:
    clock = ManualClock(EVENING)
    editions = Editions(Settings(flow=flow, directory=SMALL), clock)
    before = editions._proof(editions._files())
    match what:
        case "flow":
            replace_in(flow, "name: legevakt", "name: another")
        case "prompts":
            replace_in(flow.parent / "languages" / "en" / "prompts.yaml", "In the daytime, call", "By day, call")
        case "suppressions":
            (flow.parent / "suppressions.yaml").write_text("[]\n", "utf-8")
        case "day":
            clock.advance(24 * 3600)
    assert editions._proof(editions._files()) != before


def test_a_line_that_strangers_call_is_proved_at_each_start(proofs: Path, flow: Path) -> None:
    Editions(Settings(profile=Profile.PRACTICE, flow=flow, directory=SMALL), ManualClock(EVENING))
    assert not proofs.exists()


def test_a_flow_with_an_error_leaves_no_proof(proofs: Path, flow: Path) -> None:
    replace_in(flow, *HIDDEN)
    with pytest.raises(DefinitionError, match="V09"):
        Editions(Settings(flow=flow, directory=SMALL), ManualClock(EVENING))
    assert not proofs.exists()


def test_only_some_proofs_are_kept(proofs: Path, flow: Path) -> None:
    proofs.mkdir(parents=True)
    for number in range(3 * MOST_PROOFS):
        (proofs / str(number)).touch()
    Editions(Settings(flow=flow, directory=SMALL), ManualClock(EVENING))
    assert len(list(proofs.iterdir())) == MOST_PROOFS + 1


def test_where_nothing_can_be_kept_the_line_starts_all_the_same(
    tmp_path: Path, flow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert Editions(Settings(flow=flow, directory=SMALL), ManualClock(EVENING)).loaded
