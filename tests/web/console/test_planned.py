"""Outages that are planned in the console: their form, the centre's page, the trail, a night with an hour twice."""

import re
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from werkzeug.test import TestResponse

from ivr.base.clock import OSLO, ManualClock
from tests.web.console.conftest import Maker
from tests.web.console.operator import Operator, forms_of, words
from tests.web.signed import SignedLine, heard

BERGEN = ("1", "1", "5003", "1")
THURSDAY = {"kind": "closed", "since": "2026-03-05T22:00", "until": "2026-03-06T02:00", "note": "new exchange"}
SPAN = "from Thu 5 Mar 2026 22:00 until Fri 6 Mar 2026 02:00"
OUT = "Bergen legevakt kan ikke ta imot samtaler"


def _send(operator: Operator, **fields: str) -> TestResponse:
    """The form for a new one."""
    page = operator.get("/centres/bergen")
    form = next(each for each in forms_of(page) if each.action.endswith("/planned") and not each.fields["begins"])
    return operator.client.post(form.action, data=form.fields | THURSDAY | fields)


def _plan(operator: Operator, **fields: str) -> int:
    return _send(operator, **fields).status_code


def _later(operator: Operator, clock: ManualClock, seconds: float) -> None:
    """Time passes, and the session with it."""
    clock.advance(seconds)
    operator.log_in()


def _state(operator: Operator) -> str:
    """What the page of Bergen says before the trail."""
    return words(operator.get("/centres/bergen")).partition("Changes of this centre")[0]


def _call(operator: Operator) -> str:
    return heard(SignedLine(operator.app).press(*BERGEN))


def test_a_planned_outage_is_shown_as_planned_and_begins_and_ends_by_itself(
    operator: Operator, clock: ManualClock
) -> None:
    assert _plan(operator) == 303
    for path in ("/", "/centres", "/centres/bergen"):
        assert SPAN in words(operator.get(path)), path
    assert "In service" in words(operator.get("/centres/bergen"))
    assert OUT not in _call(operator)
    _later(operator, clock, 50 * 3600)
    assert OUT in _call(operator)
    assert "Takes no calls until Fri 6 Mar 2026 02:00" in words(operator.get("/centres/bergen"))
    clock.advance(4 * 3600)
    assert OUT not in _call(operator)
    assert ("None is planned" in _state(operator), "In service" in _state(operator)) == (True, True)


def test_each_form_of_the_page_has_a_field_for_a_note_with_a_hint_of_its_own(operator: Operator) -> None:
    _plan(operator)
    page = operator.get("/centres/bergen").text
    fields = re.findall(r'<input id="([^"]+)" name="note" [^>]*aria-describedby="([^"]+)"', page)
    assert len(fields) == 3  # out of service now, the planned one, a new one
    for name in chain(*fields):
        assert page.count(f' id="{name}"') == 1, name


def test_it_is_changed_taken_back_and_brought_back_and_the_trail_says_so(operator: Operator) -> None:
    _plan(operator)
    page = operator.get("/centres/bergen")
    form = next(each for each in forms_of(page) if each.action.endswith("/planned") and each.fields["begins"])
    assert (form.fields["since"], form.fields["until"], form.fields["note"]) == (
        THURSDAY["since"],
        THURSDAY["until"],
        THURSDAY["note"],
    )
    changed = operator.client.post(form.action, data=form.fields | {"until": "2026-03-06T04:00"})
    assert changed.status_code == 303
    longer = "from Thu 5 Mar 2026 22:00 until Fri 6 Mar 2026 04:00"
    assert longer in words(operator.get("/centres/bergen"))
    operator.send(operator.get("/centres/bergen"), "/not-planned")
    assert "None is planned" in words(operator.get("/centres/bergen"))
    trail = words(operator.get("/changes"))
    assert trail.index(longer) < trail.index(SPAN)
    assert "Planned: Takes no calls from" in trail
    operator.send(operator.get("/changes"), "/undo")
    assert longer in words(operator.get("/centres/bergen"))


def test_an_outage_now_and_one_that_is_planned_stand_side_by_side(operator: Operator, clock: ManualClock) -> None:
    _plan(operator)
    operator.take_out("bergen", kind="fault", until="2026-03-03T23:00")
    page = _state(operator)
    assert ("Fault on the line until" in page, SPAN in page) == (True, True)
    clock.advance(4 * 3600)
    page = _state(operator)
    assert ("Fault on the line until" in page, SPAN in page) == (False, True)


def test_hours_in_which_the_centre_is_out_already_are_refused_with_those_hours(operator: Operator) -> None:
    _plan(operator)
    answer = _send(operator, kind="fault", since="2026-03-06T01:00", until="2026-03-06T05:00")
    assert (answer.status_code, f"out of service then already, {SPAN}" in words(answer)) == (409, True)
    answer = operator.take_out("bergen", kind="fault", until="2026-03-05T23:00")
    assert (answer.status_code, SPAN in words(answer)) == (409, True)
    operator.take_out("bergen", kind="fault", until="2026-03-04T10:00")
    answer = _send(operator, kind="fault", since="2026-03-04T09:00", until="2026-03-04T11:00")
    assert "out of service now until Wed 4 Mar 2026 10:00" in words(answer)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "rain"}, "Choose what callers hear"),
        ({"since": ""}, "hour of the beginning"),
        ({"since": "2026-03-03T19:00"}, "beginning must be in the future"),
        ({"since": "2026-07-03T19:00"}, "within 90 days"),
        ({"until": "soon"}, "hour of the end"),
        ({"until": THURSDAY["since"]}, "after the beginning"),
        ({"until": "2026-03-13T02:00"}, "within 7 days of it"),
        ({"since": "2026-03-29T02:30", "until": "2026-03-29T05:00"}, "there is no such time"),
        ({"begins": "x"}, "Reload the page"),
        ({"begins": "9" * 40}, "Reload the page"),
        ({"begins": "17"}, "Somebody else has changed"),
        ({"seen": "7"}, "Somebody else has changed"),
    ],
)
def test_a_plan_that_is_unclear_changes_nothing(operator: Operator, fields: dict[str, str], says: str) -> None:
    answer = _send(operator, **fields)
    assert (answer.status_code in (400, 409), says in words(answer)) == (True, True), words(answer)
    assert "None is planned" in words(operator.get("/centres/bergen"))


def test_in_the_night_with_an_hour_twice_a_plan_lasts_from_the_first_to_the_second(
    operator: Operator, clock: ManualClock
) -> None:
    _later(operator, clock, (datetime(2026, 10, 24, 20, tzinfo=OSLO).astimezone(UTC) - clock.now()).total_seconds())
    _plan(operator, since="2026-10-25T02:30", until="2026-10-25T02:30")
    page = words(operator.get("/centres/bergen"))
    assert "from Sun 25 Oct 2026 02:30 (CEST) until Sun 25 Oct 2026 02:30 (CET)" in page
    first = datetime(2026, 10, 25, 2, 30, tzinfo=OSLO)
    clock.advance(timedelta(hours=6, minutes=30).total_seconds())
    assert clock.now() == first
    assert OUT in _call(operator)
    clock.advance(59 * 60)
    assert OUT in _call(operator)
    clock.advance(60)
    assert OUT not in _call(operator)


def test_it_begins_in_another_process_too(
    operator: Operator, make_app: Maker, database: str, clock: ManualClock
) -> None:
    other = make_app(database_url=database)
    _plan(operator)
    other.extensions["ivr"].watch.look_now()
    clock.advance(50 * 3600)
    assert OUT in heard(SignedLine(other).press(*BERGEN))
