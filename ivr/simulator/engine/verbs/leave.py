"""Leave: the caller is out of the queue; it has a place in the document of a queue's wait URL alone. T:leave."""

from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml.leave import Leave


class LeaveError(Exception):
    """The caller has left the queue."""


def execute(_scene: Scene, _verb: Leave) -> Steps[None]:
    """Raises LeaveError."""
    yield from ()
    raise LeaveError
