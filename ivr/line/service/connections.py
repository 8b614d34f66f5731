"""One connection to the line, and all of a worker: how long each may take, how many there may be, how they end.

uvicorn reads and writes HTTP; it has no time limit for a request that never becomes whole, and no limit on a head's
size. A stranger who sends nothing, half a head or a byte a second holds a few kilobytes here and no caller. When there
are too many, whoever has kept the worker waiting for longest makes room; a whole request is never refused for them.
"""

import asyncio
import logging
from collections import Counter
from itertools import islice
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

HEAD_SECONDS = 5.0  # from the connection, or a request's first byte, to the end of its head
BODY_SECONDS = 10.0  # for the rest of it; as long for a peer that does not take its answer
IDLE_SECONDS = 15  # of a connection that was answered before
DRAIN_SECONDS = 1.0  # for what was on its way when the worker was told to end
MOST_OF_ONE_ADDRESS = 512  # connections without a whole request
MOST_HEAD = 32_768  # bytes
_LONGEST_ADDRESS = 45  # characters
_SWEEP_SECONDS = 0.25
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_BROKEN = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_log = logging.getLogger("ivr.server")


class Room:
    """The connections of a worker that owe it a request. `most`: of all that are open. `proxies`: how many trusted ones
    stand in front; with any, the address of a peer is a proxy's and counts for nothing until the head names another."""

    def __init__(self, most: int, proxies: int = 0) -> None:
        self.most = most
        self.proxies = proxies
        self.draining = False
        self.unheard: dict[Connection, None] = {}  # who waits for longest comes first
        self.kept: dict[Connection, None] = {}  # was answered, and may ask again
        self._addresses: Counter[str] = Counter()  # of the unheard
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = False

    def owes(self, connection: "Connection", seconds: float) -> None:
        """It has so long from now to send, or take, what is due."""
        self.kept.pop(connection, None)
        if connection not in self.unheard:
            self.unheard[connection] = None
            self._addresses[connection.address] += 1
        self._set(connection, seconds)

    def rests(self, connection: "Connection", seconds: float = IDLE_SECONDS) -> None:
        """It owes nothing, and may stay for so long."""
        self.leaves(connection)
        self.kept[connection] = None
        self._set(connection, seconds)

    def leaves(self, connection: "Connection") -> None:
        """It owes nothing, or is gone."""
        self.kept.pop(connection, None)
        if connection in self.unheard:
            del self.unheard[connection]
            self._addresses[connection.address] -= 1
            if not self._addresses[connection.address]:
                del self._addresses[connection.address]

    def comes_from(self, connection: "Connection", address: str) -> None:
        """The head has named the address."""
        self.leaves(connection)
        connection.address = address
        self.owes(connection, BODY_SECONDS)
        self._bound_address(address)

    def enters(self, connection: "Connection", open_now: int) -> None:
        if self._loop is None:
            self._loop = connection.loop
            self._loop.call_later(_SWEEP_SECONDS, self._sweep)
        if open_now > self.most:
            self._make_room()
        self.owes(connection, HEAD_SECONDS)
        self._bound_address(connection.address)

    def drain(self) -> None:
        """The worker ends: whoever owes a request has a moment left, and nobody is kept after an answer."""
        if not self.draining:
            self.draining = True
            for connection in (*self.unheard, *self.kept):
                self._set(connection, DRAIN_SECONDS)

    def _make_room(self) -> None:
        if not self._told:  # once: whoever looks after the line needs no second line of it
            self._told = True
            words = "%s connections are open, the most that a worker holds; who keeps it waiting for longest makes room"
            _log.warning(words, self.most)
        for connection in (*islice(self.unheard, 1), *islice(self.kept, 1))[:1]:
            connection.close_with(_BUSY)

    def _set(self, connection: "Connection", seconds: float) -> None:
        connection.due = connection.loop.time() + (min(seconds, DRAIN_SECONDS) if self.draining else seconds)

    def _bound_address(self, address: str) -> None:
        if address and self._addresses[address] > MOST_OF_ONE_ADDRESS:
            next(each for each in self.unheard if each.address == address).close_with(_BUSY)

    def _sweep(self) -> None:
        assert self._loop is not None  # noqa: S101 - it called this
        now = self._loop.time()
        for connection in [each for each in self.unheard if each.due <= now]:
            connection.close_with(_LATE)
        for connection in [each for each in self.kept if each.due <= now]:
            connection.close_with(b"")
        self._loop.call_later(_SWEEP_SECONDS, self._sweep)


class Connection(HttpToolsProtocol):
    """uvicorn's, which its room watches."""

    def __init__(
        self,
        room: Room,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.room = room
        self.address = ""
        self.due = 0.0
        self._in_head = True
        self._head = 0  # bytes of it so far
        self._whole = False  # the last request that began

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client and not self.room.proxies:
            self.address = self.client[0]
        self.room.enters(self, len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        self.room.leaves(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > MOST_HEAD:
                self.close_with(_LONG)

    def eof_received(self) -> bool:  # type: ignore[override]
        """A peer that has said all may still wait for the answer."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        if self._whole:
            self.cycle.keep_alive = False
        else:
            self.close_with(_BROKEN)
        return True

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._whole, self._in_head, self._head = False, True, 0
        self.room.owes(self, HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._in_head = False
        self.scope["ivr.target"] = self.url  # type: ignore[typeddict-unknown-key]
        if self.room.draining:
            self.cycle.keep_alive = False
        if self.room.proxies:
            self.room.comes_from(self, _forwarded_for(self.headers, self.room.proxies))
        else:
            self.room.owes(self, BODY_SECONDS)
        self.scope["ivr.address"] = self.address  # type: ignore[typeddict-unknown-key]

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._whole = True
        if self.cycle.response_complete:  # refused by its head alone
            self.room.rests(self)
        else:
            self.room.leaves(self)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._whole and not self.pipeline and not self.transport.is_closing():
            self.room.rests(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.room.owes(self, BODY_SECONDS)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._whole:
            self.room.leaves(self)

    def shutdown(self) -> None:
        """The worker ends."""
        self.room.drain()
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def close_with(self, words: bytes) -> None:
        """Say so, once; whoever does not take it is cut off when its time comes again."""
        if self.transport.is_closing() or self.flow.write_paused:
            self.room.leaves(self)
            self.transport.abort()
            return
        answering = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if words and not answering:
            self.transport.write(words)
        self.room.rests(self, HEAD_SECONDS)
        self.transport.close()


def _forwarded_for(headers: list[tuple[bytes, bytes]], proxies: int) -> str:
    """Whom the outermost of our proxies names; "" where there are fewer names than proxies."""
    named = b",".join(value for name, value in headers if name == b"x-forwarded-for").split(b",")
    return named[-proxies].strip().decode("latin-1")[:_LONGEST_ADDRESS] if len(named) >= proxies else ""
