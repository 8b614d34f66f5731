"""<Dial>: connect the caller to somebody else. Its nouns stand in `nouns` and `conference`.

Source T:dial: timeout 30 s (5 to 600), timeLimit 14400 s, caller's number as callerId, POST, not recorded; at most ten
nouns, which ring together, or with `sequential` one after another; the first to answer is connected. A callReason has
at most 50 characters, a callerDisplayName 2 to 255 (T:13259). A Conference beside other nouns is T:13000, another
element that has no place there T:13215.
"""

import re
from dataclasses import dataclass

from ivr.base.complaints import suggestion
from ivr.simulator.twiml import conference, nouns
from ivr.simulator.twiml.conference import Conference
from ivr.simulator.twiml.nouns import Noun
from ivr.simulator.twiml.recording_callbacks import ATTRIBUTES, TRACKS, Told, read_told
from ivr.simulator.twiml.schema import NOT_SIMULATED, SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

LONGEST_CALL = 14_400
_KNOWN = (
    "action",
    "method",
    "timeout",
    "hangupOnStar",
    "timeLimit",
    "callerId",
    "callerDisplayName",
    "answerOnBridge",
    "ringTone",
    "trim",
    "callReason",
    "events",
    "passports",
    "record",
    "recordingTrack",
    "referUrl",
    "referMethod",
    "sequential",
    *ATTRIBUTES,
)
_RECORD = (
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
    "true",
    "false",
)
_TONES = re.findall(
    r"\S+",
    """
    automatic at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph pl pt ru se sg th uk
    us us-old tw ve za
""",
)
_OTHER_NOUNS = ("Application", "Sim", "WhatsApp")
_ALL_NOUNS = (*nouns.READERS, "Conference", *_OTHER_NOUNS)
_NESTED = 13215
_MIXED = 13000
MOST_NOUNS = 10
LONGEST_REASON = 50


@dataclass(frozen=True, slots=True)
class Dial:
    """`nouns`: whom to ring, or `conference` to join. `record`: one of Twilio's words. Times in seconds."""

    nouns: tuple[Noun, ...]
    conference: Conference | None
    action: str | None
    method: str
    timeout: int
    time_limit: int
    caller_id: str | None
    hangup_on_star: bool
    answer_on_bridge: bool
    sequential: bool
    record: str
    recording: Told
    line: int
    column: int


def read(element: Element, issues: list[Issue]) -> Dial:
    reading = Reading(element, issues, _KNOWN)
    rung, room = _nouns(element, reading, issues)
    if len(rung) > MOST_NOUNS:
        reading.warn(13250, f"{len(rung)} numbers in one <Dial>; only the first {MOST_NOUNS} are rung")
    timeout = reading.integer("timeout", 30, 13212, high=600)
    if timeout < 5:
        reading.warn(13212, f"timeout={timeout} of <Dial>: 5 seconds is the least, and is used")
    _check(reading)
    return Dial(
        nouns=rung[:MOST_NOUNS],
        conference=room,
        action=reading.text("action"),
        method=reading.method("method", 13210),
        timeout=max(timeout, 5),
        time_limit=reading.integer("timeLimit", LONGEST_CALL, 13216, low=1, high=LONGEST_CALL),
        caller_id=reading.text("callerId"),
        hangup_on_star=reading.flag("hangupOnStar", False, 13213),
        answer_on_bridge=reading.flag("answerOnBridge", False, 13219),
        sequential=reading.flag("sequential", False, 13218),
        record=_record(reading),
        recording=read_told(reading, reading.choice("recordingTrack", "both", TRACKS, 13622)),
        line=element.line,
        column=element.column,
    )


def _check(reading: Reading) -> None:
    """Attributes that change nothing of what can be seen here, only whether they are right."""
    reading.choice("ringTone", "automatic", _TONES, 13220)
    reading.choice("trim", "do-not-trim", ("trim-silence", "do-not-trim"), SCHEMA_WARNING)
    reading.method("referMethod", SCHEMA_WARNING)
    if len(reading.text("callReason") or "") > LONGEST_REASON:
        reading.warn(SCHEMA_WARNING, f"callReason has at most {LONGEST_REASON} characters; it is ignored")
    nouns.check_display_name(reading)


def _record(reading: Reading) -> str:
    word = reading.choice("record", "do-not-record", _RECORD, 13217)
    return {"true": "record-from-answer", "false": "do-not-record"}.get(word, word)


def _nouns(element: Element, reading: Reading, issues: list[Issue]) -> tuple[tuple[Noun, ...], Conference | None]:
    """Whom to ring, or the conference. A conference or a queue is alone: what stands beside it is passed over."""
    rung = [nouns.plain_number(element)] if element.own_text else []
    room: Conference | None = None
    others = False
    for child in element.elements:
        alone = room is not None or any(noun.kind == "Queue" for noun in rung)
        if alone or (rung and child.name in ("Conference", "Queue")):
            message = f"<{child.name}>: a <Conference> or <Queue> is alone in its <Dial>; this one is ignored"
            code = _MIXED if room is not None or child.name == "Conference" else _NESTED
            issues.append(Issue(code, message, child.line, child.column))
        elif child.name == "Conference":
            room = conference.read(child, issues)
        elif reader := nouns.READERS.get(child.name):
            rung.append(reader(child, issues))
        else:
            others = _explain(child, issues) or others
    if not rung and room is None and not others:
        reading.warn(13223, "<Dial> names nobody to ring")
    return tuple(rung), room


def _explain(noun: Element, issues: list[Issue]) -> bool:
    """True for a noun that Twilio has and the simulator does not."""
    if noun.name in _OTHER_NOUNS:
        message = f"<{noun.name}> inside <Dial> is not simulated; it is not rung"
        issues.append(Issue(NOT_SIMULATED, message, noun.line, noun.column, "error"))
        return True
    hint = suggestion(noun.name, _ALL_NOUNS)
    issues.append(Issue(_NESTED, f"<{noun.name}> inside <Dial>{hint}; ignored", noun.line, noun.column))
    return False
