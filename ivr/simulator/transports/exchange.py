"""One request and its answer on an open connection: one deadline for all of it, one bound on all of it.

The request is written here, because other clients rewrite percent-escapes and break the signature. The answer is read
by the standard library's parser, through `_Wire`, so that a head, an interim answer, a chunk or a trailer that drips in
meets the same deadline as a server that says nothing, and one that never ends meets the same bound.
"""

import http.client
import io
import math
import re
import socket
import time
from contextlib import suppress

from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.twiml.document import LARGEST
from ivr.simulator.urls import head, target

MOST_BYTES = 8 * LARGEST  # of one answer on the wire: heads, and a document in chunks of one byte each
_FOLD = re.compile(r"\r?\n[ \t]*")  # a header that goes on in the next line (RFC 9112 5.2)


class _Wire(io.RawIOBase):
    """The reading side of a connection during one exchange. Each byte counts, and none is waited for too long."""

    def __init__(self, channel: socket.socket, deadline: float) -> None:
        super().__init__()
        self.received = 0
        self._channel = channel
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader gives
        if self.received > MOST_BYTES:
            raise http.client.HTTPException(f"it is longer than {MOST_BYTES} bytes")
        self.arm()
        count = self._channel.recv_into(buffer)
        self.received += count
        return count

    def arm(self) -> None:
        """What the connection does next must be done by the deadline. Raises TimeoutError when it has passed."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._channel.settimeout(left)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What the standard library's response asks of a socket."""
        return io.BufferedReader(self)


class Exchange:
    """`is_reusable`: whether another request may follow on the connection. `is_silent`: not a byte came back.

    `end`: of the time for it (`time.monotonic()`), where that comes before `read_timeout` seconds are over."""

    def __init__(self, channel: socket.socket, fetch: Fetch, end: float = math.inf) -> None:
        self.is_reusable = False
        self._channel = channel
        self._fetch = fetch
        self._wire = _Wire(channel, min(time.monotonic() + fetch.read_timeout, end))

    @property
    def is_silent(self) -> bool:
        return self._wire.received == 0

    def run(self, *, keep_alive: bool) -> Response | Failed:
        """The answer. Its whole has `read_timeout` seconds, the sending of the request included."""
        seconds = self._fetch.read_timeout
        try:
            self._ask(keep_alive)
            return self._answer()
        except TimeoutError:
            return Failed("read-timeout", f"no whole answer within {seconds:g} s", seconds)
        except http.client.RemoteDisconnected:
            return Failed("reset", "the connection was closed before the answer came")
        except http.client.IncompleteRead:
            return Failed("protocol", "the answer ends in the middle of a chunk")
        except (http.client.HTTPException, ValueError) as error:
            return Failed("protocol", f"the answer is not HTTP: {error!r}")
        except OSError as error:
            return Failed("reset", f"the connection broke: {error.strerror or error}")

    def _ask(self, keep_alive: bool) -> None:
        fetch = self._fetch
        start = head(fetch.url)
        lines = [f"{fetch.method} {target(fetch.url, start)} HTTP/1.1", f"Host: {start.partition('//')[2]}"]
        lines += [f"{name}: {value}" for name, value in fetch.headers]
        if fetch.method == "POST":
            lines.append(f"Content-Length: {len(fetch.body)}")
        if not keep_alive:
            lines.append("Connection: close")
        text = "\r\n".join(lines)
        if text.count("\n") != len(lines) - 1:
            raise ValueError("a line break in a header of the request")
        body = fetch.body if fetch.method == "POST" else b""
        self._wire.arm()
        with suppress(BrokenPipeError, ConnectionResetError):  # who refuses a long body answers before its end
            self._channel.sendall(text.encode("latin-1") + b"\r\n\r\n" + body)

    def _answer(self) -> Response | Failed:
        reply = http.client.HTTPResponse(self._wire, method=self._fetch.method)  # type: ignore[arg-type]
        try:
            reply.begin()
            while 100 <= reply.status < 200 and reply.status != 101:  # interim answers (RFC 9110 15.2)
                reply.headers = None  # type: ignore[assignment]  # so that the next head is read
                reply.begin()
            if wrong := _wrong_framing(reply):
                return Failed("protocol", wrong)
            body = reply.read(LARGEST + 1)
            if reply.length and len(body) <= LARGEST:
                return Failed("protocol", f"the answer is {reply.length} bytes shorter than its Content-Length")
            self.is_reusable = reply.isclosed() and not reply.will_close
            headers = tuple((name.lower(), _FOLD.sub(" ", value)) for name, value in reply.getheaders())
            return Response(reply.status, headers, body)
        finally:
            reply.close()


def _wrong_framing(reply: http.client.HTTPResponse) -> str:
    """Why nobody can say where this answer ends (RFC 9112 6.3); "" when all is well. The parser takes any number."""
    if reply.status == 101:
        return "the answer changes to another protocol (101), which nobody asked for"
    coding = reply.headers.get("transfer-encoding")
    if coding is not None:
        return "" if coding.strip().lower() == "chunked" else f"Transfer-Encoding is {coding!r}: only chunked is known"
    lengths = set(reply.headers.get_all("content-length", ()))
    wrong = len(lengths) > 1 or not all(each.strip().isascii() and each.strip().isdigit() for each in lengths)
    return f"Content-Length is no number of bytes: {', '.join(sorted(lengths))[:80]!r}" if wrong else ""
