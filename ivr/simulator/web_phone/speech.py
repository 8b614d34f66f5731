"""Spoken prompts as WAV, by the program `espeak-ng` where it is installed. Nothing waits for it or needs it."""

import shutil
import subprocess
import threading

_VOICES = {"nb": "nb", "no": "nb", "nn": "nb", "en": "en-gb", "se": "", "pl": "pl", "uk": "uk", "lt": "lt", "ar": "ar"}
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
        voice = _VOICES.get(language.partition("-")[0].lower(), "")
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
