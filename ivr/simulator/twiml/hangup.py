"""<Hangup>: ends the call. Source T:hangup: it answers a call that was not answered yet; no attributes."""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.xml import Element


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


def read(element: Element, issues: list[Issue]) -> Hangup:
    Reading(element, issues, ())
    return Hangup()
