"""From a speaker's sounds to clips: what is cut, what is refused, and that nothing is half done."""

import csv
import json
import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from ivr.cli.prompts import prompts
from ivr.line.languages import languages_beside, load_prompts
from ivr.operations.recordings.script import file_of
from ivr.operations.recordings.sound import RATE, problems, read_sound
from tests.recordings.voices import between_silences, save, tone

ESPEAK = shutil.which("espeak-ng") or ""
NAMES = ("file", "text", "where in the call", "how to say it", "recorded")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(prompts, list(arguments))


def take(sounds: Path, flow: Path, *more: str) -> Result:
    return run("import", str(sounds), str(flow), "--language", "nb", *more)


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    folder = tmp_path / "sounds"
    folder.mkdir()
    return folder


def test_silence_is_cut_and_a_telephone_can_carry_it(tmp_path: Path) -> None:
    stereo = np.stack([between_silences(tone(2.0, rate=44100), 44100)] * 2, axis=1)
    sound = read_sound(save(tmp_path / "MAIN.flac", stereo, 44100))
    assert sound.seconds == pytest.approx(2.2, abs=0.03)
    assert problems(sound, 2.0) == []
    (tmp_path / "out.wav").write_bytes(sound.as_wav())
    with wave.open(str(tmp_path / "out.wav")) as made:
        assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (RATE, 1, 2)


@pytest.mark.parametrize(
    ("samples", "expected", "complaint"),
    [
        (np.clip(tone(2.0, level=3.0), -1, 1), 2.0, "is clipped"),
        (tone(2.0, level=0.02), 2.0, "is too quiet, -3"),
        (tone(2.0, level=0.98), 2.0, "is too loud, -"),
        (tone(2.0), 9.0, "lasts 2.0 s, and its text takes about 9.0 s"),
        (tone(9.0), 2.0, "lasts 9.0 s, and its text takes about 2.0 s"),
        (tone(2.0) + np.random.default_rng(2).normal(0, 0.06, 2 * RATE), 2.0, "is noisy"),
    ],
)
def test_what_a_listener_would_not_understand_is_refused(
    tmp_path: Path, samples: np.ndarray, expected: float, complaint: str
) -> None:
    found = problems(read_sound(save(tmp_path / "a.wav", samples)), expected)
    assert [each for each in found if complaint in each]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all" * 99])
def test_what_is_no_sound_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(ValueError, match="cannot be read as sound"):
        read_sound(tmp_path / "a.wav")


def test_silence_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is silent"):
        read_sound(save(tmp_path / "a.wav", np.zeros(RATE)))


def test_good_sounds_are_taken_over_and_said_to_be(own: Path, sounds: Path) -> None:
    save(sounds / "RETRY_PREFIX.wav", between_silences(tone(2.0)))
    result = take(sounds, own)
    assert (result.exit_code, result.stdout) == (0, "1 clips taken over, 2 s; now run `ivr check`\n")
    clip = load_prompts(languages_beside(own)).languages["nb"].clips["RETRY_PREFIX"]  # type: ignore[index]
    assert clip.seconds == pytest.approx(2.2, abs=0.03)
    first = {file.name for file in (languages_beside(own) / "nb" / "sound").iterdir()}
    save(sounds / "RETRY_PREFIX.wav", between_silences(tone(2.2)))
    assert take(sounds, own).exit_code == 0
    assert first < {file.name for file in (languages_beside(own) / "nb" / "sound").iterdir()}


def test_one_bad_sound_and_nothing_is_written(own: Path, sounds: Path) -> None:
    save(sounds / "RETRY_PREFIX.wav", between_silences(tone(2.0)))
    save(sounds / "MAIN.wav", between_silences(tone(2.0)))
    save(sounds / "MAINE.wav", tone(2.0))
    (sounds / "LANG.wav").write_bytes(b"RIFF")
    result = take(sounds, own)
    assert result.exit_code == 1
    assert "MAIN.wav: lasts 2.2 s, and its text takes about" in result.stdout
    assert "MAINE.wav: no clip is called so; `ivr prompts script` has the names" in result.stdout
    assert "LANG.wav: cannot be read as sound" in result.stdout
    assert not (languages_beside(own) / "nb" / "sound").exists()
    assert take(sounds, own, "--anyway").exit_code == 1
    (sounds / "LANG.wav").unlink()
    (sounds / "MAINE.wav").unlink()
    assert take(sounds, own, "--anyway").exit_code == 0


