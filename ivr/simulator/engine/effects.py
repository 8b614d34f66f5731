"""What the call machine asks of the world, and what it is told. The machine itself does no I/O.

Fetch -> Response | Failed      an HTTP request
Pass  -> Happened               time goes by until a moment, or until the caller does something before it
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from ivr.simulator.plan import HangUp

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key:
    digit: str


@dataclass(frozen=True, slots=True)
class Speech:
    text: str


Input: TypeAlias = Key | Speech | HangUp


@dataclass(frozen=True, slots=True)
class Order:
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


@dataclass(frozen=True, slots=True)
class Fetch:
    """One HTTP request, to be sent exactly as it is. Times in seconds of real time."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connect_timeout: float
    read_timeout: float


@dataclass(frozen=True, slots=True)
class Pass:
    """Let call time pass until `until`. `keys`, `speech`: whether the call waits for the caller's keys and
    speech (in a Gather or Record)."""

    until: float
    keys: bool = False
    speech: bool = False


Effect: TypeAlias = Fetch | Pass


@dataclass(frozen=True, slots=True)
class Response:
    """`headers`: names in lower case. `body`: at most 65537 bytes.

    `ms`: real milliseconds. `seconds`: the call time it took.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ms: float = 0.0
    seconds: float = 0.0

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


FailureKind: TypeAlias = Literal["refused", "unreachable", "read-timeout", "reset", "protocol", "host", "tls", "lost"]


@dataclass(frozen=True, slots=True)
class Failed:
    """No reply. `seconds`: call time it took. `lost`: only a fault says so, of a callback."""

    kind: FailureKind
    message: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Happened:
    """Time has come to `at`; `what` the caller or an order did then, or None when the moment asked for was reached."""

    at: float
    what: Input | Order | None = None


Answer: TypeAlias = Response | Failed | Happened
Steps: TypeAlias = Generator[Effect, Answer, T]
