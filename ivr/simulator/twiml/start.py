"""<Start>: something runs beside the call, while the next verbs are executed. Source T:stream; T:14300 for others.

Only <Stream> is simulated.
"""

from dataclasses import dataclass

from ivr.base.complaints import suggestion
from ivr.simulator.twiml import stream
from ivr.simulator.twiml.schema import NOT_SIMULATED, Issue, Reading
from ivr.simulator.twiml.stream import Stream
from ivr.simulator.twiml.xml import Element

STARTED = ("Stream", "Siprec", "Transcription", "Recording")
_WRONG_CHILD = 14300


@dataclass(frozen=True, slots=True)
class Start:
    streams: tuple[Stream, ...]


def read(element: Element, issues: list[Issue]) -> Start:
    Reading(element, issues, ("action", "method"))
    return Start(read_streams(element, issues))


def read_streams(element: Element, issues: list[Issue]) -> tuple[Stream, ...]:
    """What stands inside <Start> or <Stop>; after a child that Twilio does not know, nothing (T:14300)."""
    streams: list[Stream] = []
    for child in element.elements:
        if child.name not in STARTED:
            message = f"<{element.name}> takes no <{child.name}>{suggestion(child.name, STARTED)}"
            issues.append(Issue(_WRONG_CHILD, message, child.line, child.column, "error"))
            break
        if child.name == "Stream":
            streams.append(stream.read(child, issues, element.name))
        else:
            not_simulated(element, child, issues)
    return tuple(streams)


def not_simulated(element: Element, child: Element, issues: list[Issue]) -> None:
    message = f"<{element.name}><{child.name}> is not simulated; the call goes on with what follows it"
    issues.append(Issue(NOT_SIMULATED, message, element.line, element.column, "error"))
