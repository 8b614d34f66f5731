"""What is in the database after calls were written, whoever writes them, in whatever order and how often."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from ivr.line.calls import Noted
from ivr.operations.records.database import database_url, open_database
from ivr.operations.records.tables import calls, facts, legs
from ivr.operations.records.writing import write
from tests.records.recorded_calls import beginning, callbacks, end_of_leg, facts_in

NEVER_THE_SAME = {"id", "fingerprint", "call_id"}


def put(engine: Engine, *notes: Noted) -> None:
    """All in one transaction."""
    with engine.begin() as connection:
        write(connection, [(noted, noted.at) for noted in notes])


def rows(engine: Engine, table: Any) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def distinct(engine: Engine, table: Any) -> set[tuple[Any, ...]]:
    """The rows without what is random."""
    return {tuple(value for name, value in row.items() if name not in NEVER_THE_SAME) for row in rows(engine, table)}


def test_a_call_is_one_row_a_leg_one_and_every_fact_one(engine_of_records: Engine) -> None:
    notes = [*beginning(), *end_of_leg(), *callbacks()]
    put(engine_of_records, *notes)
    (call,) = rows(engine_of_records, calls)
    assert (call["disposition"], call["centre"], len(call["id"])) == ("connected", "bergen", 16)
    assert len(rows(engine_of_records, legs)) == 1
    assert len(rows(engine_of_records, facts)) == facts_in(notes)


def test_the_same_request_twice_is_written_once(engine_of_records: Engine) -> None:
    for _ in range(2):
        put(engine_of_records, *beginning(), *beginning(), *end_of_leg())
    assert len(rows(engine_of_records, facts)) == facts_in([*beginning(), *end_of_leg()])
    assert len(rows(engine_of_records, calls)) == 1


def test_of_a_repeated_request_the_earlier_time_stays(engine_of_records: Engine) -> None:
    later = [noted._replace(at=noted.at.replace(minute=noted.at.minute + 5)) for noted in beginning()]
    put(engine_of_records, *later)
    put(engine_of_records, *beginning())
    (call,) = rows(engine_of_records, calls)
    put(engine_of_records, *later)
    assert rows(engine_of_records, calls) == [call]
    assert call["last_at"] - call["started_at"] == 20_000


def test_all_orders_of_the_callbacks_give_the_same_row_each_sent_twice(engine_of_records: Engine) -> None:
    """120 calls, one for each order; the callbacks of a call come in ten transactions, one after the other."""
    orders = {f"order{number:07}": (*order, *order[::-1]) for number, order in enumerate(permutations(range(5)))}
    put(engine_of_records, *(noted for call in orders for noted in beginning(call)))
    for turn in range(10):
        put(engine_of_records, *(callbacks(call)[order[turn]] for call, order in orders.items()))
    assert len(rows(engine_of_records, calls)) == 120
    assert len(distinct(engine_of_records, calls)) == 1
    assert len(distinct(engine_of_records, legs)) == 1


def test_whichever_callback_is_lost_all_orders_of_the_others_give_the_same_row(engine_of_records: Engine) -> None:
    """Five times 24 calls; the first callback of each comes before the call itself is known."""
    for lost in range(5):
        others = [index for index in range(5) if index != lost]
        orders = {f"lost{lost}-{number:06}": order for number, order in enumerate(permutations(others))}
        for turn in range(4):
            put(engine_of_records, *(callbacks(call)[order[turn]] for call, order in orders.items()))
            if turn == 0:
                put(engine_of_records, *(noted for call in orders for noted in beginning(call)))
    assert len(rows(engine_of_records, calls)) == 120
    assert len(distinct(engine_of_records, calls)) == 5
    assert len(distinct(engine_of_records, legs)) <= 5


def test_processes_that_write_the_same_call_at_once_lose_nothing(database: str, engine_of_records: Engine) -> None:
    notes = [*beginning(), *callbacks(), *end_of_leg()]

    def one_process(noted: Noted) -> None:
        engine = open_database(database_url(database))
        while True:
            try:
                put(engine, noted, *beginning("b" * 12))
            except OperationalError:  # SQLite: another one writes; the recorder tries again too
                continue
            break
        engine.dispose()

    with ThreadPoolExecutor(len(notes)) as pool:
        list(pool.map(one_process, notes))
    written = {row["fingerprint"]: row for row in rows(engine_of_records, calls)}
    assert (written["a" * 12]["disposition"], written["a" * 12]["node"]) == ("connected", "after_talk")
    assert len(rows(engine_of_records, facts)) == facts_in([*notes, *beginning()])


def test_no_number_no_digits_and_no_id_of_twilio_are_in_the_database(engine_of_records: Engine) -> None:
    """The columns, by name: what could hold them does not exist."""
    columns = {column.name for table in (calls, legs, facts) for column in table.columns}
    assert not columns & {"from", "to", "caller", "number_called", "digits", "call_sid", "sid", "postcode", "place"}
