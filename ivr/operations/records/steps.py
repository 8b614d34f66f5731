"""How often calls went from one node of the flow to the next."""

from collections import Counter
from itertools import pairwise

from sqlalchemy import Connection, select

from ivr.operations.records.figures import Period
from ivr.operations.records.rows import ENTERED, HOUR, milliseconds
from ivr.operations.records.tables import facts

Step = tuple[str, str]


def steps_taken(connection: Connection, period: Period) -> Counter[Step]:
    """Of the calls that the period means; both ends of a step lie in it. A node heard again is a step to itself."""
    hours = facts.c.hour.between(milliseconds(period.start) // HOUR, milliseconds(period.end) // HOUR)
    query = (
        select(facts.c.call_id, facts.c.node)
        .where(facts.c.origin == period.origin, hours, facts.c.kind == ENTERED, period.holds(facts.c.at))
        .order_by(facts.c.call_id, facts.c.at, facts.c.step, facts.c.position)
    )
    rows = connection.execute(query)
    return Counter((one.node, other.node) for one, other in pairwise(rows) if one.call_id == other.call_id)
