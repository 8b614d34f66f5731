"""A screenshot as a small PNG: its 256 most frequent colours, which is enough for a page.

8-bit RGB and RGBA only, stored as Chromium does it with `optimizeForSpeed`.
"""

import struct
import zlib
from base64 import b64decode
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_Bytes = NDArray[np.uint8]


def screenshot(page: Page) -> bytes:
    """What the window shows, without a caret, stored so that it is read fast."""
    page.evaluate("document.documentElement.style.caretColor = 'transparent'")
    session = page.context.new_cdp_session(page)
    return b64decode(session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})["data"])


def small_png(png: bytes) -> bytes:
    """The same picture with a palette."""
    pixels = _pixels(png)
    height, width, _ = pixels.shape
    palette, places = _palette(pixels)
    rows = np.zeros((height, width + 1), np.uint8)  # each begins with its filter: none
    rows[:, 1:] = places
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 9)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", body), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12


def _pixels(png: bytes) -> _Bytes:
    """Rows of pixels of three bytes."""
    body = b""
    for kind, content in _chunks(png):
        if kind == b"IHDR":
            width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", content)
            assert (depth, colour) in ((8, 2), (8, 6))
        elif kind == b"IDAT":
            body += content
    step = 3 if colour == 2 else 4
    raw = np.frombuffer(zlib.decompress(body), np.uint8).reshape(height, 1 + width * step)
    rows = np.zeros((height + 1, width, step), np.uint8)  # the first one stands above the picture
    for y in range(height):
        rows[y + 1] = _unfiltered(int(raw[y, 0]), raw[y, 1:].reshape(width, step), rows[y])
    return rows[1:, :, :3]


def _unfiltered(kind: int, line: _Bytes, above: _Bytes) -> _Bytes:
    """One row without the PNG filter that it was stored with: those of a picture that was stored fast."""
    assert kind in (0, 2)
    return line if kind == 0 else line + above


def _palette(pixels: _Bytes) -> tuple[_Bytes, _Bytes]:
    """The colours, and for each pixel the place of the nearest one."""
    weights = np.array([1 << 16, 1 << 8, 1], np.int64)
    colours, which, times = np.unique(pixels @ weights, return_inverse=True, return_counts=True)
    every = (colours[:, None] // weights % 256).astype(np.int64)
    palette = every[np.argsort(-times, kind="stable")[:256]]
    nearest = np.array([np.argmin(((palette - colour) ** 2).sum(axis=1)) for colour in every], np.uint8)
    return palette.astype(np.uint8), nearest[which].reshape(pixels.shape[:2])
