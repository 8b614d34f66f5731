"""An application changes a live call with Twilio's own client: fetch, redirect, complete, and what is refused."""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.base.errors import SimulatorError
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator import CallPlan, Leg, Outcome, Session, WsgiTransport, keys_to_steps, play
from ivr.simulator.engine.effects import Fetch, Happened, Key, Pass, Response
from ivr.simulator.rest import RestApp, RestTransport
from ivr.simulator.rest_messages import Message
from ivr.simulator.transports.wsgi import environ
from tests.simulator.webhook import URL, Webhook, webhook

OTHER = "http://127.0.0.1:5000/other"
GATHER = '<Gather numDigits="1" action="/pressed"><Say>Press one</Say></Gather><Say>Nothing pressed</Say>'
TALK = '<Dial action="/after"><Number statusCallback="/told">+4755568700</Number></Dial>'
LEGS = {"*": Leg.answer(3)}


class Line:
    """A call that is played step by step, and Twilio's client beside it."""

    def __init__(self, app: Webhook, **plan: Any) -> None:
        self.app = app
        self.session = Session(CallPlan(**{"url": URL, "legs": LEGS, **plan}))
        self._transport = WsgiTransport(app)
        rest = RestApp()
        rest.add(self.session)
        self.client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=RestTransport(rest))
        self.call = self.client.calls(self.session.sid)

    def play(self, until: float = 1_000.0) -> None:
        """Send what is to be sent and let time pass, up to the Pass that reaches beyond `until`."""
        while (effect := self.session.effect) is not None:
            if isinstance(effect, Fetch):
                self.session.answer(self._transport.send(effect))
            elif effect.until > until:
                self.session.reached = until
                return
            else:
                self.session.answer(Happened(effect.until))

    @property
    def asked(self) -> list[str]:
        return [asked.target for asked in self.app.asked]

    @property
    def outcome(self) -> Outcome:
        return self.session.outcome()

    def legs(self) -> list[str]:
        return [leg["status"] for leg in self.outcome.events("leg")]


@contextmanager
def refused(code: int, status: int = 400) -> Iterator[pytest.ExceptionInfo[TwilioRestException]]:
    with pytest.raises(TwilioRestException) as raised:
        yield raised
    assert (raised.value.code, raised.value.status) == (code, status)


# Fetch.


def test_a_live_call_is_fetched() -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=0.1)
    found = line.call.fetch()
    assert (found.sid, found.account_sid, found.status) == (line.session.sid, ACCOUNT_SID, "in-progress")
    assert (found._from, found.to, found.direction) == ("+4791234567", "+4721000000", "inbound")
    assert (found.duration, found.end_time, found.parent_call_sid) == (None, None, None)
    assert found.start_time.isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_call_that_is_over_can_still_be_fetched_and_has_a_duration() -> None:
    line = Line(webhook(voice='<Pause length="7"/>'), steps=())
    line.play()
    assert line.call.fetch().status == "completed"
    line = Line(webhook(voice='<Say>Hello</Say><Pause length="7"/>'))
    line.play()
    found = line.call.fetch()
    assert (found.status, found.duration) == ("completed", "7")
    assert found.end_time > found.start_time


def test_a_leg_that_was_dialled_is_fetched_and_names_its_parent() -> None:
    line = Line(webhook(voice=TALK))
    line.play(until=10)
    leg = line.client.calls(line.outcome.events("leg")[0]["sid"]).fetch()
    assert (leg.parent_call_sid, leg.status, leg.direction) == (line.session.sid, "in-progress", "outbound-dial")
    assert leg.to == "+4755568700"


def test_a_call_that_rings_is_ringing() -> None:
    line = Line(webhook(voice='<Pause length="5"/><Say>Hello</Say>'))
    line.play(until=1)
    assert line.call.fetch().status == "ringing"


# Redirect.


def test_a_gather_is_left_for_the_document_at_a_url() -> None:
    line = Line(webhook(voice=GATHER, other="<Say>Moved</Say>"))
    line.play(until=2)
    assert line.call.update(url=OTHER).status == "in-progress"
    line.play()
    assert line.asked == ["/voice", "/other"]
    assert (line.app.asked[1].method, line.app.asked[1].get("CallStatus")) == ("POST", "in-progress")
    assert "Digits" not in dict(line.app.asked[1].fields)
    assert (line.outcome.heard, line.outcome.ended) == (["Press one", "Moved"], "completed")
    assert [event["t"] for event in line.outcome.events("request")] == [0.0, 2.0]
    assert line.outcome.events("request")[1]["purpose"] == "redirect"


