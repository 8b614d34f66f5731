"""The last request of a verb that was broken off: it goes to the verb's `action`, and its reply is not executed."""

from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask, obtain
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import CallOverError
from ivr.simulator.engine.params import standard
from ivr.simulator.engine.scene import Scene
from ivr.simulator.urls import UrlError, resolve


def send_final_action(scene: Scene, over: CallOverError, reference: str, method: str, extra: Params) -> Steps[None]:
    call, line = scene.call, scene.line
    line.status = over.status
    try:
        url = resolve(scene.here.url, reference)
    except UrlError:
        return
    yield from obtain(call, Ask(url, method, "action", standard(call, line, *extra), quiet=True))
