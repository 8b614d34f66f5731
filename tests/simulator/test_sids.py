"""Every call has its own sids, and they are the same whenever the same calls are made again."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator import Call, CallPlan, Leg, Outcome, Session, WsgiTransport, play
from ivr.simulator.load import DEFAULT_MIX, Job, load_mix
from ivr.simulator.rest import RestApp, RestTransport
from tests.simulator.server import served
from tests.simulator.webhook import URL, Webhook, webhook

SID = re.compile(r"(?:CA|RE|CF)[0-9a-f]{32}")
EVERYTHING = {
    "voice": '<Record action="/dial" timeout="0" maxLength="1"/>',
    "dial": '<Dial record="true" action="/meet"><Number statusCallback="/told">+4755568700</Number></Dial>',
    "meet": "<Dial><Conference>room</Conference></Dial>",
    "told": "",
}


def _sids(app: Webhook) -> set[str]:
    """Every sid of a call, leg, recording or conference that the application was told."""
    return {sid for asked in app.asked for _, value in asked.fields for sid in SID.findall(value)}


def _tokens(app: Webhook) -> set[str]:
    return {asked.headers["i-twilio-idempotency-token"] for asked in app.asked}


def test_two_calls_of_one_process_share_no_sid_and_no_token() -> None:
    first, second = webhook(**EVERYTHING), webhook(**EVERYTHING)
    for app in (first, second):
        play(CallPlan(url=URL, legs={"*": Leg.answer(1, talk=2)}), WsgiTransport(app))
    assert len(_sids(first)) >= 4
    assert not _sids(first) & _sids(second)
    assert not _tokens(first) & _tokens(second)


def test_calls_as_objects_share_no_sid() -> None:
    app = webhook(voice="<Hangup/>")
    for _ in range(5):
        Call(app)
    assert len({asked.get("CallSid") for asked in app.asked}) == 5


def test_two_calls_of_one_process_are_two_calls_of_the_rest_server() -> None:
    rest = RestApp()
    first, second = (Session(CallPlan(url=URL, from_=number)) for number in ("+4791111111", "+4792222222"))
    rest.add(first)
    rest.add(second)
    url = "https://api.twilio.com/2010-04-01/Accounts/{}/Calls/{}.json"
    account = (ACCOUNT_SID, AUTH_TOKEN)
    found = [
        RestTransport(rest).request("GET", url.format(ACCOUNT_SID, sid), auth=account)
        for sid in (first.sid, second.sid)
    ]
    assert [json.loads(reply.text)["from"] for reply in found] == ["+4791111111", "+4792222222"]


def test_the_same_seed_name_and_number_are_the_same_call() -> None:
    def sid(**plan: Any) -> str:
        return Session(CallPlan(url=URL, **plan)).sid

    assert sid(seed=3, name="a", number=2) == sid(seed=3, name="a", number=2)
    others = {sid(seed=3, name="a", number=1), sid(seed=4, name="a", number=2), sid(seed=3, name="b", number=2)}
    assert len(others | {sid(seed=3, name="a", number=2)}) == 4
    assert sid(seed=3) == sid(seed=3, number=1)


def test_a_queue_has_one_sid_in_all_calls_of_the_account() -> None:
    told = []
    for _ in range(2):
        outcome: Outcome = play(
            CallPlan(url=URL, legs={"queue:support": Leg.answer(1, talk=1)}),
            WsgiTransport(webhook(voice='<Enqueue action="/done" waitUrl="">support</Enqueue>', done="")),
        )
        told.append(next(event["params"]["QueueSid"] for event in outcome.events("request") if event["n"] == 2))
    assert told[0] == told[1]
    assert re.fullmatch("QU[0-9a-f]{32}", told[0])


SCENARIO = """
name: {name}
call: {{url: "http://127.0.0.1/voice"}}
steps: [{{hang_up: true}}]
"""


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.yaml").write_text(SCENARIO.format(name=name), "utf-8")
    return tmp_path


def _simulated(folder: Path, base: str, *files: str, seed: int = 0) -> bytes:
    """The trace of a run in a process of its own, without what a machine's speed decides."""
    trace = folder / "trace.jsonl"
    paths = [str(folder / file) for file in files] or [str(folder)]
    command = [sys.executable, "-m", "ivr", "simulate", *paths, "--url", f"{base}/voice", "--trace", str(trace)]
    subprocess.run([*command, "--seed", str(seed)], capture_output=True, timeout=120, check=True)
    return re.sub(rb'"ms":[0-9.e-]+', b'"ms":0', trace.read_bytes())


def _call_sids(trace: bytes) -> list[str]:
    return [event["sid"] for event in map(json.loads, trace.splitlines()) if event["event"] == "call"]


def test_the_calls_of_one_run_differ_and_a_second_run_is_the_same_to_the_byte(scenarios: Path) -> None:
    with served(webhook(voice="<Pause/>")) as base:
        first, second = (_simulated(scenarios, base) for _ in range(2))
        other = _simulated(scenarios, base, seed=1)
    assert len(set(_call_sids(first))) == 3
    assert first == second
    assert not set(_call_sids(first)) & set(_call_sids(other))


def test_a_scenario_has_the_same_sids_alone_and_among_others_and_a_second_time_has_its_own(scenarios: Path) -> None:
    with served(webhook(voice="<Pause/>")) as base:
        alone = _call_sids(_simulated(scenarios, base, "two.yaml"))
        twice = _call_sids(_simulated(scenarios, base, "one.yaml", "two.yaml", "two.yaml"))
    assert twice[1] == alone[0]
    assert len(set(twice)) == 3


def test_the_calls_of_a_load_test_differ_and_are_the_same_for_the_same_seed() -> None:
    def sids() -> list[str]:
        job = Job(CallPlan(url=URL, params={"ForwardedFrom": "116117"}), load_mix(DEFAULT_MIX), calls=50, seed=4)
        plans = [job.mix.draw(job.template, job.seed, number)[0] for number in range(50)]
        assert {plan.params["ForwardedFrom"] for plan in plans} == {"116117"}
        return [Session(plan).sid for plan in plans]

    assert len(set(sids())) == 50
    assert sids() == sids()


def test_text_messages_have_sids_of_their_own_that_are_the_same_again() -> None:
    def sids() -> list[str]:
        rest, url = RestApp(), f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
        data = {"To": "+4791234567", "From": "Legevakt", "Body": "Hei"}
        replies = [
            RestTransport(rest).request("POST", url, data=data, auth=(ACCOUNT_SID, AUTH_TOKEN)) for _ in range(3)
        ]
        return [json.loads(reply.text)["sid"] for reply in replies]

    assert len(set(sids())) == 3
    assert sids() == sids()