def test_the_gather_that_was_left_says_so_and_what_was_pressed() -> None:
    line = Line(webhook(voice=GATHER.replace(' numDigits="1"', ""), other="<Say>Moved</Say>"))
    line.play(until=1)
    line.session.answer(Happened(1.0, Key("7")))
    line.call.update(url=OTHER)
    line.play()
    gather = line.outcome.events("gather")[0]
    assert (gather["digits"], gather["ended_by"]) == ("7", "hangup")
    assert line.asked == ["/voice", "/other"]


def test_the_method_can_be_get() -> None:
    line = Line(webhook(voice=GATHER, other="<Say>Moved</Say>"))
    line.play(until=1)
    line.call.update(url=OTHER, method="GET")
    line.play()
    assert line.app.asked[1].method == "GET"


def test_a_prompt_is_cut_where_the_order_came() -> None:
    line = Line(webhook(voice="<Say>" + "word " * 100 + "</Say>", other="<Say>Moved</Say>"))
    line.play(until=4)
    line.call.update(url=OTHER)
    line.play()
    assert line.outcome.events("say")[0]["until"] == 4.0


def test_inline_twiml_is_executed_and_asks_nobody() -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=1)
    line.call.update(twiml="<Response><Say>Straight in</Say></Response>")
    line.play()
    assert line.asked == ["/voice"]
    assert line.outcome.heard == ["Press one", "Straight in"]


def test_a_bridged_dial_ends_its_leg_and_its_action_is_not_asked() -> None:
    line = Line(webhook(voice=TALK, told="", after="<Say>After</Say>", other="<Say>Moved</Say>"))
    line.play(until=10)
    line.call.update(url=OTHER)
    line.play()
    assert line.legs() == ["initiated", "ringing", "in-progress", "completed"]
    assert line.outcome.events("leg")[-1]["duration"] == 7
    assert line.asked == ["/voice", "/told", "/other"]
    assert line.outcome.heard == ["Moved"]


def test_a_dial_that_still_rings_is_canceled() -> None:
    line = Line(webhook(voice=TALK, told="", other="<Say>Moved</Say>"))
    line.play(until=2)
    line.call.update(twiml="<Response><Say>Moved</Say></Response>")
    line.play()
    assert line.legs() == ["initiated", "ringing", "canceled"]
    assert line.outcome.heard == ["Moved"]


def test_a_record_is_left_and_the_call_stays_in_progress() -> None:
    line = Line(webhook(voice='<Record timeout="0"/>', other="<Say>Moved</Say>"))
    line.play(until=10)
    line.call.update(url=OTHER)
    line.play()
    assert line.app.asked[-1].target == "/other"
    assert line.app.asked[-1].get("CallStatus") == "in-progress"
    assert line.outcome.heard == ["Moved"]


def test_a_call_can_be_redirected_again_and_again() -> None:
    line = Line(webhook(voice=GATHER, other=GATHER))
    for moment in (1, 2, 3):
        line.play(until=moment)
        line.call.update(url=OTHER)
    line.play()
    assert line.asked == ["/voice", "/other", "/other", "/other"]
    assert line.outcome.heard[-1] == "Nothing pressed"


def test_a_document_that_cannot_be_had_leads_to_the_fallback_of_the_order() -> None:
    line = Line(webhook(voice=GATHER, saved="<Say>Saved</Say>"))
    line.play(until=1)
    line.call.update(url="http://127.0.0.1:5000/missing", fallback_url="http://127.0.0.1:5000/saved")
    line.play()
    assert line.asked == ["/voice", "/missing", "/saved"]
    assert line.app.asked[2].get("ErrorCode") == "11217"
    assert line.outcome.heard[-1] == "Saved"


def test_inline_twiml_that_is_no_xml_is_an_error_of_the_call_not_of_the_request() -> None:
    line = Line(webhook(voice=GATHER, saved="<Say>Saved</Say>"), fallback_url="http://127.0.0.1:5000/saved")
    line.play(until=1)
    line.call.update(twiml="<Response><Say>")
    line.play()
    assert (line.outcome.warnings, line.outcome.heard[-1]) == ([12100], "Saved")


