"""How often calls went from one node of the flow to the next."""

from collections import Counter
from itertools import pairwise

from sqlalchemy import Connection, func, select

from ivr.operations.records.figures import Period
from ivr.operations.records.tables import calls

Step = tuple[str, str]


def steps_taken(connection: Connection, period: Period) -> Counter[Step]:
    """Of the calls that the period means. A node heard again is a step to itself."""
    query = select(calls.c.way, func.count()).where(period.holds_calls()).group_by(calls.c.way)
    taken: Counter[Step] = Counter()
    for way, times in connection.execute(query):
        for step in pairwise(way.split("\n")):
            taken[step] += times
    return taken
