"""What waits to be played to the caller: audio and marks in the order in which they came. T:media-streams.

A mark is reached when all audio before it has been played, at once when there is none.
"""

from collections import deque
from dataclasses import dataclass, field

from ivr.simulator.media.ulaw import FRAME

MOST_BYTES = 8000 * 600  # ten minutes of audio (ours)


@dataclass(slots=True)
class Playback:
    """`played`: all audio that the caller has heard, without the silence between."""

    played: bytearray = field(default_factory=bytearray)
    _waiting: deque[bytes | str] = field(default_factory=deque)
    _bytes: int = 0

    @property
    def is_playing(self) -> bool:
        return self._bytes > 0

    def has_room(self, audio: bytes) -> bool:
        """Whether so much may wait."""
        return self._bytes + len(audio) <= MOST_BYTES

    def add(self, audio: bytes) -> None:
        self._waiting.extend(audio[at : at + FRAME] for at in range(0, len(audio), FRAME))
        self._bytes += len(audio)

    def mark(self, name: str) -> None:
        self._waiting.append(name)

    def reached(self) -> list[str]:
        """The marks before which nothing is left to play; each is told once."""
        names = []
        while self._waiting and isinstance(self._waiting[0], str):
            names.append(str(self._waiting.popleft()))
        return names

    def next_frame(self) -> bytes:
        """What the caller hears in the next 20 ms; shorter, or empty, at the end."""
        frame = b""
        while self._waiting and len(frame) < FRAME:
            first = self._waiting[0]
            if isinstance(first, str):
                break
            need = FRAME - len(frame)
            frame += first[:need]
            if len(first) > need:
                self._waiting[0] = first[need:]
            else:
                self._waiting.popleft()
        self._bytes -= len(frame)
        self.played += frame
        return frame

    def clear(self) -> list[str]:
        """Drop everything; the marks that waited."""
        names = [each for each in self._waiting if isinstance(each, str)]
        self._waiting.clear()
        self._bytes = 0
        return names
