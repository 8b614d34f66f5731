"""From a folder of sounds to the clips of a language: `sound/` and `recordings.yaml` in its folder."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from ivr.base.whole_file import write_whole
from ivr.line.languages import Language
from ivr.line.languages.clip_index import KEY
from ivr.line.languages.clips import PAUSE_FILE
from ivr.line.languages.files import SOUND
from ivr.operations.recordings.script import ScriptLine
from ivr.operations.recordings.sound import SUFFIXES, SpeakerSound, pause, problems, read_sound

_HEAD = "# The clips of this language. Made by `ivr prompts import`; the sounds lie in sound/.\n"


@dataclass(frozen=True)
class ImportedSound:
    """One sound that was read. `problems`: why it should be recorded again."""

    reading: ScriptLine
    file: Path
    sound: SpeakerSound
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Import:
    """`unknown`: files that no clip is called by. `unread`: what is no sound, and why."""

    taken: tuple[ImportedSound, ...]
    unknown: tuple[Path, ...]
    unread: tuple[tuple[Path, str], ...]

    @property
    def is_good(self) -> bool:
        return not (self.unknown or self.unread or any(each.problems for each in self.taken))


def read_folder(
    folder: Path, readings: Iterable[ScriptLine], seconds: Callable[[str], float], progress: Callable[[Path], None]
) -> Import:
    """`seconds`: how long a voice is estimated to speak a text."""
    by_file = {each.file.lower(): each for each in readings}
    taken: list[ImportedSound] = []
    unknown: list[Path] = []
    unread: list[tuple[Path, str]] = []
    for file in sorted(each for each in folder.iterdir() if each.suffix.lower() in SUFFIXES):
        progress(file)
        reading = by_file.get(file.stem.lower())
        if reading is None:
            unknown.append(file)
            continue
        try:
            sound = read_sound(file)
        except ValueError as error:
            unread.append((file, str(error)))
            continue
        taken.append(ImportedSound(reading, file, sound, tuple(problems(sound, seconds(reading.text)))))
    return Import(tuple(taken), tuple(unknown), tuple(unread))


def write_clips(folder: Path, language: Language, taken: Iterable[ImportedSound]) -> None:
    """`folder`: the language's. Files that are there already stay, for calls that began before. Raises OSError."""
    (folder / SOUND).mkdir(exist_ok=True)
    (folder / SOUND / PAUSE_FILE).write_bytes(pause())
    clips = {clip: {"file": each.file, "seconds": each.seconds} for clip, each in language.clips.items()}
    for each in taken:
        content = each.sound.as_wav()
        file = f"{each.reading.file}-{hashlib.sha256(content).hexdigest()[:12]}.wav"
        (folder / SOUND / file).write_bytes(content)
        clips[each.reading.clip] = {"file": file, "seconds": round(each.sound.seconds, 3)}
    index = yaml.safe_dump({KEY: dict(sorted(clips.items()))}, allow_unicode=True)
    write_whole(folder / f"{KEY}.yaml", (_HEAD + index).encode())  # a reload may read it at any moment
