"""Many calls in one account: all of them end, twice the same, and a call costs no more because there are others."""

import re
import sys
from collections.abc import Callable
from types import FrameType

from benchmarks.account import play
from ivr.simulator import Account

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
