"""The document of a noun's `url`: executed on the callee's leg before the caller is connected. T:number, T:queue.

A Number's may hold Say, Play, Gather and Hangup (T:number url), a Queue's Say, Play, Pause and Redirect (T:queue url),
the others' all of these; Dial there is 13201. When the documents are at their end the two are connected; when the leg
is hung up they are not.
"""

from collections.abc import Mapping

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.documents import fetch_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.execute import Executor, Policy, execute_all
from ivr.simulator.engine.fetching import Ask
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import Line
from ivr.simulator.engine.params import standard
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.verbs import gather, hangup, pause, play, redirect, say
from ivr.simulator.twiml import Verb
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue

_SOUNDS: dict[type[Verb], Executor] = {Say: say.execute, Play: play.execute}
_PAUSES: dict[type[Verb], Executor] = {Pause: pause.execute, Redirect: redirect.execute}
_KEYS: dict[type[Verb], Executor] = {Gather: gather.execute, Hangup: hangup.execute}
_VERBS: dict[str, Mapping[type[Verb], Executor]] = {"Number": _SOUNDS | _KEYS, "Queue": _SOUNDS | _PAUSES}
_ELSEWHERE = _SOUNDS | _PAUSES | _KEYS


def whisper(call: RunningCall, line: Line, url: str, noun: Noun, extra: Params = ()) -> Steps[None]:
    """Raises LegOverError when the callee is not to be connected."""

    def refuse(scene: Scene, verb: Verb) -> None:
        if isinstance(verb, Dial):
            message = "<Dial> on a leg that was dialled itself; it is ignored"
            call.report(Issue(13201, message, verb.line, verb.column, "error"), call.requests)
            return
        message = f"<{type(verb).__name__}> has no place in the document at the url of a <{noun.kind}>; it is ignored"
        call.report(Issue(SCHEMA_WARNING, message, 0, 0), call.requests)

    document = yield from fetch_document(call, line, Ask(url, noun.method, "whisper", standard(call, line, *extra)))
    yield from execute_all(Scene(call, line, document), Policy(_VERBS.get(noun.kind, _ELSEWHERE), refuse))
