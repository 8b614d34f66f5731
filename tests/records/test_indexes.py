"""Reports and pages find their rows by indexes, on both databases.

PostgreSQL is told to do without reading whole tables where it can: with few rows it would rather. What it does with
many, `python -m benchmarks.records` and `benchmarks.console` show.
"""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Select, event

from benchmarks.console import plans
from ivr.operations.records.figures import Grouping, queries
from tests.records.test_figures import DAY


@pytest.fixture
def engine(engine_of_records: Engine) -> Engine:
    if engine_of_records.dialect.name == "postgresql":

        @event.listens_for(engine_of_records, "connect")
        def prefer_indexes(connection: psycopg.Connection, _: object) -> None:
            connection.execute("SET enable_seqscan = off")
            connection.commit()

        engine_of_records.dispose()  # what is connected already has not heard of it
    return engine_of_records


@pytest.mark.parametrize("by", [None, *Grouping])
def test_every_query_of_a_report_finds_its_period_by_an_index(engine: Engine, by: Grouping | None) -> None:
    expected = {"answers": "legs_by_start", "next node": "facts_by_node", "at a node": "facts_by_node"}
    for name, query in queries(DAY, by, DAY.end - timedelta(hours=1)):
        plan = told(engine, query)
        assert expected.get(name, "calls_by_start") in plan, (name, plan)
        assert "Seq Scan" not in plan, (name, plan)
        assert "SCAN calls" not in plan, (name, plan)


@pytest.mark.parametrize("asked", ["next node", "at a node"])
def test_callers_at_the_nodes_are_counted_from_the_index_alone(engine: Engine, asked: str) -> None:
    plan = told(engine, dict(queries(DAY, None, DAY.end))[asked])
    assert "COVERING INDEX facts_by_node" in plan or "Index Only Scan using facts_by_node" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    assert "Sort" not in plan, plan


def test_the_pages_find_calls_and_changes_by_indexes(engine: Engine) -> None:
    plan = {line[4:22].strip(): line[22:] for line in plans(engine)}
    assert "calls_by_start" in plan["live calls"]
    assert "calls_by_version" in plan["versions"]
    assert "changes_by_centre" in plan["a centre's latest"]
    assert "changes_by_centre" in plan["of a centre"]


def told(engine: Engine, query: Select[Any]) -> str:
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
    statement = query.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        return "; ".join(str(row[-1]).strip() for row in connection.exec_driver_sql(f"{explain} {statement}"))
