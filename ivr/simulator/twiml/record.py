"""<Record>: a message is recorded. Source T:record: action defaults to the current document, POST; five seconds of
silence end it (0: never), any key ends it, an hour is the most (two minutes when transcribed), a beep comes first."""

from dataclasses import dataclass

from ivr.simulator.twiml.gather import keys_of
from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.xml import Element

_KNOWN = ("action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim")
_IGNORED = (
    "recordingStatusCallback",
    "recordingStatusCallbackEvent",
    "recordingStatusCallbackMethod",
    "recordingTrack",
    "transcribe",
    "transcribeCallback",
)


@dataclass(frozen=True, slots=True)
class Record:
    """Times in seconds; `timeout` 0 means silence never ends it."""

    action: str | None
    method: str
    timeout: int
    finish_on_key: str
    max_length: int
    beep: bool


def read(element: Element, issues: list[Issue]) -> Record:
    reading = Reading(element, issues, _KNOWN, _IGNORED)
    return Record(
        action=reading.text("action"),
        method=reading.method("method", 13610),
        timeout=reading.integer("timeout", 5, 13611),
        finish_on_key=keys_of(reading, "1234567890*#", 13613),
        max_length=reading.integer("maxLength", 3600, 13612, low=1, high=14400),
        beep=reading.flag("playBeep", True, 13616),
    )
