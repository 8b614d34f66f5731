"""All rules hold for three languages in real recordings, and where one is recorded and the others are spoken."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.base.clock import OSLO
from ivr.base.ids import LanguageCode
from ivr.line.directory import load_directory
from ivr.line.flow.loader import load_flow
from ivr.line.languages import languages_beside, load_prompts
from ivr.operations.recordings.importing import ImportedSound, write_clips
from ivr.operations.recordings.script import script
from ivr.operations.recordings.sound import read_sound
from ivr.proof.check.checked_flow import Ground
from ivr.proof.check.run import check_flow, lay_ground
from tests.recordings.conftest import FLOW
from tests.recordings.voices import record

ESPEAK = shutil.which("espeak-ng") or ""
VOICES = {"nb": "nb", "en": "en-gb", "nn": "nb"}

pytestmark = pytest.mark.skipif(not ESPEAK, reason="espeak-ng is not installed")


@pytest.fixture(scope="module")
def ground() -> Ground:
    return lay_ground(None, datetime(2026, 3, 3, 20, 0, tzinfo=OSLO))


@pytest.fixture(scope="module")
def read_aloud(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled flow with every text and digit of every language read by espeak-ng; names are left to the voice."""
    folder = tmp_path_factory.mktemp("read")
    flow = Path(shutil.copytree(bundled("call_flows"), folder / "call_flows")) / FLOW
    for code in VOICES:
        write_clips(
            languages_beside(flow) / code,
            load_prompts(languages_beside(flow)).languages[LanguageCode(code)],
            _read(flow, code, folder),
        )
    return flow


def _read(flow: Path, code: str, folder: Path) -> Iterator[ImportedSound]:
    catalogue = load_prompts(languages_beside(flow))
    language = catalogue.languages[LanguageCode(code)]
    for each in script(catalogue, load_flow(flow, catalogue), load_directory(), language):
        if not each.clip.startswith("name:"):
            file = folder / f"{code}-{each.file}.wav"
            subprocess.run([ESPEAK, "-v", VOICES[code], "-s", "150", "-w", str(file), each.text], check=True)
            yield ImportedSound(each, file, read_sound(file), ())


def _findings(flow: Path, ground: Ground) -> list[str]:
    return [str(each) for each in check_flow(flow, ground)]


def test_three_recorded_languages_hold_every_rule(read_aloud: Path, ground: Ground) -> None:
    assert _findings(read_aloud, ground) == []


@pytest.mark.parametrize("recorded", VOICES)
def test_one_recorded_language_beside_two_spoken_ones_holds_every_rule(
    recorded: str, read_aloud: Path, ground: Ground, tmp_path: Path
) -> None:
    flow = Path(shutil.copytree(read_aloud.parent, tmp_path / "call_flows")) / FLOW
    for code in VOICES.keys() - {recorded}:
        (languages_beside(flow) / code / "recordings.yaml").unlink()
    assert _findings(flow, ground) == []


def test_a_language_that_is_recorded_in_part_is_a_warning_beside_whole_ones(
    read_aloud: Path, ground: Ground, tmp_path: Path
) -> None:
    flow = Path(shutil.copytree(read_aloud.parent, tmp_path / "call_flows")) / FLOW
    index = languages_beside(flow) / "nn" / "recordings.yaml"
    lines = index.read_text("utf-8").splitlines(keepends=True)
    at = lines.index("  OTHER:\n")
    index.write_text("".join(lines[:at] + lines[at + 3 :]), "utf-8")
    (found,) = _findings(flow, ground)
    assert (
        "warning V48: the voice speaks between recordings: 1 of its clips are not recorded, the first is OTHER" in found
    )


def test_a_recording_that_is_too_long_for_a_rule_is_refused_by_name_and_seconds(own: Path, ground: Ground) -> None:
    record(own, "nn", seconds={"RED_2": 41.0, "MAIN": 21.5, "OPEN_PRACTICE": 16.0})
    found = "\n".join(_findings(own, ground))
    (red,) = (line for line in found.splitlines() if "V36" in line and "41.0" in line)
    assert "nn/prompts.yaml" in red
    assert "takes 41.0 s without a key; at most 35" in red
    assert "takes 21.4 s to tell the keys; at most 20" in found  # the last words of MAIN come after its last key
    assert "takes 16.0 s where no key can cut it; at most 15" in found
