"""Sound as a WAV file: 8000 samples a second, 16 bits."""

import io
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
