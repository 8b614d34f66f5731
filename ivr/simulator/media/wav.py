"""Sound as a WAV file: 8000 samples a second, 16 bits."""

import io
import struct
import sys
import wave
from array import array

from ivr.simulator.media.ulaw import RATE, decode


def as_wav(ulaw: bytes) -> bytes:
    """The whole file, of one channel, from µ-law."""
    return wav_file(decode(ulaw))


def wav_file(samples: "array[int]", channels: int = 1) -> bytes:
    """The whole file. `samples`: of 16 bits, one of each channel in turn; they are not to be used after this."""
    if sys.byteorder == "big":
        samples.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def wav_seconds(head: bytes, length: int) -> float | None:
    """How long a WAV file of any coding lasts, from its first bytes; None if they are no such file. `length`: of the
    whole file, which counts where a header promises more: a file that was streamed may not know its own length."""
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at, bytes_a_second = 12, 0
    while at + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, at)
        at += 8
        if name == b"fmt " and at + 12 <= len(head):
            bytes_a_second = int(struct.unpack_from("<I", head, at + 8)[0])
        if name == b"data":
            return min(size, length - at) / bytes_a_second if bytes_a_second else None
        at += size + size % 2
    return None
