"""<Refer>: a SIP caller is sent to another SIP address by a REFER. Source T:refer: action none and POST; the target
stands in a <Sip>; only a SIP leg can be referred (T:13801)."""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element


@dataclass(frozen=True, slots=True)
class Refer:
    """`target`: the SIP URI without its headers, "" when none is named."""

    target: str
    action: str | None
    method: str
    line: int
    column: int


def read(element: Element, issues: list[Issue]) -> Refer:
    reading = Reading(element, issues, ("action", "method"))
    target = ""
    for child in element.elements:
        if child.name == "Sip":
            Reading(child, issues, ())
            target = child.own_text.partition("?")[0]
        else:
            message = f"<{child.name}> cannot stand inside <Refer> (only Sip can); it is ignored"
            issues.append(Issue(SCHEMA_WARNING, message, child.line, child.column))
    if not target:
        reading.warn(SCHEMA_WARNING, "<Refer> names no <Sip> to send the caller to")
    return Refer(
        target=target,
        action=reading.text("action"),
        method=reading.method("method", SCHEMA_WARNING),
        line=element.line,
        column=element.column,
    )
