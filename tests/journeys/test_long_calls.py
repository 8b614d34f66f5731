"""Long calls take no longer to play than short ones: call time is virtual, and nothing is done while it passes."""

import time

from ivr.simulator import CallPlan, HangUp, Leg, Outcome, Wait, WsgiTransport, keys_to_steps, play
from ivr.simulator.plan import PressNow

MOST_PROCESSOR_SECONDS = 0.2  # for a call of twenty minutes; it takes a tenth of that
PLAIN = keys_to_steps("1 1 5003 1")


def _played(service: WsgiTransport, plan: CallPlan) -> tuple[Outcome, float]:
    """The call, and the processor time that it took. One goes before it, so that nothing is done for the first time."""
    play(CallPlan(url=plan.url, steps=PLAIN), service)
    started = time.process_time()
    return play(plan, service), time.process_time() - started


def test_twenty_minutes_of_talk_take_under_a_fifth_of_a_second_of_processor_time(service: WsgiTransport) -> None:
    legs = {"*": Leg.answer(3, talk=1200)}
    outcome, seconds = _played(service, CallPlan(url="http://127.0.0.1:5000/voice", steps=PLAIN, legs=legs))
    assert outcome.seconds > 1200
    assert seconds < MOST_PROCESSOR_SECONDS


def test_so_do_twenty_minutes_of_menus_and_centres_that_do_not_answer(service: WsgiTransport) -> None:
    again = (Wait(100), PressNow("2"))
    plan = CallPlan(
        url="http://127.0.0.1:5000/voice", steps=(*PLAIN, *(again * 12), HangUp()), legs={"*": Leg.no_answer()}
    )
    outcome, seconds = _played(service, plan)
    assert outcome.seconds > 1200
    assert len(outcome.dialled) > 15
    assert seconds < MOST_PROCESSOR_SECONDS


def test_a_silent_caller_whom_nobody_answers_is_rung_at_most_thirty_times_in_four_hours(service: WsgiTransport) -> None:
    plan = CallPlan(url="http://127.0.0.1:5000/voice", legs={"*": Leg.busy()})
    outcome, _ = _played(service, plan)
    assert outcome.seconds == 14_400
    assert 20 <= len(outcome.dialled) <= 30
