"""Bytes to elements that know their line and column. Knows XML; must not know a single verb of TwiML.

Strict on purpose: a bare `&`, a blank before the XML declaration, a DTD or an entity is Twilio's 12100, never repaired.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException

from ivr.errors import SimulatorError

PARSE_FAILURE = 12100
MAX_DEPTH = 20
MAX_ELEMENTS = 500


@dataclass(frozen=True, slots=True)
class Element:
    """`line` and `column` count from 1 and point at the `<`."""

    name: str
    attributes: Mapping[str, str]
    children: tuple["Node", ...]
    line: int
    column: int

    @property
    def elements(self) -> tuple["Element", ...]:
        return tuple(child for child in self.children if isinstance(child, Element))

    @property
    def own_text(self) -> str:
        """The text directly inside, without that of child elements, blanks at the ends removed."""
        return "".join(child for child in self.children if isinstance(child, str)).strip()


Node: TypeAlias = Element | str


def parse(body: bytes) -> Element:
    """The root element. Raises SimulatorError 12100 with line and column."""
    if not body.strip():
        raise SimulatorError("the document is empty", code=PARSE_FAILURE, line=1, column=1)
    builder = _Builder()
    try:
        defusedxml.sax.parseString(body, builder, forbid_dtd=True)
    except SAXParseException as error:
        line, column = error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1
        message = f"not well-formed XML: {error.getMessage()}"
        if "declaration not at start" in message:
            message += " (nothing, not even a blank line, may stand before <?xml)"
        raise SimulatorError(message, code=PARSE_FAILURE, line=line, column=column) from None
    except DefusedXmlException as error:
        what = type(error).__name__.removesuffix("Forbidden")
        raise builder.fault(f"{what} is refused: a DTD or an entity has no place in TwiML") from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise SimulatorError(f"cannot be decoded: {error}", code=PARSE_FAILURE, line=1, column=1) from None
    if builder.root is None:
        raise SimulatorError("the document has no element", code=PARSE_FAILURE, line=1, column=1)
    return builder.root


@dataclass(slots=True)
class _Open:
    name: str
    attributes: Mapping[str, str]
    line: int
    column: int
    children: list[Node] = field(default_factory=list)


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self._open: list[_Open] = []
        self._elements = 0
        self._locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 - the name that SAX calls
        self._locator = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name that SAX calls
        self._elements += 1
        if len(self._open) >= MAX_DEPTH:
            raise self.fault(f"nested deeper than {MAX_DEPTH} levels")
        if self._elements > MAX_ELEMENTS:
            raise self.fault(f"more than {MAX_ELEMENTS} elements")
        self._open.append(_Open(name, dict(attrs.items()), *self._place()))

    def endElement(self, name: str) -> None:  # noqa: N802 - the name that SAX calls
        done = self._open.pop()
        element = Element(name, done.attributes, tuple(_joined(done.children)), done.line, done.column)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].children.append(content)

    def fault(self, message: str) -> SimulatorError:
        line, column = self._place()
        return SimulatorError(message, code=PARSE_FAILURE, line=line, column=column)

    def _place(self) -> tuple[int, int]:
        if self._locator is None:
            return 1, 1
        return self._locator.getLineNumber() or 1, (self._locator.getColumnNumber() or 0) + 1


def _joined(children: list[Node]) -> list[Node]:
    """SAX hands text over in pieces; neighbours become one."""
    whole: list[Node] = []
    for child in children:
        if isinstance(child, str) and whole and isinstance(whole[-1], str):
            whole[-1] += child
        else:
            whole.append(child)
    return whole
