"""A call that the application places: queued, initiated, ringing, answered; and whether a machine has answered. T:call.

Twilio adds five seconds to `Timeout`, as to a Dial's. How long a detection takes is ours: a person is known after two
seconds, a machine after four, the end of its message after ten; `MachineDetectionTimeout` before that makes it unknown.
"""

from dataclasses import dataclass

from ivr.simulator.engine.call import RunningCall
from ivr.simulator.engine.callbacks import Callback, tell
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.form import Params
from ivr.simulator.engine.legs import FarEnd
from ivr.simulator.engine.line import CallOverError
from ivr.simulator.engine.params import progress, standard
from ivr.simulator.engine.recordings import Recording
from ivr.simulator.engine.ringing import next_status
from ivr.simulator.engine.scene import Scene
from ivr.simulator.engine.verbs import play
from ivr.simulator.plan import PlacedCall
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.play import Play
from ivr.simulator.twiml.recording_callbacks import Told

_HUMAN, _MACHINE, _MESSAGE_END = 2.0, 4.0, 10.0  # seconds
_RELATIVE_TO = "http://127.0.0.1/"  # every URL that came with the call is whole


@dataclass(slots=True)
class Outbound:
    """`told`: how many status callbacks were sent. `tape`: of a call that is recorded, once it is answered."""

    call: RunningCall
    placed: PlacedCall
    told: int = 0
    tape: Recording | None = None

    def ring(self) -> Steps[None]:
        """Until the call is answered and its first document is due. Raises CallOverError when it is not answered."""
        call, line = self.call, self.call.line
        yield from call.wait(line, call.now)  # whoever has placed it learns that it is queued
        yield from self._move("initiated")
        far = FarEnd(line, Noun("Number", line.to, 0, 0), call.plan.leg(line.to), call.now, base="")
        call.far_ends.append(far)
        yield from self._move("ringing")
        status = yield from self._decided(far)
        call.far_ends.remove(far)
        if status != "in-progress":
            raise CallOverError(status, "not answered")
        call.answer()
        call.longest = min(call.longest, call.now + self.placed.time_limit)
        yield from self.tell("answered")
        yield from self._record()
        yield from self._detect(far.plan.machine)
        if self.placed.send_digits:
            yield from play.execute(Scene(call, line, Document(())), Play(None, self.placed.send_digits, 1))

    def finish(self, duration: int) -> Steps[None]:
        """The call is over."""
        recorded: Params = ()
        if self.tape is not None:
            yield from self.tape.end()
            recorded = self.tape.params
        yield from self.tell("completed", ("CallDuration", str(duration)), *recorded)

    def _record(self) -> Steps[None]:
        how = self.placed.recording
        if how is None:
            return
        told = Told(how.callback or None, how.method, how.events, how.track)
        self.tape = Recording(self.call, _RELATIVE_TO, told, "OutboundAPI", how.channels)
        yield from self.tape.begin()

    def tell(self, event: str, *extra: tuple[str, str]) -> Steps[None]:
        """The status callback, when it was asked for."""
        plan = self.call.plan
        if not plan.status_callback or event not in self.placed.events:
            return
        answered = (("AnsweredBy", self.call.answered_by),) if self.call.answered_by else ()
        params = standard(self.call, self.call.line, *extra, *answered, *progress(self.call, self.told))
        self.told += 1
        yield from tell(self.call, Callback(_RELATIVE_TO, plan.status_callback, plan.status_method), params)

    def _move(self, status: str) -> Steps[None]:
        self.call.move_to(status)
        yield from self.tell(status)

    def _decided(self, far: FarEnd) -> Steps[str]:
        call = self.call
        while True:
            at, status = next_status(far, self.placed.timeout)
            yield from call.wait(call.line, max(at, call.now), wakes=True)
            if call.now >= at:
                return status

    def _detect(self, machine: bool) -> Steps[None]:
        if not self.placed.detection:
            return
        found, seconds = self._finding(machine)
        if self.placed.is_async:
            self.call.delayed.add(self.call.now + seconds, self._tell_detected(found, seconds))
            return
        yield from self.call.wait(self.call.line, self.call.now + seconds)
        self.call.answered_by = found

    def _finding(self, machine: bool) -> tuple[str, float]:
        found, seconds = ("machine_start", _MACHINE) if machine else ("human", _HUMAN)
        if machine and self.placed.detection == "DetectMessageEnd":
            found, seconds = "machine_end_beep", _MESSAGE_END
        limit = float(self.placed.detection_timeout)
        return (found, seconds) if seconds <= limit else ("unknown", limit)

    def _tell_detected(self, found: str, seconds: float) -> Steps[None]:
        """A call that is over by then was answered by nobody knows whom."""
        call = self.call
        call.answered_by = found if call.line.status == "in-progress" else "unknown"
        if not self.placed.detection_callback:
            return
        params: Params = (
            ("AccountSid", call.plan.account_sid),
            ("CallSid", call.line.sid),
            ("AnsweredBy", call.answered_by),
            ("MachineDetectionDuration", str(int(seconds * 1000))),
        )
        callback = Callback(_RELATIVE_TO, self.placed.detection_callback, self.placed.detection_method)
        yield from tell(call, callback, params)
