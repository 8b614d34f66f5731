"""A screenshot as a small PNG: its 256 most frequent colours, which is enough for a page. 8-bit RGB and RGBA only."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def small_png(png: bytes) -> bytes:
    """The same picture with a palette."""
    width, height, rows = _pixels(png)
    palette, places = _palette(rows)
    lines = b"".join(b"\0" + bytes(places[pixel] for pixel in row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12


def _pixels(png: bytes) -> tuple[int, int, list[list[bytes]]]:
    """Width, height, and each row's pixels as three bytes."""
    body = b""
    for kind, content in _chunks(png):
        if kind == b"IHDR":
            width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", content)
            assert (depth, colour) in ((8, 2), (8, 6))
        elif kind == b"IDAT":
            body += content
    step = 3 if colour == 2 else 4
    raw, size = zlib.decompress(body), width * step
    before, rows = bytes(size), []
    for y in range(height):
        place = y * (size + 1)
        before = _unfiltered(raw[place], raw[place + 1 : place + 1 + size], before, step)
        rows.append([before[x : x + 3] for x in range(0, size, step)])
    return width, height, rows


def _unfiltered(kind: int, line: bytes, above: bytes, step: int) -> bytes:
    """One row without the PNG filter that it was stored with."""
    if kind == 0:
        return line
    done = bytearray(line)
    for x, value in enumerate(line):
        left = done[x - step] if x >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[x]
        elif kind == 3:
            guess = (left + above[x]) // 2
        else:
            guess = _paeth(left, above[x], above[x - step] if x >= step else 0)
        done[x] = (value + guess) & 255
    return bytes(done)


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


def _palette(rows: list[list[bytes]]) -> tuple[list[bytes], dict[bytes, int]]:
    """The colours, and the place of the nearest one for every colour of the picture."""
    counted = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in counted.most_common(256)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counted.keys() - places.keys():
        red, green, blue = colour
        places[colour] = min(
            range(len(palette)),
            key=lambda place: (
                (palette[place][0] - red) ** 2 + (palette[place][1] - green) ** 2 + (palette[place][2] - blue) ** 2
            ),
        )
    return palette, places
