"""Text of an application on its way to a terminal or a file: characters that act are shown, and do nothing.

A control character can move the cursor or set the terminal's title; a bidirectional control lets a line read otherwise
than it is. Both are escaped as Python and JSON write them. Line ends and tabs stay.
"""

import json
import re

_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and line end, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u2028\u2029"  # line and paragraph separators
    "\ud800-\udfff]"  # lone surrogates: no file and no terminal takes them
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with every character that acts as `\\x9b` or `\\u202e`."""
    return _ACTING.sub(_as_python, text)


def json_text(value: object, *, indent: int | None = None, compact: bool = False) -> str:
    """JSON that stays readable (`å` is `å`) and in which every character that acts is escaped as `\\u009b`."""
    separators = (",", ":") if compact else None
    return _ACTING.sub(_as_json, json.dumps(value, ensure_ascii=False, indent=indent, separators=separators))


def whole_characters(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which is no character and cannot be sent or written."""
    return _SURROGATE.sub("\ufffd", text)


def _as_python(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _as_json(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def seconds_text(seconds: float) -> str:
    """A number of seconds, as short as it is exact to a microsecond."""
    return f"{seconds:.6f}".rstrip("0").rstrip(".")
