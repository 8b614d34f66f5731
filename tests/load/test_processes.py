"""Several processes: the calls are shared out, the sums are the same. Also the extra for Locust."""

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.load import DEFAULT_MIX, Poisson, as_json, load_mix, run
from tests.load.apps import job

LOCUST_USER = "ivr.simulator.load.locust_user"


def test_two_processes_count_what_one_counts() -> None:
    told: list[int] = []
    one = job(load_mix(DEFAULT_MIX), arrivals=Poisson(5), calls=30)
    two = job(load_mix(DEFAULT_MIX), arrivals=Poisson(5), calls=30, processes=2)
    alone, shared = as_json(one, run(one)), as_json(two, run(two, told.append))
    for part in ("calls", "errors", "warnings", "requests", "documents", "legs", "first_leg_seconds", "call_seconds"):
        assert shared[part] == alone[part]
    assert sum(told) == 30


def test_shares_are_disjoint_and_complete() -> None:
    shares = [list(job(arrivals=Poisson(5), calls=10, processes=3, share=share).starts()) for share in range(3)]
    assert sorted(start for share in shares for start in share) == list(job(arrivals=Poisson(5), calls=10).starts())
    assert sum(job(concurrent=10, processes=3, share=share).limit for share in range(3)) == 10


@pytest.fixture
def fresh() -> Iterator[None]:
    """The module for Locust is imported anew, and forgotten."""
    kept = sys.modules.pop("locust", None)
    sys.modules.pop(LOCUST_USER, None)
    yield
    sys.modules.pop(LOCUST_USER, None)
    sys.modules.pop("locust", None)
    if kept is not None:
        sys.modules["locust"] = kept


@pytest.mark.usefixtures("fresh")
def test_without_locust_the_import_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "locust", None)
    with pytest.raises(ImportError, match=r"needs Locust: pip install 'ivr-116117\[locust\]'"):
        __import__(LOCUST_USER)


@pytest.mark.usefixtures("fresh")
def test_with_locust_every_request_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class User:
        host = "http://127.0.0.1:9/voice"

        def __init__(self, environment: Any) -> None:
            self.environment = environment

    fake = ModuleType("locust")
    fake.__dict__.update(User=User, task=lambda function: function)
    monkeypatch.setitem(sys.modules, "locust", fake)
    __import__(LOCUST_USER)
    module: Any = sys.modules[LOCUST_USER]
    told: list[dict[str, Any]] = []
    module.CallerUser.real_time = False
    user = module.CallerUser(
        SimpleNamespace(events=SimpleNamespace(request=SimpleNamespace(fire=lambda **e: told.append(e))))
    )
    user.call()
    user.on_stop()
    assert [event["name"] for event in told] == ["voice /voice"] * 2  # the discard port: refused, and tried again
    assert all(str(event["exception"]).startswith("refused") for event in told)

    fetch = Fetch("POST", "http://127.0.0.1:9/voice", (), b"", 1, 1)
    good = module.request_event(fetch, "voice /voice", Response(200, (), b"12345"), 0.25)
    assert (good["response_time"], good["response_length"], good["exception"]) == (250.0, 5, None)
    assert "answered 500" in str(module.request_event(fetch, "voice /voice", Response(500, (), b""), 0.1)["exception"])
    assert module.request_event(fetch, "voice /voice", Failed("reset", "gone"), 0.1)["response_length"] == 0
