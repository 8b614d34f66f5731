"""<Reject>: declines a call without answering it. Source T:reject: only useful as the first verb; reason `busy` ends
the call as busy, `rejected` (the default) as no-answer; another reason is 13810."""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.xml import Element


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str


def read(element: Element, issues: list[Issue]) -> Reject:
    reading = Reading(element, issues, ("reason",))
    return Reject(reading.choice("reason", "rejected", ("rejected", "busy"), 13810))
