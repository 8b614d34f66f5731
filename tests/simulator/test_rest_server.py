"""Twilio's own client changes calls over a loopback port, as an application in another process would."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.cli.transport import rest_server
from ivr.simulator import CallPlan, HttpTransport, WsgiTransport, keys_to_steps, play
from ivr.simulator.phone import call_by_hand
from ivr.simulator.rest_server import RestServer
from ivr.simulator.trace import Event
from tests.simulator.server import served
from tests.simulator.test_cli import run_call
from tests.simulator.test_rest import GATHER, Meddler
from tests.simulator.webhook import URL, webhook

HOUR_OF_SILENCE = '<Say>Please wait</Say><Pause length="3600"/><Say>Still there</Say>'


@contextmanager
def serving() -> Iterator[tuple[RestServer, Client]]:
    rest = RestServer()
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=TwilioHttpClient(pool_connections=False))
    client.api.base_url = rest.url
    try:
        yield rest, client
    finally:
        rest.close()


def test_an_application_in_another_process_redirects_its_call() -> None:
    app = webhook(voice=GATHER, pressed="<Say>Thank you</Say>", other="<Say>Moved</Say>")
    with serving() as (rest, client):
        meddler = Meddler(app, client, "/pressed")
        with served(meddler) as base:  # type: ignore[arg-type]
            meddler.update["url"] = f"{base}/other"
            outcome = play(CallPlan(url=f"{base}/voice", steps=keys_to_steps("1")), HttpTransport(), rest=rest)
    assert outcome.heard == ["Press one", "Thank you", "Moved"]


@pytest.mark.parametrize("update", [{"twiml": "<Response><Say>Moved</Say></Response>"}, {"status": "completed"}])
def test_an_order_ends_the_waiting_of_a_person_at_a_terminal_at_once(update: dict[str, str]) -> None:
    controller, terminal = os.openpty()
    orders: list[threading.Thread] = []

    def show(event: Event) -> None:
        if event["event"] == "call":
            sids.append(event["sid"])
        if event["event"] == "pause" and not orders:
            orders.append(threading.Thread(target=lambda: client.calls(sids[0]).update(**update)))
            orders[-1].start()

    sids: list[str] = []
    app = webhook(voice=HOUR_OF_SILENCE)
    with serving() as (rest, client):
        try:
            outcome = call_by_hand(CallPlan(url=URL, speech_rate=6000), WsgiTransport(app), terminal, show, rest)
        finally:
            for order in orders:
                order.join()
            os.close(controller)
            os.close(terminal)
    assert outcome.ended == "completed"
    assert outcome.heard == (["Please wait", "Moved"] if "twiml" in update else ["Please wait"])
    assert outcome.seconds < 60


def test_a_call_that_is_over_cannot_be_changed() -> None:
    with serving() as (rest, client):
        outcome = play(CallPlan(url=URL), WsgiTransport(webhook(voice="<Hangup/>")), rest=rest)
        sid = outcome.trace[0]["sid"]
        assert client.calls(sid).fetch().status == "completed"
        with pytest.raises(TwilioRestException) as refused:
            client.calls(sid).update(status="completed")
    assert refused.value.code == 21220


def test_the_command_answers_rest_calls_on_the_port_that_it_was_given() -> None:
    rest = RestServer()  # a port that is free, and then is not
    port = rest.url.rpartition(":")[2]
    taken = run_call(URL, "--keys", "", "--rest-port", port)
    rest.close()
    assert taken.exit_code == 2
    assert f"--rest-port {port}" in taken.output

    asked: dict[str, Any] = {}

    class Asking(Meddler):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            body = self.app(environ, start_response)
            asked["status"] = client.calls(self.app.asked[-1].get("CallSid") or "").fetch().status
            return body

    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=TwilioHttpClient(pool_connections=False))
    client.api.base_url = f"http://127.0.0.1:{port}"
    with served(Asking(webhook(voice="<Hangup/>"), client, "")) as base:  # type: ignore[arg-type]
        result = run_call(f"{base}/voice", "--keys", "", "--rest-port", port, "--auth-token", AUTH_TOKEN)
    assert result.exit_code == 0, result.output
    assert asked == {"status": "ringing"}
    assert f"http://127.0.0.1:{port}" in result.stderr


def test_a_text_message_is_printed_while_a_call_is_played(capsys: pytest.CaptureFixture[str]) -> None:
    with rest_server(0) as server:
        assert server is not None
        client = Client(ACCOUNT_SID, AUTH_TOKEN)
        client.api.base_url = server.url
        client.messages.create(to="+4791234567", from_="Legevakt", body="Hello")
    assert "text message from Legevakt: Hello\n" in capsys.readouterr().err
