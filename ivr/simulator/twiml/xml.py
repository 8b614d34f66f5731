"""Bytes to elements that know their line and column. Knows XML.

Strict on purpose: a bare `&`, a blank before the XML declaration, a DTD or an entity is Twilio's 12100, never repaired.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from ivr.base.errors import SimulatorError
from ivr.simulator.twiml.encoding import as_utf8, wrong_encoding

PARSE_FAILURE = 12100
MAX_DEPTH = 20
MAX_ELEMENTS = 500


class Element(NamedTuple):
    """`line` and `column` count from 1 and point at the `<`."""

    name: str
    attributes: Mapping[str, str]
    children: tuple["Node", ...]
    line: int
    column: int

    @property
    def elements(self) -> tuple["Element", ...]:
        return tuple([child for child in self.children if isinstance(child, Element)])

    @property
    def own_text(self) -> str:
        """The text directly inside, without that of child elements, blanks at the ends removed."""
        return "".join([child for child in self.children if isinstance(child, str)]).strip()


Node: TypeAlias = Element | str


def parse(body: bytes, charset: str = "") -> Element:
    """The root element. `charset`: as Content-Type says. Raises SimulatorError 12100 with line and column."""
    if not body.strip():
        raise SimulatorError("the document is empty", code=PARSE_FAILURE, line=1, column=1)
    text, encoding = as_utf8(body, charset)
    builder = _Builder(encoding)
    try:
        builder.expat.Parse(text, True)
    except ExpatError as error:
        why = ErrorString(error.code)
        message = f"not well-formed XML: {why}"
        if "declaration not at start" in why:
            message += " (nothing, not even a blank line, may stand before <?xml)"
        if wrong := wrong_encoding(body, charset, builder.expat.ErrorByteIndex):
            message = wrong.message
        line, column = error.lineno or 1, error.offset + 1
        raise SimulatorError(message, code=PARSE_FAILURE, line=line, column=column) from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise SimulatorError(f"cannot be decoded: {error}", code=PARSE_FAILURE, line=1, column=1) from None
    return builder.done[0]


class _Open(NamedTuple):
    name: str
    attributes: dict[str, str]
    line: int
    column: int
    children: list[Node]


class _Builder:
    """Expat's own callbacks, without the layers of `xml.sax` above them: those took most of the time of a document.

    A DTD is refused where it begins, and without one there can be no entity to expand or to fetch: what defusedxml sees
    to (the tests hold this to it).
    """

    def __init__(self, encoding: str | None) -> None:
        self.done: list[Element] = []
        self._open: list[_Open] = []
        self._elements = 0
        self.expat = expat = ParserCreate(encoding)
        expat.buffer_text = True
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end
        expat.CharacterDataHandler = self._characters
        expat.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._open) >= MAX_DEPTH:
            raise self._fault(f"nested deeper than {MAX_DEPTH} levels")
        if self._elements > MAX_ELEMENTS:
            raise self._fault(f"more than {MAX_ELEMENTS} elements")
        expat = self.expat
        self._open.append(_Open(name, attributes, expat.CurrentLineNumber, expat.CurrentColumnNumber + 1, []))

    def _end(self, _: str) -> None:
        name, attributes, line, column, children = self._open.pop()
        element = Element(name, attributes, tuple(children if len(children) < 2 else _joined(children)), line, column)
        (self._open[-1].children if self._open else self.done).append(element)

    def _characters(self, text: str) -> None:
        self._open[-1].children.append(text)

    def _refuse(self, *_: object) -> None:
        raise self._fault("DTD is refused: a DTD or an entity has no place in TwiML")

    def _fault(self, message: str) -> SimulatorError:
        line, column = self.expat.CurrentLineNumber, self.expat.CurrentColumnNumber + 1
        return SimulatorError(message, code=PARSE_FAILURE, line=line, column=column)


def _joined(children: list[Node]) -> list[Node]:
    """Around a comment text comes in pieces; neighbours become one."""
    whole: list[Node] = []
    for child in children:
        if isinstance(child, str) and whole and isinstance(whole[-1], str):
            whole[-1] += child
        else:
            whole.append(child)
    return whole
