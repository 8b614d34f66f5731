"""<Stop>: ends the stream of this name that <Start> has begun. Source T:stream."""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.start import read_streams
from ivr.simulator.twiml.stream import Stream
from ivr.simulator.twiml.xml import Element


@dataclass(frozen=True, slots=True)
class Stop:
    streams: tuple[Stream, ...]


def read(element: Element, issues: list[Issue]) -> Stop:
    Reading(element, issues, ())
    return Stop(read_streams(element, issues))
