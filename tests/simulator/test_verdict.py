"""What makes a call fail of which nothing, or something else, is expected: a test tool is never green by accident."""

from typing import Any

import pytest

from ivr.simulator import CallPlan, Fault, HangUp, Hear, HttpTransport, Outcome, Press, PressNow, Speak, Wait, play
from ivr.simulator.expectations import check, failures
from ivr.simulator.plan import FaultKind, Step
from ivr.simulator.report import summary, transcript
from ivr.simulator.scenario_expect import Expectations
from tests.simulator.webhook import Page, Webhook, call, twiml, webhook

NOTHING = Expectations()
FALLBACK = "http://127.0.0.1:5000/fallback"
CLOSED = webhook(voice="<Say>Closed</Say>")
DEAD = "http://127.0.0.1:1/voice"


def failed(outcome: Outcome, expect: Expectations = NOTHING) -> list[str]:
    return [finding.what for finding in check(outcome, expect) if not finding.held]


@pytest.mark.parametrize(
    ("step", "named"),
    [
        (Hear("Open"), 'step hear: "Open"'),
        (Press("12"), 'step press: "12"'),
        (Speak("Bergen"), 'step say: "Bergen"'),
    ],
)
def test_a_step_that_was_not_done_fails(step: Step, named: str) -> None:
    assert failed(call(CLOSED, steps=(step,))) == [named]


def test_every_step_that_was_not_done_fails_whatever_else_is_not_done() -> None:
    steps = (Wait(60), PressNow("1"), Press("1"), Hear("Open"), Speak("x"), HangUp())
    assert len(failed(call(CLOSED, steps=steps))) == 5


def test_keys_of_which_only_some_were_pressed_fail() -> None:
    app = webhook(voice='<Gather numDigits="1" action="/got"/>', got="<Hangup/>")
    assert failed(call(app, steps=(Press("12"),))) == ['step press: "12"']


def test_a_wait_that_the_end_of_the_call_cut_short_is_no_failure() -> None:
    assert failed(call(CLOSED, steps=(Wait(60),))) == []


def test_an_error_that_no_expectation_names_fails_although_the_call_was_saved() -> None:
    outcome = call(Webhook({"/voice": Page(b"", 500), "/fallback": twiml("<Say>Sorry</Say>")}), fallback_url=FALLBACK)
    assert outcome.ended == "completed"
    assert failed(outcome) == ["unexpected error 11217"]
    assert failed(outcome, Expectations(ended="completed", heard=("sorry",))) == ["unexpected error 11217"]


def test_an_error_after_the_last_step_fails() -> None:
    app = Webhook({"/voice": twiml('<Gather numDigits="1" action="/got"/>'), "/got": Page(b"<Respo")})
    outcome = call(app, steps=(Press("1"),))
    assert outcome.undone == ()
    assert failed(outcome) == ["unexpected error 12100", "unexpected end"]


def test_an_error_that_is_named_is_expected() -> None:
    outcome = call(Webhook({"/voice": Page(b"", 500)}))
    assert failed(outcome, Expectations(ended="failed", warnings=(11217,))) == []
    assert failed(outcome, Expectations(ended="failed")) == ["unexpected error 11217"]
    assert failed(outcome, Expectations(warnings=(11217,))) == ["unexpected end"]


def test_an_application_that_answers_500_fails_a_scenario_that_expects_nothing() -> None:
    assert failed(call(Webhook({"/voice": Page(b"", 500)}))) == ["unexpected error 11217", "unexpected end"]


def test_an_error_that_comes_again_and_again_is_one_line() -> None:
    outcome = call(webhook(voice="<Play>/no.wav</Play><Play>/no.wav</Play>"))
    assert failures(outcome) == [
        'unexpected error 11217: http://127.0.0.1:5000/no.wav: answered 404: "no such page" (2 times)'
    ]


@pytest.mark.parametrize(
    "expect",
    [
        NOTHING,
        Expectations(ended="failed"),
        Expectations(ended="failed", warnings=(11202, 11202)),
        Expectations(never_heard=("Bergen",), never_dialled=("113",)),
    ],
)
def test_a_call_that_reaches_no_server_fails_whatever_is_expected(expect: Expectations) -> None:
    outcome = play(CallPlan(url=DEAD, status_callback=DEAD), HttpTransport())
    assert [finding.held for finding in check(outcome, expect)] == [False]
    assert "127.0.0.1" in failures(outcome)[0]


