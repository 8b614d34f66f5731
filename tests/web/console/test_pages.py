"""What the pages tell, from what the records hold; and that their faults stay their own."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import Engine

from ivr.base.clock import ManualClock
from ivr.line.flow.facts import CallStarted, Misunderstanding, Misunderstood, NodeEntered
from ivr.line.service.bootstrap import Behind, Edition
from ivr.line.service.records_state import RecordsState
from ivr.operations.console.blueprint import MOST_AT_ONCE
from ivr.operations.languages import source_language
from ivr.operations.records.database import database_url, open_database, upgrade
from ivr.operations.records.reading import find_call
from ivr.operations.records.recorder import RecorderStatus
from ivr.operations.records.writing import write
from ivr.operations.report.wording import ReportWording
from tests.conftest import EVENING
from tests.planner.sample import PLANNED
from tests.records.recorded_calls import beginning, callbacks, end_of_leg, note
from tests.records.test_figures import call
from tests.records.test_writing import put
from tests.web.console.conftest import Maker
from tests.web.console.operator import Operator, words
from tests.web.signed import SignedLine, heard

GOAL = ReportWording(source_language()).goal


@pytest.fixture
def with_calls(operator: Operator, engine_of_records: Engine, clock: ManualClock) -> Operator:
    """One call in the menu, one that rings, one that is over; it is half a minute past the hour."""
    clock.advance(30)
    notes = [
        *beginning("a" * 12)[:2],
        *beginning("b" * 12),
        *beginning("c" * 12, EVENING - timedelta(hours=1)),
        *callbacks("c" * 12, EVENING - timedelta(hours=1)),
        *end_of_leg("c" * 12, start=EVENING - timedelta(hours=1)),
    ]
    with engine_of_records.begin() as connection:
        write(connection, [(noted, noted.at) for noted in notes])
    return operator


def test_live_calls_are_told_with_node_seconds_language_and_route(with_calls: Operator) -> None:
    for path in ("/live", "/live/rows"):
        page = words(with_calls.get(path))
        assert "2 calls under way" in page
        assert "Main menu 30 s bokmål – – in the menu" in page
        assert "The centre is rung 30 s bokmål postcode Bergen legevakt ringing" in page


def test_a_call_of_which_nothing_was_heard_for_long_is_not_told_as_live(
    with_calls: Operator, clock: ManualClock
) -> None:
    clock.advance(600)
    assert "Nobody is calling." in words(with_calls.get("/live"))


def test_the_overview_counts_what_is_out_and_who_is_calling(with_calls: Operator) -> None:
    with_calls.take_out("bergen", kind="fault", until="2026-03-03T23:00", note="fibre cut")
    page = words(with_calls.get("/"))
    assert "Out of service 1 " in page
    assert "Calls now 2 " in page
    assert "Bergen legevakt : Fault on the line until Tue 3 Mar 2026 23:00 fibre cut" in page


def test_the_overview_begins_with_the_official_figure_of_today_and_what_callers_live_through(
    with_calls: Operator,
) -> None:
    page = words(with_calls.get("/"))
    assert page.index("Today so far") < page.index("Out of service")
    assert "Calls 3 yesterday 0" in page
    assert f"Answered within two minutes of ringing 100.0 % official figure, goal {GOAL}; yesterday –" in page
    assert re.search(r"From the call to a person \d+ s median of what callers live through", page)
    assert "Reached nobody 0" in page


def test_a_recorded_call_has_a_page_that_says_why_its_centre_was_rung_with_its_way_on_the_flow(
    with_calls: Operator, engine_of_records: Engine
) -> None:
    listed = with_calls.get("/calls")
    assert "20:00" in words(listed)
    over = find_call(engine_of_records.connect(), "")
    (call,) = (each.call for each in over if each.call["ended_at"])
    assert f"/console/calls/{call['id']}" in listed.text
    page = with_calls.get(f"/calls/{call['id']}")
    told = words(page)
    assert "Bergen legevakt was rung because a postcode was keyed in Bergen, and it answers there." in told
    assert "The caller was connected." in told
    assert "Bergen legevakt: they talked" in told
    assert "another version of the flow" in told
    assert with_calls.get("/calls/ffffffffffffffff").status_code == 404
    assert with_calls.get(f"/calls/{call['id'][:4]}").status_code == 404


def test_the_flow_is_drawn_with_how_often_each_step_was_taken_today(with_calls: Operator, clock: ManualClock) -> None:
    page = with_calls.get("/flow")
    assert "1 · 2</text>" in page.text  # from the main menu to the postcode
    assert re.search(r"(\d+) steps in all", words(page))
    clock.advance(24 * 3600)
    with_calls.log_in()
    assert "0 steps in all" in words(with_calls.get("/flow"))


def test_the_figures_tell_silence_a_wrong_key_and_what_was_not_found_apart(
    operator: Operator, engine_of_records: Engine
) -> None:
    missed = [Misunderstood("ask_postcode", kind) for kind in (*Misunderstanding, Misunderstanding.NOT_FOUND)]
    entered = [NodeEntered("ask_postcode", "nb")] * 4
    with engine_of_records.begin() as connection:
        noted = note(CallStarted(abroad=False), *entered, *missed)
        write(connection, [(noted, noted.at)])
    page = words(operator.get("/figures"))
    assert "node came went on silence wrong key not found hung up key 9" in page
    assert "Postcode 4 0 1 1 2 0 0" in page


def test_the_figures_of_a_day_are_those_of_the_report(with_calls: Operator) -> None:
    page = words(with_calls.get("/figures"))
    assert "Figures of Tuesday 3 March 2026" in page
    assert "3 calls." in page
    assert f"answered within two minutes (goal {GOAL}) 100.0 % goal reached" in page
    assert "The day after" not in page
    before = words(with_calls.get("/figures?day=2026-03-02&by=centre"))
    assert "0 calls." in before
    assert "The day after" in before


@pytest.mark.parametrize("query", ["day=2027-01-01", "day=yesterday", "day=1066-10-14", "by=weather", "day=0000-00-00"])
def test_a_day_or_grouping_that_is_none_is_today_by_hour(operator: Operator, query: str) -> None:
    page = operator.get(f"/figures?{query}")
    assert page.status_code == 200
    assert "Figures of Tuesday 3 March 2026" in words(page)


def test_groups_are_named_as_the_directory_names_them(with_calls: Operator) -> None:
    assert "Bergen legevakt" in words(with_calls.get("/figures?by=centre"))
    assert "Vestland" in words(with_calls.get("/figures?by=county"))


def test_the_directory_is_searched_by_place_number_and_name(operator: Operator) -> None:
    assert "Bergen 4601-5003 BERGEN, Vestland Bergen legevakt" in words(operator.get("/directory?q=5003"))
    assert "Bergen legevakt" in words(operator.get("/directory?q=55 56 87 00"))
    assert "0 found for “nowhere at all”" in words(operator.get("/directory?q=nowhere+at+all"))
    assert words(operator.get("/centres?q=bergen")).count("In service") < 5


def test_a_place_with_a_roster_is_shown_with_its_week_and_until_when(operator: Operator) -> None:
    page = words(operator.get("/directory?q=4622"))
    assert "Kvam legevakt Tue 3 Mar 2026 23:00 23:00–08:30 Voss legevakt; otherwise Kvam legevakt" in page


def test_the_versions_that_took_calls_are_told(with_calls: Operator) -> None:
    for path in ("/directory", "/flow"):
        assert "f1f1f1f1 d2d2d2d2 Tue 3 Mar 2026 19:00 Tue 3 Mar 2026 20:00 3" in words(with_calls.get(path))


def test_a_flow_that_nothing_checked_is_told_as_such(operator: Operator) -> None:
    assert "Not checked." in words(operator.get("/flow"))


@pytest.mark.parametrize(("findings", "says"), [((), "No error, no warning"), (("nb.yaml:3: V28",), "1 warning")])
def test_what_the_checker_found_is_told(
    make_app: Maker, edition: Edition, findings: tuple[str, ...], says: str
) -> None:
    operator = Operator(make_app(replace(edition, findings=findings)))
    operator.log_in()
    page = words(operator.get("/flow"))
    assert says in page
    assert all(each in page for each in findings)


@pytest.mark.parametrize("state", RecordsState)
def test_the_overview_tells_how_the_records_stand_from_the_first_moment_on(
    make_app: Maker, monkeypatch: pytest.MonkeyPatch, state: RecordsState
) -> None:
    monkeypatch.setattr(Behind, "standing", lambda _: asdict(RecorderStatus(state, waiting=3, written=0, lost=0)))
    operator = Operator(make_app())
    operator.log_in()
    page = operator.get("/")
    assert page.status_code == 200
    assert f"Records {source_language().say(f'overview.records_{state}')}" in words(page)


def test_without_a_database_there_is_no_switch_and_the_pages_say_so(make_app: Maker) -> None:
    operator = Operator(make_app())
    operator.log_in()
    for path in ("/", "/centres", "/centres/bergen", "/directory", "/flow"):
        page = operator.get(path)
        assert page.status_code == 200
        assert "no database is set up" in words(page), path
        assert "/outage" not in page.text
    for path in ("/live", "/figures", "/changes"):
        page = operator.get(path)
        assert (page.status_code, "no database is set up" in words(page)) == (503, True), path


def test_a_database_that_cannot_be_reached_is_told_and_calls_go_on(make_app: Maker) -> None:
    app = make_app(database_url="postgresql://nobody@127.0.0.1:1/none")
    operator = Operator(app)
    operator.log_in()
    assert "the database cannot be reached" in words(operator.get("/"))
    assert operator.get("/changes").status_code == 503
    assert "Bergen legevakt" in heard(SignedLine(app).press("1", "1", "5003"))


def test_a_fault_of_a_page_is_a_plain_page_and_no_call_notices(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = Operator(app)
    operator.log_in()

    def broken(*_: object) -> None:
        raise RuntimeError("4791234567")

    monkeypatch.setattr("ivr.operations.console.pages.render_template", broken)
    page = operator.get("/flow")
    assert (page.status_code, "Something went wrong on our side" in words(page)) == (500, True)
    assert "4791234567" not in page.text
    assert "Bergen legevakt" in heard(SignedLine(app).press("1", "1", "5003"))


def test_more_requests_at_once_than_the_console_may_have_are_told_to_come_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    operators = [Operator(app) for _ in range(MOST_AT_ONCE + 1)]
    for each in operators:
        each.log_in()
    inside, go_on = Barrier(MOST_AT_ONCE + 1), Event()

    def slow(*_: object, **__: object) -> str:
        inside.wait(20)
        go_on.wait(20)
        return "done"

    with monkeypatch.context() as patch, ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        patch.setattr("ivr.operations.console.pages.render_template", slow)
        answers = [pool.submit(each.get, "/flow") for each in operators[1:]]
        inside.wait(20)
        refused = operators[0].get("/flow")
        assert (refused.status_code, "The console is busy" in words(refused)) == (503, True)
        assert "Bergen legevakt" in heard(SignedLine(app).press("1", "1", "5003"))
        go_on.set()
        assert [each.result().status_code for each in answers] == [200] * MOST_AT_ONCE
    assert operators[0].get("/flow").status_code == 200


def test_an_unknown_page_and_an_unknown_centre_are_404(operator: Operator) -> None:
    assert [operator.get(path).status_code for path in ("/nowhere", "/centres/nowhere", "/a/b/c")] == [404, 404, 404]


def test_while_another_writer_holds_sqlite_a_change_is_refused_and_told_and_can_be_made_later(
    make_app: Maker, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/records.sqlite3"
    engine = open_database(database_url(url))
    upgrade(engine)
    operator = Operator(make_app(database_url=url))
    operator.log_in()
    page = operator.get("/centres/bergen")
    with engine.begin():
        answer = operator.send(page, "/outage", kind="fault", until="2026-03-03T23:00")
        assert (answer.status_code, "the database cannot be reached" in words(answer)) == (503, True)
    assert operator.send(page, "/outage", kind="fault", until="2026-03-03T23:00").status_code == 303
    engine.dispose()


def test_a_name_with_markup_is_text_and_no_page_with_plots_has_a_style_of_its_own(
    make_app: Maker, database: str, engine_of_records: Engine
) -> None:
    """The policy of the console lets no such style through."""
    put(engine_of_records, *(each for n in range(6) for each in call(f"c{n}", answer=5, centre='<i>Vik & "Øy"</i>')))
    operator = Operator(make_app(database_url=database, plan_answer=PLANNED))
    operator.app.extensions["ivr"].past_weeks.count_now()  # what the page of trends shows
    operator.log_in()
    pages = {path: operator.get(path).text for path in ("/figures?by=centre", "/figures?by=hour", "/trends", "/plan")}
    assert pages["/figures?by=centre"].count("&lt;i&gt;Vik &amp; ") >= 2  # in the table, in the plot
    assert "Voss &lt;closed&gt; &amp; fewer in Bergen" in pages["/plan"]
    for path, text in pages.items():
        assert "<svg" in text, path
        assert not re.search(r"<i>|<style|\sstyle=", text), path


def test_the_last_plans_answer_is_shown_and_its_absence_is_told(make_app: Maker, database: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("[1, 2]", "utf-8")
    for file, told in (
        (PLANNED, "In Bergen"),
        (None, "IVR_PLAN_ANSWER names no file"),
        (tmp_path / "none.json", "There is no answer yet"),
        (broken, "The file is no answer of one plan"),
    ):
        operator = Operator(make_app(database_url=database, plan_answer=file))
        assert operator.log_in().status_code == 303
        assert told in words(operator.get("/plan"))
