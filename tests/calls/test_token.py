"""The token: the state comes back as it was, for its own call and nobody else's."""

import json

import pytest

from ivr.base.errors import RequestError
from ivr.line.calls.token import _ENTRY_LIMIT, Opened, Tokens, _encode
from ivr.line.flow.state import CallState, Purpose

TOKENS = Tokens("secret")
CALL = TOKENS.call_id("CA" + "1" * 32)
OTHER = TOKENS.call_id("CA" + "2" * 32)
FULL = CallState(
    node="fail",
    language="en",
    attempt=1,
    errors=3,
    place="4601-5003",
    centre="bergen",
    other="voss",
    dialled="voss",
    tried=("bergen", "voss"),
    candidates=("3114", "3419"),
    purpose=Purpose.NUMBER,
    red_flag=True,
    back="main",
)
ODD = [CallState(">" * size + "~?" * 9) for size in range(3)]  # in Base64 with + and /, which a URL cannot have


@pytest.mark.parametrize("state", [CallState("main"), FULL, *ODD])
def test_a_state_comes_back_as_it_was(state: CallState) -> None:
    opened = TOKENS.open(TOKENS.seal(state, CALL, "abc"), (CALL,))
    assert opened is not None
    assert (opened.state, opened.edition, opened.step) == (state, "abc", 0)
    assert type(opened.state.purpose) is Purpose


def test_a_token_tells_how_many_steps_the_call_had_taken() -> None:
    opened = TOKENS.open(TOKENS.seal(FULL, CALL, "abc", 5000), (CALL,))
    assert opened is not None
    assert opened.step == 5000


def test_a_token_that_does_not_tell_its_steps_tells_of_none() -> None:
    opened = TOKENS.open(_sealed({"v": "abc", "c": CALL, "node": "main", "attempt": 0}), (CALL,))
    assert opened == Opened(CallState("main"), "abc", 0)


def test_the_same_state_gives_the_same_token() -> None:
    assert TOKENS.seal(FULL, CALL, "abc") == TOKENS.seal(FULL, CALL, "abc")


@pytest.mark.parametrize("state", [FULL, *ODD])
def test_a_token_is_short_and_safe_in_a_url(state: CallState) -> None:
    token = TOKENS.seal(state, CALL, "abcdef01")
    assert len(token) < 600
    assert len(token.partition(".")[2]) == 22  # 16 bytes
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_token_of_another_call_is_refused_with_403() -> None:
    with pytest.raises(RequestError, match=r"^403 token of another call$") as caught:
        TOKENS.open(TOKENS.seal(FULL, CALL, "abc"), (OTHER,))
    assert caught.value.status == 403


def test_a_token_opens_for_the_leg_that_its_call_dialled() -> None:
    assert TOKENS.open(TOKENS.seal(FULL, CALL, "abc"), (OTHER, CALL)) is not None


@pytest.mark.parametrize("token", ["", ".", "x.y", "a" * 2000, "æ.ø", "e30.e30"])
def test_what_is_not_a_token_is_none(token: str) -> None:
    assert TOKENS.open(token, (CALL,)) is None


def test_a_token_that_was_changed_in_one_place_is_none() -> None:
    token = TOKENS.seal(FULL, CALL, "abc")
    for index in range(0, len(token), 7):
        changed = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
        assert TOKENS.open(changed, (CALL,)) is None


def test_a_token_under_another_secret_is_none() -> None:
    assert TOKENS.open(Tokens("other").seal(FULL, CALL, "abc"), (CALL,)) is None


def test_the_call_id_does_not_tell_the_providers_id() -> None:
    assert "1111" not in CALL
    assert CALL != OTHER
    assert len(TOKENS.call_id("CA" + "3" * 32)) == 12
    assert Tokens("other").call_id("CA" + "1" * 32) != CALL


def test_tokens_need_a_secret() -> None:
    with pytest.raises(ValueError, match=r"^a token needs a secret$"):
        Tokens("")


def _sealed(content: object) -> str:
    """A token of ours with any content: what another version of this program may have written."""
    payload = _encode(json.dumps(content).encode())
    return f"{payload}.{_encode(TOKENS._mac(payload.encode(), 16))}"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"node": 1},
        {"node": "main", "weather": "fine"},
        {"node": "main", "attempt": -1},
        {"node": "main", "attempt": _ENTRY_LIMIT},
        {"node": "main", "attempt": "1e3"},
        {"node": "main", "attempt": True},
        {"node": "main", "red_flag": 1},
        {"node": "main", "language": ["nb"]},
        {"node": "main", "tried": "bergen"},
        {"node": "main", "tried": [1]},
        {"node": "main", "purpose": "fun"},
        {"node": "main", "v": None},
        {"node": "main", "n": "1"},
        {"node": "main", "n": True},
    ],
)
def test_a_value_that_no_call_can_have_is_none(fields: dict[str, object]) -> None:
    assert TOKENS.open(_sealed({"v": "abc", "c": CALL, **fields}), (CALL,)) is None
