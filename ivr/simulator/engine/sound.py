"""What the one on the line hears: how long it takes, and the key that cuts it."""

from typing import NamedTuple

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.line import Hears
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.tracks import Sounding
from ivr.simulator.trace import Event


class Sound(NamedTuple):
    """`event`: its name in the trace. `fields`: what its event tells besides the times. `loop`: how many times."""

    event: str
    fields: Event
    seconds: float
    loop: int = 1


def hear(scene: Scene, sound: Sound, hears: Hears) -> Steps[Input | None]:
    """The input that cut it, or None when it was heard to its end."""
    return _once(scene, sound, hears) if sound.loop == 1 else _again_and_again(scene, sound, hears)


def _again_and_again(scene: Scene, sound: Sound, hears: Hears) -> Steps[Input | None]:
    for _ in range(sound.loop):
        heard = yield from _once(scene, sound, hears)
        if heard is not None:
            return heard
    return None


def _once(scene: Scene, sound: Sound, hears: Hears) -> Steps[Input | None]:
    call = scene.call
    fields = {**sound.fields, **scene.line.mark} if scene.line.mark else sound.fields
    record = call.trace.begin(call.now, sound.event, fields)
    if scene.line.is_caller and sound.event != "pause":
        call.sounding = Sounding(call.now, sound.fields.get("digits", ""))
    try:
        heard = yield from call.wait(scene.line, call.now + sound.seconds, hears)
        if heard is not None and "cut" in record:
            record["cut"] = True
        return heard
    finally:
        call.sounding = None
        call.trace.finish(record, call.now)
        if call.transcriptions and sound.event == "say" and scene.line.is_caller:
            call.transcribe("outbound_track", _heard_of(sound, call.now - record["t"]))


def _heard_of(sound: Sound, seconds: float) -> str:
    """The words that were heard in this time."""
    words = sound.fields["text"].split()
    part = min(seconds / sound.seconds, 1.0) if sound.seconds else 1.0
    return " ".join(words[: round(len(words) * part)])
