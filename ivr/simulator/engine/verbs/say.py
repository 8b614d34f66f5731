"""Say: the text, as long as the plan's voice takes over it, or at the plan's speech rate. T:say."""

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.line import NOTHING, Hears
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.sound import Sound, hear
from ivr.simulator.twiml.say import Say


def execute(scene: Scene, verb: Say, hears: Hears = NOTHING) -> Steps[Input | None]:
    """The input that cut it, or None."""
    scene.pick_up()
    said = {"text": verb.speech.text, "language": verb.language, "voice": verb.voice, "until": None, "cut": False}
    plan = scene.call.plan
    spoken = plan.voice(verb.speech.text, verb.language) if plan.voice else None
    seconds = verb.speech.seconds(plan.speech_rate) if spoken is None else spoken + verb.speech.breaks
    return hear(scene, Sound("say", said, seconds, verb.loop), hears)
