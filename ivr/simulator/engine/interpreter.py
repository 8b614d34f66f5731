"""The documents of the caller's own line: every verb has a place there but <Leave>."""

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.execute import Policy, execute_all
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.verbs import (
    connect,
    dial,
    enqueue,
    gather,
    hangup,
    pause,
    play,
    record,
    redirect,
    refer,
    reject,
    say,
    start,
    stop,
)
from ivr.simulator.twiml import Document, Verb
from ivr.simulator.twiml.connect import Connect
from ivr.simulator.twiml.dial import Dial
from ivr.simulator.twiml.enqueue import Enqueue
from ivr.simulator.twiml.gather import Gather
from ivr.simulator.twiml.hangup import Hangup
from ivr.simulator.twiml.leave import Leave
from ivr.simulator.twiml.pause import Pause
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.record import Record
from ivr.simulator.twiml.redirect import Redirect
from ivr.simulator.twiml.refer import Refer
from ivr.simulator.twiml.reject import Reject
from ivr.simulator.twiml.say import Say
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue
from ivr.simulator.twiml.start import Start
from ivr.simulator.twiml.stop import Stop


def run(call: RunningCall, first: Document) -> Steps[None]:
    """Execute documents on the caller's line until one ends without naming another; then Twilio hangs up.

    Raises CallOverError when the call ends before that.
    """
    yield from execute_all(Scene(call, call.line, first), CALLER)
    call.answer()


def _refuse(scene: Scene, verb: Verb) -> None:
    place = (verb.line, verb.column) if isinstance(verb, Leave) else (0, 0)
    message = f"<{type(verb).__name__}> has a meaning only while the caller waits in a queue; it is ignored"
    scene.call.report(Issue(SCHEMA_WARNING, message, *place), scene.call.requests)


CALLER = Policy(
    {
        Say: say.execute,
        Play: play.execute,
        Pause: pause.execute,
        Gather: gather.execute,
        Dial: dial.execute,
        Enqueue: enqueue.execute,
        Record: record.execute,
        Refer: refer.execute,
        Redirect: redirect.execute,
        Hangup: hangup.execute,
        Reject: reject.execute,
        Start: start.execute,
        Stop: stop.execute,
        Connect: connect.execute,
    },
    _refuse,
)
