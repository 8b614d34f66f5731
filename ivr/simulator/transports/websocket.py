"""WebSockets to the application, for streams of a call's audio: wsproto speaks the protocol, this file moves the bytes.

Needs the extra `ivr-116117[media]`; nothing else imports wsproto. One deadline and one bound for every exchange: a
server that says nothing, drips, floods, never ends a message or closes halfway is told apart and left.

After it has sent, an exchange reads until the application is quiet: two pings in a row are answered, and nothing else
came between them or in the LINGER after each. So call time stands still while the application reacts, for DEADLINE at
most, and an application that answers at once is heard before the clock goes on. After what calls for an answer (a key,
words, the start, a mark) the silence is PATIENCE in place of LINGER.
"""

import contextlib
import select
import socket
import ssl
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from urllib.parse import urlsplit

from ivr.simulator.engine.effects import (
    Failed,
    OpenSocket,
    SocketAnswer,
    SocketEffect,
    SocketHeard,
    SocketOpened,
    UseSocket,
)
from ivr.simulator.transports.http import HttpTransport
from ivr.simulator.urls import head, target

DEADLINE = 5.0  # seconds of real time for one exchange
CLOSING = 1.0  # seconds for the other side to answer a close
LINGER = 0.002  # seconds of silence after an answered ping
PATIENCE = 0.03  # the same, after what calls for an answer
QUIET_PINGS = 2
LONGEST_MESSAGE = 1 << 20  # bytes
MOST_MESSAGES = 20_000  # in one exchange
MOST_BYTES = 32 << 20  # in one exchange, frames of the protocol's own included
_CHUNK = 65_536


def sockets_for(transport: object, *, real_time: bool = False) -> "WebSockets":
    """Sockets that trust the certificates that the way for requests trusts."""
    return WebSockets(transport.cafile if isinstance(transport, HttpTransport) else None, real_time=real_time)


class WebSockets:
    """The sockets of one call, by key. `cafile`: as HttpTransport's. `real_time`: call time goes on by itself, so
    nothing is waited for but what has come already."""

    def __init__(self, cafile: str | Path | None = None, *, real_time: bool = False) -> None:
        self._open: dict[str, _Socket] = {}
        self._cafile = cafile
        self._real_time = real_time

    def act(self, effect: SocketEffect) -> SocketAnswer:
        if isinstance(effect, OpenSocket):
            return self._opened(effect)
        return self._used(effect)

    def close(self) -> None:
        """Drop every connection: the call is over, or nobody plays it on."""
        while self._open:
            self._open.popitem()[1].drop()

    def __del__(self) -> None:
        self.close()

    def _opened(self, effect: OpenSocket) -> SocketOpened | Failed:
        try:
            wsproto = import_module("wsproto")
        except ModuleNotFoundError:
            return Failed("missing", "a WebSocket needs wsproto: pip install 'ivr-116117[media]'")
        scheme, _, rest = effect.url.partition("://")
        http = f"{'https' if scheme == 'wss' else 'http'}://{rest}"
        started = time.monotonic()
        channel = HttpTransport(cafile=self._cafile).open(effect.server or http, effect.seconds)
        if isinstance(channel, Failed):
            return channel
        one = _Socket(channel, wsproto)
        try:
            failed = one.shake_hands(http, effect.headers, started + effect.seconds)
        except BaseException:
            one.drop()
            raise
        if failed is not None:
            one.drop()
            return failed
        self._open[effect.key] = one
        return SocketOpened()

    def _used(self, effect: UseSocket) -> SocketHeard:
        one = self._open.get(effect.key)
        if one is None:
            return SocketHeard((), "it is closed already")
        silence = None if self._real_time else PATIENCE if effect.patient else LINGER
        heard = one.exchange(effect.texts, closes=effect.closes, silence=silence)
        if heard.closed or effect.closes:
            self._open.pop(effect.key).drop()
        return heard


class _BrokenError(Exception):
    """The exchange cannot go on. The message says why; unless it is said how, what came was wrong."""


