"""What is wrong is refused by the REST API in Twilio's form, and an application that never ends meets a bound."""

import base64
import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from ivr.base.errors import SimulatorError
from ivr.simulator import Account
from ivr.simulator.account.rest import ROUTES
from ivr.simulator.engine.effects import Fetch, Response
from ivr.simulator.transports import WsgiTransport
from tests.library.apps import Documents

LINE, OTHER = "+4721000000", "+4722000000"
FIELDS = (
    *("To", "From", "Url", "Twiml", "Status", "Method", "Timeout", "TimeLimit", "PageSize", "Page", "StartTime"),
    *("StartTime<", "MachineDetection", "Muted", "Hold", "FriendlyName", "MaxSize", "PhoneNumber", "VoiceUrl"),
    *("Body", "CallSidToCoach", "Coaching", "AnnounceUrl", "StatusCallbackEvent", "SendDigits", "DateSent>"),
    *("ApplicationSid", "AsyncAmd", "Label", "ConferenceStatusCallbackEvent"),
)
VALUES = (
    "",
    "x" * 5000,
    "-1",
    "9" * 30,
    "²",
    "true",
    "completed",
    LINE,
    "http://127.0.0.1:5000/voice",
    "http://[",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "<Response>" * 300,
    "2026-13-45",
    "0000-00-00T99:99:99Z",
    "\x00\r\nX: y",
    "Front",
)


def _account() -> Account:
    account = Account(allow_errors=True)
    account.number(LINE, voice=Documents(voice="<Enqueue>support</Enqueue>"))
    account.call("+4791234567", LINE)
    return account


def _ask(account: Account, method: str, url: str, body: str = "") -> tuple[int, str]:
    login = base64.b64encode(f"{account.sid}:{account.auth_token}".encode()).decode()
    headers = (("Authorization", f"Basic {login}"), ("Content-Type", "application/x-www-form-urlencoded"))
    reply = WsgiTransport(account.rest_app).send(Fetch(method, url, headers, body.encode(), 1.0, 1.0))
    assert isinstance(reply, Response)
    return reply.status, reply.body.decode()


def _filled(pattern: str, account: Account, chance: random.Random) -> str:
    """A path of this route, with sids that are there or not."""
    sids = [account.calls[0].sid, "Front", "CA0", "%", "..", "é", *(queue.sid for queue in account.queues.values())]
    while "(" in pattern:
        before, _, rest = pattern.partition("(?P<")
        pattern = before + quote(chance.choice(sids), safe="") + rest.partition(")")[2]
    return pattern


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_sent_to_the_rest_api_is_answered_in_twilios_form(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's
    account = _account()
    for _ in range(120):
        method, pattern, _ = chance.choice(ROUTES)
        method = chance.choice((method, method, "PUT"))
        path = _filled(pattern, account, chance)
        url = f"https://api.twilio.com/2010-04-01/Accounts/{account.sid}{'/' if path else ''}{path}.json"
        form = urlencode([(chance.choice(FIELDS), chance.choice(VALUES)) for _ in range(chance.randrange(5))])
        status, body = _ask(account, method, url if method == "POST" else f"{url}?{form}", form)
        assert status in (200, 201, 204, 400, 404, 405, 409, 501), (method, url, form, body)
        if status >= 400:
            assert set(json.loads(body)) == {"code", "message", "more_info", "status"}
    account.close()
    assert "Traceback" not in capsys.readouterr().err


def test_a_form_that_is_too_long_and_a_wrong_password_are_refused() -> None:
    account = _account()
    url = f"https://api.twilio.com/2010-04-01/Accounts/{account.sid}/Calls.json"
    assert _ask(account, "POST", url, "Url=" + "x" * 300_000)[0] == 413
    account.rest_app({"REQUEST_METHOD": "GET", "PATH_INFO": "/x", "HTTP_AUTHORIZATION": "Basic !"}, lambda *_: None)
    assert account.rest_log[-1].status == 401


def _calls_itself(place: Callable[[], Any]) -> Any:
    """An application that places a call whenever it is told that one has ended."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/status":
            place()
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [b"<Response><Reject/></Response>"]

    return app


def test_an_application_that_places_a_call_at_the_end_of_each_meets_a_bound() -> None:
    account = Account(allow_errors=True)

    def place() -> None:
        form = urlencode(
            {
                "To": LINE,
                "From": OTHER,
                "Url": "http://127.0.0.1:5000/voice",
                "StatusCallback": "http://127.0.0.1:5000/status",
            }
        )
        _ask(account, "POST", f"https://api.twilio.com/2010-04-01/Accounts/{account.sid}/Calls.json", form)

    account.number(LINE, voice=_calls_itself(place))
    account.number(OTHER)
    place()
    with pytest.raises(SimulatorError, match=r"bound"):
        account.run()
