import pytest

from ivr.clock import ManualClock
from tests.conftest import EVENING
from tests.web.signed import SignedLine, signed_line


@pytest.fixture(scope="session")
def clock() -> ManualClock:
    return ManualClock(EVENING)


@pytest.fixture(scope="session")
def one_line(clock: ManualClock) -> SignedLine:
    return signed_line(clock)


@pytest.fixture
def line(one_line: SignedLine) -> SignedLine:
    """The whole service in process, asked the way Twilio asks; loaded once."""
    one_line.facts.clear()
    return one_line
