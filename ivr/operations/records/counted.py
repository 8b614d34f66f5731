"""Calls by centre, day and hour, as the planner reads them (docs/planner.md). Small counts are put together.

A cell with fewer than SMALL calls could point at a person: such hours of a day become one row of the whole day, and a
day that is still small is left out, and said.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from ivr.base.clock import OSLO
from ivr.operations.records.figures import SMALL, Period
from ivr.operations.records.rows import HOUR
from ivr.operations.records.tables import calls

HEAD = "place,date,hour,calls"


@dataclass(frozen=True)
class CountedCalls:
    """`rows`: lines of the CSV file. `left_out`: calls that are in none of them."""

    rows: tuple[str, ...]
    left_out: int


def counted_calls(connection: Connection, period: Period) -> CountedCalls:
    hour = (calls.c.started_at // HOUR).label("hour")
    query = select(calls.c.centre, hour, func.count()).where(period.holds_calls(), calls.c.arrived)
    found = connection.execute(query.group_by(calls.c.centre, hour)).all()
    return told((str(centre), int(number), int(count)) for centre, number, count in found)


def told(counted: Iterable[tuple[str, int, int]]) -> CountedCalls:
    """Of centre, hour since 1970 and calls."""
    hours: dict[tuple[str, str], Counter[int]] = {}
    left_out = 0
    for centre, number, many in counted:
        wall = datetime.fromtimestamp(number * 3600, OSLO)
        if centre:
            hours.setdefault((centre, wall.date().isoformat()), Counter())[wall.hour] += many
        else:
            left_out += many
    rows: list[str] = []
    for (centre, day), counts in sorted(hours.items()):
        small = sum(many for many in counts.values() if many < SMALL)
        rows += (f"{centre},{day},{hour},{many}" for hour, many in sorted(counts.items()) if many >= SMALL)
        rows += [f"{centre},{day},,{small}"] if small >= SMALL else []
        left_out += small if small < SMALL else 0
    return CountedCalls(tuple(rows), left_out)
