from collections.abc import Callable
from typing import Any

import pytest

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.settings import Settings
from ivr.simulator import CallPlan, Leg, Outcome, WsgiTransport, keys_to_steps, play
from tests.conftest import EVENING

Call = Callable[..., Outcome]


@pytest.fixture(scope="session")
def service() -> WsgiTransport:
    """The real service in process, on a Tuesday evening."""
    return WsgiTransport(create_app(Settings(), clock=ManualClock(EVENING), sink=lambda *_: None))


@pytest.fixture(scope="session")
def call(service: WsgiTransport) -> Call:
    """Play a call by its keys, each group as soon as the line listens; afterwards the caller is silent."""

    def call(keys: str, legs: dict[str, Leg] | None = None, **more: Any) -> Outcome:
        legs = {"*": Leg.answer(3, talk=10)} if legs is None else legs
        plan = CallPlan(
            url="http://127.0.0.1:5000/voice",
            fallback_url="http://127.0.0.1:5000/voice/fallback",
            steps=keys_to_steps(keys),
            legs=legs,
            **{"from_": "+4791234567", "to": "+4739000000"} | more,
        )
        return play(plan, service)

    return call
