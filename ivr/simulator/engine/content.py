"""The body of an answer as it was before it was packed for the way (Content-Encoding, RFC 9110 8.4)."""

import zlib

from ivr.simulator.engine.effects import Failed, Response
from ivr.simulator.twiml.document import LARGEST

_GZIP = ("gzip", "x-gzip")
_ZLIB, _RAW = 15, -15  # how zlib is told the form of a deflate body; servers send both


def unpacked(reply: Response) -> Response | Failed:
    """The body unpacked, never to more than one byte over the limit. Failed when it cannot be, or ends too early."""
    said = reply.header("content-encoding")
    if not said:
        return reply
    codings = [name for each in said.split(",") if (name := each.strip().lower())]
    codings = [name for name in codings if name != "identity"]
    if not codings or not reply.body:
        return reply
    if len(codings) > 1 or codings[0] not in (*_GZIP, "deflate"):
        return Failed(
            "protocol", f"Content-Encoding is {said[:80]!r}: only gzip was asked for (gzip and deflate are read)"
        )
    try:
        body = _members(reply.body) if codings[0] in _GZIP else _deflated(reply.body)
    except zlib.error as error:
        return Failed("protocol", f"Content-Encoding is {codings[0]}, but the body is not: {error}")
    if body is None:
        return Failed("protocol", f"the {codings[0]} body is cut off")
    return reply._replace(body=body)


def _members(packed: bytes) -> bytes | None:
    """A gzip body, which may be several in a row (RFC 1952 2.2); None when it is cut off."""
    body = b""
    while packed[:2] == b"\x1f\x8b" or not body:
        one = zlib.decompressobj(wbits=31)
        body += one.decompress(packed, LARGEST + 1 - len(body))
        if len(body) > LARGEST:
            return body
        if not one.eof:
            return None
        packed = one.unused_data
        if not packed:
            break
    return body


def _deflated(packed: bytes) -> bytes | None:
    """A deflate body, with the zlib wrapper that RFC 9110 8.4.1.2 names, or without it as some servers send it."""
    try:
        return _inflated(packed, _ZLIB)
    except zlib.error:
        return _inflated(packed, _RAW)


def _inflated(packed: bytes, form: int) -> bytes | None:
    one = zlib.decompressobj(wbits=form)
    body = one.decompress(packed, LARGEST + 1)
    return body if one.eof or len(body) > LARGEST else None
