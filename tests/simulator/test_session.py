"""The call machine, step by step: effects out, answers in, and nothing else."""

import re
from pathlib import Path

import ivr
from ivr.simulator import CallPlan, HangUp, Session
from ivr.simulator.engine.effects import Failed, Fetch, Happened, Key, Pass, Response
from ivr.simulator.trace import Event
from tests.simulator.webhook import URL, twiml


def _document(body: str) -> Response:
    return Response(200, (("content-type", "text/xml"),), twiml(body).body)


def test_a_call_asks_for_its_document_first() -> None:
    session = Session(CallPlan(url=URL))
    assert isinstance(session.effect, Fetch)
    assert (session.effect.method, session.effect.url) == ("POST", URL)


def test_a_gather_lets_time_pass_until_a_key_comes() -> None:
    session = Session(CallPlan(url=URL))
    session.answer(_document('<Gather numDigits="1" action="/next"/>'))
    assert session.effect == Pass(5.0, keys=True, speech=False)
    session.answer(Happened(2.5, Key("7")))
    assert isinstance(session.effect, Fetch)
    assert b"Digits=7" in session.effect.body
    assert session.now == 2.5


def test_a_hang_up_ends_the_call_wherever_it_is() -> None:
    session = Session(CallPlan(url=URL))
    session.answer(_document("<Say>Hello</Say>"))
    session.answer(Happened(0.1, HangUp()))
    assert session.effect is None
    assert session.outcome().ended == "completed"


def test_a_failure_takes_the_call_time_that_it_says() -> None:
    session = Session(CallPlan(url=f"{URL}#rc=0"))
    session.answer(Failed("unreachable", "no connection", 5.0))
    assert session.effect == Pass(5.0)


def test_an_observer_is_told_when_a_prompt_begins_and_when_it_ends() -> None:
    told: list[Event] = []
    session = Session(CallPlan(url=URL), lambda event: told.append(dict(event)))
    session.answer(_document("<Say>Hello</Say>"))
    assert [event["until"] for event in told if event["event"] == "say"] == [None]
    session.answer(Happened(0.4))
    assert [event["until"] for event in told if event["event"] == "say"] == [None, 0.4]


def test_a_call_is_driven_until_a_request_or_a_moment_has_no_answer_and_stays_there() -> None:
    session = Session(CallPlan(url=URL))
    session.drive(lambda _: None, lambda effect: Happened(effect.until))
    assert isinstance(session.effect, Fetch)
    session.drive(
        lambda _: _document("<Pause/><Say>Hello</Say>"), lambda effect: None if session.now else Happened(1.0)
    )
    assert (type(session.effect), session.now) == (Pass, 1.0)


def test_a_call_is_driven_to_its_end_where_everything_has_an_answer() -> None:
    session = Session(CallPlan(url=URL))
    session.drive(lambda _: _document("<Say>Hello</Say>"), lambda effect: Happened(effect.until))
    assert session.outcome().ended == "completed"


def test_only_the_session_itself_has_a_loop_that_drives_a_call() -> None:
    loop = re.compile(r"^ *while .*\beffect\b", re.MULTILINE)
    package = Path(ivr.__path__[0])
    assert [path.name for path in package.rglob("*.py") if loop.search(path.read_text("utf-8"))] == ["session.py"]
