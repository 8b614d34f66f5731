"""Coverage rests during the tests that are not measured."""

import sys

from coverage import Coverage

from ivr.proof.check import speech
from tests.measured import coverage_rests


def test_no_measurement_goes_on_when_one_runs_inside_another() -> None:
    """As in a worker of pytest-xdist."""
    assert Coverage.current() is None, "this test is not measured either"
    outer, inner = Coverage(data_file=None), Coverage(data_file=None)
    outer.start()
    inner.start()
    with coverage_rests():
        traced = sys.gettrace()
        running = Coverage.current()
    again = Coverage.current()
    inner.stop()
    outer.stop()
    assert (traced, running) == (None, None)
    assert again is inner
    assert Coverage.current() is None


def test_what_was_cached_while_coverage_rests_is_computed_again() -> None:
    coverage = Coverage(data_file=None, source=["ivr.proof.check"])
    coverage.start()
    with coverage_rests():
        speech.spoken_seconds("kommune 116 117", 0.068)
        cached = speech._letters.cache_info().currsize
    kept = speech._letters.cache_info().currsize
    coverage.stop()
    assert cached >= 3
    assert kept == 0
