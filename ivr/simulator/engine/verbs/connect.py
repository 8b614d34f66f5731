"""Connect: a program has the call until it lets go of it; then the action's document follows, or the next verb.

T:connect, T:stream: verbs after <Connect><Stream> are executed when the server closes the connection. A stream that
does not begin leads on at once (ours). The action of a ConversationRelay is told how the session ended, also when the
caller has hung up (T:connect/conversationrelay action).
"""

from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Speech, Steps
from ivr.simulator.engine.final_action import send_final_action
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.line import CallOverError, Hears
from ivr.simulator.engine.live_stream import LiveStream
from ivr.simulator.engine.relay import Relay
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.connect import Connect
from ivr.simulator.twiml.conversation_relay import ConversationRelay
from ivr.simulator.twiml.gather import KEYS
from ivr.simulator.twiml.stream import Stream


def execute(scene: Scene, verb: Connect) -> Steps[Document | None]:
    """The action's document, or None to go on with the next verb."""
    told: Params = ()
    match verb.noun:
        case Stream() as noun:
            scene.pick_up()
            yield from _stream(scene, noun)
        case ConversationRelay() as noun:
            told = yield from _relay(scene, verb, noun)
        case None:
            return None
    if verb.action is None:
        return None
    return (yield from next_document(scene, verb.action, verb.method, extra=told))


def _relay(scene: Scene, verb: Connect, noun: ConversationRelay) -> Steps[Params]:
    """What the action is told."""
    relay = Relay(scene, noun)
    scene.pick_up()
    try:
        return (yield from relay.run())
    except CallOverError as over:
        yield from relay.close()
        if verb.action is not None and over.why in ("hangup", "limit"):
            yield from send_final_action(scene, over, verb.action, verb.method, relay.result)
        raise


def _stream(scene: Scene, noun: Stream) -> Steps[None]:
    call = scene.call
    stream = LiveStream(call, scene.here.url, noun, both_ways=True)
    if not (yield from stream.open()):
        return
    try:
        while stream.is_open:
            what = yield from call.wait(scene.line, call.now + stream.turn, Hears(KEYS, speech=True))
            if isinstance(what, Speech):
                until = call.now + what.seconds(call.plan.speech_rate)
                while call.now < until and stream.is_open:
                    yield from call.wait(scene.line, until, Hears(KEYS, asks=False, speaks=True))
    except CallOverError:
        yield from stream.close()
        raise
