"""How a call update over REST breaks off the verb at work: the call ends, or a new document takes its place.

The verb cleans up as it does when the caller hangs up, and lets the error pass.
"""

from ivr.simulator.engine.effects import CallUpdate
from ivr.simulator.engine.line import CallOverError


class RedirectedError(CallOverError):
    """The call goes on elsewhere."""

    def __init__(self, order: CallUpdate) -> None:
        self.order = order
        super().__init__("in-progress", "redirected")


def broken_off(order: CallUpdate) -> CallOverError:
    return CallOverError(order.status, "order") if order.status else RedirectedError(order)
