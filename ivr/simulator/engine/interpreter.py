"""Verb after verb, document after document, on the caller's line. What a verb does stands in its own file."""

from typing import assert_never

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.dial import dial
from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.enqueue import enqueue
from ivr.simulator.engine.gather import gather
from ivr.simulator.engine.line import CallOverError
from ivr.simulator.engine.prompts import perform
from ivr.simulator.engine.record import record
from ivr.simulator.engine.refer import refer
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document, Verb
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.enqueue import Enqueue, Leave
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.record import Record
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.refer import Refer
from ivr.simulator.twiml.reject import Reject
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue


def run(call: Call, first: Document) -> Steps[None]:
    """Execute documents on the caller's line until one ends without naming another; then Twilio hangs up.

    Raises CallOverError when the call ends before that.
    """
    document: Document | None = first
    while document is not None:
        document = yield from _one(call, document)
    call.answer()


def _one(call: Call, document: Document) -> Steps[Document | None]:
    scene = Scene(call, call.line, document)
    for verb in document.verbs:
        onward = yield from _verb(scene, verb)
        if onward is not None:
            return onward
    return None


def _verb(scene: Scene, verb: Verb) -> Steps[Document | None]:
    match verb:
        case Say() | Play() | Pause():
            yield from perform(scene, verb)
        case Gather() | Dial() | Enqueue() | Record() | Refer():
            return (yield from _with_action(scene, verb))
        case Redirect():
            scene.call.answer()
            return (yield from next_document(scene, verb.url, verb.method, "redirect"))
        case Leave():
            message = "<Leave> has a meaning only while the caller waits in a queue; it is ignored"
            scene.call.report(Issue(SCHEMA_WARNING, message, verb.line, verb.column), scene.call.requests)
        case Hangup():
            scene.call.answer()
            raise CallOverError("completed", "Hangup")
        case Reject():
            raise CallOverError(_rejected(scene.call, verb), "Reject")
        case _:
            assert_never(verb)
    return None


def _with_action(scene: Scene, verb: Gather | Dial | Enqueue | Record | Refer) -> Steps[Document | None]:
    match verb:
        case Gather():
            return (yield from gather(scene, verb))
        case Dial():
            return (yield from dial(scene, verb))
        case Enqueue():
            return (yield from enqueue(scene, verb))
        case Record():
            return (yield from record(scene, verb))
        case Refer():
            return (yield from refer(scene, verb))
        case _:
            assert_never(verb)


def _rejected(call: Call, verb: Reject) -> str:
    """A call that was answered cannot be declined any more: it is hung up (ours; Twilio is silent)."""
    if call.answered_at is not None:
        return "completed"
    return "busy" if verb.reason == "busy" else "no-answer"
