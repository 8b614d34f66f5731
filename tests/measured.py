"""What `make test` measures the coverage of, and what it does not."""

from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage

# Coverage makes a test take two to four times as long, so it is measured in these folders of tests alone, without the
# folders in them: calls, flow, prompts, twilio_voice and web run through every branch of the line, check and recordings
# through every branch of the checker. All other tests are about other parts, or come to these through a whole call.
MEASURED = {"calls", "check", "flow", "prompts", "recordings", "twilio_voice", "web"}


@contextmanager
def coverage_rests() -> Iterator[None]:
    """Stop every measurement that runs. In a worker of pytest-xdist, pytest-cov starts one inside another, and when the
    inner one stops the outer one goes on."""
    resting: list[Coverage] = []
    while (coverage := Coverage.current()) is not None:
        coverage.stop()
        resting.append(coverage)
    try:
        yield
    finally:
        for coverage in reversed(resting):
            coverage.start()
