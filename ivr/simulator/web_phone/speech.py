"""Spoken prompts as WAV, by the program `espeak-ng` where it is installed. Nothing waits for it or needs it."""

import re
import shutil
import subprocess
import threading

from ivr.simulator.languages import language_of

_CODE = re.compile(r"[a-z]{2,3}")  # of a language that has no folder: espeak-ng may know a voice of that name
_LONGEST = 3_000  # characters of one prompt
_SECONDS = 5.0
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

    def speak(self, text: str, language: str) -> bytes | None:
        """A WAV file, or None where there is no voice for the language, or none in time."""
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
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout or None


def _voice(language: str) -> str:
    """The name of the voice of a <Say>'s language; "" for what cannot be one."""
    known = language_of(language)
    first = language.partition("-")[0].lower()
    return known.espeak if known else first if _CODE.fullmatch(first) else ""
