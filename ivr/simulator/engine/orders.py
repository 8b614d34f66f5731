"""How an order from outside ends what is under way: for good, or so that a new document takes its place.

Verbs that are at work clean up as they do when the caller hangs up, and let it pass.
"""

from ivr.simulator.engine.effects import Order
from ivr.simulator.engine.line import CallOverError


class RedirectedError(CallOverError):
    """The call goes on elsewhere."""

    def __init__(self, order: Order) -> None:
        self.order = order
        super().__init__("in-progress", "redirected")


def broken_off(order: Order) -> CallOverError:
    return CallOverError(order.status, "order") if order.status else RedirectedError(order)
