"""An answer's bytes: packed (Content-Encoding), in an encoding (charset), and what is said when they are not."""

import gzip
import zlib

import pytest

from ivr.simulator import Outcome
from tests.simulator.webhook import Page, Webhook, call

HELLO = b"<Response><Say>hello</Say></Response>"
PACKED = gzip.compress(HELLO, mtime=0)  # a time in it would give each process a test of another name
BODO = "<Response><Say>Bodø</Say></Response>"


def answered(body: bytes, kind: str = "text/xml", coding: str = "") -> Outcome:
    headers = (("Content-Encoding", coding),) if coding else ()
    return call(Webhook({"/voice": Page(body, type=kind, headers=headers)}), url="http://127.0.0.1:5000/voice#rc=0")


def said(outcome: Outcome) -> str:
    return str(outcome.events("error")[0]["message"])


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", "X-GZip", " gzip "])
def test_names_of_codings_ignore_case_and_x_gzip_is_gzip(coding: str) -> None:
    assert answered(PACKED, coding=coding).heard == ["hello"]


@pytest.mark.parametrize("body", [zlib.compress(HELLO), _raw_deflate(HELLO)])
def test_deflate_is_unpacked_with_and_without_its_wrapper(body: bytes) -> None:
    assert answered(body, coding="Deflate").heard == ["hello"]


@pytest.mark.parametrize("coding", ["identity", "Identity"])
def test_identity_packs_nothing(coding: str) -> None:
    assert answered(HELLO, coding=coding).heard == ["hello"]


def test_gzip_in_several_members_is_one_body() -> None:
    assert answered(gzip.compress(HELLO[:9]) + gzip.compress(HELLO[9:]), coding="gzip").heard == ["hello"]


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (PACKED[:-9], "gzip"),  # without its end, and whole up to there
        (PACKED[:-1], "gzip"),  # its length is missing, the document is there
        (PACKED[:12], "gzip"),
        (zlib.compress(HELLO)[:-1], "deflate"),
        (_raw_deflate(HELLO)[:-5], "deflate"),
        (HELLO, "gzip"),  # not packed at all
        (HELLO, "deflate"),
        (PACKED[:-8] + b"\0" * 8, "gzip"),  # another checksum
        (HELLO, "br"),
        (gzip.compress(PACKED, mtime=0), "gzip, gzip"),
    ],
)
def test_a_body_that_cannot_be_unpacked_whole_is_a_bad_answer(body: bytes, coding: str) -> None:
    outcome = answered(body, coding=coding)
    assert (outcome.ended, outcome.warnings) == ("failed", [11206])


def test_a_deflate_body_that_grows_beyond_64_kb_is_refused() -> None:
    body = zlib.compress(b"<Response>" + b" " * 1_000_000 + b"</Response>")
    assert answered(body, coding="deflate").warnings == [11750]


def test_a_callback_whose_answer_is_cut_off_has_failed() -> None:
    headers = (("Content-Encoding", "gzip"),)
    pages = {"/voice": Page(b"<Response/>"), "/status": Page(gzip.compress(b"ok")[:-3], headers=headers)}
    assert call(Webhook(pages), status_callback="http://127.0.0.1:5000/status#rc=0").warnings == [15003]


def test_nothing_is_no_cut_off_body() -> None:
    pages = {"/voice": Page(b"<Response/>"), "/status": Page(b"", 204, headers=(("Content-Encoding", "gzip"),))}
    assert call(Webhook(pages), status_callback="http://127.0.0.1:5000/status").warnings == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BODO.encode("latin-1"), "text/xml; charset=iso-8859-1"),
        (BODO.encode("latin-1"), 'text/xml; charset="ISO-8859-1"'),
        (BODO.encode("latin-1"), "application/xml;version=1;CHARSET=latin1"),
        (BODO.encode("latin-1"), "text/html; charset=iso-8859-1"),
        (BODO.encode("cp865"), "text/xml; charset=cp865"),
        (BODO.encode("utf-16"), "text/xml"),
        (BODO.encode("utf-16-le"), "text/xml; charset=utf-16le"),
        (BODO.encode(), "text/xml"),
        (BODO.encode(), "text/xml; charset=utf8"),
        (BODO.encode("utf-8-sig"), "text/xml; charset=iso-8859-1"),  # the mark goes before the charset
        (BODO.encode("utf-8-sig"), "text/xml; charset=utf-8"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + BODO.encode("latin-1"), "text/xml"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + BODO.encode(), "text/xml; charset=utf-8"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + BODO.encode("latin-1"), "text/xml; charset=iso-8859-1"),
        ("Bodø".encode("latin-1"), "text/plain; charset=iso-8859-1"),
        (BODO.encode("latin-1"), "text/plain; charset=iso-8859-1"),
    ],
)
def test_a_document_is_read_in_the_encoding_that_it_is_said_to_have(body: bytes, kind: str) -> None:
    assert answered(body, kind).heard == ["Bodø"]


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (BODO.encode("latin-1"), "text/xml", "byte 0xF8 is not UTF-8, but neither Content-Type"),
        (BODO.encode("latin-1"), "text/xml; charset=utf-8", "Content-Type says charset=utf-8"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + BODO.encode("latin-1"), "text/xml", "XML declaration says"),
        (BODO.encode("latin-1"), "text/xml; charset=us-ascii", "byte 0xF8 is not us-ascii"),
        (BODO.encode(), "text/xml; charset=no-such", "an encoding that does not exist: charset=no-such"),
        (BODO.encode(), "text/xml; charset=punycode", "an encoding that does not exist: charset=punycode"),
        (BODO.encode(), "text/xml; charset=hex", "an encoding that does not exist: charset=hex"),
        (b"<Response>\n <Say>" + b"\xf8</Say></Response>", "text/xml", "byte 0xF8"),
    ],
)
def test_a_wrong_encoding_is_said_to_be_one(body: bytes, kind: str, words: str) -> None:
    outcome = answered(body, kind)
    assert outcome.warnings == [12100]
    assert words in said(outcome)


def test_a_wrong_encoding_has_a_line_and_a_column() -> None:
    error = answered(b"<Response>\n <Say>Bod\xf8</Say></Response>").events("error")[0]
    assert (error["line"], error["column"]) == (2, 10)


def test_what_is_not_well_formed_is_not_blamed_on_the_encoding() -> None:
    assert "encoding" not in said(answered(BODO.replace("</Say>", "").encode(), "text/xml; charset=utf-8"))
