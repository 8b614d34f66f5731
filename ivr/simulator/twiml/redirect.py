"""<Redirect>: go on with another document.

Source T:redirect: POST unless told otherwise; what follows is never reached.
An empty <Redirect> goes to the current document (ours; Twilio is silent).
"""

from typing import NamedTuple

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.xml import Element


class Redirect(NamedTuple):
    url: str
    method: str


def read(element: Element, issues: list[Issue]) -> Redirect:
    reading = Reading(element, issues, ("method",))
    return Redirect(element.own_text, reading.method("method", 13710))
