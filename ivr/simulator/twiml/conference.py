"""<Conference> inside <Dial>: the caller joins a room, and waits there while nobody else is in it.

Source T:conference: muted false, beep true, startConferenceOnEnter true, endConferenceOnExit false, waitUrl music of
Twilio's own with POST, 250 participants at most, not recorded, no status event unless named. Codes T:13230 to T:13239,
T:16002 (other attributes), T:16023 (participantLabel).
"""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import Issue, Reading
from ivr.simulator.twiml.told import ATTRIBUTES, Told, read_told
from ivr.simulator.twiml.xml import Element

MOST_PARTICIPANTS = 250
EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
_KNOWN = (
    "muted",
    "beep",
    "startConferenceOnEnter",
    "endConferenceOnExit",
    "waitUrl",
    "waitMethod",
    "maxParticipants",
    "record",
    "trim",
    "region",
    "statusCallback",
    "statusCallbackEvent",
    "statusCallbackMethod",
    "eventCallbackUrl",
    "jitterBufferSize",
    "participantLabel",
    *ATTRIBUTES,
)
_BEEPS = ("true", "false", "onEnter", "onExit")
_RECORD = ("do-not-record", "record-from-start", "true", "false")


@dataclass(frozen=True, slots=True)
class Conference:
    """`wait_url`: as written; None for Twilio's own music, "" for silence. `events`: those that are told."""

    name: str
    line: int
    column: int
    muted: bool
    beep: str
    start_on_enter: bool
    end_on_exit: bool
    wait_url: str | None
    wait_method: str
    most: int
    label: str
    records: bool
    recording: Told
    status_callback: str | None
    status_events: tuple[str, ...]
    status_method: str


def read(element: Element, issues: list[Issue]) -> Conference:
    reading = Reading(element, issues, _KNOWN, ("coach",))
    reading.choice("trim", "trim-silence", ("trim-silence", "do-not-trim"), 13239)
    if not element.own_text:
        reading.warn(13237, "<Conference> without a name: nobody can join it")
    return Conference(
        name=element.own_text,
        line=element.line,
        column=element.column,
        muted=reading.flag("muted", False, 13230),
        beep=reading.choice("beep", "true", _BEEPS, 13235),
        start_on_enter=reading.flag("startConferenceOnEnter", True, 13232),
        end_on_exit=reading.flag("endConferenceOnExit", False, 13231),
        wait_url=reading.text("waitUrl"),
        wait_method=reading.method("waitMethod", 13234),
        most=reading.integer("maxParticipants", MOST_PARTICIPANTS, 16002, low=1, high=MOST_PARTICIPANTS),
        label=_label(reading),
        records=reading.choice("record", "do-not-record", _RECORD, 16002) in ("record-from-start", "true"),
        recording=read_told(reading),
        status_callback=reading.text("statusCallback"),
        status_events=_events(reading),
        status_method=reading.method("statusCallbackMethod", 16002),
    )


def _events(reading: Reading) -> tuple[str, ...]:
    if reading.text("statusCallbackEvent") is None:
        return ()
    return reading.words("statusCallbackEvent", (), EVENTS, 16002)


def _label(reading: Reading) -> str:
    label = reading.text("participantLabel") or ""
    if len(label) > 128:
        reading.warn(16023, "participantLabel has at most 128 characters; it is ignored")
        return ""
    return label
