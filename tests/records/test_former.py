"""A database of a former form: it is brought to the newest one, and its rows stay what they were.

`former.json` holds the rows of a call that the version with revision 0002 recorded: a wrong key at `main`, and an
unknown postcode, which that version took for silence.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, MetaData, inspect

from ivr.cli import group
from ivr.line.flow.facts import Misunderstanding, Misunderstood
from ivr.operations.records.database import _migrate, database_url, newest_revision, open_database, upgrade
from ivr.operations.records.tables import calls, facts, legs
from tests.records.recorded_calls import note
from tests.records.test_writing import put, rows

ROWS = json.loads((Path(__file__).parent / "former.json").read_text("utf-8"))
CALL = ROWS["calls"][0]["id"]
Run = Callable[..., Result]


@pytest.fixture
def former(database: str) -> Iterator[Engine]:
    engine = open_database(database_url(database))
    with engine.begin() as connection:
        _migrate(connection, "0002")
        tables = MetaData()
        tables.reflect(connection)
        for name, found in ROWS.items():
            for row in found:
                connection.execute(tables.tables[name].insert(), row)
    yield engine
    engine.dispose()


@pytest.fixture
def run(database: str) -> Run:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(group, arguments, env={"DATABASE_URL": database, "IVR_PROFILE": ""})

    return run


def test_a_former_database_gets_the_new_column_and_keeps_every_row(former: Engine) -> None:
    assert "not_found" not in {column["name"] for column in inspect(former).get_columns("calls")}
    assert upgrade(former) == "0002"
    (call,) = rows(former, calls)
    assert (call["silences"], call["wrong_keys"], call["not_found"]) == (1, 1, 0)
    assert {name: call[name] for name in ROWS["calls"][0]} == ROWS["calls"][0]
    assert [leg["language"] for leg in rows(former, legs)] == [call["language"]] == ["nb"]
    assert call["way"].splitlines() == [row["node"] for row in ROWS["facts"] if row["kind"] == "entered"]
    told = {(row["kind"], row["node"], row["value"]) for row in rows(former, facts)}
    assert told == {(row["kind"], row["node"], row["value"]) for row in ROWS["facts"]}


def test_a_former_record_reads_as_what_it_was(former: Engine, run: Run) -> None:
    upgrade(former)
    shown = run("records", "show", CALL).output
    assert "a key without meaning there at main" in shown
    assert "silence at ask_postcode" in shown
    assert "Bergen legevakt was rung because a postcode was keyed in Bergen, and it answers there." in shown
    (exported,) = json.loads(run("records", "export", "--from", "2026-03-01", "--format", "json").stdout)
    assert (exported["silences"], exported["wrong_keys"], exported["not_found"]) == (1, 1, 0)
    funnel = json.loads(run("report", "--from", "2026-03-01", "--json").stdout)["funnel"]
    node = next(each for each in funnel if each["node"] == "ask_postcode")
    assert (node["silences"], node["wrong_keys"], node["not_found"]) == (1, 0, 0)


def test_a_former_call_that_goes_on_counts_the_new_kind_beside_the_old_ones(former: Engine) -> None:
    upgrade(former)
    unknown = note(Misunderstood("ask_postcode", Misunderstanding.NOT_FOUND), step=20, after=30)
    put(former, unknown)
    (call,) = rows(former, calls)
    assert (call["silences"], call["wrong_keys"], call["not_found"]) == (1, 1, 1)


def test_tables_of_a_former_form_are_said_to_need_an_upgrade(former: Engine, run: Run) -> None:
    for command in (("records", "list"), ("records", "show", CALL), ("records", "export"), ("report",)):
        told = run(*command)
        assert told.exit_code == 1
        assert (
            f"the tables are at 0002, this version reads {newest_revision()}: run `ivr records upgrade`" in told.output
        )
    assert run("records", "upgrade").exit_code == 0
    assert run("report").exit_code == 0
