"""What a `Call` says of itself: requests, legs, what was heard, how it ended. Plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import shorten
from urllib.parse import urlsplit

from ivr.simulator.media.ulaw import RATE
from ivr.simulator.media.wav import as_wav


@dataclass(frozen=True, slots=True)
class Request:
    """What the application was asked. `status`: None when no reply came. `str()` of it is `POST /voice?page=2`."""

    method: str
    url: str
    purpose: str
    params: Mapping[str, str | list[str]]
    status: int | None
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"

    def __str__(self) -> str:
        query = urlsplit(self.url).query
        return f"{self.method} {self.path}" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class LegState:
    """How a leg that was dialled stands. `seconds`: from its answer to its end; 0 while it has none."""

    number: str
    status: str
    seconds: int


@dataclass(frozen=True, slots=True)
class StreamedAudio:
    """What the application has played to the caller on one stream: µ-law, without the silence between."""

    sid: str
    name: str
    ulaw: bytes

    @property
    def seconds(self) -> float:
        return len(self.ulaw) / RATE

    @property
    def wav(self) -> bytes:
        """The same as a WAV file: 8000 samples a second, 16 bits."""
        return as_wav(self.ulaw)


@dataclass(frozen=True, slots=True)
class Heard:
    """Whether a text was heard: true or false, and readable when an assertion fails. `at`: call time, or None."""

    text: str
    at: float | None
    prompts: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.at is not None

    def __repr__(self) -> str:
        if self.at is not None:
            return f"<heard {self.text!r} at {self.at:g} s: {shorten(self.prompts[-1], 120)!r}>"
        if not self.prompts:
            return f"<never heard {self.text!r}: nothing was heard at all>"
        last = " / ".join(shorten(prompt, 70) for prompt in self.prompts[-2:])
        return f"<never heard {self.text!r}: of {len(self.prompts)} prompts the last were {last!r}>"


class Status(str):
    """A final CallStatus. `look` is called when it is `failed` and is found equal to `failed`."""

    def __new__(cls, status: str, look: Callable[[], None]) -> "Status":
        self = super().__new__(cls, status)
        self._look = look if status == "failed" else None
        return self

    _look: Callable[[], None] | None

    def __eq__(self, other: object) -> bool:
        same = str.__eq__(self, other) is True
        if same and self._look is not None:
            self._look()
        return same

    __hash__ = str.__hash__
