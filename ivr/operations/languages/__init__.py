"""What an operator reads, in each language: a folder each. No other module names one.

A folder has a language.yaml: its name, and how days and numbers are written. All its other files are texts; the name of
a text is the way to it through the groups: `overview.title`. A text that counts has two forms, `one` and `many`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from ivr.base.clock import OSLO
from ivr.base.errors import Complaint, DefinitionError
from ivr.base.strict_yaml import Mapping as YamlMapping
from ivr.base.strict_yaml import Text, load_file
from ivr.base.yaml_reader import YamlReader

FOLDER = Path(__file__).parent
_LANGUAGE = "language.yaml"
_PATTERNS = ("moment", "day", "short_day", "day_and_month", "week", "decimal", "thousands", "percent")
_LISTS = ("weekdays", "short_weekdays", "months", "short_months")
_KEYS = ("name", "tags", "written_in", *_LISTS, *_PATTERNS)


@dataclass(frozen=True)
class OperatorLanguage:
    """`tags`: first parts of an Accept-Language that it is known by. `written_in`: the program is written in it, and it
    is shown to whoever asks for none. `texts`: by name. `lists`, `patterns`: how days and numbers are written."""

    code: str
    name: str
    tags: tuple[str, ...]
    written_in: bool
    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, str]

    def pattern(self, key: str, count: object = None) -> str:
        """A text with its slots open, in the form for so many. Raises KeyError."""
        if key in self.texts:
            return self.texts[key]
        return self.texts[f"{key}.one" if count == 1 else f"{key}.many"]

    def say(self, key: str, **slots: object) -> str:
        """A text with its slots filled; whole numbers as the language writes them. Raises KeyError."""
        return self.pattern(key, slots.get("count")).format(**{name: self.shown(each) for name, each in slots.items()})

    def says(self, key: str) -> bool:
        return key in self.texts

    def shown(self, value: object) -> object:
        return self.number(value) if type(value) is int else value

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", self.patterns["thousands"])

    def decimal(self, value: float, places: int = 1) -> str:
        return f"{value:.{places}f}".replace(".", self.patterns["decimal"])

    def percent(self, share: float, places: int = 1) -> str:
        return self.patterns["percent"].format(number=self.decimal(share * 100, places))

    def moment(self, at: datetime) -> str:
        """Day and time in Oslo."""
        here = at.astimezone(OSLO)
        return self._of_day("moment", here, f"{here:%H:%M}")

    def day(self, day: date) -> str:
        return self._of_day("day", day)

    def short_day(self, day: date) -> str:
        return self._of_day("short_day", day)

    def day_and_month(self, day: date) -> str:
        return self._of_day("day_and_month", day)

    def week(self, monday: date) -> str:
        return self._of_day("week", monday)

    def _of_day(self, pattern: str, day: date, time: str = "") -> str:
        lists, weekday, month = self.lists, day.weekday(), day.month - 1
        return self.patterns[pattern].format(
            weekday=lists["weekdays"][weekday],
            short_weekday=lists["short_weekdays"][weekday],
            day=day.day,
            month=lists["months"][month],
            short_month=lists["short_months"][month],
            year=f"{day.year}",
            week=day.isocalendar().week,
            time=time,
        )


@cache
def operator_languages() -> Mapping[str, OperatorLanguage]:
    """All of them, by code. Raises DefinitionError."""
    return {path.parent.name: _read(path.parent) for path in sorted(FOLDER.glob(f"*/{_LANGUAGE}"))}


def source_language() -> OperatorLanguage:
    """The one that the program is written in."""
    return next(each for each in operator_languages().values() if each.written_in)


def language_for(tags: Sequence[str]) -> OperatorLanguage:
    """The language for somebody who reads these, such as `nb-NO`, the best first."""
    for tag in tags:
        first = tag.partition("-")[0].lower()
        for each in operator_languages().values():
            if first in each.tags:
                return each
    return source_language()


def _read(folder: Path) -> OperatorLanguage:
    name = f"{folder.name}/{_LANGUAGE}"
    reader = YamlReader(name)
    values = reader.mapping(load_file(folder / _LANGUAGE, name), "language", _KEYS)
    for key in _KEYS:
        if key not in values and key != "written_in":
            reader.wrong(None, f"{key} is missing")
    lists = {key: reader.each(values.get(key), reader.text) for key in ("tags", *_LISTS)}
    texts = {key: reader.text(values[key]) for key in ("name", *_PATTERNS) if key in values}
    reader.done()
    return OperatorLanguage(
        code=folder.name,
        name=texts.pop("name"),
        tags=lists.pop("tags"),
        written_in=values.get("written_in") == "true",
        texts=_texts(folder),
        lists=lists,
        patterns=texts,
    )


def _texts(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        name = f"{folder.name}/{path.name}"
        for key, text in _named(load_file(path, name)) if path.name != _LANGUAGE else ():
            if key in found:
                raise DefinitionError([Complaint(name, text.line, text.column, f"{key} is in another file too")])
            found[key] = str(text)
    return found


def _named(value: object, way: str = "") -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield way, value
    elif isinstance(value, YamlMapping):
        for key, each in value.items():
            yield from _named(each, f"{way}.{key}" if way else str(key))
