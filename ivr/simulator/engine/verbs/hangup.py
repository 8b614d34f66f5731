"""Hangup: the end of the call, or of the leg that a callee was dialled on. T:hangup."""

from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.line import CallOverError, LegOverError
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml.hangup import Hangup


def execute(scene: Scene, _verb: Hangup) -> Steps[None]:
    """Raises CallOverError on the caller's line, LegOverError on a callee's."""
    yield from ()
    if not scene.line.is_caller:
        raise LegOverError
    scene.call.answer()
    raise CallOverError("completed", "Hangup")
