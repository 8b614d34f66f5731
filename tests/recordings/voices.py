"""Sounds of a made-up speaker: a tone that rises and falls, as long as a text would take."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from ivr.base.ids import LanguageCode
from ivr.line.directory import Directory, load_directory
from ivr.line.flow.loader import load_flow
from ivr.line.languages import languages_beside, load_prompts
from ivr.operations.recordings.importing import ImportedSound, write_clips
from ivr.operations.recordings.script import ScriptLine, script
from ivr.operations.recordings.sound import RATE, SpeakerSound
from ivr.proof.check.speech import spoken_seconds

PACE = 0.068


def tone(seconds: float, *, level: float = 0.3, rate: int = RATE) -> NDArray[np.float64]:
    """`level`: of the loudest sample, 1 is full scale."""
    at = np.arange(round(seconds * rate)) / rate
    return np.asarray(level * np.sin(2 * np.pi * 220 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * at)))


def between_silences(sound: NDArray[np.float64], rate: int = RATE) -> NDArray[np.float64]:
    """With half a second of a quiet room before and behind."""
    room = np.random.default_rng(1).normal(0, 0.0005, rate // 2)
    return np.concatenate([room, sound, room])


def save(file: Path, samples: NDArray[np.float64], rate: int = RATE) -> Path:
    soundfile.write(file, samples, rate)
    return file


def record(flow: Path, code: str, *, without: tuple[str, ...] = (), seconds: dict[str, float] | None = None) -> None:
    """Record the language whole, but for the clips `without`. `seconds`: of clips that last otherwise."""
    catalogue = load_prompts(languages_beside(flow))
    language = catalogue.language(LanguageCode(code))
    assert language
    readings = script(catalogue, load_flow(flow, catalogue), _directory(), language)
    taken = [_taken(each, (seconds or {}).get(each.clip)) for each in readings if each.clip not in without]
    write_clips(languages_beside(flow) / code, language, taken)


@lru_cache(maxsize=1)
def _directory() -> Directory:
    return load_directory()


def _taken(reading: ScriptLine, seconds: float | None) -> ImportedSound:
    length = spoken_seconds(reading.text, PACE) if seconds is None else seconds
    sound = SpeakerSound(tone(max(length, 0.1)), -12.0, -60.0, clipped=False)
    return ImportedSound(reading, Path(f"{reading.file}.wav"), sound, ())
