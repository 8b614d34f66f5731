"""The account that exists only here: in Twilio's form, printed where people look for it, and accepted by REST."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.base.test_account import ACCOUNT_SID, API_KEY_SECRET, API_KEY_SID, AUTH_TOKEN
from ivr.cli import group
from ivr.simulator import CallPlan, Session
from ivr.simulator.rest import RestApp, RestTransport
from tests.simulator.server import served
from tests.simulator.webhook import URL, webhook

DOCS = Path(__file__).parents[2] / "docs"
SECRET = "a-secret-of-my-own"
MINE = "SK" + "ab" * 16


def test_the_test_account_has_the_form_of_twilios() -> None:
    assert re.fullmatch("AC[0-9a-f]{32}", ACCOUNT_SID)
    assert re.fullmatch("[0-9a-f]{32}", AUTH_TOKEN)
    assert re.fullmatch("SK[0-9a-f]{32}", API_KEY_SID)
    assert re.fullmatch("[0-9A-Za-z]{32}", API_KEY_SECRET)


@pytest.mark.parametrize("page", ["simulator.md", "testing-your-app.md"])
@pytest.mark.parametrize("value", [ACCOUNT_SID, AUTH_TOKEN, API_KEY_SID, API_KEY_SECRET])
def test_the_test_account_stands_in_the_documents(page: str, value: str) -> None:
    assert value in (DOCS / page).read_text("utf-8")


@pytest.mark.parametrize("command", ["call", "load", "phone"])
def test_the_default_token_stands_in_the_help(command: str) -> None:
    printed = CliRunner().invoke(group, [command, "--help"], terminal_width=200).stdout
    assert f"[default: {AUTH_TOKEN}]" in printed


def _call(rest: RestApp, **plan: str) -> Session:
    session = Session(CallPlan(url=URL, **plan))  # type: ignore[arg-type]
    rest.add(session)
    return session


def _with_key(
    rest: RestApp, sid: str = API_KEY_SID, secret: str = API_KEY_SECRET, account: str = ACCOUNT_SID
) -> Client:
    return Client(sid, secret, account, http_client=RestTransport(rest))


def test_an_api_key_finds_and_changes_a_call() -> None:
    rest = RestApp()
    session = _call(rest)
    assert _with_key(rest).calls(session.sid).fetch().sid == session.sid
    assert _with_key(rest).calls(session.sid).update(status="completed").account_sid == ACCOUNT_SID


def test_an_api_key_sends_a_message() -> None:
    rest = RestApp()
    sent = _with_key(rest).messages.create(to="+4791234567", from_="Legevakt", body="Hei")
    assert (sent.account_sid, len(rest.messages)) == (ACCOUNT_SID, 1)


def test_an_api_key_is_for_the_accounts_of_all_calls() -> None:
    rest, other = RestApp(), "AC" + "1" * 32
    session = _call(rest, account_sid=other, auth_token="f" * 32)
    assert _with_key(rest, account=other).calls(session.sid).fetch().account_sid == other
    with pytest.raises(TwilioRestException) as refused:
        _with_key(rest, account="AC" + "2" * 32).calls(session.sid).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


@pytest.mark.parametrize(
    ("sid", "secret"),
    [(API_KEY_SID, "wrong"), (API_KEY_SID, ""), (API_KEY_SID, AUTH_TOKEN), ("SK" + "1" * 32, API_KEY_SECRET)],
)
def test_a_wrong_api_key_is_refused_in_twilios_form(sid: str, secret: str) -> None:
    rest = RestApp()
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Calls/{_call(rest).sid}.json"
    reply = RestTransport(rest).request("GET", url, auth=(sid, secret))
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, 'Basic realm="Twilio API"')
    body = json.loads(reply.text)
    assert (body["code"], body["status"]) == (20003, 401)
    assert body["more_info"] == "https://www.twilio.com/docs/errors/20003"
    assert body["message"] == "Authenticate: wrong API key or secret"


def test_the_api_key_can_be_another_one() -> None:
    rest = RestApp(api_keys={MINE: SECRET})
    session = _call(rest)
    assert _with_key(rest, MINE, SECRET).calls(session.sid).fetch().sid == session.sid
    with pytest.raises(TwilioRestException) as refused:
        _with_key(rest).calls(session.sid).fetch()
    assert refused.value.code == 20003


def _refused(*options: str, **environment: str) -> str:
    with served(webhook(voice="<Hangup/>")) as base:
        arguments = ["call", f"{base}/voice", "--keys", "", "--rest-port", "1", *options]
        result = CliRunner().invoke(group, arguments, env=environment)
    assert result.exit_code == 2
    return result.stderr


def test_an_api_key_of_another_form_or_without_secret_is_said_so() -> None:
    assert "expected SK and 32 hex digits" in _refused("--api-key", "SK1", "--api-secret", "x")
    assert "expected SK and 32 hex digits" in _refused("--api-secret", "x")
    assert "needs its secret" in _refused(TWILIO_API_KEY=MINE)
