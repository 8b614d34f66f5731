"""`ivr twilio configure`: shows the difference, asks, changes exactly that; and every way in which Twilio says no."""

from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from click.testing import CliRunner, Result

from ivr.base.errors import AccountError, SettingsError
from ivr.cli.twilio import twilio as command
from tests.twilio_account.conftest import ACCOUNT_URL, ENVIRONMENT, FRESH, RIGHT, Api, error

LIST = f"{ACCOUNT_URL}/IncomingPhoneNumbers.json"
ELSEWHERE = ("--fallback-url", RIGHT["voice_fallback_url"])


def _run(*arguments: str, answer: str = "", **environment: str) -> Result:
    result = CliRunner().invoke(command, ["configure", *arguments], input=answer, env=ENVIRONMENT | environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _changed(api: Api) -> dict[str, str]:
    """The fields of the one change that was made; {} for none."""
    bodies = [call.request.body for call in api.calls if call.request.method == "POST"]
    assert len(bodies) <= 1
    return {k: v[0] for k, v in parse_qs(str(bodies[0]), keep_blank_values=True).items()} if bodies else {}


def test_the_difference_is_shown_and_exactly_that_is_changed(api: Api) -> None:
    api.has(FRESH)
    api.takes(RIGHT)
    result = _run(*ELSEWHERE, answer="y\n")
    assert result.exit_code == 0, result.output
    assert f"voice_url: {FRESH['voice_url']} -> {RIGHT['voice_url']}" in result.output
    assert f"status_callback: nothing -> {RIGHT['status_callback']}" in result.output
    assert _changed(api) == {
        "VoiceUrl": RIGHT["voice_url"],
        "VoiceFallbackUrl": RIGHT["voice_fallback_url"],
        "StatusCallback": RIGHT["status_callback"],
    }


def test_credentials_are_sent_and_never_shown(api: Api) -> None:
    api.has(FRESH)
    result = _run("--dry-run")
    assert "Basic " in str(api.calls[0].request.headers["Authorization"])
    assert "the-secret" not in result.output


@pytest.mark.parametrize(("arguments", "answer", "code"), [(("--dry-run",), "", 0), ((), "n\n", 1)])
def test_what_is_not_wanted_is_not_changed(arguments: tuple[str, ...], answer: str, code: int, api: Api) -> None:
    api.has(FRESH)
    result = _run(*arguments, answer=answer)
    assert result.exit_code == code
    assert "nothing was changed" in result.output
    assert _changed(api) == {}


def test_a_number_that_is_right_is_left_alone(api: Api) -> None:
    api.has(RIGHT)
    assert "nothing to do" in _run().output
    assert _changed(api) == {}


def test_a_fallback_elsewhere_is_kept_and_the_lines_own_is_noted(api: Api) -> None:
    api.has(FRESH | {"voice_fallback_url": RIGHT["voice_fallback_url"]})
    assert "voice_fallback_url" not in _run("--dry-run").output
    api.reset()
    api.has(FRESH)
    output = _run("--dry-run").output
    assert "voice_fallback_url: nothing -> https://line.example/voice/fallback" in output
    assert "goes down with it" in output


def test_an_application_that_would_outdo_the_urls_is_taken_off(api: Api) -> None:
    api.has(RIGHT | {"voice_application_sid": "AP" + "3" * 32})
    api.takes(RIGHT)
    assert _run("--yes").exit_code == 0
    assert _changed(api) == {"VoiceApplicationSid": ""}


def test_a_number_of_a_trunk_is_refused(api: Api) -> None:
    api.has(FRESH | {"trunk_sid": "TK" + "4" * 32})
    result = _run("--yes")
    assert result.exit_code == 1
    assert "SIP trunk" in result.output
    assert _changed(api) == {}


def test_a_change_that_twilio_did_not_make_is_told(api: Api) -> None:
    api.has(FRESH)
    api.takes(RIGHT | {"status_callback": ""})
    result = _run(*ELSEWHERE, "--yes")
    assert result.exit_code == 1
    assert "other values than requested: status_callback" in result.output


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "auth": (
        error(401, 20003),
        "accept TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN (401, Twilio's error 20003)",
    ),
    "forbidden": (error(403, 20005), "suspended"),
    "not found": (error(404, 20404), "the account does not have it (404, Twilio's error 20404)"),
    "rate": (error(429, 20429), "too many requests (429, Twilio's error 20429); nothing was changed: wait a minute"),
    "fault": (error(503, 20503), "a fault of its own (503, Twilio's error 20503)"),
    "bad": (error(400, 21401), "refuses it (400, Twilio's error 21401): "),
    "not JSON": ({"body": "<html>", "status": 502}, "a fault of its own (502)"),
    "no network": ({"body": requests.ConnectionError("no route to host")}, "cannot be reached (ConnectionError)"),
    "connect timeout": ({"body": requests.ConnectTimeout()}, "did not answer within 10 s"),
    "read timeout": ({"body": requests.ReadTimeout()}, "whether anything was changed is not known: run it again"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_whatever_twilio_refuses_is_said_with_what_to_do(name: str, api: Api) -> None:
    answer, words = REFUSALS[name]
    api.get(LIST, **answer)
    with pytest.raises(AccountError) as caught:
        _run("--yes")
    assert words in str(caught.value)
    assert str(caught.value).startswith("the number: ")
    assert "the-secret" not in str(caught.value)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refused_change_is_said_too(name: str, api: Api) -> None:
    answer, words = REFUSALS[name]
    api.has(FRESH)
    api.post(f"{ACCOUNT_URL}/IncomingPhoneNumbers/PN{'2' * 32}.json", **answer)
    with pytest.raises(AccountError) as caught:
        _run("--yes")
    assert words in str(caught.value)
    assert str(caught.value).startswith("the change: ")


def test_a_number_that_the_account_does_not_have_is_told(api: Api) -> None:
    api.get(LIST, json={"incoming_phone_numbers": []})
    with pytest.raises(AccountError, match=r"has no number \+4721000000"):
        _run("--number", "+4721000000")


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        (
            {"IVR_PROFILE": "simulator", "PUBLIC_BASE_URL": "http://127.0.0.1:5000"},
            "Twilio cannot reach a line on this machine",
        ),
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID must be set"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN must be set"),
        ({"PUBLIC_BASE_URL": "http://line.example"}, "https"),
    ],
)
def test_an_environment_that_does_not_allow_it_is_told_before_anything_is_asked(
    environment: dict[str, str], reason: str, api: Api
) -> None:
    with pytest.raises(SettingsError, match=reason):
        _run(**environment)
    assert not api.calls


def test_an_account_that_is_none_is_told(api: Api) -> None:
    with pytest.raises(AccountError, match="begins with AC"):
        _run(TWILIO_ACCOUNT_SID="SK" + "1" * 32)
    assert not api.calls
