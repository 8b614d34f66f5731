"""Play: a recording, or tones. T:play."""

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.line import NOTHING, Hears
from ivr.simulator.engine.media import available
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.sound import Sound, hear
from ivr.simulator.twiml.play import Play, tone_seconds

NOMINAL = 5.0  # seconds that a recording is taken to last: its file is not decoded


def execute(scene: Scene, verb: Play, hears: Hears = NOTHING) -> Steps[Input | None]:
    """The input that cut it, or None. A recording that cannot be had is passed over."""
    scene.pick_up()
    if verb.digits is not None:
        what, seconds = {"digits": verb.digits}, tone_seconds(verb.digits)
    else:
        url = verb.url if verb.at_hand else (yield from available(scene.call, scene.here.url, verb.url or ""))
        if url is None:
            return None
        what, seconds = {"url": url}, NOMINAL
    return (yield from hear(scene, Sound("play", {**what, "until": None, "cut": False}, seconds, verb.loop), hears))
