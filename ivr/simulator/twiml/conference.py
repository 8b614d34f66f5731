"""<Conference> inside <Dial>: the caller joins a room, and waits there while nobody else is in it.

Source T:conference: muted false, beep true, startConferenceOnEnter true, endConferenceOnExit false, waitUrl music of
Twilio's own with POST, 250 participants at most, not recorded, no status event unless named. Codes T:13230 to T:13240,
T:16002 (other attributes), T:16023 (participantLabel: no CallSid, no slash, at most 128 characters).
"""

import re
from dataclasses import dataclass

from ivr.simulator.twiml.recording_callbacks import ATTRIBUTES, Told, read_told
from ivr.simulator.twiml.schema import Issue, Reading
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
    "coach",
    *ATTRIBUTES,
)
_BEEPS = ("true", "false", "onEnter", "onExit")
_JITTER = ("small", "medium", "large", "off")
_REGIONS = ("us1", "us2", "ie1", "de1", "sg1", "br1", "au1", "jp1")
_CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")
_RECORD = ("do-not-record", "record-from-start", "true", "false")


@dataclass(frozen=True, slots=True)
class Conference:
    """`wait_url`: as written; None for Twilio's own music, "" for silence. `status_events`: those that are told.

    `coach`: the CallSid of the one who alone hears this participant. `fault`: why nobody can join this way, "" when
    somebody can, and the error's code. `event_callback`: who is told of a recording the old way.
    """

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
    coach: str
    records: bool
    recording: Told
    status_callback: str | None
    status_events: tuple[str, ...]
    status_method: str
    event_callback: str | None
    fault: str
    code: int


def read(element: Element, issues: list[Issue]) -> Conference:
    reading = Reading(element, issues, _KNOWN)
    reading.choice("trim", "trim-silence", ("trim-silence", "do-not-trim"), 13239)
    reading.choice("jitterBufferSize", "large", _JITTER, 16002)
    reading.choice("region", "", _REGIONS, 16002)
    fault, code = _fault(reading)
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
        coach=reading.text("coach") or "",
        records=reading.choice("record", "do-not-record", _RECORD, 16002) in ("record-from-start", "true"),
        recording=read_told(reading),
        status_callback=reading.text("statusCallback"),
        status_events=_events(reading),
        status_method=reading.method("statusCallbackMethod", 16002),
        event_callback=reading.text("eventCallbackUrl"),
        fault=fault,
        code=code,
    )


def _fault(reading: Reading) -> tuple[str, int]:
    coached = reading.text("coach")
    if not reading.element.own_text:
        return "<Conference> without a name: nobody can join it", 13237
    if coached is not None and not _CALL_SID.fullmatch(coached):
        return f"coach={coached!r} of <Conference> is the CallSid of no call in it", 13240
    return "", 0


def _events(reading: Reading) -> tuple[str, ...]:
    if reading.text("statusCallbackEvent") is None:
        return ()
    return reading.words("statusCallbackEvent", (), EVENTS, 16002)


def _label(reading: Reading) -> str:
    label = reading.text("participantLabel") or ""
    if len(label) > 128 or "/" in label or _CALL_SID.fullmatch(label):
        message = "participantLabel has at most 128 characters, no slash, and is no CallSid; it is ignored"
        reading.warn(16023, message)
        return ""
    return label
