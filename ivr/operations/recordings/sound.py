"""A sound file, made ready for a telephone line: one channel, 8 000 samples a second, without silence around it.

Files are read by libsndfile (soundfile) and resampled by libsoxr (soxr).
"""

import io
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from ivr.line.languages.text import PAUSE_MILLISECONDS

RATE = 8000
SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
_FRAME = RATE // 50  # samples of 20 ms, over which loudness is measured
_LEAD, _TAIL = 0.05, 0.15  # seconds of silence that are left around speech
_CLIPPED, _MOST_CLIPPED = 0.999, 3  # of full scale, and how many samples in a row
QUIETEST, LOUDEST, MOST_NOISE = -32.0, -9.0, -45.0  # dB below full scale
_SILENCE = -90.0
# A voice takes between this part and this multiple of the estimated seconds.
SHORTEST, LONGEST = 0.4, 2.5
_FEW = 0.6  # seconds: of a shorter clip the estimate tells nothing

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class SpeakerSound:
    """`samples`: from -1 to 1 at RATE. `level`: of the speech, `noise`: of the quietest tenth, both in dB below full
    scale."""

    samples: Samples
    level: float
    noise: float
    clipped: bool

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    def as_wav(self) -> bytes:
        """16 bits, one channel."""
        return _wav(np.round(self.samples * 32767).astype("<i2").tobytes())


def read_sound(file: Path) -> SpeakerSound:
    """Raises ValueError with what is wrong: no sound, or silence from end to end."""
    try:
        samples, rate = soundfile.read(file, dtype="float64", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise ValueError(f"cannot be read as sound: {error}") from None
    mono = samples.mean(axis=1)
    clipped = _is_clipped(mono)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    loudness = _loudness(mono)
    if not len(loudness) or loudness.max() <= MOST_NOISE:
        raise ValueError("is silent: nothing in it is louder than the noise of a room")
    level = float(np.percentile(loudness, 90))
    noise = float(np.percentile(loudness, 10))
    return SpeakerSound(np.clip(_trimmed(mono, loudness, level), -1.0, 1.0), level, noise, clipped)


def problems(sound: SpeakerSound, expected: float) -> list[str]:
    """Why a listener would not understand it well. `expected`: the seconds that a voice is estimated to take."""
    found = []
    if sound.clipped:
        found.append("is clipped: record it at a lower level")
    if sound.level < QUIETEST:
        found.append(f"is too quiet, {sound.level:.0f} dB; at least {QUIETEST:.0f}")
    if sound.level > LOUDEST:
        found.append(f"is too loud, {sound.level:.0f} dB; at most {LOUDEST:.0f}")
    if sound.noise > MOST_NOISE and sound.seconds > _FEW and sound.level - sound.noise < 20:
        found.append(f"is noisy: its quietest part has {sound.noise:.0f} dB; at most {MOST_NOISE:.0f}")
    if expected > _FEW and not SHORTEST * expected <= sound.seconds <= LONGEST * expected:
        found.append(f"lasts {sound.seconds:.1f} s, and its text takes about {expected:.1f} s: is it the right file?")
    return found


def pause() -> bytes:
    """The silence of a [pause]."""
    return _wav(bytes(2 * RATE * PAUSE_MILLISECONDS // 1000))


def _loudness(samples: Samples) -> Samples:
    """dB below full scale, of each frame of 20 ms."""
    whole = len(samples) // _FRAME * _FRAME
    power = np.mean(samples[:whole].reshape(-1, _FRAME) ** 2, axis=1)
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (_SILENCE / 10))))


def _trimmed(samples: Samples, loudness: Samples, level: float) -> Samples:
    """Without the frames at both ends that are 30 dB quieter than the speech."""
    spoken = np.flatnonzero(loudness > level - 30)
    first = spoken[0] * _FRAME - round(_LEAD * RATE)
    last = (spoken[-1] + 1) * _FRAME + round(_TAIL * RATE)
    return samples[max(first, 0) : last]


def _is_clipped(samples: Samples) -> bool:
    full = np.abs(samples) >= _CLIPPED
    runs = np.convolve(full.astype(int), np.ones(_MOST_CLIPPED, dtype=int))
    return bool(len(full)) and int(runs.max()) >= _MOST_CLIPPED


def _wav(frames: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(frames)
    return out.getvalue()
