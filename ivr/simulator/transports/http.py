"""Requests over HTTP: the one way out to the network, for calls, callbacks, load tests and probes alike.

Redirects, cookies and retries are the machine's business. A name is resolved once, and every request goes to the
address of it that answered first.
"""

import socket
import ssl
import threading
import time
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from ivr.base.errors import SimulatorError
from ivr.simulator.engine.effects import Failed, FailureKind, Fetch, Response
from ivr.simulator.transports.exchange import Exchange
from ivr.simulator.urls import origin

_Address: TypeAlias = tuple[socket.AddressFamily, Any]
_Connections: TypeAlias = dict[str, socket.socket]
# What OpenSSL says of a certificate; everything else is one that nobody vouches for.
_CERTIFICATE_FAULTS: dict[int, FailureKind] = {10: "tls-expired", 62: "tls-name", 64: "tls-name"}


class HttpTransport:
    """`keep_alive`: connections are kept, one for each thread and origin, as a load test needs it.

    `cafile`: certificates (PEM) to trust besides the system's, such as a self-signed one. Safe to use from several
    threads. Raises SimulatorError when that file cannot be used.
    """

    def __init__(self, *, cafile: str | Path | None = None, keep_alive: bool = False) -> None:
        self.cafile = str(cafile) if cafile is not None else None
        self._keep_alive = keep_alive
        self._addresses: dict[tuple[str, int], list[_Address]] = {}
        self._mine = threading.local()
        self._all: list[_Connections] = []
        if self.cafile is not None:
            _tls(self.cafile)

    def send(self, fetch: Fetch) -> Response | Failed:
        """One deadline for all of it, also where a kept connection turns out to be closed and another is made."""
        end = time.monotonic() + fetch.connect_timeout + fetch.read_timeout
        kept = self._kept().pop(origin(fetch.place), None) if self._keep_alive else None
        if kept is not None:
            exchange = Exchange(kept, fetch)
            reply = self._run(exchange, kept, fetch)
            if not (isinstance(reply, Failed) and reply.kind == "reset" and exchange.is_silent):
                return reply  # otherwise the server has closed it meanwhile
        opened = self.open(fetch.place, fetch.connect_timeout)
        if isinstance(opened, Failed):
            return opened
        return self._run(Exchange(opened, fetch, end), opened, fetch)

    def close(self) -> None:
        """Close every connection that was kept; none is in use any more."""
        for connections in self._all:
            while connections:
                connections.popitem()[1].close()

    def _run(self, exchange: Exchange, channel: socket.socket, fetch: Fetch) -> Response | Failed:
        kept = False
        try:
            reply = exchange.run(keep_alive=self._keep_alive)
            if kept := exchange.is_reusable and self._keep_alive:
                self._kept()[origin(fetch.place)] = channel
        finally:  # Ctrl-C leaves no connection open
            if not kept:
                channel.close()
        return reply

    def _kept(self) -> _Connections:
        """This thread's connections, by origin."""
        connections: _Connections | None = getattr(self._mine, "connections", None)
        if connections is None:
            connections = self._mine.connections = {}
            self._all.append(connections)
        return connections

    def open(self, url: str, seconds: float) -> socket.socket | Failed:
        """A connection to the URL's host, with TLS if it is https, within these seconds."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        deadline = time.monotonic() + seconds
        try:
            self._resolve(host, port, seconds)
        except TimeoutError:
            return Failed("host", f"the name {host} is not resolved within {seconds:g} s", seconds)
        except (OSError, UnicodeError):
            return Failed("host", f"the name {host} cannot be resolved")
        plain = self._connect(host, port, deadline, seconds)
        if isinstance(plain, Failed) or parts.scheme != "https":
            return plain
        return self._secured(plain, host, port, max(deadline - time.monotonic(), 0.001))

    def _resolve(self, host: str, port: int, seconds: float) -> None:
        """Every address of the name, in the system's order. Raises OSError (TimeoutError: later than that),
        UnicodeError."""
        if (host, port) in self._addresses:
            return
        found = Future[list[_Address]]()
        # A thread, because the system's resolver takes no time limit.
        threading.Thread(target=_look_up, args=(host, port, found), daemon=True).start()
        self._addresses[host, port] = found.result(seconds)

    def _connect(self, host: str, port: int, deadline: float, seconds: float) -> socket.socket | Failed:
        """A connection to the first address that takes one; each gets its share of the time that is left."""
        addresses = self._addresses[host, port]
        told: list[str] = []
        timed_out = False
        for index, (family, address) in enumerate(addresses):
            left = max(deadline - time.monotonic(), 0.001)
            try:
                plain = _connected(family, address, left / (len(addresses) - index))
            except OSError as error:
                timed_out |= isinstance(error, TimeoutError)
                told.append(f"{address[0]}: {error.strerror or error}")
            else:
                self._addresses[host, port] = [(family, address), *(each for each in addresses if each[1] != address)]
                return plain
        if timed_out:
            return Failed(
                "unreachable", f"no connection to {host}:{port} within {seconds:g} s ({'; '.join(told)})", seconds
            )
        return Failed("refused", f"no connection to {host}:{port} ({'; '.join(told)})")

    def _secured(self, plain: socket.socket, host: str, port: int, left: float) -> socket.socket | Failed:
        where = f"no TLS with {host}:{port}"
        plain.settimeout(left)
        try:
            return _tls(self.cafile).wrap_socket(plain, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            hint = " Twilio refuses it, too. To trust it here, give its PEM file with --cafile (cafile= in Python)."
            kind = _CERTIFICATE_FAULTS.get(error.verify_code, "tls-untrusted")
            message = f"{where}: the certificate is not valid: {error.verify_message.rstrip('.')}."
            return Failed(kind, message + (hint if kind == "tls-untrusted" else ""))
        except OSError as error:  # ssl.SSLError is one
            return Failed("tls", f"{where}: {error}")
        finally:
            plain.close()  # on success its socket belongs to the other object


def _look_up(host: str, port: int, found: "Future[list[_Address]]") -> None:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.set_result([(family, address) for family, _, _, _, address in answers])
    except (OSError, UnicodeError) as error:
        found.set_exception(error)


def _connected(family: socket.AddressFamily, address: Any, seconds: float) -> socket.socket:
    """Raises OSError."""
    plain = socket.socket(family, socket.SOCK_STREAM)
    try:
        plain.settimeout(seconds)
        plain.connect(address)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        plain.close()
        raise
    return plain


@lru_cache(maxsize=8)  # the system's certificates take longer to load than a call to make
def _tls(cafile: str | None) -> ssl.SSLContext:
    """Always verifies. Raises SimulatorError when the file holds no certificate."""
    context = ssl.create_default_context()
    if cafile is not None:
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # a certificate that is named is trusted itself
        try:
            context.load_verify_locations(cafile)
        except OSError as error:
            raise SimulatorError(f"{cafile} holds no certificate in PEM form: {error.strerror or error}") from None
    return context