def test_what_is_relative_in_inline_twiml_leads_nowhere() -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=1)
    line.call.update(twiml="<Response><Redirect>/other</Redirect></Response>")
    line.play()
    assert (line.outcome.warnings, line.outcome.ended) == ([11100], "failed")


def test_another_origin_is_not_asked() -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=1)
    line.call.update(url="http://127.0.0.1:5999/other")
    line.play()
    assert line.outcome.warnings == [11200]


def test_a_relative_action_in_an_inline_document_is_15004() -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=1)
    line.call.update(twiml='<Response><Gather numDigits="1" actionOnEmptyResult="true" action="/next"/></Response>')
    line.play()
    assert line.outcome.warnings == [15004]


# The end.


@pytest.mark.parametrize(("voice", "at"), [(GATHER, 2), (TALK, 10)], ids=["gather", "bridged"])
def test_a_call_is_completed_and_its_status_callback_is_told(voice: str, at: float) -> None:
    line = Line(webhook(voice=voice, told="", status=""), status_callback="http://127.0.0.1:5000/status")
    line.play(until=at)
    assert line.call.update(status="completed").status in ("completed", "in-progress")
    line.play()
    assert line.call.fetch().status == "completed"
    assert (line.outcome.ended, line.outcome.seconds) == ("completed", float(at))
    assert line.asked[-1] == "/status"
    assert line.app.asked[-1].get("CallDuration") == str(at)
    assert line.legs()[-1:] in ([], ["completed"])
    assert "/after" not in line.asked


def test_the_order_can_name_the_status_callback() -> None:
    line = Line(webhook(voice=GATHER, status=""))
    line.play(until=1)
    line.call.update(status="completed", status_callback="http://127.0.0.1:5000/status")
    line.play()
    assert line.asked == ["/voice", "/status"]


def test_canceled_ends_a_call_that_rings() -> None:
    line = Line(webhook(voice='<Pause length="5"/><Say>Hello</Say>'))
    line.play(until=1)
    assert line.call.update(status="canceled").status == "canceled"
    assert (line.outcome.ended, line.outcome.heard) == ("canceled", [])


def test_canceled_does_not_touch_a_call_in_progress() -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=1)
    assert line.call.update(status="canceled").status == "in-progress"
    line.play()
    assert line.outcome.heard == ["Press one", "Nothing pressed"]


# From inside the application's own webhook.


class Meddler:
    """A webhook that uses Twilio's client while it answers `where`; everywhere when that is ""."""

    def __init__(self, app: Webhook, client: Client, where: str, **update: Any) -> None:
        self.app = app
        self.update = update
        self._client, self._where = client, where

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = self.app(environ, start_response)
        if self._where in ("", environ["PATH_INFO"]):
            asked = self.app.asked[-1]
            self._client.calls(asked.get("ParentCallSid") or asked.get("CallSid")).update(**self.update)
        return body


def played(app: Webhook, where: str, update: dict[str, Any], **plan: Any) -> Outcome:
    rest = RestApp()
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=RestTransport(rest))
    meddler = Meddler(app, client, where, **update)
    return play(CallPlan(**{"url": URL, "legs": LEGS, **plan}), WsgiTransport(meddler), rest=rest)


def test_an_order_from_a_webhook_waits_for_its_answer() -> None:
    app = webhook(voice=GATHER, pressed="<Say>Thank you</Say><Pause/>", other="<Say>Moved</Say>")
    outcome = played(app, "/pressed", {"url": OTHER}, steps=keys_to_steps("1"))
    assert [asked.target for asked in app.asked] == ["/voice", "/pressed", "/other"]
    assert outcome.heard == ["Press one", "Thank you", "Moved"]
    assert [event["until"] - event["t"] for event in outcome.events("say")][1] == 0


def test_an_order_from_a_status_callback_ends_the_talk() -> None:
    voice = TALK.replace('statusCallback="/told"', 'statusCallback="/told" statusCallbackEvent="answered"')
    app = webhook(voice=voice, told="", after="<Say>After</Say>", other="<Say>Moved</Say>")
    outcome = played(app, "/told", {"url": OTHER})
    assert outcome.heard == ["Moved"]
    assert [leg["t"] for leg in outcome.events("leg")] == [0.0, 0.0, 3.0, 3.0]


