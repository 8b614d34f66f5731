"""What a track sounds like where nobody records a voice: tones of the right length. All of it in frames of 20 ms.

A key is its two frequencies of ITU-T Q.23; speech is a chord that no key has.
"""

import math
from functools import cache

from ivr.simulator.media.ulaw import FRAME, RATE, SILENCE, encode

SILENT = SILENCE * FRAME
KEY_FRAMES = 5  # of 20 ms: how long a key sounds
GAP_FRAMES = 5  # of silence after it
_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = "123A456B789C*0#D"
_LOUDNESS = 6_000  # of each of two tones; 16 bits hold 32 767
SPEECH = (200, 450)  # Hz; whole periods in 20 ms, so that every frame is the same and none clicks


def tone(frequencies: tuple[int, ...], frames: int) -> bytes:
    """So many frames of these frequencies together."""
    return encode(
        round(sum(_LOUDNESS * math.sin(2 * math.pi * each * at / RATE) for each in frequencies))
        for at in range(frames * FRAME)
    )


@cache
def key_frames(key: str) -> tuple[bytes, ...]:
    """The sound of a key and the gap after it; w is half a second of silence, W a whole one (T:number sendDigits)."""
    if key in "wW":
        return (SILENT,) * (25 if key == "w" else 50)
    place = KEYS.index(key)
    sound = tone((_ROWS[place // 4], _COLUMNS[place % 4]), KEY_FRAMES)
    return (*_cut(sound), *(SILENT,) * GAP_FRAMES)


@cache
def speech_frame() -> bytes:
    """20 ms of somebody who speaks."""
    return tone(SPEECH, 1)


def _cut(sound: bytes) -> tuple[bytes, ...]:
    return tuple(sound[at : at + FRAME] for at in range(0, len(sound), FRAME))
