"""Say, Play and Pause: what the one on the line hears, how long it takes, and the key that cuts it."""

from typing import NamedTuple, assert_never

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.line import NOTHING, Hears
from ivr.simulator.engine.media import available
from ivr.simulator.engine.scene import Scene
from ivr.simulator.trace import Event
from ivr.simulator.twiml.document import Prompt
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play, tone_seconds
from ivr.simulator.twiml.say import Say

NOMINAL_PLAY = 5.0  # seconds that a recording is taken to last: its file is not decoded


class _Sound(NamedTuple):
    """`fields`: what its event tells besides the times."""

    event: str
    fields: Event
    seconds: float


def perform(scene: Scene, prompt: Prompt, hears: Hears = NOTHING) -> Steps[Input | None]:
    """Play one prompt; the input that cut it, or None when it was heard to its end."""
    call = scene.call
    match prompt:
        case Say():
            _pick_up(scene)
            said = {"text": prompt.speech.text, "language": prompt.language, "voice": prompt.voice}
            length = prompt.speech.seconds(call.plan.speech_rate)
            return (yield from _repeat(scene, hears, _Sound("say", said, length), prompt.loop))
        case Play():
            _pick_up(scene)
            if prompt.digits is not None:
                tones = _Sound("play", {"digits": prompt.digits}, tone_seconds(prompt.digits))
                return (yield from _repeat(scene, hears, tones, prompt.loop))
            url = prompt.url if prompt.at_hand else (yield from available(call, scene.here.url, prompt.url or ""))
            if url is None:
                return None
            return (yield from _repeat(scene, hears, _Sound("play", {"url": url}, NOMINAL_PLAY), prompt.loop))
        case Pause():
            return (yield from _once(scene, hears, _Sound("pause", {}, float(prompt.seconds))))
        case _:
            assert_never(prompt)


def _pick_up(scene: Scene) -> None:
    if scene.line.is_caller:
        scene.call.answer()


def _repeat(scene: Scene, hears: Hears, sound: _Sound, loop: int) -> Steps[Input | None]:
    for _ in range(loop):
        heard = yield from _once(scene, hears, sound)
        if heard is not None:
            return heard
    return None


def _once(scene: Scene, hears: Hears, sound: _Sound) -> Steps[Input | None]:
    call = scene.call
    fields = sound.fields if sound.event == "pause" else {**sound.fields, "until": None, "cut": False}
    record = call.trace.begin(call.now, sound.event, **fields, **scene.line.mark)
    try:
        heard = yield from call.wait(scene.line, call.now + sound.seconds, hears)
        if heard is not None and "cut" in record:
            record["cut"] = True
        return heard
    finally:
        call.trace.finish(record, call.now)
