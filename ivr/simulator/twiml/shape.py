"""Documents of one template, read once: they differ in a long value of a query, such as a call's token, and the rest is
the same to the byte.

Such a document is cut at its long values. What is between them is its shape. It is read once, with marks in the values'
places, and each document of that shape is that reading with its own values. This holds only where a value goes nowhere
but into a URL of a Gather, a Redirect, a Dial or its Numbers, so that what is right and what is wrong cannot depend on
it, and not where there is something to complain of. A Dial and its Numbers remember their line and column: such a shape
is kept by the lengths of its values too, and its marks are as long as they are. Other documents are read as a whole.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ivr.base.errors import SimulatorError
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say

if TYPE_CHECKING:
    from ivr.simulator.twiml.document import Document, Verb

LARGEST_KEPT = 16_384  # bytes; documents of a call have one or two thousand
MOST_KEPT = 1024
# Characters that are the same in every encoding of XML's, that nothing has to escape, and that no blank is among.
_VALUE = re.compile(rb"=([A-Za-z0-9_.-]{16,})")
_MARK = "long-value-%04d-"  # as long as the shortest value
_MARKED = re.compile(r"long-value-(\d{4})-x*")
_WITHOUT_PLACE = (Gather, Redirect, Say, Pause, Hangup)  # verbs that do not remember their line and column

Read: TypeAlias = Callable[[bytes, str], "Document"]
Fill: TypeAlias = Callable[[list[str]], "Verb"]


class _Url(NamedTuple):
    """A URL with values in it: texts, and the numbers of the values between them."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, marked: str) -> "_Url | None":
        """None for a URL without a mark."""
        parts = _MARKED.split(marked)
        return cls(tuple(parts[::2]), tuple(map(int, parts[1::2]))) if len(parts) > 1 else None

    def filled(self, values: list[str]) -> str:
        if len(self.numbers) == 1:  # as with nearly all
            return self.texts[0] + values[self.numbers[0]] + self.texts[1]
        filled = [text + values[number] for text, number in zip(self.texts, self.numbers, strict=False)]
        return "".join([*filled, self.texts[-1]])


class _Shape(NamedTuple):
    """`fillers`: of which verb, and what makes it anew with the values of a document.

    `document`: None while the values' lengths are not known, which this shape is kept by.
    """

    document: "Document | None"
    fillers: tuple[tuple[int, Fill], ...] = ()


_BY_LENGTH = _Shape(None)


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
        fixed = tuple(parts[::2])
        shape = self._shape(fixed, charset)
        if shape is _BY_LENGTH:
            shape = self._shape(fixed, charset, tuple(map(len, parts[1::2])))
        if shape is None or shape.document is None or not shape.fillers:
            return shape and shape.document
        values = [value.decode() for value in parts[1::2]]
        verbs = list(shape.document.verbs)
        for place, fill in shape.fillers:
            verbs[place] = fill(values)
        return type(shape.document)(tuple(verbs))

    def _find(self, fixed: tuple[bytes, ...], charset: str, lengths: tuple[int, ...] = ()) -> _Shape | None:
        """The shape of a document with these texts around its values, if all of them go into URLs."""
        if any(b"long-value" in text for text in fixed):
            return None
        marks = [_MARK % number for number in range(len(fixed) - 1)]
        if lengths:
            marks = [mark.ljust(length, "x") for mark, length in zip(marks, lengths, strict=True)]
        whole = b"".join(
            [text + mark for text, mark in zip(fixed, [*(b"=" + mark.encode() for mark in marks), b""], strict=True)]
        )
        try:
            document = self._read(whole, charset)
        except SimulatorError:
            return None
        if document.issues or not all(map(_is_kept, document.verbs)):
            return None
        urls = [(place, tuple(map(_Url.of, _urls(verb)))) for place, verb in enumerate(document.verbs)]
        found = sorted(number for _, each in urls for url in each if url for number in url.numbers)
        if found != list(range(len(marks))):
            return None
        if marks and not lengths and not all(isinstance(verb, _WITHOUT_PLACE) for verb in document.verbs):
            return _BY_LENGTH
        fillers = [(place, _filler(document.verbs[place], each)) for place, each in urls if any(each)]
        return _Shape(document, tuple(fillers))


def _is_kept(verb: "Verb") -> bool:
    if isinstance(verb, Dial):
        return verb.conference is None and all(noun.kind == "Number" for noun in verb.nouns)
    return isinstance(verb, _WITHOUT_PLACE)


def _urls(verb: "Verb") -> list[str]:
    """The URLs of a verb, always as many and in the same order; "" for one that is not there."""
    match verb:
        case Gather():
            return [verb.action or ""]
        case Redirect():
            return [verb.url]
        case Dial():
            of_nouns = [url or "" for noun in verb.nouns for url in (noun.url, noun.status_callback)]
            return [verb.action or "", *of_nouns]
        case _:
            return []


def _filler(verb: "Verb", urls: tuple[_Url | None, ...]) -> Fill:
    """What makes the verb with a document's values in these URLs; None: a URL as it is."""
    match verb, urls:
        case Gather(), (_Url() as action,):
            return lambda values: verb.leading_to(verb.prompts, action.filled(values))
        case Redirect(), (_Url() as url,):
            return lambda values: Redirect(url.filled(values), verb.method)
        case Dial(), _:
            return lambda values: _dialling(verb, [url and url.filled(values) for url in urls])
        case _:
            raise ValueError(f"no URL of a {type(verb).__name__} is filled")


def _dialling(verb: Dial, urls: list[str | None]) -> Dial:
    nouns = zip(verb.nouns, urls[1::2], urls[2::2], strict=True)
    return replace(verb, action=urls[0] or verb.action, nouns=tuple(_told(*each) for each in nouns))


def _told(noun: Noun, url: str | None, status_callback: str | None) -> Noun:
    return replace(noun, url=url or noun.url, status_callback=status_callback or noun.status_callback)
