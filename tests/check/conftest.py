import pytest

from ivr.base.bundled import bundled
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.run import lay_ground
from tests.check.damage import FLOW
from tests.conftest import EVENING


@pytest.fixture(scope="session")
def ground() -> Ground:
    return lay_ground(None, EVENING)


@pytest.fixture(scope="session")
def subject(ground: Ground) -> Subject:
    """The bundled flow."""
    return Subject(bundled("call_flows") / FLOW, ground)
