"""A validator for the part of JSON Schema (draft 2020-12) that our schemas use; an unknown keyword is an error.

Knows nothing of scenarios or traces.
"""

import re
from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
_SAYS_NOTHING = {"$schema", "$defs", "title", "description"}


def faults(schema: dict[str, Any], value: object) -> list[str]:
    """What is wrong with `value`, each with its path; an empty list when it is valid."""
    return list(_Validator(schema).faults(schema, value, "$"))


class _Validator:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root

    def faults(self, schema: dict[str, Any], value: Any, path: str) -> Iterator[str]:
        for keyword, argument in schema.items():
            if keyword not in _SAYS_NOTHING:
                check = getattr(self, f"_{keyword.removeprefix('$')}")  # an unknown keyword raises AttributeError
                yield from check(argument, value, path, schema)

    def _ref(self, reference: str, value: Any, path: str, _: object) -> Iterator[str]:
        yield from self.faults(self._root["$defs"][reference.removeprefix("#/$defs/")], value, path)

    def _type(self, names: str | list[str], value: Any, path: str, _: object) -> Iterator[str]:
        allowed = [names] if isinstance(names, str) else names
        if not any(_is(value, name) for name in allowed):
            yield f"{path}: {value!r} is no {' or '.join(allowed)}"

    def _const(self, wanted: object, value: Any, path: str, _: object) -> Iterator[str]:
        if value != wanted or type(value) is not type(wanted):
            yield f"{path}: {value!r} is not {wanted!r}"

    def _enum(self, wanted: list[object], value: Any, path: str, _: object) -> Iterator[str]:
        if value not in wanted:
            yield f"{path}: {value!r} is none of {wanted}"

    def _oneOf(self, schemas: list[dict[str, Any]], value: Any, path: str, _: object) -> Iterator[str]:  # noqa: N802
        found = [list(self.faults(schema, value, path)) for schema in schemas]
        if found.count([]) != 1:
            closest = min(found, key=len)
            yield f"{path}: {found.count([])} of {len(schemas)} alternatives hold; the closest: {closest}"

    def _anyOf(self, schemas: list[dict[str, Any]], value: Any, path: str, _: object) -> Iterator[str]:  # noqa: N802
        found = [list(self.faults(schema, value, path)) for schema in schemas]
        if [] not in found:
            yield f"{path}: no alternative holds; the closest: {min(found, key=len)}"

    def _required(self, names: list[str], value: Any, path: str, _: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (f"{path}: {name} is missing" for name in names if name not in value)

    def _properties(self, schemas: dict[str, Any], value: Any, path: str, _: object) -> Iterator[str]:
        if isinstance(value, dict):
            for name in schemas.keys() & value.keys():
                yield from self.faults(schemas[name], value[name], f"{path}.{name}")

    def _additionalProperties(  # noqa: N802 - the keyword's name
        self, allowed: bool | dict[str, Any], value: Any, path: str, schema: dict[str, Any]
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            return
        for name in value.keys() - schema.get("properties", {}).keys():
            if allowed is False:
                yield f"{path}: {name} is not known"
            elif isinstance(allowed, dict):
                yield from self.faults(allowed, value[name], f"{path}.{name}")

    def _items(self, schema: dict[str, Any], value: Any, path: str, _: object) -> Iterator[str]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.faults(schema, item, f"{path}[{index}]")

    def _minItems(self, least: int, value: Any, path: str, _: object) -> Iterator[str]:  # noqa: N802
        if isinstance(value, list) and len(value) < least:
            yield f"{path}: fewer than {least} items"

    def _pattern(self, pattern: str, value: Any, path: str, _: object) -> Iterator[str]:
        if isinstance(value, str) and not re.search(pattern, value):
            yield f"{path}: {value!r} does not match {pattern}"

    def _minimum(self, least: float, value: Any, path: str, _: object) -> Iterator[str]:
        if _is(value, "number") and value < least:
            yield f"{path}: {value} is less than {least}"

    def _maximum(self, most: float, value: Any, path: str, _: object) -> Iterator[str]:
        if _is(value, "number") and value > most:
            yield f"{path}: {value} is more than {most}"

    def _minProperties(self, least: int, value: Any, path: str, _: object) -> Iterator[str]:  # noqa: N802
        if isinstance(value, dict) and len(value) < least:
            yield f"{path}: fewer than {least} keys"

    def _maxProperties(self, most: int, value: Any, path: str, _: object) -> Iterator[str]:  # noqa: N802
        if isinstance(value, dict) and len(value) > most:
            yield f"{path}: more than {most} keys"


def _is(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, _TYPES[name]) or (name == "integer" and isinstance(value, float) and value.is_integer())
