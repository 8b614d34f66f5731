"""Connect: a program has the call until it closes its socket; then the action's document follows, or the next verb.

T:connect, T:stream: verbs after <Connect><Stream> are executed when the server closes the connection. A stream that
does not begin leads on at once (ours).
"""

from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Speech, Steps
from ivr.simulator.engine.line import CallOverError, Hears
from ivr.simulator.engine.live_stream import LiveStream
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.connect import Connect
from ivr.simulator.twiml.gather import KEYS
from ivr.simulator.twiml.ssml import spoken_seconds
from ivr.simulator.twiml.stream import Stream


def execute(scene: Scene, verb: Connect) -> Steps[Document | None]:
    """The action's document, or None to go on with the next verb."""
    scene.pick_up()
    if verb.noun is None:
        return None
    yield from _stream(scene, verb.noun)
    if verb.action is None:
        return None
    return (yield from next_document(scene, verb.action, verb.method))


def _stream(scene: Scene, noun: Stream) -> Steps[None]:
    call = scene.call
    stream = LiveStream(call, scene.here.url, noun, both_ways=True)
    if not (yield from stream.open()):
        return
    try:
        while stream.is_open:
            what = yield from call.wait(scene.line, call.now + stream.turn, Hears(KEYS, speech=True))
            if isinstance(what, Speech):
                until = call.now + spoken_seconds(what.text, call.plan.speech_rate)
                while call.now < until and stream.is_open:
                    yield from call.wait(scene.line, until, Hears(KEYS, asks=False, speaks=True))
    except CallOverError:
        yield from stream.close()
        raise
