"""The body of a request, read as the standard library reads it, and bounded."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.base.errors import RequestError
from ivr.line.twilio import parse_form
from ivr.line.twilio.form import MOST_FIELDS


@settings(max_examples=500, deadline=None, derandomize=True)
@given(body=st.text("ab=&%+;2fFæ\x00 ", max_size=40).map(lambda text: text.encode("ascii", "ignore")))
def test_any_body_is_read_as_the_standard_library_reads_it(body: bytes) -> None:
    assert list(parse_form(body).pairs) == parse_qsl(body.decode(), keep_blank_values=True)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(pairs=st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=10))
def test_what_was_encoded_is_decoded(pairs: list[tuple[str, str]]) -> None:
    assert list(parse_form(urlencode(pairs).encode()).pairs) == pairs


def test_empty_and_repeated_fields_are_kept_in_their_order() -> None:
    assert parse_form(b"a=&b=1&a=2&&c").pairs == (("a", ""), ("b", "1"), ("a", "2"), ("c", ""))
    assert parse_form(b"").pairs == ()


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("a=æ".encode(), 403, "a form is ASCII"),
        (b"\xff", 403, "a form is ASCII"),
        (b"&" * MOST_FIELDS, 413, "too many fields"),
    ],
)
def test_bytes_of_no_form_and_too_many_fields_are_refused(body: bytes, status: int, reason: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_form(body)
    assert (caught.value.status, caught.value.reason) == (status, reason)


def test_of_a_repeated_name_the_first_value_counts() -> None:
    assert parse_form(b"a=1&b=2&a=3").by_name() == {"a": "1", "b": "2"}


def test_as_many_fields_as_are_allowed_are_read() -> None:
    assert len(parse_form(b"&".join([b"a=1"] * MOST_FIELDS)).names) == MOST_FIELDS