def test_an_application_that_redirects_its_call_for_ever_is_stopped() -> None:
    app = webhook(voice=GATHER, other=GATHER)
    outcome = played(app, "", {"url": OTHER})
    assert (outcome.ended, outcome.warnings) == ("failed", [0])


# What is refused.


def test_a_call_that_nobody_knows_is_20404() -> None:
    line = Line(webhook(voice=GATHER))
    with refused(20404, 404):
        line.client.calls("CA" + "0" * 32).fetch()
    with refused(20404, 404):
        line.client.calls("CA" + "0" * 32).update(status="completed")


def test_a_wrong_token_is_20003() -> None:
    line = Line(webhook(voice=GATHER))
    rest = RestApp()
    rest.add(line.session)
    with refused(20003, 401):
        Client(ACCOUNT_SID, "wrong", http_client=RestTransport(rest)).calls(line.session.sid).fetch()
    with refused(20003, 401):
        Client("AC" + "1" * 32, AUTH_TOKEN, http_client=RestTransport(rest)).calls(line.session.sid).fetch()


@pytest.mark.parametrize("length", ["", "x", "-1", "9" * 5000])
def test_a_length_that_is_none_is_an_empty_form(length: str) -> None:
    line = Line(webhook(voice=GATHER))
    url = f"http://x/2010-04-01/Accounts/{ACCOUNT_SID}/Calls/{line.session.sid}.json"
    rest = RestApp()
    rest.add(line.session)
    started: list[str] = []
    token = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    headers = (("Authorization", f"Basic {token}"),)
    asked = {**environ(Fetch("POST", url, headers, b"Status=completed", 1, 1)), "CONTENT_LENGTH": length}
    body = b"".join(rest(asked, lambda status, headers: started.append(status)))
    assert (started, json.loads(body)["code"]) == (["400 Bad Request"], 20001)


@pytest.mark.parametrize("header", ["", "Basic", "Basic %%%", "Basic /w==", "Bearer x", "Basic Og=="])
def test_credentials_that_are_none_are_20003(header: str) -> None:
    reply = RestTransport(RestApp()).request(
        "GET", "http://x/2010-04-01/Accounts/A/Calls/C.json", headers={"Authorization": header}
    )
    assert (reply.status_code, json.loads(reply.text)["code"]) == (401, 20003)


def test_one_account_does_not_see_the_calls_of_another() -> None:
    other = "AC" + "1" * 32
    rest = RestApp()
    mine = Session(CallPlan(url=URL))
    rest.add(mine)
    rest.add(Session(CallPlan(url=URL, account_sid=other, auth_token="67890", seed=1)))
    client = Client(other, "67890", http_client=RestTransport(rest))
    with refused(20404, 404):
        client.calls(mine.sid).fetch()
    with refused(20404, 404):
        client.api.v2010.accounts(ACCOUNT_SID).calls(mine.sid).fetch()


def test_a_call_that_is_over_is_21220() -> None:
    line = Line(webhook(voice="<Say>Hello</Say>"))
    line.play()
    for order in ({"url": OTHER}, {"twiml": "<Response/>"}, {"status": "completed"}):
        with refused(21220):
            line.call.update(**order)
    with pytest.raises(SimulatorError):
        line.session.complete()


def test_inline_twiml_of_more_than_4000_characters_is_32018() -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=1)
    empty = "<Response><Say></Say></Response>"
    with refused(32018):
        line.call.update(twiml=empty.replace("><", ">" + "x" * 4000 + "<", 1))
    line.call.update(twiml=empty.replace("Say><", "Say>" + "x" * (4000 - len(empty)) + "<", 1))
    line.play()
    assert line.outcome.heard[-1].startswith("xxx")


@pytest.mark.parametrize(
    ("order", "code", "status"),
    [
        ({"url": "ftp://example.org/x"}, 21205, 400),
        ({"url": "/other"}, 21205, 400),
        ({"url": OTHER, "fallback_url": "nowhere"}, 21205, 400),
        ({"url": OTHER, "method": "PUT"}, 20001, 400),
        ({"status": "busy"}, 20001, 400),
        ({}, 20001, 400),
        ({"url": OTHER, "fallback_method": "GET"}, 0, 501),
        ({"url": OTHER, "time_limit": 30}, 0, 501),
    ],
    ids=str,
)
def test_a_wrong_order_is_refused_and_changes_nothing(order: dict[str, Any], code: int, status: int) -> None:
    line = Line(webhook(voice=GATHER))
    line.play(until=1)
    with refused(code, status):
        line.call.update(**order)
    line.play()
    assert line.asked == ["/voice"]


