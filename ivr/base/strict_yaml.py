"""YAML in which nothing is guessed: every scalar is text, and every value knows where it stands.

YAML 1.1 turns `no` into False, `0301` into 193 and `22:00` into 1320; in this domain each of these is a wrong number or
a lost language. So a plain scalar stays the text that was typed, and whoever reads it gives it a type. Repeated keys,
anchors, aliases, tags and a second document are errors; so are size and depth beyond all reason.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from ivr.base.errors import Complaint, DefinitionError
from ivr.base.utf8 import text_of

MAX_BYTES = 2_000_000
MAX_DEPTH = 32
MAX_EVENTS = 200_000

_LOST_KEY = re.compile(r"^[ \t]*(#):", re.MULTILINE)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Text(str):
    """A scalar. `line` and `column` count from 1."""

    __slots__ = ("column", "line")
    line: int
    column: int


class Mapping(dict[Text, "Value"]):
    """A mapping whose keys are `Text`, so that a wrong key can be pointed at."""

    line: int = 0
    column: int = 0

    def key(self, name: str) -> Text | None:
        """The key as it stands in the file, with its place; None if it is not there."""
        return next((key for key in self if key == name), None)


class Sequence(list["Value"]):
    line: int = 0
    column: int = 0


Value: TypeAlias = Text | Mapping | Sequence


def load_file(path: Path, name: str = "") -> Value:
    """Read one YAML file. `name`: what complaints call it, if not by its own name. Whoever reads the same again gets
    the same object: nobody may change it.

    Raises DefinitionError, with file, line and column, for everything that is wrong.
    """
    name = name or path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _complain(name, 0, 0, f"cannot be read ({error.strerror})") from None
    if len(raw) > MAX_BYTES:
        raise _complain(name, 0, 0, f"is larger than {MAX_BYTES} bytes; split it")
    return _load_once(text_of(raw, name), name)


def load(text: str, name: str) -> Value:
    """Parse `text`; `name` is what complaints call it. Raises DefinitionError."""
    try:
        _check_comments(text, name)
        _check_events(text, name)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = error.problem or "is not YAML"
        raise _complain(name, line, column, f"{problem}{_hint(f'{error.context} {problem}')}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise _complain(name, 0, 0, f"is not YAML: {str(error).splitlines()[0]}") from None
    if node is None:
        raise _complain(name, 0, 0, "is empty")
    return _convert(node, name)


@lru_cache(maxsize=32)  # a flow and its languages are some fifteen files, which a start of the service reads four times
def _load_once(text: str, name: str) -> Value:
    return load(text, name)


def _check_comments(text: str, name: str) -> None:
    """The hash key as an option is a comment to YAML, and would be gone without a word."""
    if lost := _LOST_KEY.search(text):
        line = text.count("\n", 0, lost.start(1)) + 1
        column = lost.start(1) - text.rfind("\n", 0, lost.start(1))
        raise _complain(name, line, column, "a line that begins with #: is a comment; the key # must be quoted: '#'")


def _check_events(text: str, name: str) -> None:
    """Refuse what could expand, run deep or stand for something else, before anything is built."""
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        mark: Any = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if count > MAX_EVENTS:
            raise _complain(name, line, column, f"holds more than {MAX_EVENTS} items")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _complain(
                name, line, column, "anchors (&) and aliases (*) are not allowed; quote the text or repeat it"
            )
        if getattr(event, "tag", None):
            raise _complain(name, line, column, "tags (!) are not allowed")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _complain(name, line, column, "a second document (---) begins here; one file, one document")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _complain(name, line, column, f"is nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _convert(node: yaml.Node, name: str) -> Value:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, name)
    if isinstance(node, yaml.SequenceNode):
        items = Sequence(_convert(item, name) for item in node.value)
        items.line, items.column = _place(node)
        return items
    return _text(node)


def _mapping(node: yaml.MappingNode, name: str) -> Mapping:
    result, repeated = Mapping(), []
    result.line, result.column = _place(node)
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _complain(name, *_place(key_node), "a key must be text")
        key = _text(key_node)
        first = result.key(key) if key in result else None
        if first is not None:
            repeated.append(Complaint(name, key.line, key.column, f"key {key!r} again (first on line {first.line})"))
        result[key] = _convert(value_node, name)
    if repeated:
        raise DefinitionError(repeated)
    return result


def _text(node: yaml.Node) -> Text:
    text = Text(node.value)
    text.line, text.column = _place(node)
    return text


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _complain(name: str, line: int, column: int, message: str) -> DefinitionError:
    return DefinitionError([Complaint(name, line, column, message)])


_HINTS = {
    "alias": " (a lone * must be quoted: '*')",
    "anchor": " (a text that begins with & must be quoted)",
    "tab": " (indent with spaces)",
    "cannot start any token": " (quote the text, or indent with spaces instead of tabs)",
    "mapping values are not allowed": " (quote a text that holds ': ')",
}


def _hint(problem: str) -> str:
    return next((hint for words, hint in _HINTS.items() if words in problem), "")
