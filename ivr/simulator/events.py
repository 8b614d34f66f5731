"""The events of a call's trace: the one place that says which fields each has. `trace.schema.json` is made from it.

The names are the contract's. A dict in `Annotated` is what JSON Schema says of the value besides its type.
"""

from typing import Annotated, Any, Literal, NotRequired, TypeAlias, TypedDict, final

# Types with a name of their own in the schema.
DEFS: dict[str, dict[str, Any]] = {
    "seconds": {"type": "number", "minimum": 0, "description": "Call time since the call was placed, 3 decimals."},
    "scenario": {"type": "string", "description": "Whose event it is, when several scenarios share a file."},
    "call_sid": {"type": "string", "pattern": "^CA[0-9a-f]{32}$"},
    "leg_sid": {
        "$ref": "#/$defs/call_sid",
        "description": "On a callee's leg (a whisper); without it, on the caller's.",
    },
    "final": {"enum": ["completed", "busy", "no-answer", "failed", "canceled"]},
}
AccountSeconds = Annotated[float, {"minimum": 0, "description": "The account's time, in which several calls run."}]
Seconds = Annotated[float, {"$ref": "#/$defs/seconds"}]
ScenarioName = Annotated[str, {"$ref": "#/$defs/scenario"}]
CallSid = Annotated[str, {"$ref": "#/$defs/call_sid"}]
LegSid = Annotated[str, {"$ref": "#/$defs/leg_sid"}]
FinalStatus = Annotated[
    Literal["completed", "busy", "no-answer", "failed", "canceled"],
    {"$ref": "#/$defs/final"},
]
Count = Annotated[int, {"minimum": 0}]
Number = Annotated[int, {"minimum": 1}]
Keys = Annotated[str, {"pattern": "^[0-9*#]*$"}]
ErrorCode = Annotated[int, {"minimum": 0, "description": "Twilio's number; 0 where it has none."}]
RequestNumber = Annotated[int, {"minimum": 0, "description": "The `n` of the request it came from."}]
Params = Annotated[
    dict[str, str | list[str]],
    {"description": "What the simulator added, in the form or the query; repeated values as a list."},
]


class AccountEvent(TypedDict):
    """What each event has."""

    t: Seconds
    scenario: NotRequired[ScenarioName]


class TraceEvent(AccountEvent):
    """What each event of a call has. Of several calls in one account, whose event it is, and when."""

    call: NotRequired[CallSid]
    at: NotRequired[AccountSeconds]


# `from` is a word of Python, so it cannot be a field of a class.
From = TypedDict("From", {"from": str})


class CallEvent(TraceEvent, From):
    """The call was placed."""

    event: Literal["call"]
    sid: CallSid
    to: str
    url: str


class RequestEvent(TraceEvent):
    """The application is asked."""

    event: Literal["request"]
    n: Number
    purpose: Literal["voice", "action", "redirect", "fallback", "whisper", "status", "media", "message"]
    method: Literal["GET", "POST"]
    url: Annotated[str, {"description": "As sent, query included."}]
    params: Params
    signature: str


class ResponseEvent(TraceEvent):
    """It answered."""

    event: Literal["response"]
    n: Number
    status: Annotated[int, {"minimum": 100, "maximum": 999}]
    content_type: str
    bytes: Count
    ms: Annotated[float, {"minimum": 0, "description": "Real milliseconds."}]


class StatusEvent(TraceEvent):
    """The CallStatus that the call moved to."""

    event: Literal["status"]
    status: Literal[
        "queued", "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"
    ]


class UpdateEvent(TraceEvent):
    """The application changes the call from outside, over REST: it ends, or goes on elsewhere."""

    event: Literal["update"]
    status: Annotated[Literal["", "completed", "canceled"], {"description": "Empty when the call goes on elsewhere."}]
    url: str
    twiml: str


class LegMark(TypedDict):
    """Of what can happen on a callee's leg too."""

    leg: NotRequired[LegSid]


class SayEvent(TraceEvent, LegMark):
    """A text is spoken; one event for each repetition of a loop."""

    event: Literal["say"]
    text: str
    language: str
    voice: str | None
    until: Seconds
    cut: Annotated[bool, {"description": "Whether a key cut it."}]


class PlayedRecordingEvent(TraceEvent, LegMark):
    """A recording is played."""

    event: Literal["play"]
    url: str
    until: Seconds
    cut: bool


class PlayedTonesEvent(TraceEvent, LegMark):
    """Tones are played."""

    event: Literal["play"]
    digits: str
    until: Seconds
    cut: bool


class PauseEvent(TraceEvent, LegMark):
    """Nothing is said."""

    event: Literal["pause"]
    until: Seconds


class ListenEvent(TraceEvent, LegMark):
    """A Gather has begun to listen."""

    event: Literal["listen"]
    timeout: Number
    num_digits: Annotated[int | None, {"minimum": 1}]
    finish_on_key: Keys
    input: Literal["dtmf", "speech", "dtmf speech", "speech dtmf"]


class KeyEvent(TraceEvent, LegMark):
    """A key was pressed."""

    event: Literal["key"]
    digit: Annotated[str, {"pattern": "^[0-9*#]$"}]
    heard: Annotated[bool, {"description": "False when nothing listened."}]


class GatherEvent(TraceEvent, LegMark):
    """A Gather is over."""

    event: Literal["gather"]
    digits: Keys
    speech: str | None
    ended_by: Literal["finish_key", "num_digits", "timeout", "speech", "hangup"]


