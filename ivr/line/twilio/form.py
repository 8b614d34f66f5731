"""The body of a request as fields, in one pass.

Flask's own reader builds a multi-value mapping behind two locks and a stream; of all that a webhook costs, that was the
greatest part. What is decoded here is what `urllib.parse.parse_qsl` decodes: the tests hold the one to the other.
"""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from ivr.base.errors import RequestError

MOST_FIELDS = 200


class FormFields(NamedTuple):
    """Names and their values, in the order in which they came. A name can come several times."""

    names: tuple[str, ...]
    values: tuple[str, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "FormFields":
        pairs = tuple(pairs)
        return cls(tuple([name for name, _ in pairs]), tuple([value for _, value in pairs]))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.names, self.values, strict=True))

    def by_name(self) -> dict[str, str]:
        """Of a name that comes several times the first value counts."""
        return dict(zip(reversed(self.names), reversed(self.values), strict=True))


def parse_form(body: bytes) -> FormFields:
    """Raises RequestError 403 for bytes that no form is made of, 413 for too many fields."""
    if not body.isascii():
        raise RequestError(403, "a form is ASCII")
    text = body.decode().replace("+", " ").replace("%2B", "+")  # telephone numbers have no other escape
    parts = text.split("&")
    if len(parts) > MOST_FIELDS:
        raise RequestError(413, "too many fields")
    names, values, has_escapes = [], [], "%" in text
    for part in parts:
        if part:
            name, _, value = part.partition("=")
            if has_escapes and "%" in part:
                name, value = _decoded(name), _decoded(value)
            names.append(name)
            values.append(value)
    return FormFields(tuple(names), tuple(values))


def _decoded(text: str) -> str:
    """`text` is ASCII, so that what `unquote` takes it apart for (what is not) cannot be there."""
    return unquote_to_bytes(text).decode("utf-8", "replace")
