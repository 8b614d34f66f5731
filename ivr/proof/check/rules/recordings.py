"""What is recorded: each clip is the one that was imported, and a caller does not hear two voices without need."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from ivr.line.languages.clip_index import KEY, unrecorded
from ivr.line.languages.clips import PAUSE_FILE
from ivr.line.languages.files import SOUND
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found

_AGAIN = "import it again with `ivr prompts import`"


def there(subject: Subject) -> Iterator[Found]:
    for code, language in subject.catalogue.languages.items():
        folder = subject.definition.languages / code / SOUND
        for clip_id, clip in language.clips.items():
            wrong = _wrong(folder / clip.file, clip.file.rpartition("-")[2].removesuffix(".wav"))
            if wrong:
                yield Found(("language", code, KEY, clip_id), f"clip {clip_id}: {code}/{SOUND}/{clip.file} {wrong}")
        if language.clips and not (folder / PAUSE_FILE).is_file():
            yield Found(("language", code, KEY), f"{code}/{SOUND}/{PAUSE_FILE} is missing: {_AGAIN}")


def _wrong(file: Path, digest: str) -> str:
    try:
        content = file.read_bytes()
    except OSError:
        return f"cannot be read: {_AGAIN}"
    return "" if hashlib.sha256(content).hexdigest().startswith(digest) else f"is not what was imported: {_AGAIN}"


def one_voice(subject: Subject) -> Iterator[Found]:
    """A language is recorded or spoken."""
    for code, language in subject.catalogue.languages.items():
        counted = unrecorded(language.texts, language.clips)
        if language.clips and counted:
            yield Found(("language", code, KEY), f"the voice speaks between recordings: {counted}")
