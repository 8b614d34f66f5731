"""Where the languages of a flow stand: a folder each, `languages/<code>/`, whose YAML files are read as one.

The former layout, one file `prompts/<code>.yaml`, is a language of one file. This module knows where files are, not
what is in them.
"""

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from pathlib import Path

from ivr.base import strict_yaml
from ivr.base.bundled import bundled
from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint, DefinitionError
from ivr.base.ids import LanguageCode
from ivr.base.strict_yaml import Mapping

FOLDER, FORMER = "languages", "prompts"
KEYS = (
    *("language", "name", "called", "centres", "voice", "digits", "pace", "hang_up"),
    *("understands", "read_by", "meaning"),
    *("slow", "texts", "messages", "spoken_words", "written", "checks", "recordings"),
)
SOUND = "sound"  # the folder of a language's clips
# What holds of a language in every flow. A flow's own language that lacks one of them has that of the bundled language.
SHARED = ("name", "pace", "hang_up", "checks")


def languages_beside(flow: Path) -> Path:
    """The folder with the languages of this flow file. Raises DefinitionError if there are two."""
    folder, former = flow.parent / FOLDER, flow.parent / FORMER
    if folder.is_dir() and former.is_dir():
        message = (
            f"stands beside {FOLDER}/, and a flow has one of them: "
            f"move each <code>.yaml to {FOLDER}/<code>/prompts.yaml, or delete {FORMER}/"
        )
        raise DefinitionError([Complaint(f"{FORMER}/", 0, 0, message)])
    return former if former.is_dir() else folder


def language_files(folder: Path) -> dict[LanguageCode, tuple[Path, ...]]:
    """By code, the files of each language: `<code>/*.yaml`, and `<code>.yaml`."""
    found: dict[LanguageCode, tuple[Path, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        found[LanguageCode(path.stem)] = (path,)
    for inner in sorted(path for path in folder.glob("*") if path.is_dir()):
        files = tuple(sorted(inner.glob("*.yaml")))
        if files:
            code = LanguageCode(inner.name)
            found[code] = (*found.get(code, ()), *files)
    return found


@dataclass(frozen=True)
class Source:
    """One language, read: `top` is all of its files together, `files` what complaints call the file of each key."""

    code: LanguageCode
    top: Mapping
    files: MappingABC[str, str]
    main: str  # the file to name where a key is missing
    borrowed: tuple[Path, ...]  # of the bundled language, which lent a key

    def file(self, key: str) -> str:
        return self.files.get(key, self.main)


def read_source(code: LanguageCode, paths: tuple[Path, ...]) -> Source:
    """Raises DefinitionError: a file is no mapping, or two have the same key."""
    top, files = Mapping(), dict[str, str]()
    complaints = Complaints()
    for path in paths:
        complaints += _add(top, files, path, _name(code, path))
    lenders = _lenders(top, code)
    complaints += _borrow(top, files, code, lenders)
    complaints.done()
    return Source(code, top, files, files.get("language", _name(code, paths[0])), lenders)


def files_read(flow: Path) -> tuple[Path, ...]:
    """All files that the languages of this flow are read from. Raises DefinitionError if there are two folders."""
    found: list[Path] = []
    for code, paths in language_files(languages_beside(flow)).items():
        found += paths
        try:
            found += read_source(code, paths).borrowed
        except DefinitionError:
            continue  # whoever loads it says why
    return tuple(found)


def _name(code: LanguageCode, path: Path) -> str:
    return path.name if path.parent.name != code else f"{code}/{path.name}"


def _add(top: Mapping, files: dict[str, str], path: Path, name: str) -> list[Complaint]:
    try:
        content = strict_yaml.load_file(path, name)
    except DefinitionError as error:
        return list(error.complaints)
    if not isinstance(content, Mapping):
        return [Complaint(name, content.line, content.column, f"must be a mapping with the keys {', '.join(KEYS)}")]
    twice = [key for key in content if key in files]
    if not files or "language" in content:
        top.line, top.column = content.line, content.column
    top.update(content)
    files.update(dict.fromkeys(content, name))
    return [Complaint(name, key.line, key.column, f"{key} stands in two files of this language") for key in twice]


def _lenders(top: Mapping, code: LanguageCode) -> tuple[Path, ...]:
    """The files of the bundled language, if a key is to be had from there."""
    complete = "meaning" in top or all(key in top for key in SHARED)
    return () if complete else tuple(sorted((bundled("call_flows") / FOLDER / code).glob("*.yaml")))


def _borrow(top: Mapping, files: dict[str, str], code: LanguageCode, lenders: tuple[Path, ...]) -> list[Complaint]:
    lacking = [key for key in SHARED if key not in top]
    complaints = Complaints()
    for path in lenders:
        shared, named = Mapping(), dict[str, str]()
        complaints += _add(shared, named, path, _name(code, path))
        for key in shared:
            if key in lacking:
                top[key], files[key] = shared[key], named[key]
    return complaints
