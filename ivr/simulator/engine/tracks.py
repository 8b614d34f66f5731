"""What the two tracks of a call sound like, 20 ms at a time. Nobody's voice is recorded: speech is a chord, a key its
two tones, and everything else silence. A sound begins with a frame (ours).

inbound: what the caller says and presses. outbound: what <Say> and <Play> are heard as; what others say is silence
(ours).
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from ivr.simulator.media.tones import SILENT, key_frames, speech_frame
from ivr.simulator.media.ulaw import FRAME_SECONDS


class Sounding(NamedTuple):
    """What the caller hears at a moment: since when, and either the keys of <Play digits> or anything else ("")."""

    since: float
    digits: str = ""


class Tracks:
    def __init__(self) -> None:
        self._keys: deque[bytes] = deque()  # frames of keys that were pressed

    def press(self, digit: str) -> None:
        self._keys.extend(key_frames(digit))

    def frame(
        self, tracks: tuple[str, ...], speaks: bool, sounding: Sounding | None, at: float
    ) -> Iterator[tuple[str, bytes]]:
        """The audio of each track that is asked for, in the 20 ms from `at` on."""
        key = self._keys.popleft() if self._keys else None
        for track in tracks:
            if track == "inbound":
                yield track, key or (speech_frame() if speaks else SILENT)
            else:
                yield track, _heard(sounding, at)


def _heard(sounding: Sounding | None, at: float) -> bytes:
    if sounding is None:
        return SILENT
    if not sounding.digits:
        return speech_frame()
    left = max(round((at - sounding.since) / FRAME_SECONDS), 0)
    for digit in sounding.digits:
        frames = key_frames(digit)
        if left < len(frames):
            return frames[left]
        left -= len(frames)
    return SILENT
