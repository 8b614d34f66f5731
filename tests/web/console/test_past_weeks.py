"""The thread behind the page of weeks: it counts by itself, survives errors and holds up no process."""

import subprocess
import sys
from threading import Event

import pytest

from ivr.operations.console.past_weeks import CountedWeeks, PastWeeks
from ivr.operations.records.shares import Shares
from tests.conftest import EVENING

SECONDS = 30.0
COUNTED = CountedWeeks(EVENING, {EVENING.date(): Shares(calls=1)})


def test_the_weeks_are_counted_at_the_start_and_again() -> None:
    counts: list[CountedWeeks] = []
    twice = Event()

    def count() -> CountedWeeks:
        counts.append(COUNTED)
        if len(counts) == 2:
            twice.set()
        return COUNTED

    past = PastWeeks(count, first_pause=0.0)
    assert past.known is None
    past.start()
    assert twice.wait(SECONDS)
    past.close()
    assert past.known is COUNTED


def test_the_last_count_stays_in_trouble_which_is_logged_once_until_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers = iter([COUNTED, None, None, None, COUNTED, None])
    last, over = Event(), Event()
    known = []

    def count() -> CountedWeeks:
        known.append(past.known)
        answer = next(answers, None)
        if len(known) == 6:
            last.set()
            over.wait(SECONDS)
        if answer is None:
            raise OSError("gone")
        return answer

    past = PastWeeks(count, first_pause=0.0)
    past.start()
    assert last.wait(SECONDS)
    assert known == [None, *[COUNTED] * 5]
    assert caplog.messages == ["the past weeks cannot be counted: OSError: gone"]
    over.set()
    past.close()


def _end_of(program: str) -> str:
    head = "import os, threading, time\nfrom ivr.operations.console.past_weeks import PastWeeks\n"
    return subprocess.run(
        [sys.executable, "-c", head + program], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def test_a_process_ends_though_it_counts() -> None:
    program = """
begun = threading.Event()
past = PastWeeks(lambda: begun.set() or time.sleep(600))
past.start()
assert begun.wait(30)
print("ends")
"""
    assert _end_of(program) == "ends"


def test_a_process_that_is_forked_while_its_parent_counts_counts_itself() -> None:
    program = """
begun, parent = threading.Event(), os.getpid()
counted = threading.Event()
past = PastWeeks(lambda: counted.set() if os.getpid() != parent else begun.set() or time.sleep(600))
past.start()
assert begun.wait(30)
if (child := os.fork()) == 0:
    os._exit(0 if counted.wait(30) else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert _end_of(program) == "0"
