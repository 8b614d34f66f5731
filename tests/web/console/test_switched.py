"""Health and metrics say what is switched: outages in force and planned, and the announcement."""

from typing import Any

from prometheus_client import generate_latest

from ivr.base.clock import ManualClock
from ivr.line.service.bootstrap import Edition, create_app
from ivr.line.service.metrics import Meters
from ivr.line.service.settings import Settings
from tests.web.console.operator import Operator

UNTIL = "2026-03-03T23:00"


def _ready(operator: Operator) -> dict[str, Any]:
    answer: dict[str, Any] = operator.app.test_client().get("/health/ready").get_json()
    names = ("out_of_service", "planned_outages", "announcement", "looked_up")
    return {name: answer[name] for name in names if name in answer}


def test_the_health_counts_outages_and_names_the_announcement(operator: Operator, clock: ManualClock) -> None:
    nothing = {"out_of_service": 0, "planned_outages": 0, "announcement": "", "looked_up": True}
    assert _ready(operator) == nothing
    operator.take_out("bergen", kind="fault", until=UNTIL)
    page = operator.get("/centres/oslo")
    operator.send(page, "/planned", kind="closed", since="2026-03-03T23:30", until="2026-03-03T23:45")
    operator.send(operator.get("/announcement"), "/announcement", name="waiting", until=UNTIL)
    assert _ready(operator) == {**nothing, "out_of_service": 1, "planned_outages": 1, "announcement": "waiting"}
    clock.advance(3.6 * 3600)
    assert _ready(operator) == {**nothing, "out_of_service": 1}
    clock.advance(3600)
    assert _ready(operator) == nothing


def test_a_line_without_a_database_has_none_to_look_up(edition: Edition, clock: ManualClock) -> None:
    app = create_app(Settings(announcement="waiting"), clock=clock, editions=[edition])
    answer = app.test_client().get("/health/ready").get_json()
    assert (answer["announcement"], answer["out_of_service"], "looked_up" in answer) == ("waiting", 0, False)


def test_the_metrics_follow_the_looks_at_the_database(
    database: str, operator: Operator, edition: Edition, clock: ManualClock
) -> None:
    meters = Meters()
    app = create_app(Settings(database_url=database), clock=clock, editions=[edition], meters=meters)
    try:
        assert _told(meters) == dict.fromkeys(
            ('ivr_outages{state="in_force"}', 'ivr_outages{state="planned"}', "ivr_announcement_on"), 0
        )
        operator.take_out("bergen", kind="fault", until=UNTIL)
        operator.send(operator.get("/announcement"), "/announcement", name="waiting", until=UNTIL)
        app.extensions["ivr"].watch.look_now()
        assert _told(meters)['ivr_outages{state="in_force"}'] == 1
        assert _told(meters)["ivr_announcement_on"] == 1
        clock.advance(3 * 3600)
        app.extensions["ivr"].watch.look_now()
        assert set(_told(meters).values()) == {0}
    finally:
        app.extensions["ivr"].close()


def _told(meters: Meters) -> dict[str, float]:
    lines = generate_latest(meters.registry).decode().splitlines()
    told = (line.rsplit(" ", 1) for line in lines if line.startswith(("ivr_outages", "ivr_announcement")))
    return {name: float(value) for name, value in told}
