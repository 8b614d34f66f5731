"""Updates over REST act at a moment that a scenario says, and stand in trace and transcript."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator import Call, CallPlan, HangUp, Hear, Outcome, Press, RealPace, Wait, WsgiTransport, play
from ivr.simulator.account.scenario_play import load_any
from ivr.simulator.expectations import failures
from ivr.simulator.plan import AwaitUpdate, Step
from ivr.simulator.report import transcript
from ivr.simulator.rest import RestApp, RestTransport
from ivr.simulator.rest_server import RestServer
from tests.account.scenario_files import client_of, played, prepared
from tests.account.scenario_files import failures as failures_of
from tests.library.apps import Documents

URL = "http://127.0.0.1:5000/voice"
MENU = '<Gather numDigits="1" action="/next" timeout="60"><Say>Please wait</Say></Gather><Redirect>/voice</Redirect>'


class Application(Documents):
    """Answers, and after `seconds` of real time changes each call whose `path` was asked, from a thread of its own.
    None: within the request."""

    def __init__(self, client: Client, path: str, seconds: float | None, **documents: str) -> None:
        super().__init__(**{"voice": MENU, "moved": "<Say>You were moved</Say>", **documents})
        self._client, self._path, self._seconds = client, path, seconds
        self.threads: list[threading.Thread] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        answer = super().__call__(environ, start_response)
        if environ["PATH_INFO"] == self._path:
            sid = dict(self.asked[-1][1])["CallSid"] if isinstance(self.asked[-1], tuple) else ""
            self._update(sid)
        return answer

    def _update(self, sid: str) -> None:
        def update() -> None:
            time.sleep(self._seconds or 0.0)
            self._client.calls(sid).update(url="http://127.0.0.1:5000/moved")

        if self._seconds is None:
            update()
        else:
            self.threads.append(threading.Thread(target=update))
            self.threads[-1].start()


def _played(seconds: float | None, *steps: Step, path: str = "/voice") -> Outcome:
    rest = RestApp()
    app = Application(Client(ACCOUNT_SID, AUTH_TOKEN, http_client=RestTransport(rest)), path, seconds)
    outcome = play(CallPlan(url=URL, steps=steps, seed=0), WsgiTransport(app), rest=rest)
    for thread in app.threads:
        thread.join()
    return outcome


def _at(outcome: Outcome) -> list[float]:
    return [event["t"] for event in outcome.trace if event["event"] == "update"]


@pytest.mark.parametrize("seconds", [None, 0.0, 0.1])
def test_an_update_acts_where_the_step_stands_whenever_it_has_come(seconds: float | None) -> None:
    outcome = _played(seconds, Wait(7), AwaitUpdate(), Hear("you were moved"))
    assert failures(outcome) == []
    assert _at(outcome) == [7.0]
    assert "00:07.0  update  by the application: http://127.0.0.1:5000/moved" in map(str, transcript(outcome.trace))


def test_without_a_step_an_update_within_a_request_acts_when_the_answer_is_in() -> None:
    outcome = _played(None, Hear("you were moved"))
    assert _at(outcome) == [0.0]


def test_the_request_stands_before_the_update_in_trace_and_transcript() -> None:
    outcome = _played(0.05, Wait(2), AwaitUpdate())
    names = [event["event"] for event in outcome.trace]
    asked = outcome.trace[names.index("rest")]
    assert names[names.index("rest") + 1] == "update"
    assert (asked["method"], asked["status"]) == ("POST", 200)
    assert asked["params"] == {"Url": "http://127.0.0.1:5000/moved"}
    (line,) = [str(line) for line in transcript(outcome.trace) if "REST" in line.text]
    assert line == f"00:02.0  REST    POST {asked['path']} 200"
    assert [event for event in outcome.trace if event["event"] != "response"] == [
        event for event in _played(0.2, Wait(2), AwaitUpdate()).trace if event["event"] != "response"
    ]


def test_requests_that_change_nothing_stand_in_the_trace_too() -> None:
    rest = RestApp()
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=RestTransport(rest))

    class Asks(Documents):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            answer = super().__call__(environ, start_response)
            client.messages.create(to="+4791234567", from_="+4721000000", body="hello")
            with pytest.raises(TwilioRestException):
                client.calls("CA" + "0" * 32).fetch()
            with pytest.raises(TwilioRestException):
                client.calls(self.fields("/voice")["CallSid"]).update(status="late")
            client.calls(self.fields("/voice")["CallSid"]).fetch()
            return answer

    outcome = play(CallPlan(url=URL), WsgiTransport(Asks(voice="<Hangup/>")), rest=rest)
    told = [(event["method"], event["status"]) for event in outcome.trace if event["event"] == "rest"]
    assert told == [("POST", 201), ("POST", 400), ("GET", 200)]


def test_a_step_whose_update_never_comes_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.simulator.player.PATIENCE", 0.05)
    outcome = _played(0.0, AwaitUpdate(), Press("1"), path="/nowhere")
    assert failures(outcome)[0].startswith(
        "step update: true: the application has not changed the call over REST within"
    )
    alone = play(CallPlan(url=URL, steps=(AwaitUpdate(),)), WsgiTransport(Documents(voice=MENU)))
    assert failures(alone)[0].startswith("step update: true: the application has not changed the call over REST;")


def test_a_call_of_a_test_obeys_a_server_for_another_process() -> None:
    rest = RestServer()
    try:
        client = Client(ACCOUNT_SID, AUTH_TOKEN)
        client.api.base_url = rest.url
        with Call(Documents(voice=MENU, moved="<Say>You were moved</Say>"), rest=rest) as call:
            sid = call.trace[0]["sid"]
            call.wait(3)
            client.calls(sid).update(url="http://127.0.0.1:5000/moved")
            call.wait_for_update()
            assert call.heard("you were moved")
            assert _at(call._outcome) == [3.8]  # the prompt, which plays at once, and 3 s
    finally:
        rest.close()


def test_in_real_time_an_update_acts_at_once_in_the_middle_of_a_silence() -> None:
    rest = RestServer()
    try:
        client = Client(ACCOUNT_SID, AUTH_TOKEN)
        client.api.base_url = rest.url
        app = Application(client, "/voice", 0.3, voice="<Pause length='3600'/>", moved="<Hangup/>")
        outcome = play(CallPlan(url=URL), WsgiTransport(app), pace=RealPace(), rest=rest)
        app.threads[0].join()
    finally:
        rest.close()
    (at,) = _at(outcome)
    assert 0.2 < at < 5


def test_a_scenario_file_waits_for_an_update(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(f"call: {{url: '{URL}'}}\nsteps: [{{update: true}}, {{hang_up: true}}]\n", "utf-8")
    assert load_any(file).plan.steps == (AwaitUpdate(), HangUp())


def test_in_an_account_time_passes_until_the_update_has_come(tmp_path: Path) -> None:
    text = """
        numbers: {"+4721000000": {voice_url: "http://127.0.0.1:5000/voice"}}
        calls: [{from: "+4791111111", to: "+4721000000", steps: [{update: true}, {hear: "you were moved"}]}]
        triggers: [{at: 30, request: "POST http://127.0.0.1:5000/button"}]
        expect: {max_seconds: {end: 33}}
    """
    account = prepared(tmp_path, text)
    client = client_of(account)

    class Moves(Documents):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            if environ["PATH_INFO"] == "/button":
                client.calls(self.fields("/voice")["CallSid"]).update(url="http://127.0.0.1:5000/moved")
            return super().__call__(environ, start_response)

    app = Moves(voice=MENU, moved="<Say>You were moved</Say>", button="")
    assert failures_of(played(account, app)) == []