def test_what_is_not_simulated_says_so() -> None:
    line = Line(webhook(voice=TALK, told=""))
    line.play(until=10)
    with refused(0, 501) as raised:
        line.client.calls.create(to="+4791234567", from_="+4721000000", url=OTHER)
    assert "not simulated" in raised.value.msg
    with refused(0, 501):
        line.client.calls(line.outcome.events("leg")[0]["sid"]).update(status="completed")
    with refused(20004, 405):
        line.call.delete()


def test_an_error_has_the_form_that_twilio_gives_it() -> None:
    token = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Calls/CA1.json"
    reply = RestTransport(RestApp()).request("GET", url, headers={"Authorization": f"Basic {token}"})
    error = json.loads(reply.text)
    assert set(error) == {"code", "message", "more_info", "status"}
    assert (error["more_info"], error["status"]) == ("https://www.twilio.com/docs/errors/20404", 404)
    assert reply.headers["content-type"].startswith("application/json")


# Text messages.


def _client(rest: RestApp) -> Client:
    return Client(ACCOUNT_SID, AUTH_TOKEN, http_client=RestTransport(rest))


@pytest.mark.parametrize("sender", ["+4759440000", "Legevakt", "Legevakt 1"])
def test_a_text_message_is_taken_and_goes_nowhere(sender: str) -> None:
    rest = RestApp()
    heard: list[Message] = []
    rest.on_message = heard.append
    sent = _client(rest).messages.create(to="+4791234567", from_=sender, body="Blåbær")
    assert (sent.status, sent.direction, sent.to, sent.from_, sent.body) == (
        "queued",
        "outbound-api",
        "+4791234567",
        sender,
        "Blåbær",
    )
    assert str(sent.sid).startswith("SM")
    assert rest.messages == heard == [Message("+4791234567", sender, "Blåbær")]


@pytest.mark.parametrize(
    ("fields", "code", "status"),
    [
        ({"to": "91234567"}, 21211, 400),
        ({"to": "+4755123456"}, 21614, 400),
        ({"from_": ""}, 21603, 400),
        ({"from_": "a name that is too long"}, 21212, 400),
        ({"from_": "116117"}, 21212, 400),
        ({"body": ""}, 21602, 400),
        ({"body": "x" * 1601}, 21617, 400),
        ({"status_callback": URL}, 0, 501),
    ],
    ids=str,
)
def test_a_wrong_text_message_is_refused(fields: dict[str, Any], code: int, status: int) -> None:
    rest = RestApp()
    with refused(code, status):
        _client(rest).messages.create(**{"to": "+4791234567", "from_": "Legevakt", "body": "Hello", **fields})
    assert rest.messages == []


def test_a_text_message_needs_the_accounts_credentials() -> None:
    rest = RestApp()
    with refused(20003, 401):
        Client(ACCOUNT_SID, "another", http_client=RestTransport(rest)).messages.create(
            to="+4791234567", from_="Legevakt", body="Hello"
        )
    with refused(0, 501):
        _client(rest).api.accounts("AC" + "9" * 32).messages.create(to="+4791234567", from_="Legevakt", body="Hello")
    assert rest.messages == []


def test_text_messages_cannot_be_listed() -> None:
    with refused(0, 501):
        _client(RestApp()).messages("SM1").fetch()


# The session itself.


def test_a_session_takes_orders_without_any_rest() -> None:
    session = Session(CallPlan(url=URL))
    session.redirect(twiml="<Response><Hangup/></Response>")  # waits: a request is under way
    assert isinstance(session.effect, Fetch)
    session.answer(Response(200, (("content-type", "text/xml"),), b"<Response><Pause/></Response>"))
    assert session.effect is None
    assert session.outcome().ended == "completed"


def test_an_order_takes_effect_at_the_present_pass() -> None:
    session = Session(CallPlan(url=URL))
    session.answer(Response(200, (("content-type", "text/xml"),), b'<Response><Pause length="9"/></Response>'))
    assert session.effect == Pass(9.0)
    session.reached = 4.0
    session.redirect(OTHER)
    assert isinstance(session.effect, Fetch)
    assert (session.effect.url, session.now) == (OTHER, 4.0)
