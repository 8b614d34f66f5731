"""<Pause>: silence.

Source T:pause: one second unless `length` says otherwise; as the first verb it delays the pick-up.
"""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.xml import Element


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: int


def read(element: Element, issues: list[Issue]) -> Pause:
    return Pause(Reading(element, issues, ("length",)).integer("length", 1, 13910))