def test_an_import_as_json(own: Path, sounds: Path) -> None:
    save(sounds / "RETRY_PREFIX.wav", between_silences(tone(2.0)))
    told = json.loads(take(sounds, own, "--json").stdout)
    assert (told["written"], told["unknown"], told["unread"]) == (True, [], [])
    assert told["clips"][0]["clip"] == "RETRY_PREFIX"
    assert told["clips"][0]["problems"] == []


def test_an_empty_folder_and_an_unknown_language(own: Path, sounds: Path) -> None:
    result = take(sounds, own)
    assert (result.exit_code, "nothing was written" in result.stdout) == (1, True)
    result = run("script", str(own), "--language", "fi")
    assert (result.exit_code, "the flow has no language 'fi'; it has" in result.output) == (2, True)


def test_the_script_has_each_clip_with_a_name_of_its_own(own: Path, tmp_path: Path) -> None:
    out = tmp_path / "script.csv"
    assert run("script", str(own), "--language", "nb", "-o", str(out)).exit_code == 0
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == NAMES
    assert len({row["file"].lower() for row in rows}) == len(rows) > 600
    main = next(row for row in rows if row["file"] == "MAIN")
    assert (main["where in the call"], main["how to say it"]) == ("main", "calmly")
    numbered = [row["how to say it"] for row in rows if row["file"].startswith("CONNECT.")]
    assert numbered == ["calmly; keep the voice up: the sentence goes on", "calmly; let the voice fall at the end"]
    page = run("script", str(own), "--language", "en").stdout
    assert "<td><code>READ_NUM.1</code>" in page
    assert "slowly; keep the voice up" in page
    assert json.loads(run("script", str(own), "--language", "en", "--json").stdout)[0]["clip"] == "OPEN_113"


def test_names_that_look_alike_have_other_files() -> None:
    assert file_of("name:Våler") != file_of("name:Valer")
    assert file_of("name:Guovdageaidnu / Kautokeino").startswith("name-guovdageaidnu-kautokeino-")
    assert file_of("digit:4") == "digit-4"


def test_what_is_missing_is_counted(own: Path, sounds: Path) -> None:
    result = run("check", str(own))
    assert (result.exit_code, "nb: 0 of " in result.stdout) == (0, True)
    save(sounds / "RETRY_PREFIX.wav", between_silences(tone(2.0)))
    take(sounds, own)
    result = run("check", str(own))
    assert result.exit_code == 1
    assert "nb: 1 of " in result.stdout
    assert "missing: OPEN_113, OPEN_PRACTICE, LANG" in result.stdout
    told = json.loads(run("check", str(own), "--json").stdout)
    assert next(len(row["missing"]) for row in told if row["language"] == "nb") > 600


@pytest.mark.skipif(not ESPEAK, reason="espeak-ng is not installed")
def test_a_real_voice_is_taken_as_it_is(own: Path, sounds: Path) -> None:
    texts = load_prompts(languages_beside(own)).languages["nb"].texts  # type: ignore[index]
    for key in ("OPEN_113", "MAIN", "RETRY_PREFIX", "AFTER_TALK"):
        text = texts[key][0].text  # type: ignore[index, union-attr]
        file = sounds / f"{key}.wav"
        subprocess.run([ESPEAK, "-v", "nb", "-s", "150", "-a", "60", "-w", file, text], check=True)
    result = take(sounds, own)
    assert (result.exit_code, result.stdout.startswith("4 clips taken over")) == (0, True)
