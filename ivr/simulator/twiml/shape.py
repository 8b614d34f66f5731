"""Documents of one template, read once: they differ in a long value of a query, such as a call's token, and the rest is
the same to the byte.

Such a document is cut at its long values. What is between them is its shape. It is read once, with marks in the values'
places, and each document of that shape is that reading with its own values. This holds only where a value goes nowhere
but into the URL of a Gather or a Redirect, so that what is right and what is wrong cannot depend on it: not where there
is something to complain of, nor where a verb remembers its line and column. Those are read as a whole each time.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ivr.base.errors import SimulatorError
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say

if TYPE_CHECKING:
    from ivr.simulator.twiml.document import Document, Verb

LARGEST_KEPT = 16_384  # bytes; documents of a call have one or two thousand
MOST_KEPT = 256
# Characters that are the same in every encoding of XML's, that nothing has to escape, and that no blank is among.
_VALUE = re.compile(rb"=([A-Za-z0-9_.-]{16,})")
_MARK = "a-long-value-%04d"
_MARKED = re.compile(r"a-long-value-(\d{4})")
_WITHOUT_PLACE = (Gather, Redirect, Say, Pause, Hangup)  # verbs that do not remember their line and column

Url: TypeAlias = tuple[str, ...]  # text and numbers of values in turn: text, number, text, ..., text
Read: TypeAlias = Callable[[bytes, str], "Document"]


class _Shape(NamedTuple):
    """`urls`: which verb's URL has values in it, and where."""

    document: "Document"
    urls: tuple[tuple[int, Url], ...]


class Kept:
    """`read`: reads a whole document."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._shape = lru_cache(maxsize=MOST_KEPT)(self._find)

    @property
    def size(self) -> int:
        """How many shapes are kept."""
        return self._shape.cache_info().currsize

    def document(self, body: bytes, charset: str) -> "Document | None":
        """What `read` would give back; None where it has to be asked."""
        if len(body) > LARGEST_KEPT:
            return None
        parts = _VALUE.split(body)
        shape = self._shape(tuple(parts[::2]), charset)
        if shape is None or not shape.urls:
            return shape and shape.document
        values = [value.decode() for value in parts[1::2]]
        verbs = list(shape.document.verbs)
        for place, url in shape.urls:
            verbs[place] = _leading_to(verbs[place], _filled(url, values))
        return shape.document._replace(verbs=tuple(verbs))

    def _find(self, fixed: tuple[bytes, ...], charset: str) -> _Shape | None:
        """The shape of a document with these texts around its values, if all of them go into URLs."""
        if any(b"a-long-value" in text for text in fixed):
            return None
        marks = [b"=" + (_MARK % number).encode() for number in range(len(fixed) - 1)]
        whole = b"".join([text + mark for text, mark in zip(fixed, [*marks, b""], strict=True)])
        try:
            document = self._read(whole, charset)
        except SimulatorError:
            return None
        if document.issues or not all(isinstance(verb, _WITHOUT_PLACE) for verb in document.verbs):
            return None
        urls = [(place, tuple(_MARKED.split(_url(verb)))) for place, verb in enumerate(document.verbs)]
        found = sorted(number for _, url in urls for number in url[1::2])
        if found != [f"{number:04d}" for number in range(len(marks))]:
            return None
        return _Shape(document, tuple(each for each in urls if len(each[1]) > 1))


def _url(verb: "Verb") -> str:
    if isinstance(verb, Gather):
        return verb.action or ""
    return verb.url if isinstance(verb, Redirect) else ""


def _leading_to(verb: "Verb", url: str) -> "Verb":
    if isinstance(verb, Gather):
        return verb._replace(action=url)
    return replace(verb, url=url) if isinstance(verb, Redirect) else verb


def _filled(url: Url, values: list[str]) -> str:
    return "".join([values[int(part)] if place % 2 else part for place, part in enumerate(url)])
