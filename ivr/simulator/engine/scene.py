"""Where a verb is executed: in which call, on whose line, and in which document (for relative URLs)."""

from dataclasses import dataclass

from ivr.simulator.engine.call import Call
from ivr.simulator.engine.line import Line
from ivr.simulator.twiml import Document


@dataclass(frozen=True, slots=True)
class Scene:
    call: Call
    line: Line
    here: Document
