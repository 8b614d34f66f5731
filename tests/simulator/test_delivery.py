"""How requests reach an application: public addresses of one on this machine, shared keys, times of a webhook rule.

Twilio's own library says whether a signature is right.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from twilio.request_validator import RequestValidator, get_signature_algorithm

from ivr.base.clock import ManualClock
from ivr.base.errors import DefinitionError, SimulatorError
from ivr.base.test_account import AUTH_TOKEN
from ivr.cli.call import call as call_command
from ivr.cli.simulate import simulate
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import Account, Call, CallPlan, WsgiTransport, play
from ivr.simulator.account.scenario_play import load_any
from ivr.simulator.delivery import SETTINGS_HEADER, Delivery, connection, shared_key
from ivr.simulator.public_urls import connected_to, parsed, public_url, published
from ivr.simulator.urls import UrlError
from tests.library.apps import Documents
from tests.media.bot import running
from tests.simulator.server import served
from tests.simulator.webhook import Asked, Page, Webhook, webhook

PUBLIC = "https://line.example"
MENU = {
    "voice": f'<Gather numDigits="1" action="{PUBLIC}/next"><Say>Press 1</Say></Gather>',
    "next": "<Say>Goodbye</Say><Redirect>http://elsewhere.example/</Redirect>",
}
KEY = "webhooks_sharedkey_1=the-secret-of-the-key"


@pytest.fixture(scope="module")
def app() -> Webhook:
    return webhook(**MENU)


@pytest.fixture(scope="module")
def local(app: Webhook) -> Iterator[str]:
    with served(app) as base:
        yield base


def _is_signed(asked: Asked, base: str, secret: str, algorithm: str = "HMAC_SHA1") -> bool:
    signature = asked.headers["x-twilio-signature"]
    return bool(
        RequestValidator(secret).validate(f"{base}{asked.target}", dict(asked.fields), signature, algorithm=algorithm)
    )


# Public addresses.


@pytest.mark.parametrize("named", [PUBLIC, "the local address"])
def test_requests_name_and_are_signed_for_the_public_address_and_go_to_the_local_one(
    app: Webhook, local: str, named: str
) -> None:
    app.asked.clear()
    url = f"{named if named == PUBLIC else local}/voice"
    ran = CliRunner().invoke(call_command, [url, "--keys", "1", "--public-url", f"{PUBLIC}={local}"])
    assert f"{PUBLIC}/voice" in ran.stdout
    assert "hears   [en-US] Goodbye" in ran.stdout
    assert [asked.target for asked in app.asked] == ["/voice", "/next"]
    for asked in app.asked:
        assert asked.headers["host"] == "line.example"
        assert (asked.headers["x-forwarded-proto"], asked.headers["x-forwarded-host"]) == ("https", "line.example")
        assert _is_signed(asked, PUBLIC, AUTH_TOKEN)


def test_another_address_is_still_not_asked(local: str) -> None:
    ran = CliRunner().invoke(call_command, [f"{local}/voice", "--keys", "1", "--public-url", f"{PUBLIC}={local}"])
    assert "http://elsewhere.example:80 is not asked" in ran.stdout


def test_a_scenario_may_name_public_addresses(app: Webhook, local: str, tmp_path: Path) -> None:
    app.asked.clear()
    one = f'call: {{url: "{PUBLIC}/voice", public_urls: {{"{PUBLIC}": "{local}"}}}}\nsteps: [{{press: "1"}}]\n'
    several = (
        f'numbers: {{"+4721000000": {{voice_url: "{PUBLIC}/voice"}}}}\npublic_urls: {{"{PUBLIC}": "{local}"}}\n'
        'calls: [{from: "+4791234567", to: "+4721000000", steps: [{press: "1"}]}]\nexpect: {warnings: [11200]}\n'
    )
    (tmp_path / "one.yaml").write_text(f"{one}expect: {{warnings: [11200], ended: failed}}\n", "utf-8")
    (tmp_path / "several.yaml").write_text(several.replace("}]}]", "}], expect: {ended: failed}}]"), "utf-8")
    ran = CliRunner().invoke(simulate, [str(tmp_path)])
    assert "2 of 2 scenarios held" in ran.stdout, ran.stdout
    assert [_is_signed(asked, PUBLIC, AUTH_TOKEN) for asked in app.asked] == [True] * 4


def test_an_application_in_a_test_may_be_public_too() -> None:
    app = Documents(voice=f'<Gather numDigits="1" action="{PUBLIC}/next"><Say>Press 1</Say></Gather>', next="")
    with closing(Account(public_urls={PUBLIC: "http://127.0.0.1:5000"})) as account:
        account.number("+4721000000", voice=app)
        caller = account.call("+4791234567", "+4721000000")
        caller.press("1")
        assert [request.url for request in caller.requests] == [f"{PUBLIC}/voice", f"{PUBLIC}/next"]


def test_a_stream_goes_to_the_local_address_too() -> None:
    with running() as bot:
        local = f"http://127.0.0.1:{bot.port}"
        voice = '<Connect><Stream url="wss://line.example/media"/></Connect>'
        with Call(
            Documents(voice=voice), base_url="http://127.0.0.1:5000", public_urls={PUBLIC: local}, play_on=False
        ) as call:
            call.wait(1)
            started = [event for event in call.trace if event["event"] == "stream"]
        assert (started[0]["status"], started[0]["url"]) == ("started", "wss://line.example/media")
    headers = bot.headers
    signature = headers["X-Twilio-Signature"]
    assert headers["Host"] == "line.example"
    assert RequestValidator(AUTH_TOKEN).validate("wss://line.example/media", {}, signature)


@pytest.mark.parametrize(
    "wrong", ["https://line.example", "line.example=http://127.0.0.1:1", f"{PUBLIC}=http://a/path"]
)
def test_a_wrong_public_address_is_refused(wrong: str) -> None:
    with pytest.raises(UrlError):
        parsed(wrong)
    ran = CliRunner().invoke(call_command, ["http://127.0.0.1:9/voice", "--keys", "", "--public-url", wrong])
    assert ran.exit_code == 2


def test_only_urls_of_these_addresses_are_moved() -> None:
    known = (public_url(PUBLIC, "http://127.0.0.1:3000"),)
    assert published("http://127.0.0.1:3000/voice?a=1", known) == f"{PUBLIC}/voice?a=1"
    assert published("http://127.0.0.1:3001/voice", known) == "http://127.0.0.1:3001/voice"
    assert connected_to("https://LINE.example:443/voice", known) == "http://127.0.0.1:3000"
    assert connected_to("http://line.example/voice", known) == ""


def test_a_403_speaks_of_the_users_own_application() -> None:
    outcome = play(CallPlan(url=f"{PUBLIC}/voice"), WsgiTransport(Webhook({"/voice": Page(b"", 403)})))
    (error,) = outcome.events("error")
    assert "your application must build the same from the URL that it was asked at" in error["message"]
    assert "PUBLIC_BASE_URL" not in error["message"]


# Shared keys.


def test_a_shared_key_signs_with_sha256_and_says_so(app: Webhook, local: str) -> None:
    app.asked.clear()
    CliRunner().invoke(call_command, [f"{local}/voice", "--keys", "", "--shared-key", KEY])
    (asked,) = app.asked
    settings = asked.headers[SETTINGS_HEADER.lower()]
    assert settings == "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    assert get_signature_algorithm(settings) == "HMAC_SHA256"
    assert _is_signed(asked, local, "the-secret-of-the-key", "HMAC_SHA256")
    assert not _is_signed(asked, local, AUTH_TOKEN)


LINE = {"clock": ManualClock(datetime(2026, 3, 4, 20, tzinfo=UTC)), "sink": lambda *_: None}
SECRET = "k" * 32


@pytest.mark.parametrize(
    ("tokens", "keys", "key", "status"),
    [
        ((), (SECRET,), f"webhooks_sharedkey_1={SECRET}", 200),
        ((), (SECRET,), "", 403),
        ((), ("l" * 32, SECRET), f"webhooks_sharedkey_2={SECRET}", 200),
        ((AUTH_TOKEN,), (), f"webhooks_sharedkey_1={SECRET}", 403),
        ((AUTH_TOKEN,), (SECRET,), "", 200),
        ((AUTH_TOKEN,), (SECRET,), f"webhooks_sharedkey_1={SECRET}", 200),
        ((), (SECRET,), f"webhooks_sharedkey_1={AUTH_TOKEN}", 403),
    ],
)
def test_the_line_takes_what_the_simulator_signs(
    tokens: tuple[str, ...], keys: tuple[str, ...], key: str, status: int
) -> None:
    line = create_app(Settings(auth_tokens=tokens, shared_keys=keys), **LINE)  # type: ignore[arg-type]
    with Call(line, shared_key=key, auth_token=AUTH_TOKEN, allow_errors=True) as call:
        assert call.requests[0].status == status


def test_a_scenario_and_an_account_sign_with_a_shared_key(app: Webhook, local: str, tmp_path: Path) -> None:
    app.asked.clear()
    (tmp_path / "one.yaml").write_text(f'call: {{url: "{local}/voice", shared_key: "{KEY}"}}\n', "utf-8")
    CliRunner().invoke(simulate, [str(tmp_path / "one.yaml")])
    with closing(Account(shared_key=KEY, allow_origins=[local])) as account:
        account.number("+4721000000", voice=f"{local}/voice")
        account.call("+4791234567", "+4721000000")
        account.wait(1)
    signed = [_is_signed(asked, local, "the-secret-of-the-key", "HMAC_SHA256") for asked in app.asked]
    assert signed == [True] * len(app.asked)
    assert len(signed) > 1


@pytest.mark.parametrize("wrong", ["", "secret", "=secret", "name=", "na me=secret"])
def test_a_wrong_shared_key_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="NAME=KEY"):
        shared_key(wrong)


def test_a_shared_key_is_in_no_text_of_the_plan() -> None:
    assert "the-secret" not in repr(CallPlan(url=PUBLIC, delivery=Delivery(shared_key=shared_key(KEY))))


# Times and retries of a rule.


def test_the_settings_of_a_rule_go_before_those_of_the_url() -> None:
    app = Documents(voice="<Say>Hello</Say>")
    with Call(app, path="/missing#rc=3&rp=4xx", allow_errors=True) as call:
        assert len(call.requests) == 4
    with Call(app, path="/missing#rc=3&rp=4xx", connection="rc=1&rp=4xx", allow_errors=True) as call:
        assert len(call.requests) == 2


@pytest.mark.parametrize("wrong", ["rc", "rc=2;rt=3", "speed=2", "rc=many", "ct=-1", "rt=1.5", "rp=never", "e=nowhere"])
def test_wrong_settings_are_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected ct|retry policy|edge location"):
        connection(wrong)
    with pytest.raises(SimulatorError):
        Account(connection=wrong)
    file = tmp_path / "case.yaml"
    file.write_text(f'call: {{url: "{PUBLIC}/voice", connection: "{wrong}"}}\n', "utf-8")
    with pytest.raises(DefinitionError, match=r"case.yaml:1:"):
        load_any(file)
