"""<Connect>: the call is in the hands of a program until that lets go. Source T:connect: action none, method POST.

Of its nouns <Stream> and <ConversationRelay> are simulated.
"""

from dataclasses import dataclass

from ivr.base.complaints import suggestion
from ivr.simulator.twiml import conversation_relay, stream
from ivr.simulator.twiml.conversation_relay import ConversationRelay
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.start import not_simulated
from ivr.simulator.twiml.stream import Stream
from ivr.simulator.twiml.xml import Element

_NOUNS = ("Stream", "ConversationRelay")
_OTHER_NOUNS = (
    "AiSession",
    "Assistant",
    "Autopilot",
    "Conversation",
    "ConversationRelaySession",
    "Room",
    "VirtualAgent",
)


@dataclass(frozen=True, slots=True)
class Connect:
    """`noun`: None when there is nothing to connect to."""

    noun: Stream | ConversationRelay | None
    action: str | None
    method: str


def read(element: Element, issues: list[Issue]) -> Connect:
    reading = Reading(element, issues, ("action", "method"))
    noun: Stream | ConversationRelay | None = None
    others = False
    for child in element.elements:
        if child.name in _OTHER_NOUNS:
            not_simulated(element, child, issues)
            others = True
        elif child.name not in _NOUNS:
            message = f"<Connect> takes no <{child.name}>{suggestion(child.name, (*_NOUNS, *_OTHER_NOUNS))}"
            issues.append(Issue(SCHEMA_WARNING, message, child.line, child.column))
        elif noun is not None:
            message = "a <Connect> has one noun; this one is ignored"
            issues.append(Issue(SCHEMA_WARNING, message, child.line, child.column))
        elif child.name == "Stream":
            noun = stream.read(child, issues, "Connect")
        else:
            noun = conversation_relay.read(child, issues)
    if noun is None and not others:
        reading.warn(SCHEMA_WARNING, "<Connect> names nothing to connect to")
    return Connect(noun, reading.text("action"), reading.method("method", SCHEMA_WARNING))
