"""What can be asked of a call while it runs and when it is over: read from its session and trace, in a test's words."""

from ivr.base.errors import SimulatorError
from ivr.simulator.call_values import Heard, LegState, Request, Status, StreamedAudio
from ivr.simulator.engine.effects import Pass
from ivr.simulator.expectations import failures
from ivr.simulator.outcome import Outcome
from ivr.simulator.prompts import find
from ivr.simulator.report import transcript as lines_of
from ivr.simulator.session import Session
from ivr.simulator.trace import Event


class CallView:
    """`_clock`: how far the caller has waited; the session's own clock may be behind, inside a prompt.

    `_bodies`: of the replies, by the number of the request. `_acted`: how many events there were when the caller last
    did something. `_looked`: whether somebody has looked at what went wrong, or need not.
    """

    _session: Session
    _outcome: Outcome  # its lists are the session's own, and grow with the call
    _bodies: dict[int, bytes]
    _acted: int
    _clock: float
    _looked: bool

    def heard(self, text: str, *, new: bool = False) -> Heard:
        """Whether a prompt that contains `text` has started; `new`: since the caller last did something.

        Case and blanks do not count, prompts that follow each other directly are one text, and digits match however
        they are written or spelled: `113` is found in `1 1 3`, and in `one, one, three` or `en, en, tre`.
        """
        start = self._acted if new else 0
        found = find(self.trace, text, start)
        if found is None:
            return Heard(text, None, tuple(self._outcome.heard))
        return Heard(text, self.trace[found]["t"], (self.trace[found]["text"],))

    @property
    def prompts(self) -> list[str]:
        """The texts that the caller heard, one for each Say."""
        return self._outcome.heard

    @property
    def last_prompt(self) -> str:
        """The latest of `prompts`; "" when nothing was said."""
        return self.prompts[-1] if self.prompts else ""

    @property
    def dialled(self) -> list[str]:
        """The numbers that were dialled, in order."""
        return self._outcome.dialled

    def leg(self, number: str) -> LegState:
        """The latest leg to `number`. Raises SimulatorError when it was not dialled."""
        for event in reversed(self._outcome.events("leg")):
            if event["to"] == number:
                return LegState(number, event["status"], event["duration"] if "duration" in event else 0)  # noqa: SIM401 - typed
        raise self._error(f"{number} was not dialled")

    @property
    def streamed(self) -> list[StreamedAudio]:
        """What the application has played to the caller on streams, one for each stream."""
        return self._session.streamed

    @property
    def ended(self) -> str | None:
        """The final CallStatus (completed, busy, no-answer, failed, canceled); None while the call is under way."""
        return Status(self._outcome.ended, self._look) if self._session.effect is None else None

    @property
    def is_listening(self) -> bool:
        """Whether a key or a word would be taken at this moment."""
        effect = self._session.effect
        return isinstance(effect, Pass) and (effect.keys or effect.speech)

    @property
    def seconds(self) -> float:
        """Call time since the call was placed."""
        return round(max(self._session.now, self._clock), 3)

    @property
    def requests(self) -> list[Request]:
        """Everything the application was asked, status callbacks included, in order."""
        status = {event["n"]: event["status"] for event in self._outcome.events("response")}
        return [
            Request(
                event["method"],
                event["url"],
                event["purpose"],
                event["params"],
                status.get(event["n"]),
                self._bodies.get(event["n"], b""),
            )
            for event in self._outcome.events("request")
        ]

    @property
    def warnings(self) -> list[int]:
        """The codes of all warnings and errors; the transcript says what they are about."""
        self._look()
        return self._outcome.warnings

    @property
    def failures(self) -> list[str]:
        """What went wrong so far, a line each: errors that follow from no injected fault, and an end as `failed`."""
        self._look()
        return failures(self._outcome)

    @property
    def not_simulated(self) -> list[str]:
        """Attributes and options that the application uses and the simulator passes over, each once."""
        return self._outcome.not_simulated

    @property
    def trace(self) -> list[Event]:
        """Every event so far. A prompt that is still spoken has no end (`until`) yet."""
        return self._session.trace.events

    @property
    def transcript(self) -> str:
        """What was heard, pressed and dialled, and what went wrong, with times."""
        return "\n".join(str(line) for line in lines_of(self.trace))

    def unseen_failures(self) -> str:
        """What went wrong with the call, with its transcript, unless it was looked at; "" when nothing did."""
        wrong = [] if self._looked else failures(self._outcome)
        if not wrong:
            return ""
        allow = "read its `warnings`, or allow_errors=True, if the test is about that"
        said = "\n".join(["the call went wrong, and the test did not look at it:", *wrong, f"({allow})"])
        return f"{said}\n{self.transcript}"

    def _look(self) -> None:
        self._looked = True

    def _error(self, message: str) -> SimulatorError:
        return SimulatorError(f"{message}\n{self.transcript}")
