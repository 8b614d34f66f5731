"""The account's webhook rules: which signing is in force at each URL of the line, and whether the line takes it."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from ivr.base.test_account import AUTH_TOKEN
from ivr.cli.twilio import twilio as command
from ivr.operations.twilio_account import CheckState, Secrets, TwilioAccount, Webhooks, examine, signing
from tests.serve.server import Server, serving
from tests.twilio_account.conftest import BASE, ENVIRONMENT, FRESH, NUMBER, RIGHT, SID, Api, error

WEBHOOKS = "https://webhooks.twilio.com/v1/Webhooks"
KEY = "a-shared-key-0123456789"
TOKEN_ONLY, KEYS_ONLY = Secrets(("token",)), Secrets((), (KEY,), ("webhooks_sharedkey_1",))
BOTH = Secrets(("token",), (KEY,))
SIGNED = {"type": "SHARED_KEY", "sharedKeyId": "webhooks_sharedkey_1", "algorithm": "HMAC_SHA256"}
NOBODY = {"source": "INLINE", "value": {"scheme": "NONE"}}


def _rule(kind: str, url: str = "", *settings: str, name: str = "mine") -> dict[str, Any]:
    named = {"EXACT_MATCH": {"value": url}, "PREFIX_MATCH": {"prefix": url}}.get(kind, {})
    shares = [{"settingId": each, "percentage": 100 // len(settings)} for each in settings]
    return {"id": "webhooks_rule_1", "friendlyName": name, "matchType": kind, "settings": shares} | named


def _has(api: Api, rules: list[dict[str, Any]], **settings: dict[str, Any]) -> None:
    api.get(f"{WEBHOOKS}/Rules", json={"meta": {"key": "rules"}, "rules": rules})
    for name, setting in settings.items():
        api.get(f"{WEBHOOKS}/Settings/{name}", json={"id": name, "auth": NOBODY} | setting)


def _signing(secrets: Secrets) -> tuple[str, str]:
    state, words = signing(TwilioAccount(SID, "secret"), BASE, secrets)
    return state.value, words


def test_without_rules_the_auth_token_signs(api: Api) -> None:
    _has(api, [])
    assert _signing(TOKEN_ONLY) == ("fine", "Twilio signs with the auth token (HMAC_SHA1)")
    state, words = _signing(KEYS_ONLY)
    assert state == "fault"
    assert "no rule matches it, so Twilio signs with the auth token, and the line takes shared keys alone" in words


def test_a_rule_that_signs_with_a_shared_key_is_told_and_needs_the_key(api: Api) -> None:
    _has(api, [_rule("PREFIX_MATCH", f"{BASE}/", "signed")], signed={"signature": SIGNED})
    words = "Twilio signs with shared key webhooks_sharedkey_1 (HMAC_SHA256, rule 'mine')"
    assert _signing(KEYS_ONLY) == ("fine", words)
    assert _signing(BOTH) == ("fine", words)
    assert "and the line has none: TWILIO_SHARED_KEYS" in _signing(TOKEN_ONLY)[1]
    other = Secrets((), (KEY,), ("webhooks_sharedkey_2",))
    assert "signs with webhooks_sharedkey_1, which TWILIO_SHARED_KEYS does not name" in _signing(other)[1]


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [
        (_rule("EXACT_MATCH", f"{BASE}/voice", "signed"), "/voice/main: no rule matches it"),
        (_rule("PREFIX_MATCH", f"{BASE}/voice/", "signed"), "/voice: no rule matches it"),
        (_rule("PREFIX_MATCH", f"{BASE}/other/", "signed"), "/voice/status: no rule matches it"),
    ],
)
def test_a_rule_that_leaves_urls_of_the_line_out_would_lose_calls(rule: Any, left_out: str, api: Api) -> None:
    _has(api, [rule], signed={"signature": SIGNED})
    state, words = _signing(KEYS_ONLY)
    assert state == "fault"
    assert left_out in words
    assert _signing(BOTH)[0] == "fine"


def test_the_exact_rule_goes_before_the_longest_prefix_and_that_before_the_default(api: Api) -> None:
    rules = [
        _rule("DEFAULT", "", "plain", name="default"),
        _rule("PREFIX_MATCH", f"{BASE}/", "plain", name="short"),
        _rule("PREFIX_MATCH", f"{BASE}/voice/", "signed", name="long"),
        _rule("EXACT_MATCH", f"{BASE}/voice", "signed", name="exact"),
        _rule("EXACT_MATCH", f"{BASE}/voice/status", "signed", name="status"),
    ]
    _has(api, rules, plain={"signature": None}, signed={"signature": SIGNED})
    assert _signing(KEYS_ONLY)[0] == "fine"
    assert "'long'" in _signing(KEYS_ONLY)[1]


def test_a_rule_that_splits_between_two_settings_needs_both(api: Api) -> None:
    _has(api, [_rule("DEFAULT", "", "plain", "signed")], plain={}, signed={"signature": SIGNED})
    assert _signing(BOTH)[0] == "fine"
    assert _signing(KEYS_ONLY)[0] == _signing(TOKEN_ONLY)[0] == "fault"


def test_a_shared_key_with_the_weaker_hash_is_a_fault(api: Api) -> None:
    _has(api, [_rule("DEFAULT", "", "weak")], weak={"signature": SIGNED | {"algorithm": "HMAC_SHA1"}})
    assert "signs with HMAC_SHA1; the line takes HMAC_SHA256" in _signing(BOTH)[1]


@pytest.mark.parametrize(
    ("scheme", "secrets", "state", "words"),
    [
        ("BASIC", Secrets(("t",), basic=(("u", "p"),)), "fine", "Twilio signs"),
        ("DIGEST", Secrets(("t",), basic=(("u", "p"),)), "fault", "asks for BASIC, and Twilio sends DIGEST"),
        ("NONE", Secrets(("t",), digest=(("u", "p"),)), "fault", "asks for DIGEST, and Twilio sends nobody"),
        ("OAUTH2", Secrets(("t",)), "warning", "by OAUTH2, which the line does not look at"),
    ],
)
def test_http_authentication_must_be_what_the_line_asks_for(
    scheme: str, secrets: Secrets, state: str, words: str, api: Api
) -> None:
    auth = {"source": "INLINE", "value": {"scheme": scheme}}
    _has(api, [_rule("DEFAULT", "", "named")], named={"auth": auth})
    found = _signing(secrets)
    assert found[0] == state
    assert words in found[1]


def test_times_of_a_rule_are_a_warning_because_they_go_before_those_of_the_url(api: Api) -> None:
    _has(api, [_rule("DEFAULT", "", "slow")], slow={"connection": {"totalTimeoutMs": 60_000}})
    assert _signing(TOKEN_ONLY)[0] == "warning"
    assert "sets its own times, which go before #ct=2000" in _signing(TOKEN_ONLY)[1]


def test_rules_that_cannot_be_read_are_a_warning(api: Api) -> None:
    api.get(f"{WEBHOOKS}/Rules", **error(403, 20003))
    assert _signing(TOKEN_ONLY)[0] == "warning"


def test_configure_says_how_twilio_signs_and_changes_nothing_that_would_be_refused(api: Api) -> None:
    api.has(FRESH)
    _has(api, [_rule("DEFAULT", "", "signed")], signed={"signature": SIGNED})
    arguments = ["configure", "--fallback-url", RIGHT["voice_fallback_url"], "--yes"]
    result = CliRunner().invoke(command, arguments, env=ENVIRONMENT)
    assert result.exit_code == 1
    assert "signing: Twilio signs with shared key webhooks_sharedkey_1" in result.output
    assert "nothing was changed" in result.output
    assert not [call for call in api.calls if call.request.method == "POST"]


def test_without_the_auth_token_an_api_key_asks_twilio(api: Api) -> None:
    api.has(RIGHT)
    _has(api, [_rule("DEFAULT", "", "signed")], signed={"signature": SIGNED})
    keys = {
        "TWILIO_AUTH_TOKEN": "",
        "TWILIO_SHARED_KEYS": KEY,
        "SECRET_KEY": "0123456789abcdefghij0123456789abcdefghij",
    }
    api_key = {"TWILIO_API_KEY": "SK" + "5" * 32, "TWILIO_API_SECRET": "an-api-secret-0123456789"}
    result = CliRunner().invoke(command, ["configure"], env=ENVIRONMENT | keys | api_key)
    assert result.exit_code == 0, result.output
    assert _user(api) == "SK" + "5" * 32
    without = CliRunner().invoke(command, ["configure"], env=ENVIRONMENT | keys)
    assert "TWILIO_API_KEY and TWILIO_API_SECRET must be set" in str(without.exception)


def _user(api: Api) -> str:
    header = str(api.calls[0].request.headers["Authorization"])
    return b64decode(header.removeprefix("Basic ")).decode().partition(":")[0]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    environment = {"TWILIO_SHARED_KEYS": f"webhooks_sharedkey_1:{KEY}", "TWILIO_WEBHOOK_DIGEST": "twilio:the-password"}
    with serving(log=tmp_path_factory.mktemp("log") / "server.log", **environment) as server:
        yield server


def test_the_doctor_signs_and_names_itself_as_twilio_does(keyed: Server, api: Api) -> None:
    wanted = Webhooks(keyed.base, f"{keyed.base}/voice/fallback")
    right = Secrets((), (KEY,), digest=(("twilio", "the-password"),))
    checks = {check.about: check for check in examine(TwilioAccount(SID, "secret"), NUMBER, wanted, right)}
    assert checks["unsigned"].state is CheckState.FINE
    assert checks["signed"].state is CheckState.FINE, checks["signed"].words
    for wrong, words in (
        (Secrets((AUTH_TOKEN,)), "with auth token 1 of 1"),
        (Secrets((), ("another",), digest=right.digest), "with shared key 1 of 1"),
        (Secrets((), (KEY,)), "asks for another user or password"),
    ):
        found = {check.about: check for check in examine(TwilioAccount(SID, "secret"), NUMBER, wanted, wrong)}["signed"]
        assert found.state is CheckState.FAULT
        assert words in found.words
