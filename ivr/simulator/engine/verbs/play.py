"""Play: a recording, or tones. T:play."""

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.line import NOTHING, Hears
from ivr.simulator.engine.media import NOMINAL, PlayedRecording, available
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.sound import Sound, hear
from ivr.simulator.twiml.play import Play, tone_seconds


def execute(scene: Scene, verb: Play, hears: Hears = NOTHING) -> Steps[Input | None]:
    """The input that cut it, or None. A recording that cannot be had is passed over."""
    scene.pick_up()
    if verb.digits is not None:
        what, seconds = {"digits": verb.digits}, tone_seconds(verb.digits)
    else:
        recording = yield from _recording(scene, verb)
        if recording is None:
            return None
        what, seconds = {"url": recording.url}, recording.seconds
    return (yield from hear(scene, Sound("play", {**what, "until": None, "cut": False}, seconds, verb.loop), hears))


def _recording(scene: Scene, verb: Play) -> Steps[PlayedRecording | None]:
    url = verb.url or ""
    if verb.at_hand:
        return PlayedRecording(url, NOMINAL if verb.seconds is None else verb.seconds)
    return (yield from available(scene.call, scene.here.url, url))
