"""Many calls in one account: all of them end, twice the same, and a call costs no more because there are others."""

import re
import sys
from collections.abc import Callable
from types import FrameType

from benchmarks.account import play
from ivr.simulator import Account
from tests.library.apps import Documents

CALLERS, AGENTS, QUEUES = 200, 20, 20  # `python -m benchmarks account` plays 1 000


def test_all_calls_of_a_busy_account_end_and_leave_the_same_traces_twice() -> None:
    first, second = (play(CALLERS, AGENTS, QUEUES) for _ in range(2))
    assert [call.ended for call in first.calls] == ["completed"] * (CALLERS + AGENTS)
    assert _without_ms(first) == _without_ms(second)


def _without_ms(account: Account) -> str:
    return re.sub(r'"ms": ?[0-9.]+', "", account.traces)


def test_a_call_takes_no_more_steps_because_there_are_others() -> None:
    play(2, 1, 1)  # pays for what is loaded once
    together = _steps(lambda: play(100, 10, 10))
    apart = 10 * _steps(lambda: play(10, 1, 1))
    assert together < 1.1 * apart


def test_a_call_takes_no_more_steps_because_the_account_has_more_numbers() -> None:
    _of_one_call(_with_numbers(5))  # pays for what is looked up once in a process
    few, many = (_of_one_call(_with_numbers(count)) for count in (5, 200))
    assert few == many


def _with_numbers(count: int) -> Account:
    account = Account()
    for each in range(count):
        number = f"+4721{each:06}"
        account.number(number, voice=Documents(voice=f'<Dial callerId="{number}">+4790000000</Dial>'))
    return account


def _of_one_call(account: Account) -> int:
    def story() -> None:
        account.call("+4791234567", "+4721000003")
        account.run()

    story()  # pays for what is made once
    return _steps(story)


def _steps(story: Callable[[], object]) -> int:
    """How many functions were called, and generators resumed: the same number on every machine."""
    count = 0

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        story()
    finally:
        sys.setprofile(before)
    return count