@final
class LegEvent(TraceEvent, From):
    """A leg is dialled, rings, or is answered."""

    event: Literal["leg"]
    sid: CallSid
    to: str
    status: Literal["initiated", "ringing", "in-progress"]


@final
class LegEndedEvent(TraceEvent, From):
    """A leg has ended."""

    event: Literal["leg"]
    sid: CallSid
    to: str
    status: FinalStatus
    duration: Annotated[int, {"minimum": 0, "description": "Whole seconds since it was answered."}]


class RecordEvent(TraceEvent):
    """A recording is over."""

    event: Literal["record"]
    duration: Count
    digits: Annotated[str, {"pattern": "^([0-9*#]?|hangup)$"}]
    speech: NotRequired[Annotated[str, {"description": "What was said into it, if anything was."}]]


StreamSid = Annotated[str, {"pattern": "^MZ[0-9a-f]{32}$"}]


@final
class StreamStartedEvent(TraceEvent):
    """A stream of the call's audio has begun."""

    event: Literal["stream"]
    sid: StreamSid
    status: Literal["started"]
    url: Annotated[str, {"description": "As the document has it."}]
    name: str
    tracks: list[str]
    both_ways: Annotated[bool, {"description": "Whether the application may send audio: <Connect>, not <Start>."}]


@final
class StreamStoppedEvent(TraceEvent):
    """A stream is over."""

    event: Literal["stream"]
    sid: StreamSid
    status: Literal["stopped"]


@final
class StreamErrorEvent(TraceEvent):
    """A stream has not begun."""

    event: Literal["stream"]
    sid: StreamSid
    status: Literal["error"]
    message: str


class StreamAudioEvent(TraceEvent):
    """Audio that the application has sent on a stream is heard, without a gap."""

    event: Literal["stream_audio"]
    stream: StreamSid
    until: Seconds
    cut: Annotated[bool, {"description": "Whether the application, or the end of the stream, dropped the rest."}]


class MarkEvent(TraceEvent):
    """A mark of the application is sent back to it."""

    event: Literal["mark"]
    stream: StreamSid
    name: str
    cleared: Annotated[bool, {"description": "False when the audio before it was heard, true when it was dropped."}]


class ClearEvent(TraceEvent):
    """The application drops the audio that waits to be heard."""

    event: Literal["clear"]
    stream: StreamSid


RelaySid = Annotated[str, {"pattern": "^VX[0-9a-f]{32}$"}]


class RelayEvent(TraceEvent):
    """A ConversationRelay begins or ends."""

    event: Literal["relay"]
    session: RelaySid
    status: Literal["started", "ended", "completed", "failed"]
    url: NotRequired[Annotated[str, {"description": "As the document has it; when it begins."}]]


class PromptEvent(TraceEvent):
    """The application is told what the caller has said."""

    event: Literal["prompt"]
    session: RelaySid
    text: str
    language: str


class InterruptEvent(TraceEvent):
    """The caller has interrupted what the application says."""

    event: Literal["interrupt"]
    session: RelaySid
    text: Annotated[str, {"description": "What was heard of it."}]
    ms: Annotated[int, {"minimum": 0, "description": "Milliseconds of call time for which it was heard."}]


class ComplaintEvent(TraceEvent):
    """What is wrong, and where."""

    code: ErrorCode
    message: str
    line: Count
    column: Count
    request: RequestNumber


class WarningEvent(ComplaintEvent):
    """Something is wrong that Twilio passes over."""

    event: Literal["warning"]


class ErrorEvent(ComplaintEvent):
    """Something is wrong that Twilio reports as an error."""

    event: Literal["error"]


class EndedEvent(TraceEvent):
    """The call is over."""

    event: Literal["ended"]
    status: FinalStatus
    duration: Annotated[int, {"minimum": 0, "description": "Whole seconds since the call was picked up."}]


class RestEvent(TraceEvent):
    """The application has made a request of the REST API."""

    event: Literal["rest"]
    method: str
    path: str
    params: Params
    status: Annotated[int, {"minimum": 100, "maximum": 999}]


class TriggerEvent(AccountEvent):
    """The application is asked by somebody other than Twilio."""

    event: Literal["trigger"]
    method: Literal["GET", "POST"]
    url: str
    form: dict[str, str]
    status: Annotated[int, {"minimum": 0, "description": "0: there was no answer."}]
    message: Annotated[str, {"description": "Why there was none."}]


class MessageEvent(AccountEvent, From):
    """A text message was sent or received."""

    event: Literal["message"]
    sid: str
    to: str
    body: str
    direction: Literal["inbound", "outbound-api", "outbound-reply"]
    status: Annotated[str, {"description": "At the end."}]


AnyEvent: TypeAlias = (
    CallEvent
    | RequestEvent
    | ResponseEvent
    | StatusEvent
    | UpdateEvent
    | SayEvent
    | PlayedRecordingEvent
    | PlayedTonesEvent
    | PauseEvent
    | ListenEvent
    | KeyEvent
    | GatherEvent
    | LegEvent
    | LegEndedEvent
    | RecordEvent
    | StreamStartedEvent
    | StreamStoppedEvent
    | StreamErrorEvent
    | StreamAudioEvent
    | MarkEvent
    | ClearEvent
    | RelayEvent
    | PromptEvent
    | InterruptEvent
    | WarningEvent
    | ErrorEvent
    | EndedEvent
    | RestEvent
    | TriggerEvent
    | MessageEvent
)