@pytest.mark.parametrize("kind", ["timeout", "refuse", "reset", "oversized", "bad_xml", "wrong_type"])
def test_an_error_that_an_injected_fault_causes_is_expected(kind: FaultKind) -> None:
    faults = (Fault(1, kind), Fault(2, kind, purpose="voice"))
    app = webhook(voice="<Say>Hello</Say>", fallback="<Say>Sorry</Say>")
    outcome = call(app, fallback_url=FALLBACK, faults=faults)
    assert outcome.heard == ["Sorry"]
    assert failed(outcome) == []


@pytest.mark.parametrize(("kind", "value"), [("status", 500), ("redirects", 11), ("delay", 16)])
def test_so_is_one_of_a_fault_with_a_value(kind: FaultKind, value: float) -> None:
    app = webhook(voice="<Say>Hello</Say>", fallback="<Say>Sorry</Say>")
    outcome = call(app, fallback_url=FALLBACK, faults=(Fault(1, kind, value),))
    assert outcome.heard == ["Sorry"]
    assert failed(outcome) == []


def test_an_injected_fault_does_not_excuse_a_call_that_it_fails() -> None:
    outcome = call(webhook(voice="<Say>Hello</Say>"), faults=(Fault(1, "status", 500),))
    assert failed(outcome) == ["unexpected end"]
    assert failed(outcome, Expectations(ended="failed")) == []


@pytest.mark.parametrize("fault", [Fault(1, "duplicate"), Fault(1, "delay", 2), Fault(1, "bad_xml")])
def test_an_injected_fault_does_not_excuse_an_error_of_the_application(fault: Fault) -> None:
    outcome = call(Webhook({"/voice": Page(b"", 500)}), faults=(fault,))
    assert "unexpected error 11217" in failed(outcome)


def test_the_codes_that_a_scenario_names_hold_those_of_its_faults() -> None:
    outcome = call(webhook(voice="", fallback=""), fallback_url=FALLBACK, faults=(Fault(1, "status", 500),))
    assert failed(outcome, Expectations(warnings=(11217,))) == []
    assert failed(outcome, Expectations(warnings=())) == ["warnings: []"]


def _attribute() -> Outcome:
    return call(webhook(voice='<Dial><Number machineDetection="Enable" byoc="BY1">+4755568700</Number></Dial>'))


def test_an_attribute_that_is_not_simulated_is_no_warning_about_the_application() -> None:
    outcome = _attribute()
    assert outcome.warnings == []
    assert failed(outcome, Expectations(warnings=())) == []
    assert failed(outcome) == []


def test_what_is_not_simulated_is_listed_apart() -> None:
    outcome = _attribute()
    assert outcome.not_simulated == ["attribute machineDetection of <Number>", "attribute byoc of <Number>"]
    assert summary(outcome).endswith(
        "warnings and errors: none; not simulated: attribute machineDetection of <Number>, attribute byoc of <Number>"
    )
    assert [line.text[:30] for line in transcript(outcome.trace) if line.kind == "note"] == [
        "note    attribute machineDetec",
        "note    attribute byoc of <Num",
    ]


def test_a_list_of_all_codes_may_name_what_is_not_simulated_as_0() -> None:
    assert failed(_attribute(), Expectations(warnings=(0, 0))) == []


@pytest.mark.parametrize(
    "document",
    [
        '<Connect><VirtualAgent connectorName="x"/></Connect>',
        "<Pay/>",
        "<Dial><Sim>DE1</Sim></Dial>",
        "<Dial><Sip>sip:a@example.org<Uri>sip:b@example.org</Uri></Sip></Dial>",
        '<Enqueue workflowSid="WW1"/>',
    ],
)
def test_a_verb_or_noun_that_is_not_simulated_fails(document: str) -> None:
    outcome = call(webhook(voice=document))
    assert failed(outcome) == ["unexpected error"]
    assert failed(outcome, Expectations(ended="completed", warnings=())) == ["warnings: []"]
    assert failed(outcome, Expectations(warnings=(0,))) == []


def test_a_loop_of_documents_fails() -> None:
    loop: dict[str, Any] = {"voice": "<Redirect>/voice</Redirect>"}
    assert failed(call(webhook(**loop))) == ["unexpected error", "unexpected end"]
