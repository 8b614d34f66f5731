"""The short form of `make chaos`, on the real server with two workers: the faults that need no restart, killed workers.

A tenth of the calls; docs/chaos.md has the figures of a full run.
"""

import sys

import pytest

from tests.chaos.faults import FAULTS, legs, people, webhooks
from tests.chaos.report import complaints
from tests.chaos.run import run_faults

KILLED = next(fault for fault in FAULTS if fault.id == "F6")
SHORT = (*webhooks.FAULTS, *legs.FAULTS, *people.FAULTS, KILLED)
SCALE = 0.1


@pytest.mark.skipif(sys.platform != "linux", reason="workers are found in /proc")
def test_no_call_is_lost_and_no_promise_broken_while_things_break() -> None:
    results = run_faults(SHORT, scale=SCALE)
    assert {result.fault.id: complaints(result) for result in results if not result.good} == {}
    assert sum(result.verdict.calls for result in results) >= 100
    assert sum(result.verdict.fallbacks for result in results) > 0
