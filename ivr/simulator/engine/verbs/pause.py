"""Pause: silence. As the first verb it delays the pick-up. T:pause."""

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.line import NOTHING, Hears
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.sound import Sound, hear
from ivr.simulator.twiml.pause import Pause


def execute(scene: Scene, verb: Pause, hears: Hears = NOTHING) -> Steps[Input | None]:
    """The input that ended it, or None."""
    return hear(scene, Sound("pause", {}, float(verb.seconds)), hears)
