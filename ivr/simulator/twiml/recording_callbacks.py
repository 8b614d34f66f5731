"""Whom a recording is reported to: the attributes that Record, Dial and Conference share.

Source T:record, T:dial: POST, and `completed` only unless more is asked for (T:13621).
"""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import SCHEMA_WARNING, Reading

ATTRIBUTES = (
    "recordingStatusCallback",
    "recordingStatusCallbackEvent",
    "recordingStatusCallbackMethod",
    "recordingConfigurationId",
)
TRACKS = ("inbound", "outbound", "both")
_EVENTS = ("in-progress", "completed", "absent")


@dataclass(frozen=True, slots=True)
class Told:
    """`url`: as written; None when nobody is told. `track`: which side of the call is recorded."""

    url: str | None = None
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)
    track: str = "both"


def read_told(reading: Reading, track: str = "both") -> Told:
    return Told(
        url=reading.text("recordingStatusCallback"),
        method=reading.method("recordingStatusCallbackMethod", SCHEMA_WARNING),
        events=reading.words("recordingStatusCallbackEvent", ("completed",), _EVENTS, 13621),
        track=track,
    )
