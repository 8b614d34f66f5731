"""Where things stand in the files of a flow: node, field, key of a menu, prompt. Reads them; judges nothing.

A place is asked for by a path: `("flow", "waits", "key")`, `("node", "main", "silence")`, `("prompt", code, "MAIN")`.
A path that leads nowhere ends at the last part of it that does.
"""

from functools import cached_property
from pathlib import Path

from ivr.base import strict_yaml
from ivr.base.errors import Complaint
from ivr.base.ids import LanguageCode
from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.line.languages import language_files, languages_beside
from ivr.line.languages.files import Source, read_source


class Marks:
    """Reads the files when it is first asked: a flow without faults has nothing to point at."""

    def __init__(self, flow_file: Path) -> None:
        self._path = flow_file
        self._file = flow_file.name

    @cached_property
    def _flow(self) -> Value:
        return strict_yaml.load_file(self._path)

    @cached_property
    def _languages(self) -> dict[LanguageCode, Source]:
        languages = language_files(languages_beside(self._path))
        return {code: read_source(code, paths) for code, paths in languages.items()}

    def complaint(self, where: tuple[str, ...], message: str) -> Complaint:
        kind, *path = where
        match kind:
            case "node":
                return Complaint(self._file, *_find(self._flow, ["nodes", *path]), message)
            case "prompt":
                code, *key = LanguageCode(path[0]), *path[1:]
                block = "messages" if key and key[0] in self._messages(code) else "texts"
                return self._in_language(code, [block, *key], message)
            case "language":
                return self._in_language(LanguageCode(path[0]), path[1:], message)
            case "file":
                return Complaint(path[0], 0, 0, message)
        return Complaint(self._file, *_find(self._flow, path), message)

    def text(self, where: tuple[str, ...]) -> str:
        """What is written at a field of a node; "" if nothing is."""
        here: Value | None = self._flow
        for part in ("nodes", *where[1:]):
            here = here.get(Text(part)) if isinstance(here, Mapping) else None
        return str(here) if isinstance(here, Text) else ""

    def _in_language(self, code: LanguageCode, path: list[str], message: str) -> Complaint:
        source = self._languages[code]
        return Complaint(source.file(path[0] if path else ""), *_find(source.top, path), message)

    def _messages(self, code: LanguageCode) -> Mapping:
        found = self._languages[code].top.get(Text("messages"))
        return found if isinstance(found, Mapping) else Mapping()


def _find(top: Value, path: list[str]) -> tuple[int, int]:
    here, line, column = top, top.line, top.column
    for part in path:
        key = here.key(part) if isinstance(here, Mapping) else None
        if key is None or not isinstance(here, Mapping):
            break
        line, column, here = key.line, key.column, here[key]
    return line, column
