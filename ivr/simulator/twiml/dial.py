"""<Dial> and its nouns: connect the caller to somebody else.

Source T:dial, T:number: timeout 30 s (5 to 600), timeLimit 14400 s, caller's number as callerId, POST; at most ten
numbers ring at once and the first to answer is connected. Only telephone numbers are simulated; the other nouns are
named in an error.
"""

from dataclasses import dataclass

from ivr.simulator.twiml.schema import NOT_SIMULATED, SCHEMA_WARNING, Issue, Reading, suggestion
from ivr.simulator.twiml.xml import Element

LONGEST_CALL = 14_400
_KNOWN = (
    "action",
    "method",
    "timeout",
    "hangupOnStar",
    "timeLimit",
    "callerId",
    "answerOnBridge",
    "ringTone",
    "trim",
    "callReason",
    "events",
)
_IGNORED = (
    "record",
    "recordingStatusCallback",
    "recordingStatusCallbackEvent",
    "recordingStatusCallbackMethod",
    "recordingTrack",
    "referUrl",
    "referMethod",
    "sequential",
)
_NUMBER = (
    "sendDigits",
    "url",
    "method",
    "statusCallback",
    "statusCallbackEvent",
    "statusCallbackMethod",
    "phoneNumberSid",
)
_NUMBER_IGNORED = (
    "byoc",
    "machineDetection",
    "machineDetectionTimeout",
    "machineDetectionSpeechThreshold",
    "machineDetectionSpeechEndThreshold",
    "machineDetectionSilenceTimeout",
    "amdStatusCallback",
    "amdStatusCallbackMethod",
)
_OTHER_NOUNS = ("Application", "Client", "Conference", "Queue", "Sim", "Sip", "WhatsApp")
EVENTS = ("initiated", "ringing", "answered", "completed")
MOST_NUMBERS = 10


@dataclass(frozen=True, slots=True)
class Number:
    """`number` as written. `url`: the document that the callee hears before being connected."""

    number: str
    line: int = 0
    column: int = 0
    send_digits: str = ""
    url: str | None = None
    method: str = "POST"
    status_callback: str | None = None
    status_events: tuple[str, ...] = ("completed",)
    status_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Dial:
    """`not_simulated`: nouns that the simulator cannot ring. Times in seconds."""

    numbers: tuple[Number, ...]
    not_simulated: tuple[str, ...]
    action: str | None
    method: str
    timeout: int
    time_limit: int
    caller_id: str | None
    hangup_on_star: bool
    answer_on_bridge: bool
    line: int
    column: int


def read(element: Element, issues: list[Issue]) -> Dial:
    reading = Reading(element, issues, (*_KNOWN, *_IGNORED), _ignored(element))
    numbers, others = _nouns(element, reading, issues)
    if len(numbers) > MOST_NUMBERS:
        reading.warn(13250, f"{len(numbers)} numbers in one <Dial>; only the first {MOST_NUMBERS} are rung")
    timeout = reading.integer("timeout", 30, 13212, high=600)
    if timeout < 5:
        reading.warn(13212, f"timeout={timeout} of <Dial>: 5 seconds is the least, and is used")
    return Dial(
        numbers=numbers[:MOST_NUMBERS],
        not_simulated=others,
        action=reading.text("action"),
        method=reading.method("method", 13210),
        timeout=max(timeout, 5),
        time_limit=reading.integer("timeLimit", LONGEST_CALL, 13216, low=1, high=LONGEST_CALL),
        caller_id=reading.text("callerId"),
        hangup_on_star=reading.flag("hangupOnStar", False, 13213),
        answer_on_bridge=reading.flag("answerOnBridge", False, 13219),
        line=element.line,
        column=element.column,
    )


def _ignored(element: Element) -> tuple[str, ...]:
    """Spelling out a default asks for nothing that is missing here."""
    harmless = {"record": "do-not-record", "sequential": "false"}
    return tuple(name for name in _IGNORED if element.attributes.get(name) != harmless.get(name, ""))


def _nouns(element: Element, reading: Reading, issues: list[Issue]) -> tuple[tuple[Number, ...], tuple[str, ...]]:
    numbers, others = [], []
    if element.own_text:
        numbers.append(Number(element.own_text, element.line, element.column))
    for noun in element.elements:
        if noun.name == "Number":
            numbers.append(_number(noun, issues))
        elif noun.name in _OTHER_NOUNS:
            message = f"<{noun.name}> inside <Dial> is not simulated; it is not rung"
            issues.append(Issue(NOT_SIMULATED, message, noun.line, noun.column, "error"))
            others.append(noun.name)
        else:
            hint = suggestion(noun.name, ("Number", *_OTHER_NOUNS))
            issues.append(Issue(SCHEMA_WARNING, f"<{noun.name}> inside <Dial>{hint}; ignored", noun.line, noun.column))
    if not numbers and not others:
        reading.warn(13223, "<Dial> names nobody to ring")
    return tuple(numbers), tuple(others)


def _number(noun: Element, issues: list[Issue]) -> Number:
    reading = Reading(noun, issues, _NUMBER, _NUMBER_IGNORED)
    digits = reading.text("sendDigits") or ""
    if any(character not in "0123456789*#ABCDwW" for character in digits):
        reading.warn(13222, f"sendDigits={digits!r} may hold 0-9 * # A-D w W; nothing is sent")
        digits = ""
    return Number(
        number=noun.own_text,
        line=noun.line,
        column=noun.column,
        send_digits=digits,
        url=reading.text("url"),
        method=reading.method("method", 13221),
        status_callback=reading.text("statusCallback"),
        status_events=reading.words("statusCallbackEvent", ("completed",), EVENTS, SCHEMA_WARNING),
        status_method=reading.method("statusCallbackMethod", SCHEMA_WARNING),
    )
