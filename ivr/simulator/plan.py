"""What a call is made of before it is placed: who calls what, what the caller does, how far ends behave, what breaks.

Plain values, no behaviour.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

from ivr.base.errors import SimulatorError
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN, LINE_NUMBER, PHONE_NUMBER
from ivr.simulator.delivery import Delivery

# Parameters that nobody else may set: the call itself says what they are.
OWN_PARAMS = frozenset(
    (
        "AccountSid",
        "ApiVersion",
        "CallSid",
        "CallStatus",
        "Called",
        "Caller",
        "Direction",
        "From",
        "To",
        "ParentCallSid",
    )
)
OWN_NUMBERS = (PHONE_NUMBER, LINE_NUMBER)  # of the test account
CONFIDENCE = 0.9  # of a recogniser of speech, from 0 to 1, unless somebody says otherwise
KEY_GAP = 0.2  # seconds between two keys of one step


def refused_param(name: str) -> str:
    """Why the parameter `name` cannot be set from outside; "" when it can."""
    return f"{name} is set by the call itself" if name in OWN_PARAMS else ""


class PlanError(SimulatorError, ValueError):
    """A plan that no call can have."""


VoiceSeconds: TypeAlias = Callable[[str, str], float | None]  # of a text in a language


@dataclass(frozen=True, slots=True)
class Hear:
    """Wait until a prompt that contains `text` has started."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Keys, pressed as soon as the call listens; `anew`: as soon as it listens again since the last keys."""

    keys: str
    anew: bool = False


@dataclass(frozen=True, slots=True)
class PressNow:
    """Keys, pressed at this moment, listening or not."""

    keys: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds of call time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Speak:
    """Speech, once a Gather or Record listens to speech. `heard_as`: what a Gather's recogniser makes of it, None for
    the words themselves, "" for nothing; `confidence`: how sure it is, from 0 to 1."""

    text: str
    heard_as: str | None = None
    confidence: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class Noise:
    """Sound that is no speech, for so many seconds, where `Speak` would be heard. `heard_as`: words that a recogniser
    takes it for."""

    seconds: float
    heard_as: str = ""
    confidence: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


@dataclass(frozen=True, slots=True)
class AwaitUpdate:
    """Wait until the application has changed the call over REST; call time stands still meanwhile."""


Step: TypeAlias = Hear | Press | PressNow | Wait | Speak | Noise | HangUp | AwaitUpdate


def keys_to_steps(keys: str) -> tuple[Step, ...]:
    """`"1 1 5003"`: each group is pressed as soon as the call listens again. Raises ValueError for other keys."""
    for group in keys.split():
        if wrong := [key for key in group if key not in "0123456789*#"]:
            raise ValueError(f"{wrong[0]!r} is no key of a telephone (0-9, * and #; groups separated by blanks)")
    return tuple(Press(group, anew=True) for group in keys.split())


@dataclass(frozen=True, slots=True)
class Leg:
    """How a far end behaves when it is dialled.

    `rings`: seconds until it answers. `talk`: seconds of talk, counted from the bridge, until it hangs up; None: until
    somebody else ends it. `keys`: what a person there presses once a whisper listens, not before `thinks` seconds
    after its answer; `machine`: it never presses. `leaves`: seconds after its answer at which it hangs up, unless it is
    connected by then. `after`: seconds of ringing before it is busy, fails or declines; None: at once, or never.
    `then`: how it behaves when it is dialled again in the same call; None: the same.
    """

    outcome: Literal["answer", "busy", "no-answer", "failed"]
    rings: float = 3.0
    talk: float | None = None
    keys: str = "1"
    machine: bool = False
    thinks: float = 0.0
    leaves: float | None = None
    after: float | None = None
    then: "Leg | None" = None

    @classmethod
    def answer(cls, rings: float = 3, talk: float | None = None, *, keys: str = "1", machine: bool = False) -> "Leg":
        return cls("answer", float(rings), None if talk is None else float(talk), keys, machine)

    @classmethod
    def busy(cls) -> "Leg":
        return cls("busy")

    @classmethod
    def no_answer(cls) -> "Leg":
        return cls("no-answer")

    @classmethod
    def failed(cls) -> "Leg":
        return cls("failed")


_FAR_ENDS = {"answer": Leg.answer(3, talk=10), "busy": Leg.busy(), "no-answer": Leg.no_answer(), "failed": Leg.failed()}


def far_end(leg: Leg | str) -> Leg:
    """The behaviour that a word stands for. Raises SimulatorError for another word."""
    if isinstance(leg, Leg):
        return leg
    if leg not in _FAR_ENDS:
        raise SimulatorError(f"{leg!r} is no behaviour of a far end: a Leg, or one of {', '.join(_FAR_ENDS)}")
    return _FAR_ENDS[leg]


