"""Stop: the streams of these names end. T:stream. A name that no stream has is a warning (ours)."""

from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue
from ivr.simulator.twiml.stop import Stop


def execute(scene: Scene, verb: Stop) -> Steps[None]:
    call = scene.call
    for noun in verb.streams:
        named = [stream for stream in call.streams if noun.name and stream.noun.name == noun.name]
        if not named:
            message = f"<Stop>: no stream has the name {noun.name!r}"
            call.report(Issue(SCHEMA_WARNING, message, noun.line, noun.column), call.requests)
        for stream in named:
            yield from stream.close()
