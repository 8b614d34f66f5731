"""Figures are counted by the database: the same as if somebody went through the calls one by one, on both databases."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, select

from ivr.base.clock import OSLO
from ivr.line.directory import load_directory
from ivr.operations.records.figures import RINGING_STILL, Group, Grouping, NodeFigures, Period, figures
from ivr.operations.records.made_up import MadeUp, fill
from ivr.operations.records.rows import HOUR, milliseconds
from ivr.operations.records.steps import steps_taken
from ivr.operations.records.tables import calls, facts, legs

CALLS = 800
# Over the night in which clocks go back; neither end on the hour.
PERIOD = Period(datetime(2026, 10, 20, 5, 20, tzinfo=OSLO), datetime(2026, 11, 2, 17, 40, tzinfo=OSLO))
NOW = PERIOD.end - timedelta(days=4)  # so that legs without an end still ring, and others do not
Row: TypeAlias = dict[str, Any]


def test_counted_by_the_database_figures_are_those_of_the_calls_one_by_one(engine_of_records: Engine) -> None:
    fill(engine_of_records, MadeUp(load_directory(today=date(2026, 11, 10)), ("nb", "en"), seed=7), CALLS, PERIOD.end)
    make_odd(engine_of_records)
    with engine_of_records.connect() as connection:
        for by in (None, *Grouping):
            found, expected = figures(connection, PERIOD, by, NOW), one_by_one(connection, by)
            assert found.groups == (dict(sorted(expected.items())) if by else {}), by
            assert found.total == sum_of(expected), by
            assert all(type(node.entered) is type(node.silences) is int for node in found.funnel)
            assert list(found.funnel) == sorted(nodes(connection), key=lambda node: (-node.entered, node.node))
            assert found.total.untold, "the calls are too plain for the comparison to say much"
            assert found.total.calls > CALLS // 4
            assert found.orphans


def test_steps_through_the_flow_are_those_of_the_facts_one_by_one(engine_of_records: Engine) -> None:
    fill(engine_of_records, MadeUp(load_directory(today=date(2026, 11, 10)), ("nb", "en"), seed=8), CALLS, PERIOD.end)
    with engine_of_records.connect() as connection:
        ways: defaultdict[str, list[str]] = defaultdict(list)
        for fact in sorted(every(connection, facts), key=lambda row: (row["at"], row["step"], row["position"])):
            if fact["kind"] == "entered":
                ways[fact["call_id"]].append(fact["node"])
        begun = [call["id"] for call in every(connection, calls) if held(call["started_at"])]
        expected = Counter(step for call in begun for step in pairwise(ways[call]))
        assert steps_taken(connection, PERIOD) == expected
        assert expected["main", "main"] > 1


def make_odd(engine: Engine) -> None:
    """Some of them without a beginning, an end or a callback, and by clocks that do not agree."""
    with engine.begin() as connection:
        connection.execute(calls.update().where(calls.c.started_at % 7 == 0).values(arrived=False))
        connection.execute(calls.update().where(calls.c.started_at % 11 == 0).values(ended_at=None))
        early = calls.c.human_at.is_not(None), calls.c.started_at % 5 == 0
        connection.execute(calls.update().where(*early).values(human_at=calls.c.started_at - 500))
        connection.execute(legs.update().where(legs.c.dialled_at % 5 == 0).values(rang_at=None))
        early = legs.c.accepted, legs.c.dialled_at % 7 == 0
        connection.execute(legs.update().where(*early).values(answered_at=legs.c.dialled_at - 300))
        connection.execute(legs.update().where(legs.c.dialled_at % 3 == 0).values(outcome="", accepted=False))
        connection.execute(legs.update().where(legs.c.dialled_at % 4 == 0).values(language=None))  # by a former version


def one_by_one(connection: Connection, by: Grouping | None) -> dict[str, Group]:
    groups: defaultdict[str, Group] = defaultdict(Group)
    languages: dict[str, str] = {}
    for call in every(connection, calls):
        languages[call["id"]] = call["language"]
        if held(call["started_at"]) and call["arrived"]:
            group = groups[key(by, call, call["started_at"], call["language"])]
            group.calls += 1
            group.dispositions[call["disposition"]] += 1
            group.red_flags += call["red_flag"]
            group.first_words[call["first_words_ms"]] += 1
            for column, spread in (("rang_at", group.to_ringing), ("human_at", group.to_human)):
                if call[column] is not None:
                    spread[max(0, call[column] - call["started_at"]) // 1000] += 1
    for leg in every(connection, legs):
        rings = leg["outcome"] == "" and not leg["accepted"] and leg["dialled_at"] > milliseconds(NOW - RINGING_STILL)
        if held(leg["dialled_at"]) and not rings:
            group = groups[key(by, leg, leg["dialled_at"], languages[leg["call_id"]])]
            group.legs += 1
            group.untold += leg["rang_at"] is None
            if leg["accepted"]:
                group.answer_times[max(0, leg["answered_at"] - (leg["rang_at"] or leg["dialled_at"])) // 1000] += 1
    return groups


def key(by: Grouping | None, row: Row, at: int, language: str) -> str:
    match by:
        case Grouping.CENTRE:
            return str(row["centre"])
        case Grouping.HOUR:
            return f"{datetime.fromtimestamp(at / 1000, OSLO):%H}"
        case Grouping.COUNTY:
            return str(row["municipality"])[:2]
        case Grouping.LANGUAGE:
            return language
        case Grouping.WEEK:
            day = datetime.fromtimestamp(at / 1000, OSLO).date()
            return (day - timedelta(days=day.weekday())).isoformat()
        case None:
            return ""


def nodes(connection: Connection) -> list[NodeFigures]:
    """Facts are counted in whole hours."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first, last = milliseconds(PERIOD.start) // HOUR, (milliseconds(PERIOD.end) - 1) // HOUR
    for fact in every(connection, facts):
        if first <= fact["at"] // HOUR <= last and fact["kind"] in ("entered", "misunderstood", "red_flag"):
            seen[fact["node"]][fact["value"] or fact["kind"]] += 1
    for call in every(connection, calls):
        if held(call["started_at"]) and call["ended_at"] and call["node"] and call["disposition"] != "connected":
            seen[call["node"]]["hung up"] += 1
    parts = ("entered", "silence", "wrong_key", "not_found", "hung up", "red_flag")
    return [NodeFigures(node, *(counted[part] for part in parts)) for node, counted in seen.items()]


def every(connection: Connection, table: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def held(at: int) -> bool:
    return milliseconds(PERIOD.start) <= at < milliseconds(PERIOD.end)


def sum_of(groups: dict[str, Group]) -> Group:
    total = Group()
    for group in groups.values():
        total.add(group)
    return total
