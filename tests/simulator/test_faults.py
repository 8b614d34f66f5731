"""Faults: what goes wrong between Twilio and the webhook, which request it meets, and what Twilio does about it."""

from pathlib import Path
from typing import get_args

import pytest

from ivr.base.errors import DefinitionError
from ivr.simulator import CallPlan, Fault, Leg, Noise, Outcome, Speak, SpeechFault, WsgiTransport, play
from ivr.simulator.plan import ANY, FaultKind
from ivr.simulator.scenario import load_scenario
from tests.simulator.webhook import URL, Webhook, call, webhook

FALLBACK = "http://127.0.0.1:5000/fallback"
EVENTS = "initiated ringing answered completed"
RINGS = (
    f'<Dial><Number statusCallback="/told" statusCallbackEvent="{EVENTS}">+4755568700</Number></Dial><Say>Goodbye</Say>'
)
FAR = {"*": Leg.answer(3, talk=20)}


def told(app: Webhook) -> list[str | None]:
    """The SequenceNumbers of the callbacks, in the order in which the application got them."""
    return [asked.get("SequenceNumber") for asked in app.asked if asked.target == "/told"]


def moments(outcome: Outcome, purpose: str = "status") -> list[float]:
    return [event["t"] for event in outcome.events("request") if event["purpose"] == purpose]


@pytest.mark.parametrize(("kind", "code"), [("oversized", 11750), ("bad_xml", 12100), ("wrong_type", 12300)], ids=str)
def test_a_spoiled_answer_leads_to_the_fallback_and_is_not_tried_again(kind: FaultKind, code: int) -> None:
    app = webhook(voice="<Say>Hello</Say>", fallback="<Say>fallback</Say>")
    outcome = call(app, url=f"{URL}#rp=all&rc=3", fallback_url=FALLBACK, faults=(Fault(1, kind),))
    assert [asked.target for asked in app.asked] == ["/voice", "/fallback"]
    assert (app.asked[1].get("ErrorCode"), app.asked[1].get("ErrorUrl")) == (str(code), URL)
    assert (outcome.heard, outcome.warnings, outcome.ended) == (["fallback"], [code], "completed")


LISTENS = '<Gather input="speech" action="/voice" speechTimeout="1"/>'


def heard_by(*faults: SpeechFault) -> list[tuple[str | None, str | None]]:
    """What the application is told of two sentences and a noise."""
    app = webhook(voice=LISTENS)
    steps = (Speak("Bergen"), Speak("Os"), Noise(2))
    play(CallPlan(URL, steps=steps, faults=faults), WsgiTransport(app))
    return [(asked.get("SpeechResult"), asked.get("Confidence")) for asked in app.asked[1:]]


def test_a_recogniser_mishears_what_a_fault_says() -> None:
    assert heard_by() == [("Bergen", "0.9"), ("Os", "0.9")]
    assert heard_by(SpeechFault(2, "Oslo", 0.4)) == [("Bergen", "0.9"), ("Oslo", "0.4")]
    assert heard_by(SpeechFault(3, "Moss", 0.2))[2] == ("Moss", "0.2")
    assert heard_by(SpeechFault(1, "Berger"), SpeechFault(ANY, "Os"))[:2] == [("Berger", "0.9"), ("Os", "0.9")]


def test_a_recogniser_that_understands_nothing_tells_nothing() -> None:
    assert heard_by(SpeechFault(ANY)) == []


def test_faults_of_speech_and_of_requests_do_not_count_each_other() -> None:
    app = webhook(voice=LISTENS, fallback="<Hangup/>")
    faults = (SpeechFault(1, "Oslo"), Fault(2, "bad_xml"))
    call(app, url=URL, fallback_url=FALLBACK, steps=(Speak("Os"),), faults=faults)
    assert [(asked.target, asked.get("SpeechResult")) for asked in app.asked[1:]] == [
        ("/voice", "Oslo"),
        ("/fallback", None),
    ]


