"""A document whose shape was read before is read as if nothing had been: the same verbs, complaints and faults."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.base.errors import SimulatorError
from ivr.simulator.twiml import Document, read_document
from ivr.simulator.twiml.document import read_whole
from ivr.simulator.twiml.shape import LARGEST_KEPT, MOST_KEPT, Kept
from tests.simulator.conformance_table import cases, get

_VALUES = ("A" * 16, "eyJ2Ij.oi-NGIxY_2ZhOW", "9" * 340)
_QUERY = re.compile(r"(?<==)[A-Za-z0-9_.-]{16,}")


def _outcome(read: object, body: bytes, charset: str) -> Document | tuple[object, ...]:
    try:
        return read(body, charset)  # type: ignore[operator, no-any-return]
    except SimulatorError as error:
        return error.code, error.message, error.line, error.column


def _is_read_alike(text: str, charset: str = "") -> None:
    for value in _VALUES:
        body = _QUERY.sub(value, text).encode(charset or "utf-8", "replace")
        for _ in range(2):
            assert _outcome(read_document, body, charset) == _outcome(read_whole, body, charset)


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif hasattr(found, "items"):
        for _, each in found.items():
            yield from _texts(each)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from _texts(each)


def _documents() -> list[str]:
    """Every document of the conformance suite."""
    found = {text for _, case in cases() for text in _texts(get(case, "documents")) if "<" in text}
    return sorted(found)


def test_every_document_of_the_conformance_suite_is_read_alike_with_any_values() -> None:
    documents = _documents()
    assert len(documents) > 300
    for text in documents:
        _is_read_alike(text)
        _is_read_alike(
            text.replace('action="', 'action="/x?t=0123456789abcdef&amp;u=0123456789abcdef#').replace("\n", "")
        )


_ATTRIBUTES = st.sampled_from(
    ["action", "method", "timeout", "hints", "voice", "language", "url", "statusCallback", "finishOnKey", "acton"]
)
_TEXTS = st.sampled_from(
    ["/n?t=0123456789abcdef", "t=0123456789abcdef&amp;u=0123456789abcdef ", "1", "GET", "nb-NO", "", "&lt;", "æ"]
)


@st.composite
def _element(draw: st.DrawFn, depth: int = 2) -> str:
    name = draw(
        st.sampled_from(["Say", "Gather", "Redirect", "Dial", "Number", "Play", "Pause", "Hangup", "mark", "X"])
    )
    attributes = draw(st.dictionaries(_ATTRIBUTES, _TEXTS, max_size=3))
    inside = [*draw(st.lists(_element(depth - 1) if depth else _TEXTS, max_size=2)), draw(_TEXTS)]
    comment = draw(st.sampled_from(["", "<!-- t=0123456789abcdef -->", "<![CDATA[t=0123456789abcdef]]>"]))
    written = "".join(f' {each}="{value}"' for each, value in attributes.items())
    return f"<{name}{written}>{''.join(inside)}{comment}</{name}>"


@settings(max_examples=400, deadline=None)
@given(st.lists(_element(), max_size=4), st.sampled_from(["", "utf-8", "iso-8859-1"]), st.booleans())
def test_random_documents_are_read_alike_with_any_values(elements: list[str], charset: str, whole: bool) -> None:
    _is_read_alike(f"<Response>{''.join(elements)}" + ("</Response>" if whole else ""), charset)


@pytest.mark.parametrize(
    "inside",
    [
        '<Gather hints="=0123456789abcdef" action="/x"/>',  # of at most 100 characters
        '<Gather action="/x?t=0123456789abcdef"><Say>t=0123456789abcdef</Say></Gather>',
        '<Dial recordingStatusCallback="/x?t=0123456789abcdef"><Number>1</Number></Dial>',
        '<Dial action="/x?t=0123456789abcdef"><Sip>a@b.example</Sip></Dial>',
        "<!-- t=0123456789abcdef --><Hangup/>",
        '<Redirect>/long-value-0000?t=0123456789abcdef</Redirect><Gather hints="=0123456789abcdef"/>',
    ],
)
def test_a_value_that_is_more_than_a_part_of_a_url_has_its_document_read_as_a_whole(inside: str) -> None:
    _is_read_alike(f"<Response>{inside}</Response>")
    assert Kept(read_whole).document(f"<Response>{inside}</Response>".encode(), "") is None


def test_documents_that_differ_in_a_token_are_read_once() -> None:
    read: list[bytes] = []

    def counted(body: bytes, charset: str) -> Document:
        read.append(body)
        return read_whole(body, charset)

    kept = Kept(counted)
    for value in _VALUES:
        body = f'<Response><Gather action="/x?t={value}#rt=1"/><Redirect>/x?t={value}</Redirect></Response>'.encode()
        assert kept.document(body, "") == read_whole(body)
    assert len(read) == 1


def test_documents_with_a_dial_are_read_once_for_each_length_of_their_values() -> None:
    read: list[bytes] = []

    def counted(body: bytes, charset: str) -> Document:
        read.append(body)
        return read_whole(body, charset)

    kept = Kept(counted)
    for value in ("A" * 16, "B" * 16, "C" * 20, "D" * 20):
        number = f'<Number url="/w?t={value}&amp;u={value}" statusCallback="/s?t={value}">1</Number>'
        body = f'<Response><Dial action="/x?t={value}">{number}<Number>2</Number></Dial></Response>'.encode()
        assert kept.document(body, "") == read_whole(body)
    assert len(read) == 3  # without lengths, and with two


def test_what_is_kept_of_documents_has_a_bound() -> None:
    kept = Kept(read_whole)
    for number in range(MOST_KEPT + 10):
        kept.document(f"<Response><Pause length='{number}'/></Response>".encode(), "")
    assert kept.size == MOST_KEPT
    assert kept.document(b"<Response>" + b" " * LARGEST_KEPT + b"</Response>", "") is None


def test_a_document_of_a_known_shape_is_still_refused_for_its_size() -> None:
    with pytest.raises(SimulatorError) as raised:
        read_document(b"<Response>" + b" " * 65_536 + b"</Response>")
    assert raised.value.code == 11750
