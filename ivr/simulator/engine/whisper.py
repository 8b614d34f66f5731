"""The document of a noun's `url`: executed on the callee's leg before the caller is connected. T:number, T:queue.

A Number's may hold Say, Play, Gather and Hangup (T:number url), a Queue's Say, Play, Pause and Redirect (T:queue url),
the others' all of these; Dial there is 13201. When the documents are at their end the two are connected; when the leg
is hung up they are not.
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
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue

_ALLOWED: dict[str, tuple[type[Verb], ...]] = {
    "Number": (Say, Play, Gather, Hangup),
    "Queue": (Say, Play, Pause, Redirect),
}
_ALLOWED_ELSEWHERE: tuple[type[Verb], ...] = (Say, Play, Pause, Gather, Redirect, Hangup)


def whisper(call: Call, line: Line, url: str, noun: Noun, extra: Params = ()) -> Steps[None]:
    """Raises LegOverError when the callee is not to be connected."""
    document = yield from fetch_document(call, line, Ask(url, noun.method, "whisper", standard(call, line, *extra)))
    while True:
        onward = yield from _one(Scene(call, line, document), noun)
        if onward is None:
            return
        document = onward


def _one(scene: Scene, noun: Noun) -> Steps[Document | None]:
    for verb in scene.here.verbs:
        if not isinstance(verb, _ALLOWED.get(noun.kind, _ALLOWED_ELSEWHERE)):
            _pass_over(scene, verb, noun)
            continue
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
        case _:
            return None  # passed over before
    return None


def _pass_over(scene: Scene, verb: Verb, noun: Noun) -> None:
    call = scene.call
    if isinstance(verb, Dial):
        message = "<Dial> on a leg that was dialled itself; it is ignored"
        call.report(Issue(13201, message, verb.line, verb.column, "error"), call.requests)
        return
    message = f"<{type(verb).__name__}> has no place in the document at the url of a <{noun.kind}>; it is ignored"
    call.report(Issue(SCHEMA_WARNING, message, 0, 0), call.requests)
