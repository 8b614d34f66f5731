"""What the simulator knows of languages: a folder each, of its own, for it knows nothing of the line's.

A folder has a language.yaml, and a page.yaml if the browser phone speaks the language. No other module names one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Sequence, Text, load_file

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class SpokenLanguage:
    """`tags`: the first parts of a <Say>'s language that it is known by. `short`: beside a caption. `digits`: spoken
    word to digit; `beside_digits`: words that are a digit only beside another one. `espeak`: its voice in espeak-ng.
    `for_others`: the page speaks it to who speaks none of the page's languages."""

    code: str
    name: str
    tags: tuple[str, ...]
    short: str
    digits: Mapping[str, str]
    beside_digits: Mapping[str, str]
    espeak: str
    for_others: bool


@dataclass(frozen=True)
class InterfaceTexts:
    """The browser phone in one language. `texts`: by name. `prepared`, `tasks`: titles of the prepared calls, and the
    tasks. `words`: those of the picture's lines, by the English word. The language of the files themselves has none."""

    texts: Mapping[str, str]
    prepared: Mapping[str, str]
    tasks: Mapping[str, str]
    words: Mapping[str, str]


@cache
def languages() -> tuple[SpokenLanguage, ...]:
    """All of them, by code. Raises DefinitionError."""
    return tuple(_language(path) for path in sorted(FOLDER.glob("*/language.yaml")))


@cache
def language_of(tag: str) -> SpokenLanguage | None:
    """The language of a tag such as `nb-NO`. One's own folder counts before a tag that another one names too."""
    first = tag.partition("-")[0].lower()
    named = [each for each in languages() if first in each.tags]
    return next((each for each in named if each.code == first), named[0] if named else None)


def pages() -> dict[str, InterfaceTexts]:
    """By code, the languages of the browser phone. Raises DefinitionError."""
    found = {path.parent.name: _Reader(path) for path in sorted(FOLDER.glob("*/page.yaml"))}
    parts = [part.name for part in fields(InterfaceTexts)]
    return {code: InterfaceTexts(*map(each.map, parts)) for code, each in found.items()}


def _language(path: Path) -> SpokenLanguage:
    reader = _Reader(path)
    return SpokenLanguage(
        code=path.parent.name,
        name=reader.text("name"),
        tags=tuple(reader.list("tags")),
        short=reader.text("short"),
        digits=reader.map("digits"),
        beside_digits=reader.map("beside_digits"),
        espeak=reader.text("espeak"),
        for_others=reader.top.get(Text("for_others")) == "true",
    )


class _Reader:
    def __init__(self, path: Path) -> None:
        self._name = f"{path.parent.name}/{path.name}"
        top = load_file(path, self._name)
        if not isinstance(top, YamlMapping):
            raise self._wrong("must be a mapping")
        self.top = top

    def text(self, key: str) -> str:
        value = self.top.get(Text(key))
        if not isinstance(value, Text):
            raise self._wrong(f"{key} must be given, as text")
        return str(value)

    def list(self, key: str) -> list[str]:
        value = self.top.get(Text(key))
        if not isinstance(value, Sequence):
            raise self._wrong(f"{key} must be given, as a list")
        return [str(item) for item in value]

    def map(self, key: str) -> dict[str, str]:
        """Empty if it is not there."""
        value = self.top.get(Text(key), YamlMapping())
        if not isinstance(value, YamlMapping):
            raise self._wrong(f"{key} must be a mapping")
        return {str(name): str(text) for name, text in value.items()}

    def _wrong(self, message: str) -> DefinitionError:
        return DefinitionError([Complaint(self._name, 0, 0, message)])
