"""The outage switch: what it changes, what it leaves behind, and how a change is taken back."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from ivr.base.clock import ManualClock
from ivr.line.flow.events import OutageKind
from ivr.operations.records.changes import ChangedBy, Outdated
from ivr.operations.records.outages import Marked, switch
from ivr.operations.records.tables import changes, outages
from ivr.operations.records.trail import trail, undo
from tests.conftest import EVENING
from tests.web.console.conftest import Maker
from tests.web.console.operator import Operator, forms_of, words
from tests.web.signed import SignedLine, heard

UNTIL = "2026-03-03T23:00"
BERGEN = ("1", "1", "5003", "1")


def _call(app: Flask) -> str:
    return heard(SignedLine(app).press(*BERGEN))


def test_calls_are_led_past_a_centre_as_soon_as_it_is_switched(operator: Operator) -> None:
    assert operator.take_out("bergen", kind="fault", until=UNTIL).status_code == 303
    assert "Linjen til Bergen legevakt har en feil" in _call(operator.app)
    operator.take_out("bergen", kind="closed", until=UNTIL)
    assert "Bergen legevakt kan ikke ta imot samtaler" in _call(operator.app)
    page = operator.get("/centres/bergen")
    assert operator.send(page, "/in-service").status_code == 303
    assert "Du blir koblet til Bergen legevakt" in _call(operator.app)


def test_the_outage_ends_by_itself(operator: Operator, clock: ManualClock) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL)
    assert "Fault on the line until Tue 3 Mar 2026 23:00" in words(operator.get("/centres/bergen"))
    clock.advance(3 * 3600)
    assert "Du blir koblet til Bergen legevakt" in _call(operator.app)
    assert "In service" in words(operator.get("/centres/bergen"))
    assert "None. Every centre is rung as the directory says." in words(operator.get("/"))


def test_another_process_knows_within_a_second_or_two(operator: Operator, make_app: Maker, database: str) -> None:
    other = make_app(database_url=database)
    operator.take_out("bergen", kind="fault", until=UNTIL)
    other.extensions["ivr"].watch.look_now()  # instead of waiting for its next look
    assert "har en feil" in _call(other)


def test_the_page_tells_what_callers_will_hear(operator: Operator) -> None:
    page = words(operator.get("/centres/bergen"))
    assert "Linjen til Bergen legevakt har en feil. " in page
    assert "The line to Bergen legevakt has a fault. " in page
    assert "cannot take calls right now" in page


def test_every_change_is_in_the_trail_with_who_before_and_after(operator: Operator) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL, note="fibre cut at Danmarks plass")
    operator.take_out("bergen", kind="closed", until=UNTIL)
    page = words(operator.get("/changes"))
    first, second = (
        "In service Fault on the line until Tue 3 Mar 2026 23:00 fibre cut at Danmarks plass",
        "Takes no calls",
    )
    assert page.count("Kari") >= 2
    assert first in page
    assert page.index(second) < page.index(first)


def test_the_latest_change_can_be_taken_back_and_that_is_a_change_too(operator: Operator) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL)
    page = operator.get("/changes")
    assert operator.send(page, "/undo").status_code == 303
    assert "Du blir koblet til Bergen legevakt" in _call(operator.app)
    page = operator.get("/changes")
    assert [form.action for form in forms_of(page) if form.action.endswith("/undo")] == ["/console/changes/2/undo"]
    operator.send(page, "/undo")
    assert "har en feil" in _call(operator.app)


def test_an_earlier_change_cannot_be_taken_back(operator: Operator) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL)
    old = operator.get("/changes")
    operator.take_out("bergen", kind="closed", until=UNTIL)
    answer = operator.send(old, "/changes/1/undo")
    assert answer.status_code == 409
    assert "kan ikke ta imot samtaler" in _call(operator.app)


def test_a_change_decided_on_from_an_outdated_page_is_refused(operator: Operator) -> None:
    page = operator.get("/centres/bergen")
    operator.send(page, "/outage", kind="closed", until=UNTIL)
    answer = operator.send(page, "/outage", kind="fault", until=UNTIL)
    assert (answer.status_code, "Somebody else has changed" in words(answer)) == (409, True)
    assert "kan ikke ta imot samtaler" in _call(operator.app)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "rain"}, "Choose what callers hear"),
        ({"kind": ""}, "Choose what callers hear"),
        ({"until": ""}, "Enter the day and the hour"),
        ({"until": "tomorrow"}, "Enter the day and the hour"),
        ({"until": "2026-03-03T20:00"}, "must be in the future"),
        ({"until": "2026-03-11T20:00"}, "within 7 days"),
        ({"note": "x" * 201}, "longer than 200"),
        ({"seen": "x"}, "Reload the page"),
        ({"seen": "9" * 30}, "Reload the page"),
    ],
)
def test_a_form_that_does_not_say_what_to_do_changes_nothing(
    operator: Operator, fields: dict[str, str], says: str
) -> None:
    answer = operator.take_out("bergen", **({"kind": "fault", "until": UNTIL} | fields))
    assert (answer.status_code, says in words(answer)) == (400, True)
    assert "In service" in words(operator.get("/centres/bergen"))


@pytest.mark.parametrize("path", ["/centres/nowhere/outage", "/centres/nowhere/in-service", "/changes/77/undo"])
def test_what_is_not_there_cannot_be_changed(operator: Operator, path: str) -> None:
    token = forms_of(operator.get("/"))[0].fields["csrf"]
    assert operator.client.post(f"/console{path}", data={"csrf": token, "seen": "0"}).status_code == 404


@pytest.mark.parametrize(
    "number",
    ["9223372036854775808", "9223372036854775807", "2147483648", "9" * 5000, "0", "-1", "1e3", "٣", "1.0", "x"],
)
def test_a_number_of_a_change_that_can_be_none_is_not_found(operator: Operator, number: str) -> None:
    token = forms_of(operator.get("/"))[0].fields["csrf"]
    assert operator.client.post(f"/console/changes/{number}/undo", data={"csrf": token}).status_code == 404
    assert operator.get(f"/changes?below={number}").status_code == 200
    assert operator.get(f"/centres/{number}").status_code == 404


def test_a_note_is_shown_as_text_and_never_as_markup(operator: Operator) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL, note="<script>alert(1)</script>")
    for path in ("/", "/centres/bergen", "/changes"):
        text = operator.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_no_get_changes_anything(operator: Operator, engine_of_records: Engine) -> None:
    operator.take_out("bergen", kind="fault", until=UNTIL)

    def rows() -> list[object]:
        with engine_of_records.connect() as connection:
            return [list(connection.execute(select(table))) for table in (outages, changes)]

    before = rows()
    for rule in operator.app.url_map.iter_rules():
        if rule.rule.startswith("/console") and "POST" in (rule.methods or ()):
            path = rule.rule.replace("<centre_id>", "bergen").replace("<int:change_id>", "1")
            operator.client.get(path)
            operator.client.get(path, query_string={"kind": "closed", "until": UNTIL, "seen": "1"})
    for path in (
        "/",
        "/live",
        "/live/rows",
        "/centres",
        "/centres/bergen",
        "/directory?q=5003",
        "/flow",
        "/changes",
        "/figures",
    ):
        assert operator.get(path).status_code == 200, path
    assert rows() == before


def test_of_two_who_switch_at_once_one_is_told_to_look_again(engine_of_records: Engine) -> None:
    until = EVENING + timedelta(hours=1)
    answers: list[str] = []

    def change(kind: OutageKind) -> None:
        for _ in range(20):
            try:
                switch(engine_of_records, "bergen", Marked(kind, until), 0, ChangedBy("Kari", EVENING))
                answers.append("done")
            except Outdated:
                answers.append("outdated")
            except OperationalError:  # SQLite: the other one is at it
                continue
            return

    threads = [threading.Thread(target=change, args=(kind,)) for kind in OutageKind]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "outdated"]


def test_what_would_be_over_by_now_is_not_brought_back(engine_of_records: Engine) -> None:
    short, later = Marked(OutageKind.FAULT, EVENING + timedelta(minutes=5)), EVENING + timedelta(minutes=10)
    switch(engine_of_records, "bergen", short, 0, ChangedBy("Kari", EVENING))
    switch(engine_of_records, "bergen", None, 1, ChangedBy("Kari", EVENING))
    assert undo(engine_of_records, 2, ChangedBy("Ola", later)) == "bergen"
    with engine_of_records.connect() as connection:
        newest, *_ = trail(connection)
    assert (newest.who, newest.before, newest.after, newest.undoes) == ("Ola", None, None, 2)


def test_the_trail_is_read_page_by_page(engine_of_records: Engine) -> None:
    for number in range(5):
        marked = Marked(OutageKind.FAULT, EVENING + timedelta(hours=number + 1))
        switch(engine_of_records, f"centre{number}", marked, 0, ChangedBy("Kari", EVENING))
    with engine_of_records.connect() as connection:
        assert [row.id for row in trail(connection, most=2)] == [5, 4]
        assert [row.id for row in trail(connection, below=4, most=2)] == [3, 2]
        assert [row.id for row in trail(connection, centre="centre1")] == [2]
