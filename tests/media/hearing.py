"""An ear that shares nothing with the simulator: µ-law by the formula of G.711, tones by Goertzel's filter."""

import base64
import math
from typing import Any

RATE, FRAME = 8000, 160
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = ("123A", "456B", "789C", "*0#D")


def linear(ulaw: bytes) -> list[float]:
    """Samples between -1 and 1, by the equation of the µ-law curve in its 8 straight pieces."""
    samples = []
    for byte in ulaw:
        code = byte ^ 0xFF
        piece, step = (code & 0x70) >> 4, code & 0x0F
        size = ((2 * step + 33) * 2**piece - 33) / 8031
        samples.append(-size if code & 0x80 else size)
    return samples


def power(samples: list[float], hertz: float) -> float:
    """How much of the samples is a tone of this frequency (Goertzel)."""
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    one = two = 0.0
    for sample in samples:
        one, two = sample + turn * one - two, one
    return (one * one + two * two - turn * one * two) / max(len(samples), 1) ** 2


def key_of(ulaw: bytes) -> str:
    """The key that sounds in it; "" for none."""
    samples = linear(ulaw)
    rows, columns = [power(samples, each) for each in ROWS], [power(samples, each) for each in COLUMNS]
    loudness = sum(sample * sample for sample in samples) / max(len(samples), 1)
    if loudness < 1e-4 or 2 * (max(rows) + max(columns)) < 0.8 * loudness:
        return ""
    return KEYS[rows.index(max(rows))][columns.index(max(columns))]


def keys_in(ulaw: bytes) -> str:
    """Keys one after another, each told once, in frames of 20 ms."""
    found, last = "", ""
    for at in range(0, len(ulaw), FRAME):
        key = key_of(ulaw[at : at + FRAME])
        found += key if key != last else ""
        last = key
    return found


def audio_of(messages: list[dict[str, Any]], track: str) -> bytes:
    """The audio of a track, out of the messages of a stream."""
    media = [each["media"] for each in messages if each.get("event") == "media"]
    return b"".join(base64.b64decode(each["payload"]) for each in media if each["track"] == track)


def seconds_of_sound(ulaw: bytes) -> float:
    """How much of it is not silence, in frames of 20 ms."""
    frames = [ulaw[at : at + FRAME] for at in range(0, len(ulaw), FRAME)]
    return sum(max(map(abs, linear(frame))) > 0.01 for frame in frames) * FRAME / RATE
