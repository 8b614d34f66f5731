"""Start: streams begin, and the next verb is executed at once. T:stream.

A stream runs until <Stop>, the end of the call, or until the application closes it.
"""

from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.live_stream import LiveStream
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.twiml.start import Start

MOST_STREAMS = 4  # of one call at a time (T:media-streams)


def execute(scene: Scene, verb: Start) -> Steps[None]:
    call = scene.call
    for noun in verb.streams:
        scene.pick_up()
        named = noun.name and any(stream.noun.name == noun.name for stream in call.streams)
        if named or len(call.streams) >= MOST_STREAMS:
            why = f"the call has a stream {noun.name!r}" if named else f"the call has {MOST_STREAMS} streams"
            call.report(Issue(0, f"<Stream>: {why} already; this one is not begun", noun.line, noun.column), 0)
            continue
        yield from LiveStream(call, scene.here.url, noun, both_ways=False).open()
