"""How far ends behave: as the plan says, or as a person there decides while the call goes on.

What a person does becomes the plan of the leg, so that it can be played again to the same trace.
"""

from collections.abc import Sequence
from dataclasses import replace

from ivr.simulator import CallPlan, Fault, HangUp, Leg, Outcome, Session, WsgiTransport, play
from ivr.simulator.engine.effects import FarAct, Fetch, Happened
from ivr.simulator.trace import Event
from tests.simulator.webhook import URL, Webhook, call, webhook

A, B = "+4755568700", "+4739004623"
ONE = f"<Dial>{A}</Dial>"
TWICE = f"<Dial>{A}</Dial><Dial>{A}</Dial>"
SCREENED = f'<Dial><Number url="/whisper">{A}</Number></Dial>'
WHISPER = '<Gather numDigits="1" timeout="10" action="/taken"><Say>Press 1</Say></Gather><Hangup/>'
SCREEN = {"voice": SCREENED, "whisper": WHISPER, "taken": ""}
DECIDE = {"*": Leg("no-answer", keys="")}


def statuses(outcome: Outcome) -> list[tuple[float, str]]:
    return [(event["t"], event["status"]) for event in outcome.events("leg")]


def test_a_far_end_can_be_busy_or_fail_after_it_has_rung() -> None:
    for outcome_of_leg in ("busy", "failed"):
        leg = Leg(outcome_of_leg, after=4)
        assert statuses(call(webhook(voice=ONE), legs={"*": leg})) == [
            (0.0, "initiated"),
            (0.0, "ringing"),
            (4.0, outcome_of_leg),
        ]


def test_busy_later_than_the_timeout_is_no_answer() -> None:
    app = webhook(voice=f'<Dial timeout="5">{A}</Dial>')
    assert statuses(call(app, legs={"*": Leg("busy", after=30)}))[-1] == (10.0, "no-answer")


def test_a_number_can_behave_otherwise_when_it_is_dialled_again() -> None:
    legs = {A: Leg("busy", then=Leg.answer(2, talk=3))}
    outcome = call(webhook(voice=TWICE + ONE), legs=legs)
    last = [event["status"] for event in outcome.events("leg") if event["status"] not in ("initiated", "ringing")]
    assert last == ["busy", "in-progress", "completed", "in-progress", "completed"]


def test_a_person_thinks_before_pressing_a_key() -> None:
    outcome = call(webhook(**SCREEN), legs={"*": Leg("answer", 3, talk=5, thinks=6)})
    assert [(event["t"], event["digit"]) for event in outcome.events("key")] == [(9.0, "1")]
    assert statuses(outcome)[-1] == (14.0, "completed")


def test_a_person_who_thinks_too_long_presses_when_the_whisper_listens_again() -> None:
    again = '<Gather numDigits="1" timeout="2" action="/taken"/>' * 3
    outcome = call(webhook(**(SCREEN | {"whisper": again})), legs={"*": Leg("answer", 3, talk=5, thinks=5)})
    assert [event["t"] for event in outcome.events("key")] == [8.0]
    assert len(outcome.events("listen")) == 3


def test_a_person_who_leaves_is_not_connected() -> None:
    app = webhook(
        **(SCREEN | {"voice": f'<Dial action="/done"><Number url="/whisper">{A}</Number></Dial>', "done": ""})
    )
    outcome = call(app, legs={"*": Leg("answer", 3, keys="", leaves=4)})
    assert statuses(outcome)[-1] == (7.0, "completed")
    assert outcome.events("gather")[0]["ended_by"] == "hangup"
    assert app.asked[-1].get("DialCallStatus") == "no-answer"


def test_leaving_does_not_count_for_one_who_is_connected() -> None:
    outcome = call(webhook(voice=ONE), legs={"*": Leg("answer", 3, talk=20, leaves=4)})
    assert statuses(outcome)[-1] == (23.0, "completed")


# A person at the far end.


def by_hand(app: Webhook, acts: Sequence[tuple[float, str, str]], **plan: object) -> Session:
    """A call whose far ends do what `acts` say: when, what, and with which key."""
    session = Session(CallPlan(**{"url": URL, "legs": DECIDE, "number": 1, **plan}))  # type: ignore[arg-type]
    transport, left = WsgiTransport(app), list(acts)
    while (effect := session.effect) is not None:
        if isinstance(effect, Fetch):
            session.answer(transport.send(effect))
        elif left and left[0][0] <= effect.until:
            at, act, key = left.pop(0)
            session.answer(Happened(at, FarAct(_latest(session.trace.events), act, key)))  # type: ignore[arg-type]
        else:
            session.answer(Happened(effect.until))
    assert not left
    return session


def _latest(events: Sequence[Event]) -> str:
    return str(next(event["sid"] for event in reversed(events) if event["event"] == "leg"))


