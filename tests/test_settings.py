"""The environment: what may start, and every reason why not, at once."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.base.errors import SettingsError
from ivr.base.test_account import PUBLIC_SECRETS
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Profile, Settings, read_settings

PUBLIC = {
    "PUBLIC_BASE_URL": "https://line.example",
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_PHONE_NUMBER": "+4739009999",
}
CHECKLIST = """\
clinical_owner: A. Doctor
directory_verified_on: 2026-03-01
fallback_tested_on: 2026-03-02
signed_by: B. Operator
signed_on: 2026-03-03
"""


def _reasons(**environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    return str(caught.value)


def test_without_any_environment_it_is_the_simulator_on_loopback() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert (settings.profile, settings.base_url) == (Profile.SIMULATOR, "http://127.0.0.1:5000")


def test_the_port_is_part_of_the_default_address() -> None:
    assert read_settings({"PORT": "8080"}).base_url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000", "https://127.9.9.9"]
)
def test_the_simulator_runs_on_any_loopback_address(url: str) -> None:
    assert read_settings({"PUBLIC_BASE_URL": url}).base_url == url


@pytest.mark.parametrize("url", ["https://line.example", "http://10.0.0.1:5000", "http://127.0.0.1.example"])
def test_the_simulator_refuses_an_address_that_others_reach(url: str) -> None:
    assert "stays on this machine" in _reasons(PUBLIC_BASE_URL=url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1",
        "127.0.0.1:5000",
        "http://u:p@127.0.0.1",
        "http://127.0.0.1:x",
        "http://127.0.0.1?a",
        "http://[",
    ],
)
def test_a_base_url_that_is_none_is_refused(url: str) -> None:
    assert "PUBLIC_BASE_URL is" in _reasons(PUBLIC_BASE_URL=url)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "５０００"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert "PORT is" in _reasons(PORT=port)


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    assert "must be one of simulator, practice, live" in _reasons(IVR_PROFILE="prod")


def test_a_practice_line_needs_a_token_a_number_and_https() -> None:
    reasons = _reasons(IVR_PROFILE="practice", PUBLIC_BASE_URL="http://line.example")
    assert "TWILIO_AUTH_TOKEN" in reasons
    assert "TWILIO_PHONE_NUMBER" in reasons
    assert "needs the https URL" in reasons


def test_a_practice_line_takes_its_practice_number() -> None:
    settings = read_settings(PUBLIC | {"IVR_PROFILE": "practice", "IVR_PRACTICE_NUMBER": "+4739009999"})
    assert str(settings.practice_number) == "+4739009999"


@pytest.mark.parametrize("number", ["113", "+46701234567", "39009999"])
def test_a_practice_number_that_is_not_norwegian_is_refused(number: str) -> None:
    assert "IVR_PRACTICE_NUMBER must be" in _reasons(**PUBLIC, IVR_PROFILE="practice", IVR_PRACTICE_NUMBER=number)


def test_live_needs_everything_and_says_so_at_once() -> None:
    reasons = _reasons(IVR_PROFILE="live")
    for name in ("PUBLIC_BASE_URL", "TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_PHONE_NUMBER"):
        assert name in reasons
    assert "IVR_DIRECTORY must name" in reasons
    assert "IVR_CHECKLIST must name" in reasons


def _live(tmp_path: Path, checklist: str) -> dict[str, str]:
    (tmp_path / "checklist.yaml").write_text(checklist, "utf-8")
    more = {"IVR_PROFILE": "live", "TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "IVR_DIRECTORY": str(tmp_path)}
    return PUBLIC | more | {"IVR_CHECKLIST": str(tmp_path / "checklist.yaml")}


def test_live_with_a_signed_checklist_may_start(tmp_path: Path) -> None:
    assert read_settings(_live(tmp_path, CHECKLIST)).profile is Profile.LIVE


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("A. Doctor", '""', "clinical_owner is not filled in"),
        ("signed_by: B. Operator\n", "", "signed_by is not filled in"),
        ("2026-03-02", "soon", "line 3: fallback_tested_on must be a date"),
        (CHECKLIST, "- signed\n", "clinical_owner is not filled in"),
        (CHECKLIST, "a: a\na: b\n", "key 'a' again"),
    ],
)
def test_live_with_an_unsigned_checklist_may_not(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert reason in _reasons(**_live(tmp_path, CHECKLIST.replace(old, new)))


def test_the_bundled_directory_can_never_go_live() -> None:
    with pytest.raises(SettingsError, match="every number sourced and verified"):
        create_app(replace(Settings(), profile=Profile.LIVE))


def test_a_file_that_is_not_there_is_named() -> None:
    assert "IVR_FLOW: there is no" in _reasons(IVR_FLOW="/nowhere/flow.yaml")


def test_secrets_are_not_shown() -> None:
    settings = read_settings({"TWILIO_AUTH_TOKEN": "first-token, next-token", "SECRET_KEY": "hidden-key"})
    assert settings.auth_tokens == ("first-token", "next-token")
    assert "token" not in repr(settings).replace("auth_tokens", "")
    assert "hidden-key" not in repr(settings)


def test_call_tokens_have_a_secret_even_where_none_is_set() -> None:
    assert Settings().token_secret
    assert Settings().token_secret != Settings().auth_tokens[0]
    assert Settings(secret_key="own").token_secret == "own"


def test_records_are_off_in_the_simulator_and_in_a_file_of_the_users_state_elsewhere() -> None:
    practice = {"IVR_PROFILE": "practice", **PUBLIC}
    assert read_settings({}).database_url == ""
    assert read_settings({**practice, "XDG_STATE_HOME": "/s"}).database_url == "sqlite:////s/ivr-116117/records.sqlite3"
    assert read_settings(practice).database_url.endswith("/.local/state/ivr-116117/records.sqlite3")
    assert read_settings({**practice, "DATABASE_URL": "off"}).database_url == ""


@pytest.mark.parametrize(
    "url", ["sqlite:///r.sqlite3", "postgresql://u:p@h/d", "postgres://h/d", "postgresql+psycopg://h/d"]
)
def test_a_database_of_either_kind_may_be_named(url: str) -> None:
    assert read_settings({"DATABASE_URL": url}).database_url == url


def test_another_database_is_refused_without_repeating_its_url() -> None:
    reasons = _reasons(DATABASE_URL="mysql://u:secret@h/d")
    assert "DATABASE_URL must begin with sqlite:///" in reasons
    assert "secret" not in reasons


@pytest.mark.parametrize("days", ["0", "-1", "1097", "a month", "٣"])
def test_a_retention_that_is_none_is_refused(days: str) -> None:
    assert "IVR_RETENTION_DAYS" in _reasons(IVR_RETENTION_DAYS=days)


def test_records_are_kept_for_thirty_days_or_as_set() -> None:
    assert read_settings({}).retention_days == 30
    assert read_settings({"IVR_RETENTION_DAYS": "7"}).retention_days == 7


def test_a_console_needs_a_hash_that_is_one_and_a_key_for_its_sessions() -> None:
    assert "`ivr console password` makes one" in _reasons(IVR_CONSOLE_PASSWORD_HASH="hunter2", SECRET_KEY="k" * 32)
    assert "at least 32 characters" in _reasons(IVR_CONSOLE_PASSWORD_HASH="scrypt:1:1:1$a$b")
    assert "at least 32 characters" in _reasons(IVR_CONSOLE_PASSWORD_HASH="scrypt:1:1:1$a$b", SECRET_KEY="k" * 31)
    settings = read_settings({"IVR_CONSOLE_PASSWORD_HASH": "scrypt:1:1:1$a$b", "SECRET_KEY": "k" * 32})
    assert "scrypt" not in repr(settings)
    assert "kkkk" not in repr(settings)


TEXTING = PUBLIC | {"IVR_PROFILE": "practice", "TWILIO_ACCOUNT_SID": "AC" + "1" * 32}


@pytest.mark.parametrize("sender", ["+4759440000", "Legevakt", "116 117 NO", "A"])
def test_text_messages_are_on_where_a_sender_is_named(sender: str) -> None:
    assert read_settings({}).text_sender == ""
    assert read_settings(TEXTING | {"IVR_TEXT_SENDER": sender}).text_sender == sender


@pytest.mark.parametrize("sender", ["116117", "4759440000", "Legevakt Bergen", "Øvingslinje", "+47", "Lege-vakt"])
def test_a_sender_that_is_none_is_refused(sender: str) -> None:
    assert "IVR_TEXT_SENDER must be a number of the account" in _reasons(**TEXTING, IVR_TEXT_SENDER=sender)


def test_a_public_line_that_sends_text_messages_needs_the_account() -> None:
    reasons = _reasons(**PUBLIC, IVR_PROFILE="practice", IVR_TEXT_SENDER="Legevakt")
    assert "TWILIO_ACCOUNT_SID must be set in the profile practice for IVR_TEXT_SENDER" in reasons


def test_in_the_simulator_a_text_message_stays_on_this_machine() -> None:
    assert "TWILIO_API_URL must be set in the profile simulator" in _reasons(IVR_TEXT_SENDER="Legevakt")
    api = {"IVR_TEXT_SENDER": "Legevakt", "TWILIO_API_URL": "http://127.0.0.1:8081"}
    assert read_settings(api).api_url == "http://127.0.0.1:8081"
    for url in ("https://api.twilio.com", "127.0.0.1:8081", "http://127.0.0.1.example"):
        assert "it must be a loopback address" in _reasons(**api | {"TWILIO_API_URL": url})


def test_a_public_line_asks_twilio_itself() -> None:
    assert "is for the profile simulator" in _reasons(**TEXTING, TWILIO_API_URL="http://127.0.0.1:8081")


def test_text_messages_with_a_flow_that_sends_none_are_refused(tmp_path: Path) -> None:
    shutil.copytree(bundled("call_flows"), tmp_path / "flow")
    file = tmp_path / "flow" / "legevakt.yaml"
    text = file.read_text("utf-8")
    start, end = text.index("  send_number:"), text.index("  abroad:\n    type: menu")
    offer = text.index("    text_message:")
    without = text[:offer] + text[text.index("\n", offer) + 1 : start] + text[end:]
    file.write_text(re.sub("^  send_number: .*\n", "", without, flags=re.MULTILINE), "utf-8")
    with pytest.raises(SettingsError, match="has no node of the type send_number"):
        create_app(Settings(flow=file, text_sender="Legevakt", api_url="http://127.0.0.1:9"))


TOKEN, KEY, SECRET = "0123456789abcdef" * 2, "ab12cd34ef56gh78", "0123456789abcdefghij" * 2
PRACTICE = PUBLIC | {"IVR_PROFILE": "practice", "SECRET_KEY": SECRET}


def test_shared_keys_are_several_with_or_without_their_ids() -> None:
    given = {"TWILIO_SHARED_KEYS": f"webhooks_sharedkey_1:{KEY}, {KEY}:next"}
    settings = read_settings(PRACTICE | given)
    assert settings.shared_keys == (KEY, f"{KEY}:next")
    assert settings.shared_key_ids == ("webhooks_sharedkey_1",)
    assert KEY not in repr(settings)
    assert "an id has no secret" in _reasons(**PRACTICE | {"TWILIO_SHARED_KEYS": "webhooks_sharedkey_1"})


def test_with_shared_keys_no_auth_token_is_needed_and_none_is_made_up() -> None:
    alone = {name: value for name, value in PRACTICE.items() if name != "TWILIO_AUTH_TOKEN"}
    settings = read_settings(alone | {"TWILIO_SHARED_KEYS": KEY})
    assert (settings.auth_tokens, settings.api_login) == ((), None)
    assert read_settings({"TWILIO_SHARED_KEYS": KEY}).auth_tokens == ()
    assert read_settings({"TWILIO_SHARED_KEYS": KEY}).token_secret
    assert "TWILIO_AUTH_TOKEN must be set in the profile practice, or TWILIO_SHARED_KEYS" in _reasons(**alone)


def test_with_shared_keys_the_secret_of_the_calls_is_set_apart_because_keys_change() -> None:
    reasons = _reasons(**PUBLIC, IVR_PROFILE="practice", TWILIO_SHARED_KEYS=KEY)
    assert "SECRET_KEY must be set with TWILIO_SHARED_KEYS" in reasons


@pytest.mark.parametrize("name", ["TWILIO_WEBHOOK_BASIC", "TWILIO_WEBHOOK_DIGEST"])
def test_users_and_passwords_are_read_in_pairs(name: str) -> None:
    settings = read_settings(PRACTICE | {name: f"twilio:{KEY},twilio:{KEY}:2"})
    assert (settings.basic or settings.digest) == (("twilio", KEY), ("twilio", f"{KEY}:2"))
    for wrong in ("twilio", ":secret", "twilio:", 'a"b:secret', "æ:secret"):
        assert f"{name} must be user:password" in _reasons(**{name: wrong})


def test_an_api_key_comes_with_its_secret() -> None:
    pair = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": KEY}
    assert read_settings(PRACTICE | pair).api_login == ("SK1", KEY)
    for wrong in ({"TWILIO_API_KEY": "SK1"}, {"TWILIO_API_SECRET": KEY}, pair | {"TWILIO_API_KEY": "AC1"}):
        assert "must be set together" in _reasons(**PRACTICE | wrong)


WEAK = ["x", "x" * 40, "abcabcabcabcabcabc", "ab12cd34ef56gh7", "ab12cd34ef56gh7æ", *sorted(PUBLIC_SECRETS)]


@pytest.mark.parametrize("weak", WEAK)
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("TWILIO_AUTH_TOKEN", "{}"),
        ("TWILIO_AUTH_TOKEN", TOKEN + ",{}"),
        ("TWILIO_SHARED_KEYS", "{}"),
        ("TWILIO_SHARED_KEYS", "webhooks_sharedkey_1:{}"),
        ("TWILIO_WEBHOOK_BASIC", "twilio:{}"),
        ("TWILIO_WEBHOOK_DIGEST", "twilio:{}"),
        ("TWILIO_API_SECRET", "{}"),
        ("SECRET_KEY", "{}"),
    ],
)
def test_a_weak_secret_of_any_kind_is_refused_on_a_line_that_others_reach(name: str, form: str, weak: str) -> None:
    given = PRACTICE | {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": KEY, name: form.format(weak)}
    reasons = _reasons(**given)
    assert f"{name} is too weak to be a secret" in reasons or f"{name} must be user:password" in reasons
    assert weak == "x" or weak not in reasons


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "TWILIO_SHARED_KEYS", "SECRET_KEY"])
def test_the_simulator_takes_any_secret(name: str) -> None:
    assert read_settings({name: "x"}).profile is Profile.SIMULATOR


def test_text_messages_need_somebody_who_may_send_them() -> None:
    given = {"TWILIO_SHARED_KEYS": KEY, "SECRET_KEY": SECRET, "TWILIO_AUTH_TOKEN": "", "IVR_TEXT_SENDER": "Legevakt"}
    assert "TWILIO_API_KEY or TWILIO_AUTH_TOKEN must be set for IVR_TEXT_SENDER" in _reasons(**TEXTING | given)
