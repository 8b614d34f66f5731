"""Streams that the application starts and stops over REST, as <Start> and <Stop> do. T:stream-resource.

A stream begins, or ends, as soon as call time may pass.
"""

from collections.abc import Iterator

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.live_stream import LiveStream, one_too_many
from ivr.simulator.twiml.stream import Stream


def start_stream(call: RunningCall, noun: Stream) -> LiveStream | str:
    """The stream, or why there is none."""
    if why := one_too_many(noun.name, [stream for stream in streams_of(call) if not stream.is_over]):
        return why
    stream = LiveStream(call, call.plan.url, noun, both_ways=False)
    call.placed_streams.append(stream)
    call.delayed.add(call.now, _open(call, stream))
    return stream


def streams_of(call: RunningCall) -> Iterator[LiveStream]:
    """Every stream of the call, also one that has not begun yet or could not begin."""
    yield from call.all_streams
    yield from (stream for stream in call.placed_streams if stream not in call.all_streams)


def _open(call: RunningCall, stream: LiveStream) -> Steps[None]:
    if not stream.is_over and call.line.status == "in-progress":
        yield from stream.open()


def stop_stream(stream: LiveStream) -> None:
    stream.is_over = True
    stream.call.delayed.add(stream.call.now, stream.close())
