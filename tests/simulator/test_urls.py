"""Which URLs are asked at all, how they are joined, and what a fragment overrides."""

from urllib.parse import urlencode, urljoin

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.simulator.urls import (
    Overrides,
    UrlError,
    checked,
    encoded,
    origin,
    overrides,
    resolve,
    target,
    with_query,
    without_credentials,
)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "/voice",
        "",
        "http://",
        "http://@127.0.0.1/",
        "http://:secret@127.0.0.1/",
        "http://user@evil@127.0.0.1/",
        "http://evil\\@127.0.0.1/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\n",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        "http://127.0.0.1:0/",
        "http://é..no/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(UrlError):
        checked(url)


@pytest.mark.parametrize("url", ["http://2130706433:5000/", "http://0x7f.1:5000/", "http://127.1:5000/"])
def test_another_spelling_of_an_address_is_another_origin(url: str) -> None:
    assert origin(url) != origin("http://127.0.0.1:5000/")


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://user:secret@h:5000/a@b?c=d@e#f", "http://h:5000/a@b?c=d@e#f"),
        ("https://user@h", "https://h"),
        ("http://h/a@b", "http://h/a@b"),
    ],
)
def test_a_user_name_and_password_can_be_taken_out_of_a_url(url: str, plain: str) -> None:
    assert without_credentials(checked(url)) == plain
    assert origin(url) == origin(plain)
    assert target(url) == target(plain)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://example.org", "http://EXAMPLE.org:80/x?y#z"),
        ("https://example.org/", "https://example.org:443"),
        ("http://[::1]:5000/", "http://[::1]:5000/voice"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, same: str) -> None:
    assert origin(url) == origin(same)


def test_characters_beyond_ascii_are_escaped_and_nothing_else_is_touched() -> None:
    assert checked("http://h/å%c3%A5%7e~'?ø=%zz&+") == "http://h/%C3%A5%c3%A5%7e~'?%C3%B8=%zz&+"


@pytest.mark.parametrize(
    ("reference", "resolved"),
    [
        ("", "http://h:5000/a/b?c=d"),
        ("/x", "http://h:5000/x"),
        ("x?y", "http://h:5000/a/x?y"),
        ("../x", "http://h:5000/x"),
        ("  /x \n", "http://h:5000/x"),
        ("http://other/x", "http://other/x"),
    ],
)
def test_references_are_seen_from_the_document(reference: str, resolved: str) -> None:
    assert resolve("http://h:5000/a/b?c=d", reference) == resolved


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://h", "/"),
        ("http://h?x=1", "/?x=1"),
        ("http://h/a%2Fb?", "/a%2Fb?"),
        ("http://h/a?b=http://c/d", "/a?b=http://c/d"),
    ],
)
def test_the_target_is_the_rest_of_the_url_to_the_letter(url: str, sent: str) -> None:
    assert target(url) == sent


def test_a_gets_parameters_follow_the_query_that_is_there() -> None:
    assert with_query("http://h/a?b=1", "From=%2B47&x=") == "http://h/a?b=1&From=%2B47&x="
    assert with_query("http://h/a", "b=c+d") == "http://h/a?b=c+d"
    assert with_query("http://h/a", "") == "http://h/a"


@pytest.mark.parametrize(
    ("fragment", "read"),
    [
        ("", Overrides()),
        ("rc=3&rp=5xx,rt", Overrides(retries=3, on=frozenset({"5xx", "rt"}))),
        ("rc=9&ct=50&rt=99999&tt=1", Overrides(connect=0.1, read=15.0, total=0.1, retries=5)),
        ("rp=all", Overrides(on=frozenset({"4xx", "5xx", "ct", "rt"}))),
        ("rc=x&section", Overrides()),
    ],
)
def test_a_fragment_overrides_timeouts_and_retries(fragment: str, read: Overrides) -> None:
    assert overrides(f"http://h/#{fragment}") == read


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_url_or_is_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"http://h/{text}"):
        try:
            good = checked(url)
        except UrlError:
            continue
        assert good.isascii()
        assert checked(good) == good


@settings(deadline=None)
@given(st.text())
@example("http://[")
def test_any_reference_is_resolved_or_refused(reference: str) -> None:
    try:
        resolved = resolve("http://h:5000/a/b", reference)
    except UrlError:
        return
    assert checked(resolved) == resolved


BASES = st.sampled_from(["http://h", "http://h/", "HTTP://H:80/a/b?c=d", "https://[::1]:5/x/../y", "http://h?q=/z"])


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(base=BASES, reference=st.text("/a.?=&%~-_+#:;@ Å", min_size=1, max_size=12))
@example(base="http://h/a", reference="/b?")
@example(base="HTTP://H/a", reference="/b")
@example(base="http://h/a", reference="/a/../b?c=d")
@example(base="http://h/a", reference="/a//b?t=x.y-z")
def test_references_are_joined_as_the_standard_library_joins_them(base: str, reference: str) -> None:
    try:
        expected = checked(urljoin(base, reference.strip()) if reference.strip() else base)
    except (UrlError, ValueError):
        with pytest.raises(UrlError):
            resolve(base, reference)
    else:
        assert resolve(base, reference) == expected


@settings(max_examples=500, deadline=None, derandomize=True)
@given(pairs=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12)), max_size=5))
def test_a_form_is_written_as_the_standard_library_writes_it(pairs: list[tuple[str, str]]) -> None:
    assert encoded(pairs) == urlencode(pairs)
