"""Where a verb is executed: in which call, on whose line, and in which document (for relative URLs)."""

from typing import NamedTuple

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.line import Line
from ivr.simulator.twiml import Document


class Scene(NamedTuple):
    call: RunningCall
    line: Line
    here: Document

    def pick_up(self) -> None:
        """The verb answers the call: on the caller's line, if nothing has answered it before."""
        if self.line.is_caller:
            self.call.answer()
