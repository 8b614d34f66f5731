"""Whatever far ends do and whenever the caller leaves, a call with queues, rooms and several nouns comes to one end."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.simulator import HangUp, Leg, Outcome, PressNow, Session, Step, Wait
from ivr.simulator.engine.effects import Fetch, Happened, Response
from ivr.simulator.plan import CallPlan
from tests.simulator.webhook import URL, call, webhook

FINAL = {"completed", "busy", "no-answer", "failed", "canceled"}
DOCUMENTS = {
    "enqueue": '<Enqueue action="/next" waitUrl="/wait">support</Enqueue>',
    "conference": '<Dial hangupOnStar="true" timeLimit="600" record="true" action="/next"><Conference waitUrl="/music" '
    'statusCallback="/told" statusCallbackEvent="start end join leave" record="true">Room</Conference></Dial>',
    "moderated": '<Dial timeLimit="600" action="/next"><Conference startConferenceOnEnter="false" '
    'endConferenceOnExit="true">Room</Conference></Dial>',
    "dequeue": '<Dial timeLimit="600" action="/next"><Queue url="/soon">support</Queue></Dial>',
    "sequential": '<Dial timeLimit="600" sequential="true" record="record-from-ringing" action="/next" '
    'recordingStatusCallback="/told"><Client url="/soon">a</Client>'
    "<Sip>sip:a@example.org</Sip><Number>+4755568700</Number></Dial>",
}
LEGS = st.one_of(
    st.sampled_from([Leg.busy(), Leg.no_answer(), Leg.failed()]),
    st.builds(Leg.answer, st.integers(0, 40), st.none() | st.integers(0, 40), machine=st.booleans()),
)
STEPS = st.lists(
    st.one_of(st.builds(Wait, st.integers(0, 30)), st.builds(PressNow, st.sampled_from("1*#"))), max_size=4
)


def _play(document: str, legs: dict[str, Leg], steps: tuple[Step, ...]) -> Outcome:
    app = webhook(
        voice=DOCUMENTS[document],
        wait='<Gather numDigits="1" timeout="3" action="/key"><Say>Press one to leave</Say></Gather>',
        key="<Leave/>",
        music="<Say>one two three</Say><Pause/>",
        soon="<Say>You are next</Say>",
        told="<Hangup/>",
        next="<Say>Goodbye</Say>",
    )
    return call(app, legs=legs, steps=steps)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(DOCUMENTS)), st.lists(LEGS, min_size=3, max_size=3), STEPS)
def test_every_leg_that_was_begun_ends_once(document: str, ends: list[Leg], steps: list[Step]) -> None:
    legs = {"*:a": ends[0], "*@*": ends[1], "*": ends[2]}
    outcome = _play(document, legs, (*steps, Wait(700), HangUp()))
    times = [event["t"] for event in outcome.trace]
    assert times == sorted(times)
    assert outcome.trace[-1]["event"] == "ended"
    assert outcome.ended == "completed"
    statuses: dict[str, list[str]] = {}
    for leg in outcome.events("leg"):
        statuses.setdefault(leg["sid"], []).append(leg["status"])
    for of_one in statuses.values():
        assert of_one[0] == "initiated"
        assert [status in FINAL for status in of_one] == [False] * (len(of_one) - 1) + [True]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(DOCUMENTS)), LEGS, STEPS)
def test_the_same_call_is_the_same_trace(document: str, leg: Leg, steps: list[Step]) -> None:
    first, second = (_play(document, {"*": leg}, (*steps, Wait(700), HangUp())) for _ in range(2))
    assert [_timeless(event) for event in first.trace] == [_timeless(event) for event in second.trace]


def _timeless(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "ms"}


def test_a_session_can_be_left_while_the_caller_waits() -> None:
    session = Session(CallPlan(url=URL, legs={"*": Leg.no_answer()}))
    body = f"<Response>{DOCUMENTS['dequeue']}</Response>".encode()
    assert isinstance(session.effect, Fetch)
    session.answer(Response(200, (("content-type", "text/xml"),), body))
    session.answer(Happened(5.0))
    assert session.effect is not None
    del session
