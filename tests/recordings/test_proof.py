"""The checker and the explorer go by how long the recordings last."""

import struct
from datetime import datetime
from pathlib import Path

import pytest

from ivr.base.clock import OSLO
from ivr.base.ids import LanguageCode, PromptKey
from ivr.line.flow.actions import Prompt
from ivr.line.languages import languages_beside, load_prompts
from ivr.line.service.settings import Settings
from ivr.proof.check.run import check_flow, lay_ground
from ivr.proof.check.speech import SpeechLengths, spoken_seconds
from ivr.proof.explore import ExploredService, explore
from ivr.simulator.media.wav import wav_seconds
from tests.recordings.voices import record

NOW = datetime(2026, 3, 3, 20, 0, tzinfo=OSLO)


def test_what_is_wrong_with_recordings_is_found(own: Path) -> None:
    """A first sentence that takes too long, a file that is gone, one that is another, and two voices in one call."""
    record(own, "nb", without=("LANG",), seconds={"OPEN_113": 9.5})
    folder = languages_beside(own) / "nb" / "sound"
    next(folder.glob("MAIN-*.wav")).unlink()
    other = next(folder.glob("OTHER-*.wav"))
    other.write_bytes(other.read_bytes()[:-2])
    (folder / "pause.wav").unlink()
    told = [str(each) for each in check_flow(own, lay_ground(None, NOW))]
    assert any("V07" in each and "is over after 9.5 s" in each for each in told)
    assert any("nb/recordings.yaml" in each and "V47: clip MAIN: nb/sound/MAIN-" in each for each in told)
    assert any("V47: clip OTHER" in each and "is not what was imported" in each for each in told)
    assert any("V47: nb/sound/pause.wav is missing" in each for each in told)
    assert any("V48" in each and "1 of its clips are not recorded, the first is LANG" in each for each in told)


def test_a_recorded_line_holds_every_rule(recorded_once: Path) -> None:
    assert [str(each) for each in check_flow(recorded_once, lay_ground(None, NOW))] == []


def test_a_spoken_name_between_recordings_takes_its_own_time(own: Path) -> None:
    record(own, "en", seconds={"CONNECT.1": 1.0, "CONNECT.2": 2.0})
    catalogue = load_prompts(languages_beside(own))
    prompt = Prompt(PromptKey("CONNECT"), LanguageCode("en"), (("centre", "Bergen legevakt"),))
    name = spoken_seconds("Bergen legevakt", catalogue.languages[LanguageCode("nb")].pace)
    assert SpeechLengths(catalogue).seconds(prompt) == pytest.approx(3.0 + name, abs=0.001)


def test_an_exploration_hears_recordings(recorded_once: Path) -> None:
    found = explore(ExploredService(Settings(flow=recorded_once), NOW), 40)
    spoken = explore(ExploredService(Settings(), NOW), 40)
    assert [str(each) for each in found.problems] == [str(each) for each in spoken.problems]


def _wav(rate: int, size: int, extra: bytes = b"") -> bytes:
    """The head of a file. `rate`: bytes a second; `size`: of the sound."""
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, rate, 2, 16)
    return b"RIFF\0\0\0\0WAVE" + form + extra + b"data" + struct.pack("<I", size)


@pytest.mark.parametrize(
    ("head", "length", "seconds"),
    [
        (_wav(16000, 32000), 44 + 32000, 2.0),
        (_wav(8000, 32000), 44 + 32000, 4.0),
        (_wav(16000, 0xFFFFFFFF), 44 + 16000, 1.0),
        (_wav(16000, 32000, b"LIST\3\0\0\0abc\0"), 56 + 32000, 2.0),
        (b"RIFF\0\0\0\0WAVE", 12, None),
        (_wav(0, 32000), 44 + 32000, None),
        (b"ID3", 3, None),
    ],
)
def test_how_long_a_file_lasts_stands_in_its_head(head: bytes, length: int, seconds: float | None) -> None:
    assert wav_seconds(head, length) == seconds
