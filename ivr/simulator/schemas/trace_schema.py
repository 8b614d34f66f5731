"""`trace.schema.json`, made from the types in `ivr/simulator/events.py`.

    python -m ivr.simulator.schemas.trace_schema     # writes the file anew

A test refuses a file that is not what is made here.
"""

import json
import re
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

from ivr.simulator.events import DEFS, AnyEvent

FILE = Path(__file__).with_name("trace.schema.json")
_HEAD = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Event of a call trace",
    "description": "One line of the JSON Lines that `ivr call --trace` and `ivr simulate --trace` write. "
    "Lines stand in the order of `t`.",
    "type": "object",
    "required": ["t", "event"],
}
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def trace_schema() -> dict[str, Any]:
    """The schema of one event."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for event in get_args(AnyEvent):
        (name,) = get_args(get_type_hints(event)["event"])
        by_name.setdefault(name, []).append(_object(event))
    events = {name: found[0] if len(found) == 1 else {"oneOf": found} for name, found in by_name.items()}
    return {**_HEAD, "oneOf": [{"$ref": f"#/$defs/{name}"} for name in events], "$defs": {**DEFS, **events}}


def _object(event: Any) -> dict[str, Any]:
    hints = get_type_hints(event, include_extras=True)
    names = sorted(hints, key=lambda name: (name != "t", name != "event", name == "scenario"))
    return {
        "type": "object",
        "description": event.__doc__,
        "required": [name for name in names if name in event.__required_keys__],
        "additionalProperties": False,
        "properties": {name: _value(hints[name]) for name in names},
    }


def _value(hint: Any) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return _value(arguments[0])
    if origin is Annotated:
        said = arguments[1]
        return dict(said) if "$ref" in said else {**_value(arguments[0]), **said}
    if origin is Literal:
        return {"const": arguments[0]} if len(arguments) == 1 else {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return _one_of(arguments)
    inner = {dict: ("object", "additionalProperties"), list: ("array", "items")}.get(origin)
    return {"type": inner[0], inner[1]: _value(arguments[-1])} if inner else {"type": _TYPES[hint]}


def _one_of(hints: Iterable[Any]) -> dict[str, Any]:
    found = [_value(hint) for hint in hints]
    if all(set(each) == {"type"} for each in found):
        return {"type": [each["type"] for each in found]}
    return {"oneOf": found}


def as_text() -> str:
    """What has nothing in it but values stands in one line."""
    text = json.dumps(trace_schema(), indent=2, ensure_ascii=False)
    for opened, closed in ("{}", "[]"):
        values = rf"\{opened}\s+([^][{{}}]*?)\s+\{closed}"
        text = re.sub(values, lambda found: f"{opened}{' '.join(found[1].split())}{closed}", text)  # noqa: B023 - at once
    return f"{text}\n"


if __name__ == "__main__":
    FILE.write_text(as_text(), "utf-8")