FaultKind: TypeAlias = Literal[
    "timeout",
    "refuse",
    "reset",
    "status",
    "delay",
    "duplicate",
    "oversized",
    "bad_xml",
    "wrong_type",
    "redirects",
    "lost",
    "late",
    "reordered",
]
Purpose: TypeAlias = Literal["voice", "action", "redirect", "fallback", "whisper", "status", "media"]
ANY = 0  # in place of a request's number


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the `request`-th request of the call, or with ANY.

    `value`: the status, the seconds of `delay` and `late`, or how many `redirects`. `purpose`: only requests of this
    purpose are meant, and counted. `reordered` is for status callbacks only: each second one overtakes the one before.
    """

    request: int
    kind: FaultKind
    value: float = 0.0
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class SpeechFault:
    """What the recogniser of a <Gather> makes of the `speech`-th time that the caller speaks or there is noise, or of
    ANY, whatever was said. `heard_as`: "" for nothing. `confidence`: from 0 to 1."""

    speech: int
    heard_as: str = ""
    confidence: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class PlacedRecording:
    """How a call that the application places is recorded, from its answer to its end, and who is told."""

    callback: str = ""
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)
    track: str = "both"
    channels: int = 1


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """How an application has a call placed (T:call): what it says besides CallPlan's. Times in seconds.

    `twiml`: in place of the plan's URL. `events`: those that the status callback is told. `detection`: of machines, ""
    for none; `is_async`: the call does not wait for it, and `detection_callback` is told.
    """

    twiml: str = ""
    timeout: int = 60
    time_limit: int = 14_400
    events: tuple[str, ...] = ("completed",)
    send_digits: str = ""
    detection: Literal["", "Enable", "DetectMessageEnd"] = ""
    detection_timeout: int = 30
    is_async: bool = False
    detection_callback: str = ""
    detection_method: str = "POST"
    recording: PlacedRecording | None = None


@dataclass(frozen=True, slots=True)
class ContinuedLeg:
    """A leg that was dialled and goes on as a call of its own, because the application has sent it elsewhere (T:call).

    `sid`, `parent_sid`: of the leg, and of the call that has dialled it. `answered`, `began`: seconds ago. `twiml`: in
    place of the plan's URL. `told`: status callbacks that were sent about it.
    """

    sid: str
    parent_sid: str
    answered: float
    began: float
    twiml: str = ""
    told: int = 0


@dataclass(frozen=True, slots=True)
class CallPlan:
    """One call. `allow_origins`: further `http://host:port` that documents and media may come from.

    `started`: the moment in the world when the call is placed; only timestamps of callbacks show it. `params`: what
    requests about the caller's leg have besides, such as ForwardedFrom, CallerName or FromCity. `caller_ids`: numbers
    of the account, bought or verified, which a <Dial> may show. `origins`: all that may be asked, where an account says
    which these are; None: those of the URLs here. `placed`: for a call that the application has placed itself.
    `first_params`: what the first request has besides. `continued`: for a leg that goes on by itself. `claimed`:
    numbers that ring until somebody answers, whatever `legs` says. `api`: where the REST API is, as a RecordingUrl has
    it. `delivery`: how requests reach the application, besides what their URLs say. `stay`: seconds after which a
    caller who waits in vain, or has done its last step, hangs up; None: never. `voice`: how long a voice takes over a
    text in a language, in seconds; None for what it cannot speak, which `speech_rate` times.

    `seed`, `name` and `number` (of the call, from 1) decide every sid and token of the call: the same three, the same
    call. `number` None: 1 where a seed is given, otherwise the next one of this name in this process. No seed is 0.
    """

    url: str
    from_: str = "+4791234567"
    to: str = PHONE_NUMBER
    method: str = "POST"
    fallback_url: str | None = None
    status_callback: str | None = None
    auth_token: str = AUTH_TOKEN
    account_sid: str = ACCOUNT_SID
    steps: tuple[Step, ...] = ()
    legs: Mapping[str, Leg] = field(default_factory=lambda: {"*": Leg.answer(3, talk=10)})
    faults: tuple[Fault | SpeechFault, ...] = ()
    seed: int | None = None
    name: str = ""
    number: int | None = None
    speech_rate: float = 150.0
    voice: VoiceSeconds | None = None
    allow_origins: tuple[str, ...] = ()
    started: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    params: Mapping[str, str] = field(default_factory=dict)
    caller_ids: tuple[str, ...] = OWN_NUMBERS
    origins: frozenset[str] | None = None
    fallback_method: str = "POST"
    status_method: str = "POST"
    placed: PlacedCall | None = None
    first_params: Mapping[str, str] = field(default_factory=dict)
    continued: ContinuedLeg | None = None
    claimed: Collection[str] = frozenset()
    api: str = "https://api.twilio.com"
    delivery: Delivery = field(default_factory=Delivery)
    stay: float | None = None

    def __post_init__(self) -> None:
        """Raises PlanError for a parameter that the call sets itself."""
        if refused := [why for name in self.params if (why := refused_param(name))]:
            raise PlanError("; ".join(refused))

    def leg(self, number: str) -> Leg:
        """How `number` behaves: the first pattern that matches; unknown numbers do not answer."""
        if number in self.claimed:
            return Leg.no_answer()
        return next((leg for pattern, leg in self.legs.items() if fnmatchcase(number, pattern)), Leg.no_answer())
