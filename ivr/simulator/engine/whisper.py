"""The document of a noun's `url`: executed on the callee's leg before the caller is connected. T:number, T:queue.

Say, Play, Pause, Gather, Redirect and Hangup; Dial there is 13201. When the documents are at their end the two are
connected; when the leg is hung up they are not.
"""

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.documents import fetch_document, next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.fetching import Ask
from ivr.simulator.engine.gather import gather
from ivr.simulator.engine.line import LegOverError, Line
from ivr.simulator.engine.params import Params, standard
from ivr.simulator.engine.prompts import perform
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document, Verb
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue


def whisper(call: Call, line: Line, url: str, method: str, extra: Params = ()) -> Steps[None]:
    """Raises LegOverError when the callee is not to be connected."""
    document = yield from fetch_document(call, line, Ask(url, method, "whisper", standard(call, line, *extra)))
    while True:
        onward = yield from _one(Scene(call, line, document))
        if onward is None:
            return
        document = onward


def _one(scene: Scene) -> Steps[Document | None]:
    for verb in scene.here.verbs:
        onward = yield from _verb(scene, verb)
        if onward is not None:
            return onward
    return None


def _verb(scene: Scene, verb: Verb) -> Steps[Document | None]:
    match verb:
        case Say() | Play() | Pause():
            yield from perform(scene, verb)
        case Gather():
            return (yield from gather(scene, verb))
        case Redirect():
            return (yield from next_document(scene, verb.url, verb.method, "redirect"))
        case Hangup():
            raise LegOverError
        case Dial():
            issue = Issue(
                13201, "<Dial> on a leg that was dialled itself; it is ignored", verb.line, verb.column, "error"
            )
            scene.call.report(issue, scene.call.requests)
        case _:
            name = type(verb).__name__
            issue = Issue(SCHEMA_WARNING, f"<{name}> has no place in a document that is whispered; it is ignored", 0, 0)
            scene.call.report(issue, scene.call.requests)
    return None
