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


@contextmanager
def coverage_rests() -> Iterator[None]:
    """Stop every measurement that runs. In a worker of pytest-xdist, pytest-cov starts one inside another, and when the
    inner one stops the outer one goes on.

    Afterwards the caches of what is measured are empty: what was cached meanwhile would not be run through again."""
    resting: list[Coverage] = []
    while (coverage := Coverage.current()) is not None:
        coverage.stop()
        resting.append(coverage)
    try:
        yield
    finally:
        if resting:
            for cached in _cached(tuple(resting[0].get_option("run:source") or ()), len(sys.modules)):
                cached.cache_clear()
        for coverage in reversed(resting):
            coverage.start()


@lru_cache(maxsize=1)
def _cached(sources: tuple[str, ...], _modules: int) -> list[Any]:
    """The functions of these packages that keep their results, as far as modules are imported."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith(sources)]
    return [each for module in modules for each in vars(module).values() if hasattr(each, "cache_clear")]