def test_a_spoiled_answer_without_a_fallback_ends_the_call() -> None:
    outcome = call(webhook(voice="<Say>Hello</Say>"), faults=(Fault(1, "bad_xml"),))
    assert outcome.ended == "failed"


def test_ten_redirects_are_followed_with_the_same_method_and_fields() -> None:
    app = webhook(voice="<Say>Hello</Say>")
    outcome = call(app, faults=(Fault(1, "redirects", 10),))
    assert outcome.heard == ["Hello"]
    assert [event["status"] for event in outcome.events("response")] == [307] * 10 + [200]
    assert [(asked.method, asked.get("CallStatus")) for asked in app.asked] == [("POST", "ringing")]


def test_eleven_redirects_are_11215_and_are_not_tried_again() -> None:
    app = webhook(voice="<Say>Hello</Say>", fallback="<Say>fallback</Say>")
    outcome = call(app, url=f"{URL}#rp=all&rc=3", fallback_url=FALLBACK, faults=(Fault(1, "redirects", 11),))
    assert outcome.warnings == [11215]
    assert [asked.target for asked in app.asked] == ["/fallback"]
    assert app.asked[0].get("ErrorCode") == "11215"


def test_redirects_end_with_the_request_that_met_them() -> None:
    app = webhook(voice="<Say>Hello</Say>", fallback="<Redirect>/next</Redirect>", next="<Say>next</Say>")
    outcome = call(app, fallback_url=FALLBACK, faults=(Fault(1, "redirects", 40),))
    assert outcome.heard == ["next"]


def test_a_request_that_is_lost_costs_the_read_timeout() -> None:
    app = webhook(voice="<Say>Hello</Say>", fallback="<Say>fallback</Say>")
    outcome = call(app, url=f"{URL}#rt=4000", fallback_url=FALLBACK, faults=(Fault(1, "lost"),))
    assert [asked.target for asked in app.asked] == ["/fallback"]
    assert (outcome.warnings, moments(outcome, "fallback")) == ([11205], [4.0])


def test_a_request_that_is_lost_is_tried_again_when_the_policy_says_so() -> None:
    app = webhook(voice="<Say>Hello</Say>")
    outcome = call(app, url=f"{URL}#rt=4000&rp=rt", faults=(Fault(1, "lost"),))
    assert (outcome.heard, outcome.warnings, moments(outcome, "voice")) == (["Hello"], [11205], [0.0, 4.0])


def test_a_callback_that_is_lost_never_arrives_and_nobody_knows() -> None:
    app = webhook(voice=RINGS, told="")
    outcome = call(app, legs=FAR, faults=(Fault(3, "lost"),))
    assert told(app) == ["0", "2", "3"]
    assert (outcome.warnings, outcome.ended) == ([], "completed")


def test_a_purpose_chooses_all_its_requests() -> None:
    app = webhook(voice=RINGS, told="")
    outcome = call(app, legs=FAR, faults=(Fault(ANY, "lost", purpose="status"),))
    assert told(app) == []
    assert outcome.heard == ["Goodbye"]


def test_a_number_with_a_purpose_counts_requests_of_that_purpose() -> None:
    app = webhook(voice=RINGS, told="")
    call(app, legs=FAR, faults=(Fault(2, "lost", purpose="status"),))
    assert told(app) == ["0", "2", "3"]


def test_any_means_every_request() -> None:
    app = webhook(voice="<Say>Hello</Say>", fallback="<Say>fallback</Say>")
    outcome = call(app, fallback_url=FALLBACK, faults=(Fault(ANY, "status", 500),))
    assert (outcome.warnings, outcome.ended, app.asked) == ([11217, 11217], "failed", [])


