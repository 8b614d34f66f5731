"""Calls that no person made are marked in the records, and count in no official figure."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, inspect, select

from ivr.base.clock import ManualClock
from ivr.base.test_account import ORIGIN_FIELD
from ivr.cli import group
from ivr.line.calls import Noted
from ivr.line.flow.facts import CallMarked, CallOrigin
from ivr.operations.languages import source_language
from ivr.operations.records.counted import counted_calls
from ivr.operations.records.database import _migrate, database_url, open_database, upgrade
from ivr.operations.records.figures import Grouping, figures
from ivr.operations.records.tables import calls, facts, legs
from ivr.operations.report.wording import ReportWording
from tests.records.recorded_calls import note
from tests.records.test_figures import DAY, call
from tests.records.test_writing import put, rows
from tests.web.signed import signed_line


def _mark(name: str, origin: CallOrigin, after: float = 1) -> Noted:
    return note(CallMarked(origin), call=f"{name:>12}", after=after)


def _recorded(engine: Engine) -> None:
    """One call of a person, answered late; three of `ivr load`, answered at once; their marks come last."""
    put(engine, *call("person", answer=200))
    for name in ("l1", "l2", "l3"):
        put(engine, *call(name, answer=5))
        put(engine, _mark(name, CallOrigin.LOAD))


@pytest.mark.parametrize("by", [None, *Grouping])
def test_marked_calls_are_in_no_figure_and_are_counted_apart(by: Grouping | None, engine_of_records: Engine) -> None:
    _recorded(engine_of_records)
    with engine_of_records.connect() as connection:
        found = figures(connection, DAY, by, DAY.end)
        apart = figures(connection, replace(DAY, origin="load"), by, DAY.end)
    assert (found.total.calls, found.total.legs, found.total.share_within(120)) == (1, 1, 0.0)
    assert (apart.total.calls, apart.total.legs, apart.total.share_within(120)) == (3, 3, 1.0)
    assert (found.apart, apart.apart) == ({"load": 3}, {"": 1})
    came = [{node.node: node.entered for node in each.funnel}["open"] for each in (found, apart)]
    assert came == [1, 3]
    told = list(ReportWording(source_language()).caveats(found))
    assert "3 calls of `ivr load` are apart, in none of these figures." in told


def test_every_row_of_a_marked_call_has_the_mark_whenever_it_was_told(engine_of_records: Engine) -> None:
    put(engine_of_records, *call("early", answer=5))
    put(engine_of_records, _mark("early", CallOrigin.DEMO, after=60))
    for table in (calls, legs, facts):
        assert {row["origin"] for row in rows(engine_of_records, table)} == {"demo"}


def test_the_planner_counts_people_alone(engine_of_records: Engine) -> None:
    for name in ("a", "b", "c", "d", "e", "f"):
        put(engine_of_records, *call(name, answer=5), _mark(name, CallOrigin.TEST))
    with engine_of_records.connect() as connection:
        assert counted_calls(connection, DAY).rows == ()


@pytest.mark.parametrize(("field", "mark"), [("load", CallOrigin.LOAD), ("nobody", None), ("", None)])
def test_the_mark_is_a_signed_field_of_the_first_request(
    field: str, mark: CallOrigin | None, clock: ManualClock
) -> None:
    line = signed_line(clock)
    line.post("/voice", line.fields(**({ORIGIN_FIELD: field} if field else {})))
    marks = [fact.origin for noted in line.facts for fact in noted.facts if isinstance(fact, CallMarked)]
    assert marks == ([mark] if mark else [])


def test_a_mark_that_nobody_signed_is_refused_with_its_call(clock: ManualClock) -> None:
    line = signed_line(clock)
    forged = line.app.test_client().post("/voice", data={**line.fields(), ORIGIN_FIELD: "load"})
    assert forged.status_code == 403
    assert not line.facts


def test_a_database_of_before_gets_the_mark_and_its_calls_stay_those_of_people(database: str) -> None:
    engine = open_database(database_url(database))
    with engine.begin() as connection:
        _migrate(connection, "0003")
    assert upgrade(engine) == "0003"
    for table in ("calls", "legs", "facts"):
        assert "origin" in {column["name"] for column in inspect(engine).get_columns(table)}
    (index,) = (each for each in inspect(engine).get_indexes("facts") if each["name"] == "facts_by_node")
    assert index["column_names"] == ["origin", "kind", "node", "value", "hour"]
    put(engine, *call("a", answer=5))
    assert rows(engine, calls)[0]["origin"] == ""
    engine.dispose()


def test_the_report_shows_them_apart_when_asked(database: str, engine_of_records: Engine) -> None:
    _recorded(engine_of_records)
    first, last = DAY.start.date(), (DAY.end - timedelta(days=1)).date()
    words = ["report", "--from", str(first), "--to", str(last), "--json"]
    env = {"DATABASE_URL": database, "IVR_PROFILE": ""}
    people = json.loads(CliRunner().invoke(group, words, env=env).stdout)
    loaded = json.loads(CliRunner().invoke(group, [*words, "--origin", "load"], env=env).stdout)
    assert (people["origin"], people["calls_apart"]) == ("", {"load": 3})
    assert (loaded["origin"], loaded["calls_apart"]) == ("load", {"": 1})
    assert (people["calls"], loaded["calls"]) == (1, 3)


def test_the_calls_of_ivr_load_say_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        asked.append(environ["wsgi.input"].read().decode())
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [b"<Response><Say>hello</Say></Response>"]

    monkeypatch.setattr("ivr.cli.load.bundled_line", lambda: app)
    result = CliRunner().invoke(group, ["load", "--calls", "2", "--keys", ""])
    assert result.exit_code == 0, result.output
    assert [f"{ORIGIN_FIELD}=load" in each for each in asked if "CallStatus=ringing" in each] == [True, True]


def test_a_call_of_ivr_call_that_takes_no_time_is_no_persons(database: str, engine_of_records: Engine) -> None:
    settings = {"DATABASE_URL": database, "IVR_PROFILE": "simulator"}
    result = CliRunner().invoke(group, ["call", "--keys", "1 1 5003 1"], env=settings)
    assert result.exit_code == 0, result.output
    with engine_of_records.connect() as connection:
        assert connection.scalars(select(calls.c.origin)).all() == ["test"]
