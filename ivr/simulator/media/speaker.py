"""Spoken prompts as WAV, by the program `espeak-ng` where it is installed. Nothing needs it.

Where it is there, a prompt takes as long as it takes to speak, so that the next one cuts off nothing.
"""

import re
import shutil
import subprocess
import sys
import threading
from array import array
from itertools import pairwise

from ivr.simulator.languages import language_of
from ivr.simulator.media.ulaw import RATE
from ivr.simulator.media.wav import wav_seconds

_CODE = re.compile(r"[a-z]{2,3}")  # of a language that has no folder: espeak-ng may know a voice of that name
_LONGEST = 3_000  # characters of one prompt
_SECONDS = 3.0
_HEADER = 44  # bytes before the samples of a plain WAV file
_MOST = 200  # prompts that are kept


class Speaker:
    """`program`: where espeak-ng is; None when it is not there."""

    def __init__(self, program: str | None = None, words_a_minute: int = 150) -> None:
        self._program = program
        self._words = words_a_minute
        self._spoken: dict[tuple[str, str], bytes] = {}
        self._one_at_a_time = threading.Lock()

    @classmethod
    def installed(cls) -> "Speaker":
        return cls(shutil.which("espeak-ng"))

    @property
    def can_speak(self) -> bool:
        return self._program is not None

    def seconds(self, text: str, language: str) -> float | None:
        """How long it takes to say that; None where `speak` gives nothing, or no WAV file."""
        sound = self.speak(text, language)
        return None if sound is None else wav_seconds(sound, len(sound))

    def samples(self, text: str, language: str) -> "array[int]":
        """The same as a telephone carries it: RATE samples a second of 16 bits. None at all where `speak` gives
        nothing."""
        sound = self.speak(text, language)
        if sound is None or not sound.startswith(b"RIFF") or len(sound) < _HEADER:
            return array("h")
        samples = array("h", sound[_HEADER : len(sound) - len(sound) % 2])
        if sys.byteorder == "big":
            samples.byteswap()
        return _resampled(samples, int.from_bytes(sound[24:28], "little"))

    def speak(self, text: str, language: str) -> bytes | None:
        """A WAV file, or None where there is no voice for the language, or none in time: then it is not asked again."""
        voice = _voice(language)
        if self._program is None or not voice or not text.strip():
            return None
        key = (voice, text[:_LONGEST])
        with self._one_at_a_time:
            if key not in self._spoken:
                sound = self._run(*key)
                if sound is None:
                    return None
                if len(self._spoken) >= _MOST:
                    self._spoken.pop(next(iter(self._spoken)))
                self._spoken[key] = sound
            return self._spoken[key]

    def _run(self, voice: str, text: str) -> bytes | None:
        command = [str(self._program), "-v", voice, "-s", str(self._words), "--stdin", "--stdout"]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 - no shell, the text goes in by standard input
        except subprocess.TimeoutExpired:
            self._program = None  # a call waits for the length of its prompts, so for a voice that hangs only once
            return None
        except (OSError, subprocess.SubprocessError):
            return None
        return _whole(done.stdout) or None


def _whole(sound: bytes) -> bytes:
    """With its true sizes. A program that writes to a pipe cannot go back to its header: espeak-ng says 13 hours."""
    if not sound.startswith(b"RIFF") or len(sound) < _HEADER:
        return sound
    sizes = (len(sound) - 8).to_bytes(4, "little"), (len(sound) - _HEADER).to_bytes(4, "little")
    return sound[:4] + sizes[0] + sound[8:40] + sizes[1] + sound[_HEADER:]


def _resampled(samples: "array[int]", rate: int) -> "array[int]":
    """Each new sample is the mean of those that it takes the place of, so that nothing rings."""
    step = rate / RATE
    edges = [round(place * step) for place in range(int(len(samples) / step) + 1)] if step else []
    return array("h", (sum(samples[first:last]) // (last - first) for first, last in pairwise(edges) if last > first))


def _voice(language: str) -> str:
    """The name of the voice of a <Say>'s language; "" for what cannot be one."""
    known = language_of(language)
    first = language.partition("-")[0].lower()
    return known.espeak if known else first if _CODE.fullmatch(first) else ""
