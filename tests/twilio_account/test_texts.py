"""One text message through Twilio's API: what is sent, and every way in which it is not, without the phone's number."""

from urllib.parse import parse_qs

import pytest
import requests

from ivr.base.errors import AccountError
from ivr.operations.twilio_account import TwilioAccount
from tests.twilio_account.conftest import ACCOUNT_URL, SID, Api, error

MESSAGES = f"{ACCOUNT_URL}/Messages.json"
PHONE = "+4791234567"


def _send(account: TwilioAccount) -> None:
    account.text("Legevakt", PHONE, "Bl\u00e5b\u00e6r: +47 39 00 00 01")


def test_the_message_is_sent_as_it_is_and_the_client_forgets_it(api: Api) -> None:
    api.post(MESSAGES, json={"sid": "SM1"}, status=201)
    account = TwilioAccount(SID, "the-secret")
    _send(account)
    assert parse_qs(str(api.calls[0].request.body)) == {
        "To": [PHONE],
        "From": ["Legevakt"],
        "Body": ["Bl\u00e5b\u00e6r: +47 39 00 00 01"],
    }
    assert PHONE not in repr(vars(account._http))


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 21211), (400, 21408), (400, 21606), (400, 21612), (400, 21614), (401, 20003), (429, 20429), (500, 20500)],
)
def test_a_refusal_tells_twilios_number_and_not_its_words(status: int, code: int, api: Api) -> None:
    answer = error(status, code)
    answer["json"]["message"] = f"The 'To' number {PHONE} is not reachable"
    api.post(MESSAGES, **answer)
    with pytest.raises(AccountError) as raised:
        _send(TwilioAccount(SID, "the-secret"))
    assert str(raised.value) == f"Twilio's error {code}"


def test_an_answer_that_is_no_json_tells_its_status(api: Api) -> None:
    api.post(MESSAGES, body="<html>", status=502)
    with pytest.raises(AccountError, match="Twilio's error 502"):
        _send(TwilioAccount(SID, "the-secret"))


@pytest.mark.parametrize("fault", [requests.exceptions.ConnectTimeout, requests.exceptions.ConnectionError])
def test_a_way_that_is_cut_tells_how(fault: type[Exception], api: Api) -> None:
    api.post(MESSAGES, body=fault(f"to {PHONE}"))
    with pytest.raises(AccountError) as raised:
        _send(TwilioAccount(SID, "the-secret"))
    assert str(raised.value) == f"api.twilio.com: {fault.__name__}"
