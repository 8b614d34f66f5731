"""Twilio's two ways to sign, held to the vendor's library: tokens only, shared keys only, both, and a change-over.

The oracle binds each secret to its own hash, as the vendor's middleware does: no header, the auth token and SHA-1; a
header that names HMAC_SHA256, a shared key and SHA-256.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from ivr.line.twilio import FormFields, Signature
from ivr.line.twilio.signature import SETTINGS_HEADER, signature_algorithm

BASE = "https://line.example"
TOKENS, KEYS = ("token-1", "token-2"), ("key-1", "key-2")
SETTINGS = "key=webhooks_sharedkey_01k6f0,algorithm=HMAC_SHA256"
FORM = {"CallSid": "CA1", "Digits": "1", "Empty": ""}
CONFIGURED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "the token only": (TOKENS[:1], ()),
    "shared keys only": ((), KEYS),
    "both": (TOKENS[:1], KEYS[:1]),
    "a change-over": (TOKENS, KEYS),
}
HEADERS = (
    *(None, "", SETTINGS, "key=k,algorithm=hmac_sha256", "algorithm=HMAC_SHA256", " key=k , algorithm = HMAC_SHA256 "),
    *("key=k,algorithm=HMAC_SHA1", "key=k", "key=k,algorithm=", "key=k,algorithm=none", "key=k,algorithm=HMAC_SHA512"),
    *("algorithm=HMAC_SHA1,algorithm=HMAC_SHA256", "algorithm=HMAC_SHA256,algorithm=HMAC_SHA1", "=,=", "æ", "key"),
    "key=k,algorithm=HMAC_SHA256" + " " * 1000,
)


class Sent(NamedTuple):
    target: str
    form: dict[str, str]
    signature: str
    header: str | None


def _requests(count: int) -> Iterator[Sent]:
    """Signed with every secret (and a stranger's) by either hash, under every header; some are changed afterwards."""
    chance = random.Random(116117)  # noqa: S311 - the same thousand each time
    for number in range(count):
        target = chance.choice(("/voice", "/voice/main?t=a%2Bb", "/voice/status", "/voice?x=%C3%85"))
        form = FORM | {f"Field{n}": chance.choice(("", "1", "å", "a b")) for n in range(chance.randrange(5))}
        secret = chance.choice((*TOKENS, *KEYS, "a stranger's"))
        base = chance.choice((BASE, BASE, f"{BASE}:443", "https://other.example"))
        algorithm = chance.choice((HMAC_SHA1, HMAC_SHA256))
        signature = RequestValidator(secret).compute_signature(base + target, form, algorithm)
        if number % 10 == 0:
            form = form | {"Digits": "2"}
        yield Sent(target, form, signature, chance.choice(HEADERS))


def _vendor_takes(sent: Sent, tokens: tuple[str, ...], keys: tuple[str, ...]) -> bool:
    algorithm = get_signature_algorithm(sent.header).upper()
    secrets = {HMAC_SHA1: tokens, HMAC_SHA256: keys}.get(algorithm, ())
    url = BASE + sent.target
    return any(RequestValidator(each).validate(url, sent.form, sent.signature, algorithm) for each in secrets)


@pytest.mark.parametrize("configured", CONFIGURED)
def test_ours_and_the_vendors_validator_agree_on_a_thousand_requests(configured: str) -> None:
    tokens, keys = CONFIGURED[configured]
    mine = Signature(BASE, tokens, keys)
    taken = 0
    for sent in _requests(1000):
        ours = mine.is_valid(sent.target, FormFields.of(sent.form.items()), sent.signature, sent.header)
        theirs = _vendor_takes(sent, tokens, keys)
        assert theirs or not ours, f"taken, and refused by the vendor: {sent}"
        if sent.header is None or signature_algorithm(sent.header) is not None:
            assert ours == theirs, sent
        taken += ours
    assert taken > 20


@pytest.mark.parametrize("algorithm", [HMAC_SHA1, HMAC_SHA256])
@pytest.mark.parametrize("header", [None, "", "key=k", "key=k,algorithm=HMAC_SHA1"])
def test_with_shared_keys_alone_no_header_and_no_weaker_hash_is_a_way_down(header: str | None, algorithm: str) -> None:
    for key in KEYS:
        signature = RequestValidator(key).compute_signature(f"{BASE}/voice", FORM, algorithm)
        assert not Signature(BASE, (), KEYS).is_valid("/voice", FormFields.of(FORM.items()), signature, header)


def test_with_shared_keys_alone_the_weaker_hash_is_refused_under_the_right_header_too() -> None:
    signature = RequestValidator(KEYS[0]).compute_signature(f"{BASE}/voice", FORM, HMAC_SHA1)
    assert not Signature(BASE, (), KEYS).is_valid("/voice", FormFields.of(FORM.items()), signature, SETTINGS)


def test_the_header_never_gives_a_token_the_other_hash() -> None:
    mine = Signature(BASE, TOKENS, KEYS)
    signature = RequestValidator(TOKENS[0]).compute_signature(f"{BASE}/voice", FORM, HMAC_SHA256)
    assert not mine.is_valid("/voice", FormFields.of(FORM.items()), signature, SETTINGS)


@pytest.mark.parametrize("key", KEYS)
def test_either_of_two_shared_keys_is_taken_while_one_is_replaced(key: str) -> None:
    signature = RequestValidator(key).compute_signature(f"{BASE}/voice", FORM, HMAC_SHA256)
    assert Signature(BASE, (), KEYS).is_valid("/voice", FormFields.of(FORM.items()), signature, SETTINGS)


@pytest.mark.parametrize(
    "header",
    ["algorithm=HMAC_SHA256,algorithm=HMAC_SHA256", "HMAC_SHA256", "algorithm=HMAC_SHA256,", "a\nb=c", "x" * 513],
)
def test_a_settings_header_that_is_not_understood_is_refused(header: str) -> None:
    signature = RequestValidator(KEYS[0]).compute_signature(f"{BASE}/voice", FORM, HMAC_SHA256)
    assert signature_algorithm(header) is None
    assert not Signature(BASE, TOKENS, KEYS).is_valid("/voice", FormFields.of(FORM.items()), signature, header)


@pytest.mark.parametrize(("tokens", "keys"), [((), ()), ((), ("",)), (("a",), ("",)), (("",), ("b",))])
def test_an_empty_secret_of_either_kind_is_refused_at_start(tokens: tuple[str, ...], keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="an empty auth token"):
        Signature(BASE, tokens, keys)


def test_the_header_is_called_as_the_vendor_calls_it() -> None:
    assert SETTINGS_HEADER == SIGNATURE_SETTINGS_HEADER
