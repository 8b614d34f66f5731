"""<Leave>: out of the queue again. Source T:leave: the verb after Enqueue is next; it has no attributes."""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.xml import Element


@dataclass(frozen=True, slots=True)
class Leave:
    line: int
    column: int


def read(element: Element, issues: list[Issue]) -> Leave:
    Reading(element, issues, ())
    return Leave(element.line, element.column)
