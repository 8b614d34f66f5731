import pytest

from ivr.base.clock import ManualClock
from ivr.line.directory import Directory
from ivr.line.flow.engine import Engine
from ivr.line.languages import Catalogue
from ivr.line.service.bootstrap import Edition
from ivr.line.service.settings import Settings
from ivr.line.twilio import TwimlWriter
from tests.conftest import EVENING
from tests.web.signed import SignedLine, signed_line


@pytest.fixture(scope="session")
def clock() -> ManualClock:
    return ManualClock(EVENING)


@pytest.fixture
def line(clock: ManualClock, engine: Engine, directory: Directory, catalogue: Catalogue) -> SignedLine:
    """The whole service in process, asked the way Twilio asks. Of its parts only the directory was loaded before."""
    settings = Settings()
    writer = TwimlWriter(catalogue, settings.base_url, settings.phone_number)
    return signed_line(clock, settings, editions=[Edition(engine, writer, catalogue)])
