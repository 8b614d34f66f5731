"""What the call machine asks of the world, and what it is told. The machine itself does no I/O.

Fetch -> Response | Failed      an HTTP request
Pass  -> Happened               time goes by until a moment, or until the caller does something before it
OpenSocket -> SocketOpened | Failed      a WebSocket, which a stream of the call's audio needs
UseSocket  -> SocketHeard                what is sent on it, and what has come

Tuples, because a call makes a hundred of them, and a frozen dataclass takes several times as long.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from ivr.simulator.plan import CONFIDENCE, HangUp, Noise, Speak
from ivr.simulator.printable import whole_characters
from ivr.simulator.twiml.ssml import spoken_seconds

T = TypeVar("T")


class Key(NamedTuple):
    digit: str


@dataclass(frozen=True, slots=True)
class Speech:
    """`text`: what is said, "" for noise. `heard_as`: what a recogniser makes of it; None: just that. `confidence`: how
    sure it is, from 0 to 1. `noise`: seconds that sound lasts which is no speech."""

    text: str
    heard_as: str | None = None
    confidence: float = CONFIDENCE
    noise: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", whole_characters(self.text))
        if self.heard_as is not None:
            object.__setattr__(self, "heard_as", whole_characters(self.heard_as))

    @property
    def result(self) -> str:
        """What a recogniser tells."""
        return self.text if self.heard_as is None else self.heard_as

    def seconds(self, rate: float) -> float:
        """How long it lasts, at `rate` words a minute."""
        return self.noise or spoken_seconds(self.text, rate)


def speech_of(step: Speak | Noise) -> Speech:
    """What is heard of a step of a scenario."""
    if isinstance(step, Speak):
        return Speech(step.text, step.heard_as, step.confidence)
    return Speech("", step.heard_as, step.confidence, noise=step.seconds)


Input: TypeAlias = Key | Speech | HangUp


@dataclass(frozen=True, slots=True)
class FarAct:
    """What a person at a far end does: the leg `sid` answers, is busy, fails, declines (`no-answer`), hangs up, or
    presses `key` (whisper). `machine`: an answering machine answers. `move`: the application sends the leg elsewhere.
    """

    sid: str
    act: Literal["answer", "busy", "failed", "no-answer", "hang-up", "press", "move"]
    key: str = "1"
    machine: bool = False


class Wake(NamedTuple):
    """Something has changed that the call shares with others: its queue, or its conference."""


@dataclass(frozen=True, slots=True)
class CallUpdate:
    """What the application tells a live call from outside (Twilio's REST API): to end with `status`, or, where that is
    empty, to leave what it is doing for the document at `url` or, without one, for `twiml`.

    `fallback_url`, `status_callback`: from now on, in place of the plan's; None: as before.
    """

    status: Literal["", "completed", "canceled"] = ""
    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fallback_url: str | None = None
    status_callback: str | None = None


class Fetch(NamedTuple):
    """One HTTP request, to be sent exactly as it is. Times in seconds of real time. `server`: where it goes in place of
    the URL's own host, "" for that."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connect_timeout: float
    read_timeout: float
    server: str = ""

    @property
    def place(self) -> str:
        """The URL of the server that is connected to."""
        return self.server or self.url


class Pass(NamedTuple):
    """Let call time pass until `until`. `keys`, `speech`: whether the call waits for the caller's keys and
    speech (in a Gather or Record). `speaks`: the caller's own words are being spoken."""

    until: float
    keys: bool = False
    speech: bool = False
    speaks: bool = False


class OpenSocket(NamedTuple):
    """The opening handshake of a WebSocket. `key`: what it is called from now on. `seconds`: of real time for it.
    `server`: as of a Fetch."""

    key: str
    url: str
    headers: tuple[tuple[str, str], ...]
    seconds: float
    server: str = ""


class UseSocket(NamedTuple):
    """Texts to send, in order; then, with `closes`, a normal close. What has come since is the answer.

    `patient`: the texts call for an answer, which is waited for a little longer.
    """

    key: str
    texts: tuple[str, ...] = ()
    closes: bool = False
    patient: bool = False


Effect: TypeAlias = Fetch | Pass
SocketEffect: TypeAlias = OpenSocket | UseSocket


class Response(NamedTuple):
    """`headers`: names in lower case. `body`: at most 65537 bytes.

    `ms`: real milliseconds. `seconds`: the call time it took.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ms: float = 0.0
    seconds: float = 0.0

    def header(self, name: str) -> str:
        for key, value in self.headers:
            if key == name:
                return value
        return ""


FailureKind: TypeAlias = Literal[
    "refused",
    "unreachable",
    "read-timeout",
    "reset",
    "protocol",
    "host",
    "tls",
    "tls-name",
    "tls-expired",
    "tls-untrusted",
    "lost",
    "handshake",
    "missing",
]


class Failed(NamedTuple):
    """No reply. `seconds`: call time it took. `lost`: only a fault says so, of a callback. `handshake`, `missing`: of
    a WebSocket, whose server does not accept, or whose library is not installed."""

    kind: FailureKind
    message: str
    seconds: float = 0.0


class SocketOpened(NamedTuple):
    """The handshake has succeeded."""


class SocketHeard(NamedTuple):
    """The texts that have come, whole ones, in order. `closed`: why no more will come; "" while it is open.

    `how` it was closed: `clean` by the other side, `closed` by it with a code that tells of a fault, `broken` without
    a close, `wrong`: what came is against the protocol or beyond a bound.
    """

    texts: tuple[str, ...]
    closed: str = ""
    how: Literal["", "clean", "closed", "broken", "wrong"] = ""


class Happened(NamedTuple):
    """Time has come to `at`; `what` the caller, an order or a far end did then, or None when the moment asked for was
    reached."""

    at: float
    what: Input | CallUpdate | FarAct | Wake | None = None


Answer: TypeAlias = Response | Failed | Happened
SocketAnswer: TypeAlias = SocketOpened | SocketHeard | Failed
Steps: TypeAlias = Generator[Effect | SocketEffect, Answer | SocketAnswer, T]