class _Socket:
    """`channel`: connected. Waits for nothing without a deadline."""

    def __init__(self, channel: socket.socket, wsproto: ModuleType) -> None:
        self._channel = channel
        self._events: Any = import_module("wsproto.events")
        self._utilities: Any = import_module("wsproto.utilities")
        self._protocol: Any = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        self._out = bytearray()
        self._parts: list[str] = []
        self._size = 0
        self._texts: list[str] = []
        self._received = 0
        self._pongs = 0
        self._accepted = False
        self._closed = ""
        self._how: Literal["", "clean", "closed", "broken", "wrong"] = ""
        channel.setblocking(False)

    def drop(self) -> None:
        self._channel.close()

    def shake_hands(self, url: str, headers: tuple[tuple[str, str], ...], deadline: float) -> Failed | None:
        """None when the other side has accepted."""
        extra = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        host = urlsplit(head(url)).netloc.rpartition("@")[2]
        self._out += self._protocol.send(self._events.Request(host=host, target=target(url), extra_headers=extra))
        try:
            while not self._accepted and not self._closed:
                self._step(deadline)
        except TimeoutError:
            return Failed("read-timeout", "no answer to the opening handshake")
        except _BrokenError as error:
            self._how, self._closed = self._how or "wrong", str(error)
        return None if self._accepted else Failed("handshake", self._closed)

    def exchange(self, texts: tuple[str, ...], *, closes: bool, silence: float | None) -> SocketHeard:
        """What came with the answer to the handshake is heard first."""
        self._received = 0
        deadline = time.monotonic() + (CLOSING if closes else DEADLINE)
        try:
            for text in texts if not self._closed else ():
                self._out += self._protocol.send(self._events.TextMessage(data=text))
            if closes and not self._closed:
                self._out += self._protocol.send(self._events.CloseConnection(code=1000))
                while not self._closed:
                    self._step(deadline)
            else:
                self._settle(deadline, silence)
        except TimeoutError:
            what = f"no answer to a ping, or to a close, or nothing was read, within {DEADLINE:g} s"
            self._how, self._closed = self._how or "broken", self._closed or what
        except _BrokenError as error:
            self._how, self._closed = self._how or "wrong", self._closed or str(error)
        except self._utilities.LocalProtocolError as error:
            self._how, self._closed = self._how or "broken", self._closed or str(error)
        heard, self._texts = tuple(self._texts), []
        return SocketHeard(heard, self._closed, self._how)

    def _settle(self, deadline: float, silence: float | None) -> None:
        """Raises TimeoutError when a ping is not answered, or nothing can be sent; who does not come to rest is left at
        that. Without a silence to wait for: send what there is, and take what has come."""
        if silence is None:
            while self._out and not self._closed:
                self._step(deadline)
            self._linger(time.monotonic() + 0.0005)
            return
        quiet = 0
        while quiet < QUIET_PINGS and not self._closed:
            count, pongs = len(self._texts), self._pongs
            self._out += self._protocol.send(self._events.Ping(payload=b"quiet?"))
            while self._pongs == pongs and not self._closed:
                self._step(deadline)
            self._linger(min(time.monotonic() + silence, deadline))
            quiet = quiet + 1 if len(self._texts) == count else 0
            if time.monotonic() >= deadline:
                return

    def _linger(self, until: float) -> None:
        with contextlib.suppress(TimeoutError):
            while not self._closed:
                self._step(until)

    def _step(self, deadline: float) -> None:
        """Move what can be moved, in either direction. Raises TimeoutError at the deadline, and _BrokenError."""
        left = deadline - time.monotonic()
        pending = isinstance(self._channel, ssl.SSLSocket) and self._channel.pending() > 0
        if left <= 0:
            raise TimeoutError
        if not pending:
            ready = select.select([self._channel], [self._channel] if self._out else [], [], left)
            if not any(ready):
                raise TimeoutError
        for move in (self._write, self._read):  # one that cannot does not keep the other from it
            try:
                move()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
                continue
            except OSError as error:
                self._how = "broken"
                raise _BrokenError(f"the connection broke: {error.strerror or error}") from None

    def _write(self) -> None:
        if self._out:
            sent = self._channel.send(self._out[:_CHUNK])
            del self._out[:sent]

    def _read(self) -> None:
        data = self._channel.recv(_CHUNK)
        self._received += len(data)
        if self._received > MOST_BYTES:
            raise _BrokenError(f"more than {MOST_BYTES} bytes came at once")
        try:
            self._protocol.receive_data(data or None)
            for event in self._protocol.events():
                self._take(event)
        except self._utilities.RemoteProtocolError as error:
            raise _BrokenError(f"it does not speak WebSocket: {error}") from None

    def _take(self, event: Any) -> None:
        events = self._events
        match event:
            case events.AcceptConnection():
                self._accepted = True
            case events.RejectConnection():
                self._closed = f"it answered {event.status_code} to the opening handshake, and not 101"
            case events.TextMessage():
                self._part(event)
            case events.BytesMessage():
                raise _BrokenError("a binary message came: only text is taken")
            case events.Ping():
                self._out += self._protocol.send(event.response())
            case events.Pong():
                self._pongs += 1
            case events.CloseConnection():
                self._end(event)
            case _:
                pass  # the body of a refusal

    def _part(self, event: Any) -> None:
        self._parts.append(event.data)
        self._size += len(event.data)
        if self._size > LONGEST_MESSAGE:
            raise _BrokenError(f"a message is longer than {LONGEST_MESSAGE} bytes")
        if event.message_finished:
            self._texts.append("".join(self._parts))
            self._parts, self._size = [], 0
            if len(self._texts) > MOST_MESSAGES:
                raise _BrokenError(f"more than {MOST_MESSAGES} messages came at once")

    def _end(self, event: Any) -> None:
        """A close frame is answered; 1006 is a connection that ended without one. wsproto tells of what is against the
        protocol as a close too, and is open still."""
        reason = f": {event.reason}" if event.reason else ""
        if event.code == 1006:
            self._how, self._closed = "broken", "the connection ended without a close"
            return
        if self._protocol.state.name == "OPEN":
            self._how, self._closed = "wrong", f"it does not speak WebSocket ({int(event.code)}{reason})"
            return
        self._how = "clean" if event.code in (1000, 1001, 1005) else "closed"
        self._closed = f"it was closed ({int(event.code)}{reason})"
        with contextlib.suppress(self._utilities.LocalProtocolError):
            self._out += self._protocol.send(event.response())
            with contextlib.suppress(OSError):
                self._channel.send(self._out[:_CHUNK])
