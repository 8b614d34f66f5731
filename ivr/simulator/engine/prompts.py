"""The verbs that are heard, and may stand inside a Gather: each is cut by what its listener presses or says."""

from collections.abc import Callable
from typing import Any

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.line import Hears
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.verbs import pause, play, say
from ivr.simulator.twiml.document import Prompt
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.say import Say

_EXECUTORS: dict[type[Prompt], Callable[[Scene, Any, Hears], Steps[Input | None]]] = {
    Say: say.execute,
    Play: play.execute,
    Pause: pause.execute,
}


def hear(scene: Scene, prompt: Prompt, hears: Hears) -> Steps[Input | None]:
    """The input that cut the prompt, or None when it was heard to its end."""
    return _EXECUTORS[type(prompt)](scene, prompt, hears)
