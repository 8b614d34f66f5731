"""<Record>: a message is recorded. Source T:record: action defaults to the current document, POST; five seconds of
silence end it (0: never), any key ends it, an hour is the most (two minutes when transcribed), a beep comes first. A
transcription is made only for transcribe="true": a transcribeCallback alone asks for none."""

from dataclasses import dataclass

from ivr.simulator.twiml.gather import keys_of
from ivr.simulator.twiml.recording_callbacks import ATTRIBUTES, TRACKS, Told, read_told
from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.xml import Element

_KNOWN = (
    "action",
    "method",
    "timeout",
    "finishOnKey",
    "maxLength",
    "playBeep",
    "trim",
    "recordingTrack",
    "transcribe",
    "transcribeCallback",
    *ATTRIBUTES,
)
LONGEST_TRANSCRIBED = 120


@dataclass(frozen=True, slots=True)
class Record:
    """Times in seconds; `timeout` 0 means silence never ends it. `trims`: silence at both ends is cut off.

    `transcribed`: whether a transcription is made; `transcribe_callback`: who is told of it, None for nobody.
    """

    action: str | None
    method: str
    timeout: int
    finish_on_key: str
    max_length: int
    beep: bool
    trims: bool
    transcribed: bool
    transcribe_callback: str | None
    recording: Told


def read(element: Element, issues: list[Issue]) -> Record:
    reading = Reading(element, issues, _KNOWN)
    transcribed = reading.flag("transcribe", False, 13614)
    trim = reading.choice("trim", "trim-silence", ("trim-silence", "do-not-trim"), 13699)
    track = reading.choice("recordingTrack", "both", TRACKS, 13622)
    return Record(
        action=reading.text("action"),
        method=reading.method("method", 13610),
        timeout=reading.integer("timeout", 5, 13611),
        finish_on_key=keys_of(reading, "1234567890*#", 13613),
        max_length=_max_length(reading, transcribed),
        beep=reading.flag("playBeep", True, 13616),
        trims=trim == "trim-silence",
        transcribed=transcribed,
        transcribe_callback=reading.text("transcribeCallback"),
        recording=read_told(reading, track),
    )


def _max_length(reading: Reading, transcribed: bool) -> int:
    if not transcribed:
        return reading.integer("maxLength", 3600, 13612, low=1, high=14400)
    return reading.integer("maxLength", LONGEST_TRANSCRIBED, 13615, low=1, high=LONGEST_TRANSCRIBED)