def test_a_late_callback_comes_after_those_that_follow_it_and_says_when_it_was_due() -> None:
    app = webhook(voice=RINGS, told="")
    outcome = call(app, legs=FAR, faults=(Fault(1, "late", 5, purpose="status"),))
    assert told(app) == ["1", "2", "0", "3"]
    assert moments(outcome) == [0.0, 3.0, 5.0, 23.0]
    stamps = {asked.get("SequenceNumber"): asked.get("Timestamp") for asked in app.asked if asked.target == "/told"}
    assert stamps["0"] == "Thu, 01 Jan 2026 00:00:00 +0000"


def test_a_late_callback_by_its_number_among_all_requests() -> None:
    app = webhook(voice=RINGS, told="")
    call(app, legs=FAR, faults=(Fault(2, "late", 4),))
    assert told(app) == ["1", "2", "0", "3"]


def test_a_callback_that_is_later_than_the_call_comes_at_its_end() -> None:
    app = webhook(voice=RINGS, told="", status="")
    outcome = call(app, legs=FAR, status_callback="http://127.0.0.1:5000/status", faults=(Fault(2, "late", 900),))
    assert [asked.target for asked in app.asked][-2:] == ["/status", "/told"]
    assert told(app) == ["1", "2", "3", "0"]
    assert (outcome.trace[-1]["event"], outcome.seconds < 30) == ("ended", True)


def test_callbacks_that_are_late_all_alike_keep_their_order() -> None:
    app = webhook(voice=RINGS, told="")
    outcome = call(app, legs=FAR, faults=(Fault(ANY, "late", 5, purpose="status"),))
    assert told(app) == ["0", "1", "2", "3"]
    assert moments(outcome)[:3] == [5.0, 5.0, 8.0]


def test_late_means_a_delay_for_a_request_that_is_waited_for() -> None:
    outcome = call(webhook(voice="<Say>Hello</Say>"), faults=(Fault(1, "late", 5),))
    assert outcome.events("say")[0]["t"] == 5.0


def test_reordered_callbacks_overtake_each_other_and_none_is_lost() -> None:
    app = webhook(voice=RINGS, told="", status="")
    faults = (Fault(ANY, "reordered", purpose="status"),)
    call(app, legs=FAR, status_callback="http://127.0.0.1:5000/status", faults=faults)
    assert told(app) == ["1", "0", "3", "2"]
    assert app.asked[-1].target == "/status"


@pytest.mark.parametrize("kind", ["timeout", "refuse", "reset", "oversized", "bad_xml", "wrong_type", "delay", "lost"])
def test_a_callback_never_delays_and_never_fails_the_call(kind: FaultKind) -> None:
    plain = call(webhook(voice=RINGS, told=""), legs=FAR)
    app = webhook(voice=RINGS, told="")
    outcome = call(app, legs=FAR, faults=(Fault(ANY, kind, 10, purpose="status"),))
    assert (outcome.seconds, outcome.ended, outcome.heard) == (plain.seconds, "completed", ["Goodbye"])
    assert outcome.events("error") == []


def test_a_callback_that_is_refused_is_tried_again_and_a_warning() -> None:
    app = webhook(voice=RINGS, told="")
    outcome = call(app, legs=FAR, faults=(Fault(1, "refuse", purpose="status"),))
    assert told(app) == ["0", "1", "2", "3"]
    assert outcome.warnings == [11202]


def test_a_callback_whose_answer_is_spoiled_has_arrived() -> None:
    app = webhook(voice=RINGS, told="")
    outcome = call(app, legs=FAR, faults=(Fault(ANY, "bad_xml", purpose="status"),))
    assert (told(app), outcome.warnings) == (["0", "1", "2", "3"], [])


def test_the_same_faults_and_seed_give_the_same_trace() -> None:
    def trace() -> list[dict[str, object]]:
        faults = (Fault(ANY, "reordered", purpose="status"), Fault(1, "redirects", 3))
        outcome = call(webhook(voice=RINGS, told=""), legs=FAR, faults=faults)
        return [{name: value for name, value in event.items() if name != "ms"} for event in outcome.trace]

    assert trace() == trace()


