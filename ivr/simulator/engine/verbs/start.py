"""Start: streams begin, and the next verb is executed at once. T:stream.

A stream runs until <Stop>, the end of the call, or until the application closes it.
"""

from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.live_stream import LiveStream, one_too_many
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml.schema import Issue
from ivr.simulator.twiml.start import Start


def execute(scene: Scene, verb: Start) -> Steps[None]:
    call = scene.call
    for noun in verb.streams:
        scene.pick_up()
        if why := one_too_many(noun.name, call.streams):
            call.report(Issue(0, f"<Stream>: {why}; this one is not begun", noun.line, noun.column), 0)
            continue
        yield from LiveStream(call, scene.here.url, noun, both_ways=False).open()
