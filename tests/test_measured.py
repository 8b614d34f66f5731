"""Coverage rests during the tests that are not measured."""

import sys

from coverage import Coverage

from ivr.proof.check import speech
from tests.measured import CoverageRest


def test_no_measurement_goes_on_when_one_runs_inside_another() -> None:
    """As in a worker of pytest-xdist."""
    assert Coverage.current() is None, "this test is not measured either"
    outer, inner, rest = Coverage(data_file=None), Coverage(data_file=None), CoverageRest()
    outer.start()
    inner.start()
    rest.begin()
    rest.begin()  # as often as one likes
    traced = sys.gettrace()
    running = Coverage.current()
    rest.end()
    rest.end()
    again = Coverage.current()
    inner.stop()
    outer.stop()
    assert (traced, running) == (None, None)
    assert again is inner
    assert Coverage.current() is None


def test_what_was_cached_while_coverage_rests_is_computed_again() -> None:
    coverage = Coverage(data_file=None, source=["ivr.proof.check"])
    rest = CoverageRest()
    coverage.start()
    rest.begin()
    speech.spoken_seconds("kommune 116 117", 0.068)
    cached = speech._letters.cache_info().currsize
    rest.end()
    kept = speech._letters.cache_info().currsize
    coverage.stop()
    assert cached >= 3
    assert kept == 0
