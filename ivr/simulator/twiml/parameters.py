"""<Parameter> inside <Stream> and <ConversationRelay>: what the application's socket is told in `customParameters`.

Source T:stream: name and value together have fewer than 500 characters; a longer one is left out (ours).
"""

from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

LONGEST = 500  # characters, exclusive


def read_parameter(element: Element, issues: list[Issue]) -> tuple[str, str] | None:
    """Name and value; None for one that is not told."""
    reading = Reading(element, issues, ("name", "value"))
    name, value = reading.text("name"), reading.text("value") or ""
    if not name:
        reading.warn(SCHEMA_WARNING, "<Parameter> without a name is ignored")
        return None
    if len(name) + len(value) >= LONGEST:
        message = f"name and value of <Parameter> {name[:40]!r} have {len(name) + len(value)} characters"
        reading.warn(SCHEMA_WARNING, f"{message}; fewer than {LONGEST} are told")
        return None
    return name, value


def refuse_child(child: Element, parent: str, issues: list[Issue]) -> None:
    message = f"<{child.name}> cannot stand inside <{parent}>; it is ignored"
    issues.append(Issue(SCHEMA_WARNING, message, child.line, child.column))