def _same_again(session: Session, app: Webhook) -> bool:
    """Whether the behaviour that the session tells of its far ends plays the call again to the same trace."""
    turns: dict[str, Leg] = {}
    for number, leg in reversed(session.far_ends):
        turns[number] = replace(leg, then=turns.get(number))
    again = play(CallPlan(url=URL, legs=turns, faults=tuple(session.faults_met), number=1), WsgiTransport(app))
    return _timeless(again.trace) == _timeless(session.trace.events)


def _timeless(trace: Sequence[Event]) -> list[Event]:
    return [{name: value for name, value in event.items() if name != "ms"} for event in trace]


def test_a_person_answers_takes_the_call_and_hangs_up() -> None:
    app = webhook(**SCREEN)
    session = by_hand(app, [(2.5, "answer", "1"), (4.0001, "press", "1"), (9.0, "hang-up", "1")])
    assert statuses(session.outcome()) == [
        (0.0, "initiated"),
        (0.0, "ringing"),
        (2.5, "in-progress"),
        (9.0, "completed"),
    ]
    assert [event["t"] for event in session.outcome().events("key")] == [4.001]
    assert session.far_ends == [(A, Leg("answer", 2.5, talk=4.999, keys="1", thinks=1.501))]
    assert _same_again(session, app)


def test_a_person_refuses_the_whisper() -> None:
    app = webhook(**SCREEN)
    session = by_hand(app, [(2.0, "answer", "1"), (3.5, "hang-up", "1")])
    assert session.far_ends == [(A, Leg("answer", 2, keys="", leaves=1.5))]
    assert statuses(session.outcome())[-1] == (3.5, "completed")
    assert _same_again(session, app)


def test_a_person_is_busy_and_takes_the_second_call() -> None:
    app = webhook(voice=TWICE)
    session = by_hand(app, [(1.25, "busy", "1"), (3.0, "answer", "1"), (7.0, "hang-up", "1")])
    assert session.far_ends == [(A, Leg("busy", after=1.25)), (A, Leg("answer", 1.75, talk=4.0, keys=""))]
    assert _same_again(session, app)


def test_a_person_who_does_nothing_lets_it_ring() -> None:
    assert statuses(by_hand(webhook(voice=ONE), []).outcome())[-1] == (35.0, "no-answer")


def test_what_comes_too_early_or_too_late_does_nothing() -> None:
    app = webhook(**SCREEN)
    acts = [
        (1.0, "press", "1"),
        (1.5, "hang-up", "1"),
        (2.0, "answer", "1"),
        (2.5, "busy", "1"),
        (3.0, "press", "1"),
        (4.0, "press", "2"),
        (5.0, "hang-up", "1"),
    ]
    session = by_hand(app, acts)
    assert session.far_ends == [(A, Leg("answer", 2, talk=2.0, keys="1", thinks=1.0))]
    assert [event["digit"] for event in session.outcome().events("key")] == ["1"]
    assert _same_again(session, app)


def test_a_machine_presses_nothing_whoever_asks_it_to() -> None:
    legs = {"*": Leg.answer(1, machine=True)}
    session = by_hand(webhook(**SCREEN), [(2.0, "press", "1")], legs=legs)
    assert session.outcome().events("key") == []


def test_an_act_for_a_leg_that_there_is_not_does_nothing() -> None:
    session = Session(CallPlan(url=URL))
    session.answer(WsgiTransport(webhook(voice="<Pause length='5'/>")).send(_fetch(session)))
    session.answer(Happened(2.0, FarAct("CA0", "answer")))
    assert session.now == 2.0
    session.answer(Happened(3.0, HangUp()))
    assert session.effect is None


def _fetch(session: Session) -> Fetch:
    assert isinstance(session.effect, Fetch)
    return session.effect


# Faults that come in the middle of a call.


def test_a_mishap_meets_the_next_request_alone() -> None:
    app = webhook(voice='<Redirect method="POST">/second</Redirect>', second="<Redirect>/third</Redirect>", third="")
    session = Session(CallPlan(url=URL))
    session.answer(WsgiTransport(app).send(_fetch(session)))
    assert _fetch(session).url.endswith("/second")

    session = Session(CallPlan(url=URL, number=1))
    session.mishap("duplicate")
    transport = WsgiTransport(app)
    while isinstance(session.effect, Fetch):
        session.answer(transport.send(session.effect))
    # The first request was on its way when the mishap was ordered.
    assert session.faults_met == [Fault(2, "duplicate")]
    assert [event["n"] for event in session.outcome().events("request")] == [1, 2, 3, 4]
    assert _same_again(session, app)


def test_a_mishap_that_stays_meets_every_request_until_it_is_called_off() -> None:
    app = webhook(voice="<Gather action='/next'/>", next="")
    session = Session(CallPlan(url=URL, fallback_url="http://127.0.0.1:5000/next"))
    session.answer(WsgiTransport(app).send(_fetch(session)))
    session.mishap("status", 500, stays=True)
    session.mishap(None)
    while (effect := session.effect) is not None:
        session.answer(WsgiTransport(app).send(effect) if isinstance(effect, Fetch) else Happened(effect.until))
    assert session.faults_met == []
