"""<Enqueue>: the caller waits in a queue until somebody takes the call.

Source T:enqueue: action none and POST, waitUrl Twilio's own music, waitUrlMethod POST, a name of at most 64 characters.
A queue holds 1000 calls (T:enqueue). Codes T:14201 to
T:14206.
"""

from dataclasses import dataclass

from ivr.simulator.twiml.nouns import LONGEST_QUEUE_NAME
from ivr.simulator.twiml.schema import NOT_SIMULATED, SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

MOST_WAITING = 1000
_KNOWN = ("action", "method", "waitUrl", "waitUrlMethod", "workflowSid", "maxQueueSize")


@dataclass(frozen=True, slots=True)
class Enqueue:
    """`fault`: why nobody can be put into this queue, "" when somebody can, and the error's code."""

    name: str
    line: int
    column: int
    action: str | None
    method: str
    wait_url: str | None
    wait_method: str
    most: int
    fault: str = ""
    code: int = 0


def read(element: Element, issues: list[Issue]) -> Enqueue:
    reading = Reading(element, issues, _KNOWN)
    name, workflow = element.own_text, reading.text("workflowSid")
    for child in element.elements:
        if child.name != "Task":
            message = f"<{child.name}> cannot stand inside <Enqueue>; it is ignored"
            issues.append(Issue(SCHEMA_WARNING, message, child.line, child.column))
    if workflow:
        message = (
            "workflowSid of <Enqueue> is not simulated: no worker is sought, the caller waits in a queue of that name"
        )
        issues.append(Issue(NOT_SIMULATED, message, element.line, element.column, "error"))
        name = workflow
    fault, code = "", 0
    if not name:
        fault, code = "<Enqueue> names no queue", 14204
    elif len(name) > LONGEST_QUEUE_NAME:
        fault, code = f"the name of a queue has at most {LONGEST_QUEUE_NAME} characters", 14205
    return Enqueue(
        name=name,
        line=element.line,
        column=element.column,
        action=reading.text("action"),
        method=reading.method("method", 14201),
        wait_url=reading.text("waitUrl"),
        wait_method=reading.method("waitUrlMethod", 14206),
        most=reading.integer("maxQueueSize", MOST_WAITING, SCHEMA_WARNING, low=1),
        fault=fault,
        code=code,
    )
