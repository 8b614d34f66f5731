"""What `make test` measures the coverage of, and what it does not."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from coverage import Coverage

# Coverage makes a test take two to four times as long, so it is measured in these folders of tests alone, without the
# folders in them: calls, flow, prompts, twilio_voice and web run through every branch of the line, check and recordings
# through every branch of the checker. All other tests are about other parts, or come to these through a whole call.
MEASURED = {"calls", "check", "flow", "prompts", "recordings", "twilio_voice", "web"}


class CoverageRest:
    """Begins and ends as often as one likes; may last for many tests. After it the caches of what is measured are
    empty: what was cached meanwhile would not be run through again."""

    def __init__(self) -> None:
        self._resting: list[Coverage] = []

    def begin(self) -> None:
        """Stop every measurement that runs. In a worker of pytest-xdist, pytest-cov starts one inside another, and when
        the inner one stops the outer one goes on."""
        while (coverage := Coverage.current()) is not None:
            coverage.stop()
            self._resting.append(coverage)

    def end(self) -> None:
        """Go on with all that were stopped."""
        if self._resting:
            sources = tuple(self._resting[0].get_option("run:source") or ())
            for cached in _cached(sources, len(sys.modules)):
                cached.cache_clear()
        while self._resting:
            self._resting.pop().start()


@lru_cache(maxsize=1)
def _cached(sources: tuple[str, ...], _modules: int) -> list[Any]:
    """The functions of these packages that keep their results, as far as modules are imported."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith(sources)]
    return [each for module in modules for each in vars(module).values() if hasattr(each, "cache_clear")]


REST = CoverageRest()  # of this process


@contextmanager
def coverage_rests() -> Iterator[None]:
    """A rest within a test that is measured."""
    REST.begin()
    try:
        yield
    finally:
        REST.end()
