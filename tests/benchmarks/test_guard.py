"""One webhook has not become slower: counted in instructions, and as a ratio of processor times inside one run.

No wall time and no absolute time is looked at. Both guards are shown a webhook that was slowed on purpose, and must
refuse it.
"""

import logging
from functools import cache

import pytest

from benchmarks import instructions
from benchmarks.calls import WEBHOOKS
from benchmarks.guarded import OF_CALLS_BY_INSTRUCTIONS, OF_PLAIN_BY_INSTRUCTIONS, OF_PLAIN_BY_TIME, guarded
from benchmarks.measure import Rounds, in_turns


@cache
def rounds() -> Rounds:
    """Without the log lines that the watch over the test suite asks for, and a served line does not write."""
    logging.disable(logging.INFO)
    try:
        return in_turns(guarded(), rounds=60, each=20, warm=100)
    finally:
        logging.disable(logging.NOTSET)


def test_a_webhook_costs_little_of_what_the_plain_application_costs() -> None:
    assert rounds().ratio("line", "plain").median <= OF_PLAIN_BY_TIME


def test_a_slowed_webhook_is_noticed_by_its_time() -> None:
    assert rounds().ratio("slowed", "plain").median > OF_PLAIN_BY_TIME


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    if not instructions.available():
        pytest.skip("valgrind is not here; the guard by processor time has run")
    return instructions.count()


def test_a_webhook_takes_few_of_the_plain_applications_instructions(counts: dict[str, int]) -> None:
    assert counts["line"] / counts["plain"] <= OF_PLAIN_BY_INSTRUCTIONS


def test_a_whole_call_takes_few_of_the_plain_applications_instructions(counts: dict[str, int]) -> None:
    assert WEBHOOKS * counts["plain"] / counts["call"] >= OF_CALLS_BY_INSTRUCTIONS


def test_a_slowed_webhook_is_noticed_by_its_instructions(counts: dict[str, int]) -> None:
    assert counts["slowed"] / counts["plain"] > OF_PLAIN_BY_INSTRUCTIONS
