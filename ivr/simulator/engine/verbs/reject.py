"""Reject: the call is declined. One that was answered cannot be declined any more: it is hung up (ours). T:reject."""

from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.line import CallOverError
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml.reject import Reject


def execute(scene: Scene, verb: Reject) -> Steps[None]:
    """Raises CallOverError."""
    yield from ()
    declined = "busy" if verb.reason == "busy" else "no-answer"
    raise CallOverError(declined if scene.call.answered_at is None else "completed", "Reject")
