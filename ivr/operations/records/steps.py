"""How often calls went from one node of the flow to the next."""

from collections import Counter

from sqlalchemy import Connection, func, select

from ivr.operations.records.figures import Period
from ivr.operations.records.rows import ENTERED, HOUR, milliseconds
from ivr.operations.records.tables import facts

Step = tuple[str, str]


def steps_taken(connection: Connection, period: Period) -> Counter[Step]:
    """Of the calls that the period means; both ends of a step lie in it. A node heard again is a step to itself.

    The database puts the nodes of each call in order and counts: a busy day has a hundred thousand of them.
    """
    hours = facts.c.hour.between(milliseconds(period.start) // HOUR, milliseconds(period.end) // HOUR)
    in_order = facts.c.at, facts.c.step, facts.c.position
    left = func.lag(facts.c.node).over(partition_by=facts.c.call_id, order_by=in_order)
    entered = (
        select(facts.c.node, left.label("left"))
        .where(facts.c.origin == period.origin, hours, facts.c.kind == ENTERED, period.holds(facts.c.at))
        .subquery()
    )
    step = entered.c.left, entered.c.node
    query = select(*step, func.count().label("times")).where(entered.c.left.is_not(None)).group_by(*step)
    return Counter({(row.left, row.node): row.times for row in connection.execute(query)})
