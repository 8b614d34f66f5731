"""µ-law (ITU-T G.711): a sample of 16 bits in a byte, and back. Python lost `audioop` in 3.13; these are two tables."""

from array import array
from collections.abc import Iterable

RATE = 8000  # samples a second
FRAME = 160  # samples, and bytes, of 20 ms
FRAME_SECONDS = FRAME / RATE
SILENCE = b"\xff"
_BIAS = 0x84
_LOUDEST = 32_635


def _encoded(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _LOUDEST) + _BIAS
    exponent = magnitude.bit_length() - 8
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return ~(sign | (exponent << 4) | mantissa) & 0xFF


def _decoded(byte: int) -> int:
    byte = ~byte & 0xFF
    magnitude = (((byte & 0x0F) << 3) + _BIAS) << ((byte >> 4) & 0x07)
    return _BIAS - magnitude if byte & 0x80 else magnitude - _BIAS


_SAMPLES = [_decoded(byte) for byte in range(256)]
_BYTES = bytes(_encoded(sample) for sample in range(-32_768, 32_768))


def encode(samples: Iterable[int]) -> bytes:
    """`samples`: of 16 bits, with a sign; louder ones are cut off."""
    return bytes(_BYTES[min(max(sample, -32_768), 32_767) + 32_768] for sample in samples)


def decode(ulaw: bytes) -> "array[int]":
    """Samples of 16 bits."""
    return array("h", (_SAMPLES[byte] for byte in ulaw))
