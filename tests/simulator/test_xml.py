"""Expat used directly: the same elements, places and refusals as with the standard library's layers and defusedxml."""

from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.base.errors import SimulatorError
from ivr.simulator.twiml.xml import Element, parse

PIECES = [
    *(
        "<Response>",
        "</Response>",
        "<Say>",
        "</Say>",
        "<Say a='1'>",
        "<a/>",
        "<b x='&lt;'>",
        "</b>",
        "text",
        "\n",
        "  ",
    ),
    *(
        "&amp;",
        "&",
        "&#65;",
        "&foo;",
        "æ",
        "\x00",
        "\ufeff",
        "\r\n",
        "<",
        "]]>",
        "<!-- c -->",
        "<![CDATA[x]]>",
        "<?pi x?>",
    ),
    *("<?xml version='1.0'?>", '<?xml version="1.0" encoding="latin-1"?>', '<?xml version="1.0" encoding="none"?>'),
    *("<!DOCTYPE a>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", '<!DOCTYPE a SYSTEM "file:///etc/passwd">'),
]


class _Oracle(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []
        self._open: list[tuple[Any, list[Any]]] = []
        self._locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 - the name that SAX calls
        self._locator = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name that SAX calls
        place = (self._locator.getLineNumber(), self._locator.getColumnNumber() + 1)
        self._open.append(((name, dict(attrs.items()), place), []))

    def endElement(self, name: str) -> None:  # noqa: N802 - the name that SAX calls
        head, children = self._open.pop()
        (self._open[-1][1] if self._open else self.found).append((*head, children))

    def characters(self, content: str) -> None:
        inside = self._open[-1][1]
        if inside and isinstance(inside[-1], str):
            inside[-1] += content
        else:
            inside.append(content)


def _expected(body: bytes) -> object:
    """The root, or line and column of what is wrong (None where defusedxml tells no place)."""
    oracle = _Oracle()
    try:
        defusedxml.sax.parseString(body, oracle, forbid_dtd=True)
    except SAXParseException as error:
        return error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1
    except (DefusedXmlException, ValueError, LookupError):
        return None
    return oracle.found[0]


def _plain(element: Element) -> object:
    children = [child if isinstance(child, str) else _plain(child) for child in element.children]
    return element.name, dict(element.attributes), (element.line, element.column), children


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(body=st.lists(st.sampled_from(PIECES), max_size=12).map("".join).map(str.encode) | st.binary(max_size=30))
@example(body=b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
@example(body=b"<a>" + b"x" * 60_000 + b"<b>")
def test_a_document_is_read_or_refused_as_by_defusedxml(body: bytes) -> None:
    if not body.strip():
        return
    expected, refused = _expected(body), None
    try:
        found = _plain(parse(body))
    except SimulatorError as error:
        refused, found = error, (error.line, error.column)
    assert found == expected or (refused is not None and expected is None)
    assert refused is None or refused.code == 12100
