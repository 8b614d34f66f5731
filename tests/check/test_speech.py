"""How long a text takes: the checker's estimate against the voice of espeak-ng 1.51, 150 words a minute."""

import shutil
import subprocess
import wave
from array import array
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.line.flow.actions import Prompt, SayAction
from ivr.line.languages import Catalogue, Words, load_prompts
from ivr.proof.check.checked_flow import Ground
from ivr.proof.check.findings import Severity
from ivr.proof.check.run import check_flow
from ivr.proof.check.speech import SLOW, SpeechLengths, spoken_seconds
from tests.check.damage import FLOW

QUIET = 200  # of 32767
VOICES = {"nb": "nb", "en": "en-gb", "nn": "nb"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_prompts(bundled("call_flows") / "languages")


@pytest.mark.parametrize(
    ("key", "language", "spoken"),
    [
        ("WHISPER_RED_FLAG", "nb", 4.23),
        ("MAIN_SHORT", "nb", 13.62),
        ("OPEN_113", "nb", 4.50),
        ("RED_1", "nb", 3.27),
        ("WHISPER_RED_FLAG", "en", 4.06),
        ("MAIN_SHORT", "en", 12.16),
        ("OPEN_113", "en", 4.68),
    ],
)
def test_a_text_takes_as_long_as_a_voice_takes(catalogue: Catalogue, key: str, language: str, spoken: float) -> None:
    assert SpeechLengths(catalogue).seconds(Prompt(key, language)) == pytest.approx(spoken, abs=0.3)


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [
        ("Kommunene har et felles legevaktsamarbeid med nødmeldetjenesten.", "nb", 4.64),
        ("I 2023 var den omtrent 160 til 360 kroner.", "nb", 6.73),
        ("In 2023 it was about 160 to 360 kroner.", "en", 6.13),
        ("Out-of-hours emergency medical communication centre.", "en", 3.66),
    ],
)
def test_compounds_and_groups_of_digits_take_the_time_of_their_parts(
    catalogue: Catalogue, text: str, language: str, spoken: float
) -> None:
    assert spoken_seconds(text, catalogue.languages[language].pace) == pytest.approx(spoken, rel=0.1)


def test_a_compound_takes_longer_than_a_short_word() -> None:
    assert spoken_seconds("kommunenummeret", 0.068) > 2 * spoken_seconds("nummer", 0.068)


def test_a_norwegian_name_takes_the_same_time_in_every_language(catalogue: Catalogue) -> None:
    speech = SpeechLengths(catalogue)
    for code in VOICES:
        short, long = (speech.seconds(Prompt("ENTERED", code, (("municipality", name),))) for name in ("Os", "Osterøy"))
        assert long - short == pytest.approx(5 * 0.068)


def test_113_behind_a_name_is_told_later_when_the_name_is_longer(catalogue: Catalogue) -> None:
    """Only what comes before the last word of the instruction counts, names too."""
    speech = SpeechLengths(catalogue)
    short, long = (Prompt("CONNECT", "en", (("centre", name),)) for name in ("Os", "Osterøy"))
    told = [speech.danger_told([SayAction(prompt)], "en") or 0 for prompt in (short, long)]
    assert told[1] - told[0] == pytest.approx(5 * 0.068)
    assert told[0] == pytest.approx(speech.seconds(short) - 0.4)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", VOICES)
def test_no_text_takes_a_voice_much_longer_than_was_assumed(
    catalogue: Catalogue, language: str, tmp_path: Path
) -> None:
    assumed = spoken = 0.0
    for key, pieces in catalogue.languages[language].texts.items():
        if all(isinstance(piece, Words) for piece in pieces):
            text = "".join(piece.text for piece in pieces if isinstance(piece, Words))
            real = _spoken_by_espeak(text, VOICES[language], tmp_path / "text.wav")
            mine = spoken_seconds(text, catalogue.languages[language].pace)
            assert mine > 0.95 * real - 0.4, key
            assumed, spoken = assumed + mine, spoken + real
    assert assumed == pytest.approx(spoken, rel=0.04)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.unmeasured
def test_all_rules_hold_with_the_true_lengths_of_a_voice(
    ground: Ground, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = cache(lambda text, language: _spoken_by_espeak(text, VOICES[language], tmp_path / "text.wav", audible=True))

    def spoken(speech: SpeechLengths, prompt: Prompt, end: int | None = None) -> float:
        """Each run of one voice is one sound, as it is one <Say>."""
        total, left = 0.0, end
        for language, run in groupby(speech._pieces(prompt, dict(prompt.slots)), key=itemgetter(0)):
            text = "".join(piece for _, piece in run)
            said = text[:left].replace("…", ". ")
            total += asked(said, language) if said.strip(" .,") else 0.0
            left = None if left is None else max(left - len(text), 0)
        return total * (SLOW if prompt.key in catalogue.languages[prompt.language].slow else 1)

    monkeypatch.setattr(SpeechLengths, "_seconds", spoken)
    found = check_flow(bundled("call_flows") / FLOW, ground)
    assert asked.cache_info().misses > 100
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []


def _spoken_by_espeak(text: str, voice: str, file: Path, *, audible: bool = False) -> float:
    """`audible`: to the last sample that is heard. espeak-ng adds up to half a second of silence, and no caller waits
    for the silence behind the last word before a key."""
    command = ["espeak-ng", "-v", voice, "-s", "150", "-w", str(file), text]
    subprocess.run(command, check=True)
    with wave.open(str(file)) as sound:
        samples = array("h", sound.readframes(sound.getnframes()))
        heard = next((at for at in range(len(samples), 0, -1) if abs(samples[at - 1]) > QUIET), 0)
        return (heard if audible else len(samples)) / sound.getframerate()
