"""Values out of strict YAML, given a type; what is wrong with them is collected with its place.

A method that has complained returns the empty value of its type, or None. Nobody uses it: `done` raises.
"""

from collections.abc import Callable
from typing import TypeVar

from ivr.base.complaints import Complaints, suggestion
from ivr.base.strict_yaml import Mapping, Sequence, Text, Value

T = TypeVar("T")


class YamlReader:
    """`name`: of the file, in complaints."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.complaints = Complaints()

    def wrong(self, at: Value | None, message: str) -> None:
        """`at`: None for the file as a whole."""
        self.complaints.about(self.name, at, message)

    def done(self) -> None:
        """Raises DefinitionError if anything was wrong."""
        self.complaints.done()

    def mapping(self, value: Value, what: str, allowed: tuple[str, ...]) -> dict[str, Value]:
        """The values of the keys that are allowed. `what`: the name of the block in complaints."""
        if not isinstance(value, Mapping):
            self.wrong(value, f"expected a mapping ({what}: {', '.join(allowed)})")
            return {}
        for key in value:
            if key not in allowed:
                expected = f"expected {', '.join(allowed)}{suggestion(key, allowed)}"
                self.wrong(key, f"unknown key {str(key)!r} in {what}; {expected}")
        return {str(key): item for key, item in value.items() if key in allowed}

    def items(self, value: Value) -> list[Value]:
        if isinstance(value, Sequence):
            return value
        self.wrong(value, "expected a list: one item a line, each beginning with '- '")
        return []

    def each(self, value: Value | None, read: Callable[[Value], T | None]) -> tuple[T, ...]:
        """The items of a list that could be read; empty where there is no list."""
        items = [read(item) for item in self.items(value)] if value is not None else []
        return tuple(item for item in items if item is not None)

    def text(self, value: Value) -> str:
        if isinstance(value, Text):
            return str(value)
        self.wrong(value, "expected a text")
        return ""

    def one_of(self, value: Value, allowed: tuple[str, ...]) -> str | None:
        if isinstance(value, Text) and value in allowed:
            return str(value)
        self.wrong(value, f"expected one of {', '.join(allowed)}")
        return None

    def whole(self, value: Value) -> int | None:
        if isinstance(value, Text) and value.isascii() and value.isdigit():
            return int(value)
        self.wrong(value, "expected a whole number")
        return None


def decimal(value: Value) -> float | None:
    """None for what is no number, or an infinite one."""
    try:
        number = float(value) if isinstance(value, Text) and "_" not in value else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < float("inf") else None
