"""µ-law as a WAV file: 8000 samples a second, 16 bits, one channel."""

import io
import sys
import wave

from ivr.simulator.media.ulaw import RATE, decode


def as_wav(ulaw: bytes) -> bytes:
    """The whole file."""
    samples = decode(ulaw)
    if sys.byteorder == "big":
        samples.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples.tobytes())
    return file.getvalue()
