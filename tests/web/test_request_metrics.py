"""What is counted of a request: its node, its status, how long it took, and whether the 113 words stood in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from prometheus_client import generate_latest
from werkzeug.test import Client

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import create_app
from ivr.line.service.metrics import Meters
from ivr.line.service.settings import Settings
from ivr.line.web.failsafe import FailSafe
from ivr.line.web.request_metrics import Metered

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@pytest.fixture
def meters() -> Meters:
    return Meters()


def _lines(meters: Meters) -> list[str]:
    lines = generate_latest(meters.registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#") and "_created" not in line]


def _broken(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    raise RuntimeError("broken")


def test_a_fault_that_the_113_words_stood_in_for_is_counted(meters: Meters) -> None:
    client = Client(Metered(FailSafe(_broken, b"<Response/>"), meters, {"main"}))
    assert client.post("/voice/main").data == b"<Response/>"
    assert "ivr_faults_total 1.0" in _lines(meters)
    assert 'ivr_requests_total{node="main",status="200"} 1.0' in _lines(meters)


def test_every_webhook_counts_under_its_name_and_nothing_else_does(meters: Meters, clock: ManualClock) -> None:
    client = create_app(Settings(), clock=clock, meters=meters).test_client()
    for path in ("/voice", "/voice/", "/voice/main", "/voice/whisper/taken", "/voice/status", "/voice/4712345678"):
        assert client.post(path).status_code == 415
    client.get("/health/ready")
    client.get("/elsewhere")
    counted = [line for line in _lines(meters) if line.startswith("ivr_requests_total")]
    assert sorted(counted) == [
        'ivr_requests_total{node="arrival",status="415"} 2.0',
        'ivr_requests_total{node="health",status="200"} 1.0',
        'ivr_requests_total{node="main",status="415"} 1.0',
        'ivr_requests_total{node="other",status="404"} 1.0',
        'ivr_requests_total{node="other",status="415"} 1.0',
        'ivr_requests_total{node="status",status="415"} 1.0',
        'ivr_requests_total{node="whisper",status="415"} 1.0',
    ]
    assert "ivr_answer_seconds_count 6.0" in _lines(meters)


def test_a_refused_reload_is_told(meters: Meters, clock: ManualClock) -> None:
    create_app(Settings(), clock=clock, meters=meters, refused=["legevakt.yaml:1: no"])
    assert "ivr_reload_refused 1.0" in _lines(meters)