SCENARIO = """
call: {url: "http://127.0.0.1:5000/voice", fallback_url: "http://127.0.0.1:5000/fallback"}
faults:
"""


def written(folder: Path, faults: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(SCENARIO + faults, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{request: 2, fault: oversized}", Fault(2, "oversized")),
        ("{request: 2, fault: bad_xml}", Fault(2, "bad_xml")),
        ("{request: 2, fault: wrong_type}", Fault(2, "wrong_type")),
        ("{request: 2, fault: redirects 11}", Fault(2, "redirects", 11)),
        ("{request: 2, fault: late 5}", Fault(2, "late", 5)),
        ("{request: any, fault: status 500}", Fault(ANY, "status", 500)),
        ("{purpose: status, fault: lost}", Fault(ANY, "lost", purpose="status")),
        ("{request: 2, purpose: status, fault: late 0.5}", Fault(2, "late", 0.5, "status")),
        ("{request: any, purpose: action, fault: timeout}", Fault(ANY, "timeout", purpose="action")),
        ("{callbacks: reordered}", Fault(ANY, "reordered", purpose="status")),
    ],
)
def test_a_fault_is_written_in_a_scenario(tmp_path: Path, line: str, fault: Fault) -> None:
    assert load_scenario(written(tmp_path, f"  - {line}")).plan.faults == (fault,)


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("{request: 1, fault: huge}", "4:25", "oversized, bad_xml, wrong_type"),
        ("{request: 1, fault: redirects}", "4:25", "redirects 11"),
        ("{request: 1, fault: redirects 0}", "4:25", "redirects 11"),
        ("{request: 1, fault: late}", "4:25", "late 5"),
        ("{request: 1, fault: reordered}", "4:25", "late 5"),
        ("{request: 0, fault: lost}", "4:15", "from 1"),
        ("{request: all, fault: lost}", "4:15", "whole number"),
        ("{purpose: callback, fault: lost}", "4:15", "voice, action, redirect, fallback, whisper, status, media"),
        ("{purpose: voice, fault: late 5}", "4:29", "delay"),
        ("{fault: lost}", "4:5", "{purpose: status, fault: lost}"),
        ("{request: 1}", "4:5", "{request: N, fault: timeout}"),
        ("{callbacks: shuffled}", "4:17", "reordered"),
        ("{callbacks: reordered, request: 1}", "4:5", "alone"),
        ("{request: 1, fault: lost, when: now}", "4:31", "unknown key 'when'"),
    ],
)
def test_a_wrong_fault_is_said_with_its_place(tmp_path: Path, line: str, place: str, words: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        load_scenario(written(tmp_path, f"  - {line}"))
    assert len(raised.value.complaints) == 1
    complaint = str(raised.value.complaints[0])
    assert complaint.startswith(f"case.yaml:{place}: ")
    assert words in complaint


def test_every_fault_and_every_example_is_documented(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
    assert [kind for kind in get_args(FaultKind) if f"`{kind}" not in text and f": {kind}}}" not in text] == []
    example = text.split("```yaml\nfaults:\n")[1].split("```")[0]
    assert len(load_scenario(written(tmp_path, example)).plan.faults) == 7


def test_a_scenario_shows_what_its_faults_do(tmp_path: Path) -> None:
    faults = (
        "  - {purpose: voice, fault: bad_xml}\n  - {purpose: status, fault: lost}\n  - {request: 2, fault: delay 2}"
    )
    plan: CallPlan = load_scenario(written(tmp_path, faults)).plan
    app = webhook(voice="<Say>Hello</Say>", fallback=RINGS, told="")
    outcome = play(plan, WsgiTransport(app))
    assert (outcome.warnings, told(app), moments(outcome)[0]) == ([12100], [], 2.0)
