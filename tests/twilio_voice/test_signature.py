"""Twilio's signature over the exact URL and every field: B01-B24 in their parts that need no server."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.line.twilio import FormFields, Signature

BASE = "https://line.example"
TOKEN = "12345"
FORM = {"CallSid": "CA1", "Digits": "1", "Empty": ""}


def _mine(base: str = BASE, *tokens: str) -> Signature:
    return Signature(base, tokens or [TOKEN])


def _signed(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, form))


def _is_valid(target: str, form: dict[str, str], header: str | None, signature: Signature | None = None) -> bool:
    return (signature or _mine()).is_valid(target, FormFields.of(form.items()), header)


def test_what_twilio_signed_is_valid() -> None:
    assert _is_valid("/voice", FORM, _signed(f"{BASE}/voice", FORM))


@pytest.mark.parametrize("header", [None, "", "æ", "x" * 10_000, "mJXBVpkMGbmWcfhlcz3jQbvGqSA="])
def test_a_missing_or_made_up_signature_is_not_valid(header: str | None) -> None:
    assert not _is_valid("/voice", FORM, header)


@pytest.mark.parametrize(
    "url", ["http://line.example/voice", f"{BASE}/other", f"{BASE}/voice?", f"{BASE}/voice/", f"{BASE}/voice#rc=2"]
)
def test_a_signature_for_another_url_is_not_valid(url: str) -> None:
    assert not _is_valid("/voice", FORM, _signed(url, FORM))


@pytest.mark.parametrize(
    "form",
    [
        {**FORM, "More": "1"},
        {"CallSid": "CA1", "Empty": ""},
        {**FORM, "Digits": "1 "},
        {"CallSid": "CA1", "Digits": "1"},
    ],
)
def test_a_field_more_less_or_trimmed_is_not_valid(form: dict[str, str]) -> None:
    if form == {"CallSid": "CA1", "Digits": "1"}:
        # An empty field adds its name to what is signed, so dropping it breaks the signature.
        assert not _is_valid("/voice", form, _signed(f"{BASE}/voice", FORM))
    assert not _is_valid("/voice", form, _signed(f"{BASE}/voice", FORM))


@pytest.mark.parametrize("url", ["https://line.example:443/voice", "https://line.example/voice"])
def test_the_default_port_may_be_signed_or_not(url: str) -> None:
    assert _is_valid("/voice", FORM, _signed(url, FORM))


@pytest.mark.parametrize(
    ("base", "signed"),
    [
        ("http://127.0.0.1:5000", "http://127.0.0.1/voice"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000/voice"),
        ("http://[::1]:5000", "http://[::1]/voice"),
        ("https://line.example/prefix/", "https://line.example/prefix/voice"),
        ("https://line.example:8443/prefix/", "https://line.example/prefix/voice"),
        ("https://line.example:8443/prefix/", "https://line.example:8443/prefix/voice"),
        ("https://LINE.example/", "https://LINE.example/voice"),
    ],
)
def test_a_port_a_prefix_and_an_ipv6_address_are_kept(base: str, signed: str) -> None:
    assert _is_valid("/voice", FORM, _signed(signed, FORM), _mine(base))


def test_the_raw_target_is_signed_as_it_is() -> None:
    target = "/voice?x=%C3%85&y=%7E&z=%2F&plus=a+b"
    assert _is_valid(target, FORM, _signed(BASE + target, FORM))


def test_either_of_two_tokens_is_accepted_while_one_is_replaced() -> None:
    both = _mine(BASE, "old", "new")
    for token in ("old", "new"):
        assert _is_valid("/voice", FORM, _signed(f"{BASE}/voice", FORM, token), both)


@pytest.mark.parametrize("tokens", [[], [""], ["a", ""]])
def test_an_empty_token_is_refused_at_start(tokens: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^an empty auth token would accept"):
        Signature(BASE, tokens)


def test_fields_that_cannot_be_signed_are_not_valid_and_do_not_raise() -> None:
    assert not _is_valid("/voice", {"CallSid": "\ud800"}, "x" * 28)
    assert not _is_valid("/voice\ud800", FORM, "x" * 28)


NAMES = st.text(max_size=12)
TARGETS = st.text("/?&=%+abzÅ~'.:@", max_size=20).map(lambda text: f"/voice{text}")


@settings(max_examples=500, deadline=None, derandomize=True)
@given(target=TARGETS, pairs=st.lists(st.tuples(NAMES, st.text(max_size=20)), max_size=8))
def test_the_vendors_library_signs_what_we_accept(target: str, pairs: list[tuple[str, str]]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(BASE + target, MultiDict(pairs))
    mine = _mine()
    assert mine.is_valid(target, FormFields.of(pairs), signature)
    assert not mine.is_valid(target, FormFields.of([*pairs, ("More", "1")]), signature)
    assert not mine.is_valid(f"{target}x", FormFields.of(pairs), signature)


def test_the_example_of_the_vendors_documentation_is_valid() -> None:
    """twilio.com/docs/usage/security, and the same in the tests of the vendor's library."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    mine = Signature("https://mycompany.com", ["12345"])
    assert _is_valid("/myapp.php?foo=1&bar=2", fields, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", mine)
